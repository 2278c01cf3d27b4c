/* SPDX-License-Identifier: Apache-2.0
 * sheet/read_filled.c - the columns and rows of a scoring sheet, by their keys:
 * never by where they stand. */
#include <string.h>

#include "base/text.h"
#include "sheet/read.h"

#define ROW_KEY "#key"

static const char *const roles[CHISO__SHEET_ROLES] = {
  "self",     "appraised_1", "appraised_2", "final",          "note",
  "document", "section",     "page",        "appraiser_note", "explanation",
};

/* ---- places and texts -----------------------------------------------------
 */

chiso__place chiso__filled_place(const chiso__filled *form, uint32_t row,
                                 uint32_t column) {
  if (row == UINT32_MAX)
    return (chiso__place) { form->sheet.file, 0, 0 };
  return chiso__sheet_place(&form->sheet, row, column);
}

const chiso__sheet_cell *chiso__filled_cell(const chiso__filled *form,
                                            uint32_t row, int role) {
  if (row == UINT32_MAX || form->column[role] == UINT32_MAX)
    return NULL;
  return chiso__sheet_at(&form->sheet, row, form->column[role]);
}

/* Bytes of the blank or end of line that begins here, 0 if none. */
static size_t blank(const char *s) {
  if (*s == ' ' || *s == '\t' || *s == '\n' || *s == '\r')
    return 1;
  if (strncmp(s, "\xc2\xa0", 2) == 0)
    return 2;
  return strncmp(s, "\xe2\x80\xaf", 3) == 0 ||
                 strncmp(s, "\xe2\x80\x89", 3) == 0
             ? 3
             : 0;
}

const char *chiso__filled_text(chiso__filled *form,
                               const chiso__sheet_cell *cell) {
  const char *text = cell ? cell->text : "";
  size_t size, end = 0;
  while (blank(text))
    text += blank(text);
  for (size = 0; text[size];) {
    size_t n = blank(text + size);
    size += n ? n : 1;
    if (!n)
      end = size;
  }
  if (end == size)
    return text;
  const char *copy = chiso__arena_text(&form->reading->arena, text, end);
  form->short_memory |= !copy;
  return copy ? copy : "";
}

/* ---- columns --------------------------------------------------------------
 */

/* Columns that are not read: what they show was made, or follows. */
static bool passed_over(const char *key) {
  static const char *const shown[] = { ROW_KEY, "no",       "title", "max",
                                       "rule",  "evidence", NULL };
  for (size_t i = 0; shown[i]; i++)
    if (strcmp(key, shown[i]) == 0)
      return true;
  for (size_t i = 0; i < CHISO__STAGES; i++) {
    size_t size = strlen(chiso__stage_word(i));
    if (strncmp(key, chiso__stage_word(i), size) == 0 && key[size] == '_')
      return true;
  }
  return false;
}

static const chiso__sheet_row *key_row(const chiso__sheet *sheet) {
  for (size_t i = 0; i < sheet->n_rows; i++) {
    const chiso__sheet_cell *first = &sheet->cells[sheet->rows[i].first];
    if (first->column == 0 && strcmp(first->text, ROW_KEY) == 0)
      return &sheet->rows[i];
  }
  return NULL;
}

static void take_column(chiso__filled *form, const chiso__sheet_cell *cell) {
  for (size_t i = 0; i < CHISO__SHEET_ROLES; i++) {
    if (strcmp(cell->text, roles[i]) != 0)
      continue;
    if (form->column[i] == UINT32_MAX) {
      form->column[i] = cell->column;
    } else {
      char name[16];
      chiso__cell_name(cell->row, form->column[i], name);
      CHISO__FILLED_FAULT(form, cell->row, cell->column,
                          MSG_FILLED_COLUMN_REPEATED, cell->text, name);
    }
    return;
  }
  if (!passed_over(cell->text))
    CHISO__FILLED_FAULT(form, cell->row, cell->column,
                        MSG_FILLED_COLUMN_UNKNOWN, cell->text);
}

/* A stage that is not used has no columns at all; its points alone are what
 * somebody left of it. */
static bool stage_was_there(const chiso__filled *form,
                            const chiso__sheet_row *row, size_t stage) {
  size_t size = strlen(chiso__stage_word(stage));
  for (size_t i = 0; i < row->count; i++) {
    const char *key = form->sheet.cells[row->first + i].text;
    if (strncmp(key, chiso__stage_word(stage), size) == 0 && key[size] == '_')
      return true;
  }
  return false;
}

static void check_columns(chiso__filled *form, const chiso__sheet_row *row) {
  bool any = false, later = false;
  for (size_t i = 0; i < CHISO__STAGES; i++) {
    any |= form->column[i] != UINT32_MAX;
    later |= i != CHISO__SELF && form->column[i] != UINT32_MAX;
  }
  for (size_t i = 0; i < CHISO__SHEET_ROLES; i++) {
    bool needed = i < CHISO__STAGES ? stage_was_there(form, row, i) ||
                                          (i == CHISO__SELF && !any)
                                    : later || i < CHISO__ROLE_APPRAISER_NOTE;
    if (needed && form->column[i] == UINT32_MAX)
      CHISO__FILLED_FAULT(form, row->row, 0, MSG_FILLED_COLUMN_GONE, roles[i]);
  }
}

/* ---- rows -----------------------------------------------------------------
 */

static void repeated(const chiso__filled *form, uint32_t row, uint32_t before,
                     const char *key) {
  char name[16];
  chiso__cell_name(before, 0, name);
  CHISO__FILLED_FAULT(form, row, 0, MSG_FILLED_ROW_REPEATED, key, name);
}

static void take_row(chiso__filled *form, const chiso__sheet_cell *cell) {
  const chiso__expected *plan = form->plan;
  size_t value;
  if (!chiso__map_get(&plan->keys, cell->text, &value)) {
    CHISO__FILLED_FAULT(form, cell->row, 0, MSG_FILLED_ROW_UNKNOWN, cell->text,
                        chiso_methodology_name(plan->methodology));
    return;
  }
  size_t node = value / CHISO__EXPECTED_INPUTS,
         input = value % CHISO__EXPECTED_INPUTS;
  uint32_t *row = input ? &form->spot_row[plan->first[node] + input - 1]
                        : &form->node_row[node];
  if (*row != UINT32_MAX)
    repeated(form, cell->row, *row, cell->text);
  else
    *row = cell->row;
}

/* A row that somebody put between ours: nobody can tell what it is about. */
static void check_inserted(const chiso__filled *form,
                           const chiso__sheet_row *row) {
  for (size_t i = 0; i < row->count; i++) {
    const chiso__sheet_cell *cell = &form->sheet.cells[row->first + i];
    for (size_t k = 0; k < CHISO__SHEET_ROLES; k++)
      if (form->column[k] == cell->column) {
        CHISO__FILLED_FAULT(form, cell->row, cell->column,
                            MSG_FILLED_ROW_INSERTED, cell->text);
        return;
      }
  }
}

static void take_rows(chiso__filled *form, const chiso__sheet_row *keys) {
  const chiso__sheet *sheet = &form->sheet;
  const chiso__sheet_row *end = sheet->rows + sheet->n_rows, *last = keys;
  bool begun = false;
  for (const chiso__sheet_row *row = keys + 1; row < end; row++)
    if (sheet->cells[row->first].column == 0)
      last = row;
  for (const chiso__sheet_row *row = keys + 1; row <= last; row++) {
    const chiso__sheet_cell *first = &sheet->cells[row->first];
    if (first->column == 0)
      take_row(form, first);
    else if (begun)
      check_inserted(form, row);
    begun = begun || first->column == 0;
  }
}

uint32_t chiso__filled_leaf_row(const chiso__filled *form, uint32_t node) {
  uint32_t row = form->node_row[node], first = form->plan->first[node];
  return row == UINT32_MAX && first != UINT32_MAX ? form->spot_row[first] : row;
}

static void check_rows(chiso__filled *form) {
  const chiso__expected *plan = form->plan;
  const chiso_index *ix = chiso_methodology_index(plan->methodology);
  for (size_t i = 0; i < plan->n_spots; i++) {
    const chiso_node *n = &ix->nodes[plan->spots[i].node];
    if (form->spot_row[i] == UINT32_MAX)
      CHISO__FILLED_FAULT(form, UINT32_MAX, 0, MSG_FILLED_ROW_GONE, n->id,
                          n->inputs[plan->spots[i].input].key);
    if (plan->spots[i].input == 1 &&
        form->node_row[plan->spots[i].node] == UINT32_MAX)
      CHISO__FILLED_FAULT(form, UINT32_MAX, 0, MSG_FILLED_NODE_GONE, n->id);
  }
}

/* ---- the sheet ------------------------------------------------------------
 */

static bool make_room(chiso__filled *form) {
  chiso__arena *arena = &form->reading->arena;
  const chiso__expected *plan = form->plan;
  size_t nodes = chiso_methodology_index(plan->methodology)->n_nodes;
  form->spot_row = chiso__arena_raw(arena, plan->n_spots, sizeof(uint32_t));
  form->node_row = chiso__arena_raw(arena, nodes, sizeof(uint32_t));
  form->held = chiso__arena_array(arena, plan->n_spots * CHISO__STAGES,
                                  sizeof *form->held);
  form->beside = chiso__arena_array(arena, nodes, sizeof *form->beside);
  if (!form->spot_row || !form->node_row || !form->held || !form->beside) {
    form->short_memory = true;
    return false;
  }
  memset(form->spot_row, 0xff, plan->n_spots * sizeof(uint32_t));
  memset(form->node_row, 0xff, nodes * sizeof(uint32_t));
  memset(form->column, 0xff, sizeof form->column);
  return true;
}

bool chiso__filled_shape(chiso__filled *form) {
  size_t faults = form->reading->remarks.faults;
  if (!make_room(form))
    return false;
  const chiso__sheet_row *keys = key_row(&form->sheet);
  if (!keys) {
    CHISO__FILLED_FAULT(form, UINT32_MAX, 0, MSG_FILLED_NO_KEYS);
    return false;
  }
  for (size_t i = 0; i < keys->count; i++)
    take_column(form, &form->sheet.cells[keys->first + i]);
  check_columns(form, keys);
  if (form->reading->remarks.faults != faults)
    return false;
  take_rows(form, keys);
  check_rows(form);
  return true;
}
