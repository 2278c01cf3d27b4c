/* SPDX-License-Identifier: Apache-2.0
 * sheet/read_rows.c - good sheets as rows, and rows as a table. */
#include <string.h>

#include "base/buffer.h"
#include "base/dec.h"
#include "base/text.h"
#include "data/value.h"
#include "sheet/read.h"

/* ---- from a sheet ----------------------------------------------------------
 */

typedef struct maker {
  chiso__filled *form;
  chiso__block *out;
} maker;

/* The shortest decimal of raw / 10^digits. */
static const char *print(chiso__filled *form, int64_t raw, unsigned digits) {
  char text[32];
  uint64_t size = raw < 0 ? 0 - (uint64_t)raw : (uint64_t)raw;
  uint64_t one = (uint64_t)chiso__power10[digits], rest = size % one;
  const char *sign = raw < 0 ? "-" : "";
  while (digits > 0 && rest % 10 == 0) {
    rest /= 10;
    digits--;
  }
  int n = snprintf(text, sizeof text, "%s%llu", sign,
                   (unsigned long long)(size / one));
  if (digits > 0)
    n += snprintf(text + n, sizeof text - (size_t)n, ".%0*llu", (int)digits,
                  (unsigned long long)rest);
  const char *kept = chiso__arena_text(&form->reading->arena, text, (size_t)n);
  form->short_memory |= !kept;
  return kept ? kept : "";
}

static const char *value_of(chiso__filled *form, chiso__spot spot,
                            const chiso__held *held) {
  const chiso_methodology *m = form->plan->methodology;
  const chiso_input *in =
      &chiso_methodology_index(m)->nodes[spot.node].inputs[spot.input];
  if (held->is == CHISO__HELD_NA)
    return "NA";
  if (in->unit != CHISO_UNIT_CHOICE)
    return print(form, held->raw, in->digits);
  const char *key = chiso__value_key(m, spot.node, held->raw);
  return key ? key : "";
}

static void put(maker *k, const chiso__kept *row,
                const chiso__sheet_cell *cell) {
  chiso__kept *to = &k->out->rows[k->out->count++];
  *to = *row;
  to->line = cell->row + 1;
  to->column = (uint16_t)(cell->column + 1);
}

/* What is beside the values goes with the first row of the stage. */
static chiso__kept row_of(const chiso__beside *b, uint32_t node, size_t stage,
                          bool first) {
  chiso__kept row = { .value = "",
                      .note = "",
                      .document = "",
                      .section = "",
                      .page = "",
                      .node = node,
                      .stage = (uint8_t)stage };
  if (first && stage == CHISO__SELF) {
    row.note = b->note;
    row.document = b->document;
    row.section = b->section;
    row.page = b->page;
  } else if (first) {
    row.note = b->appraiser_note;
    row.explanation = b->explanation;
  }
  return row;
}

/* The rows of a leaf at a stage; false when it has none. */
static bool put_stage(maker *k, uint32_t node, size_t stage,
                      const chiso__beside *b) {
  const chiso__expected *plan = k->form->plan;
  size_t first = plan->first[node], had = 0;
  uint32_t inputs =
      chiso_methodology_index(plan->methodology)->nodes[node].n_inputs;
  for (uint32_t i = 0; i < inputs; i++) {
    const chiso__held *held =
        &k->form->held[(first + i) * CHISO__STAGES + stage];
    if (held->is == CHISO__HELD_NONE || held->is == CHISO__HELD_FIXED)
      continue;
    chiso__kept row = row_of(b, node, stage, had++ == 0);
    row.value = value_of(k->form, plan->spots[first + i], held);
    row.input = (uint8_t)i;
    put(k, &row, held->cell);
  }
  return had > 0;
}

/* Where nothing but notes, evidence or the flag is there. */
static void put_beside(maker *k, uint32_t node, size_t stage,
                       const chiso__beside *b, const chiso__sheet_cell *cell) {
  uint32_t inputs =
      chiso_methodology_index(k->form->plan->methodology)->nodes[node].n_inputs;
  chiso__kept row = row_of(b, node, stage, true);
  row.input = inputs == 1 ? 0 : UINT8_MAX;
  put(k, &row, cell);
}

static void put_node(maker *k, uint32_t node, const chiso__beside *b) {
  bool appraised = false;
  if (!put_stage(k, node, CHISO__SELF, b) && b->own)
    put_beside(k, node, CHISO__SELF, b, b->own);
  for (size_t stage = CHISO__APPRAISED_1; stage < CHISO__STAGES; stage++)
    appraised |= put_stage(k, node, stage, b);
  if (!appraised && b->appraisers)
    put_beside(k, node, CHISO__APPRAISED_1, b, b->appraisers);
}

static bool exempt(const chiso__filled *form, uint32_t node) {
  return chiso_group_exempt(form->plan->group, node, form->unit) != NULL;
}

void chiso__filled_rows(chiso__filled *form, chiso__block *out) {
  const chiso__expected *plan = form->plan;
  maker k = { form, out };
  /* each value is a row, and a leaf may have two without one */
  out->rows =
      chiso__arena_raw(&form->reading->arena,
                       plan->n_spots * (CHISO__STAGES + 2), sizeof *out->rows);
  form->short_memory |= !out->rows;
  for (size_t i = 0; i < plan->n_spots && !form->short_memory; i++) {
    uint32_t node = plan->spots[i].node;
    if (plan->spots[i].input > 0 || exempt(form, node))
      continue;
    put_node(&k, node, &form->beside[node]);
  }
}

/* ---- as they are asked for -------------------------------------------------
 */

chiso_sheet_row chiso_sheets_row(const chiso_sheets *s, size_t place) {
  size_t low = 0, high = s->n_blocks;
  while (high - low > 1) {
    size_t middle = low + (high - low) / 2;
    if (s->blocks[middle].before <= place)
      low = middle;
    else
      high = middle;
  }
  const chiso__block *b = &s->blocks[low];
  const chiso__kept *row = &b->rows[place - b->before];
  const chiso_node *node =
      &chiso_methodology_index(s->plans[b->group].methodology)
           ->nodes[row->node];
  return (chiso_sheet_row) {
    .group = b->group,
    .unit = b->unit,
    .node = row->node,
    .input = row->input == UINT8_MAX ? "" : node->inputs[row->input].key,
    .stage = chiso__stage_word(row->stage),
    .value = row->value,
    .note = row->note,
    .document = row->document,
    .section = row->section,
    .page = row->page,
    .explanation = row->explanation,
    .book = s->books[b->book].name,
    .sheet = b->sheet,
    .line = row->line,
    .column = row->column,
  };
}

/* ---- the table --------------------------------------------------------------
 */

static const char *const columns[] = {
  "unit",    "node", "input",       "value",  "stage", "note", "document",
  "section", "page", "explanation", "source", "round", "set",  "group"
};
#define N_COLUMNS (sizeof columns / sizeof *columns)

/* "a.xlsx[Phiếu]!H27"; a name that is no UTF-8 must not spoil the table. */
static void put_source(chiso__buffer *b, const chiso_sheet_row *row) {
  const char *name = row->book;
  size_t size = strlen(name), bad;
  char cell[16];
  b->size = 0;
  while ((bad = chiso__utf8_check(name, size)) != size) {
    chiso__buffer_bytes(b, name, bad);
    chiso__buffer_bytes(b, "?", 1);
    name += bad + 1;
    size -= bad + 1;
  }
  chiso__buffer_bytes(b, name, size);
  chiso__cell_name(row->line - 1, row->column - 1, cell);
  chiso__buffer_print(b, "[%s]!%s", row->sheet, cell);
}

static chiso_status add_row(const chiso_sheets *s, chiso_table *table,
                            size_t place, const char *round,
                            chiso__buffer *source, chiso_error *err) {
  chiso_sheet_row row = chiso_sheets_row(s, place);
  const chiso_group *g = s->plans[row.group].group;
  put_source(source, &row);
  if (source->failed)
    return chiso__no_memory(err);
  const char *cells[N_COLUMNS] = {
    chiso_units_get(g->units, row.unit)->code,
    chiso_methodology_index(g->methodology)->nodes[row.node].id,
    row.input,
    row.value,
    row.stage,
    row.note,
    row.document,
    row.section,
    row.page,
    row.explanation ? "yes" : "",
    source->data,
    round,
    g->set,
    g->key,
  };
  for (size_t i = 0; i < N_COLUMNS; i++)
    CHISO__TRY(chiso_table_text(table, *cells[i] ? cells[i] : NULL, err));
  return CHISO_OK;
}

static chiso_status fill(const chiso_sheets *s, chiso_table *table,
                         chiso_error *err) {
  chiso__buffer source = { .allocator = s->allocator };
  chiso_status status = CHISO_OK;
  char round[16];
  chiso_round_format(chiso_round_period(s->round), round);
  for (size_t i = 0; i < N_COLUMNS; i++)
    CHISO__TRY(chiso_table_column(table, columns[i], columns[i],
                                  CHISO_CELL_TEXT, 0, err));
  for (size_t i = 0; i < s->n_rows && status == CHISO_OK; i++)
    status = add_row(s, table, i, round, &source, err);
  chiso__buffer_free(&source);
  return status;
}

chiso_status chiso_sheets_table(const chiso_sheets *s, chiso_table **out,
                                chiso_error *err) {
  CHISO__TRY(chiso_table_new(s->allocator, out, err));
  chiso_status status = fill(s, *out, err);
  if (status != CHISO_OK) {
    chiso_table_free(*out);
    *out = NULL;
  }
  return status;
}
