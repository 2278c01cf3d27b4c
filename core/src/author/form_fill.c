/* SPDX-License-Identifier: Apache-2.0
 * author/form_fill.c - from a methodology to the cells of the form. */
#include <string.h>

#include "author/form.h"
#include "base/dec.h"

#define MEMBER(type, node, offset)                                             \
  (*(type const *)(const void *)((const char *)(node) + (offset)))

typedef chiso__form_cell cell;

/* ---- cells --------------------------------------------------------------- */

static cell keep(chiso__form *form, const char *text, bool number) {
  cell c = { .number = number };
  if (!text || !*text)
    return c;
  c.text = chiso__arena_text(form->arena, text, strlen(text));
  form->failed |= !c.text;
  return c;
}

static cell of_text(const char *text) {
  return (cell) { .text = text };
}

static cell of_dec(chiso__form *form, chiso_dec value) {
  char text[CHISO_DEC_TEXT];
  chiso__dec_print(value, text);
  return keep(form, text, true);
}

static cell of_number(chiso__form *form, unsigned value) {
  char text[16];
  snprintf(text, sizeof text, "%u", value);
  return keep(form, text, true);
}

static cell of_key(chiso_family family, unsigned value) {
  return of_text(chiso_key(family, value));
}

static cell of_date(chiso__form *form, chiso_date date) {
  char text[16] = "";
  if (date.year)
    chiso_round_format(date, text);
  return keep(form, text, false);
}

static cell of_buffer(chiso__form *form, chiso__buffer *b) {
  cell c = { 0 };
  form->failed |= b->failed;
  if (!b->failed && b->size)
    c = keep(form, b->data, false);
  chiso__buffer_free(b);
  return c;
}

/* ---- lists in a cell ----------------------------------------------------- */

void chiso__parts_add(chiso__buffer *out, bool first, const char *part) {
  if (!first)
    chiso__buffer_text(out, " | ");
  size_t size = strlen(part);
  for (size_t i = 0; i < size; i++) {
    char c = part[i];
    bool edge = i == 0 || i + 1 == size;
    if (c == '\n' || c == '\r')
      chiso__buffer_text(out, c == '\n' ? "\\n" : "\\r");
    else {
      if (c == '|' || c == '\\' || (edge && (c == ' ' || c == '\t')))
        chiso__buffer_bytes(out, "\\", 1);
      chiso__buffer_bytes(out, &c, 1);
    }
  }
}

bool chiso__parts_next(const char **at, chiso__buffer *out) {
  const char *s = *at;
  size_t solid = 0; /* up to here blanks at the end are meant */
  out->size = 0;
  if (!*s)
    return false;
  s += strspn(s, " \t");
  for (; *s && *s != '|'; s++) {
    char c = *s;
    bool escaped = c == '\\' && s[1];
    if (escaped) {
      c = *++s;
      c = c == 'n' ? '\n' : c == 'r' ? '\r' : c;
    }
    chiso__buffer_bytes(out, &c, 1);
    if (escaped || (c != ' ' && c != '\t'))
      solid = out->size;
  }
  if (!out->failed && out->data) {
    out->size = solid;
    out->data[solid] = '\0';
  }
  *at = *s == '|' ? s + 1 : s;
  return true;
}

static void add_titles(chiso__buffer *b, const char *vi, const char *en) {
  if (!vi)
    return;
  chiso__parts_add(b, false, vi);
  if (en)
    chiso__parts_add(b, false, en);
}

/* One step a line: ">= 0.8: 1", "0.8: 1" of a straight line, "key: 1 | title"
 * of a choice. */
static cell of_steps(chiso__form *form, const chiso_node *n) {
  chiso__buffer b = { .allocator = form->arena->allocator };
  char at[CHISO_DEC_TEXT], points[CHISO_DEC_TEXT];
  for (uint32_t i = 0; i < n->n_steps; i++) {
    const chiso_step *s = &n->steps[i];
    chiso__dec_print(s->points, points);
    chiso__buffer_text(&b, i ? "\n" : "");
    if (n->op == CHISO_OP_CHOICE)
      chiso__parts_add(&b, true, s->key);
    else
      chiso__dec_print(s->at, at);
    if (n->op == CHISO_OP_STEP)
      chiso__buffer_print(&b, "%s ", chiso_key(CHISO_FAMILY_CMP, s->cmp));
    chiso__buffer_print(&b, "%s: %s", n->op == CHISO_OP_CHOICE ? "" : at,
                        points);
    if (n->op == CHISO_OP_CHOICE)
      add_titles(&b, s->title_vi, s->title_en);
  }
  return of_buffer(form, &b);
}

/* One input a line: "num_key: num, count, 0 | title". */
static cell of_inputs(chiso__form *form, const chiso_node *n) {
  chiso__buffer b = { .allocator = form->arena->allocator };
  for (uint32_t i = 0; i < n->n_inputs && !chiso__inputs_are_standard(n); i++) {
    const chiso_input *in = &n->inputs[i];
    chiso__buffer_print(&b, "%s%s: %s, %s, %u", i ? "\n" : "", in->key,
                        chiso_key(CHISO_FAMILY_ROLE, in->role),
                        chiso_key(CHISO_FAMILY_UNIT, in->unit),
                        (unsigned)in->digits);
    add_titles(&b, in->title_vi, in->title_en);
  }
  return of_buffer(form, &b);
}

static cell of_list(chiso__form *form, const char *const *list,
                    uint32_t count) {
  chiso__buffer b = { .allocator = form->arena->allocator };
  for (uint32_t i = 0; i < count; i++)
    chiso__parts_add(&b, i == 0, list[i]);
  return of_buffer(form, &b);
}

static cell of_round(chiso__form *form, const chiso_node *n) {
  chiso__buffer b = { .allocator = form->arena->allocator };
  if (n->digits != CHISO_KEEP || n->round != CHISO_ROUND_HALF_UP)
    chiso__buffer_print(&b, "%u %s", (unsigned)n->digits,
                        chiso_key(CHISO_FAMILY_ROUNDING, n->round));
  return of_buffer(form, &b);
}

static cell of_reference(chiso__form *form, const chiso_node *n) {
  chiso__buffer b = { .allocator = form->arena->allocator };
  chiso__buffer_print(&b, "%s/%s", n->ref_index, n->ref_node);
  return of_buffer(form, &b);
}

/* ---- nodes --------------------------------------------------------------- */

/* The entry of the table that serves the node's op, under the column's name. */
static const chiso__field *field_for(const chiso__field *field, unsigned op) {
  for (size_t i = 0; i < chiso__n_node_fields; i++)
    if (strcmp(chiso__node_fields[i].name, field->name) == 0 &&
        chiso__field_applies(&chiso__node_fields[i], op))
      return &chiso__node_fields[i];
  return NULL;
}

cell chiso__form_node(chiso__form *form, const chiso_node *n,
                      const chiso__form_column *column) {
  const chiso__field *f = field_for(column->field, n->op);
  const cell none = { 0 };
  if (!f)
    return none;
  switch (f->type) {
  case CHISO__FIELD_TEXT:
    return of_text(MEMBER(char *, n, f->offset));
  case CHISO__FIELD_DEC:
    return f->required || MEMBER(chiso_dec, n, f->offset) != f->standard
               ? of_dec(form, MEMBER(chiso_dec, n, f->offset))
               : none;
  case CHISO__FIELD_KEY:
    return f->required || MEMBER(uint8_t, n, f->offset)
               ? of_key(f->family, MEMBER(uint8_t, n, f->offset))
               : none;
  case CHISO__FIELD_NUMBER:
    return of_number(form, MEMBER(uint32_t, n, f->offset));
  case CHISO__FIELD_TITLE:
    return of_text(column->part ? n->title_en : n->title_vi);
  case CHISO__FIELD_WAS:
    return of_list(form, n->was, n->n_was);
  case CHISO__FIELD_MEASURE:
    return of_text(column->part == 0   ? n->numerator
                   : column->part == 1 ? n->denominator
                                       : n->period);
  case CHISO__FIELD_ROUND:
    return of_round(form, n);
  case CHISO__FIELD_PROVENANCE:
    return of_key(CHISO_FAMILY_PROVENANCE,
                  column->part ? n->prov_points : n->prov_name);
  case CHISO__FIELD_INPUTS:
    return of_inputs(form, n);
  case CHISO__FIELD_STEPS:
    return of_steps(form, n);
  case CHISO__FIELD_OF:
    return of_reference(form, n);
  case CHISO__FIELD_LEGAL:
    return of_text(n->legal ? form->index->legal[n->legal].key : NULL);
  }
  return none;
}

/* ---- rows ---------------------------------------------------------------- */

/* A new empty row; NULL when memory is short. */
static cell *add_row(chiso__form *form, chiso__section section) {
  chiso__form_sheet *sheet = &form->sheets[section];
  size_t columns = sheet->section.n_columns;
  if (sheet->n_rows == sheet->capacity) {
    size_t wanted = sheet->capacity ? sheet->capacity * 2 : 32;
    cell *grown =
        chiso__arena_array(form->arena, wanted * columns, sizeof *grown);
    if (!grown) {
      form->failed = true;
      return NULL;
    }
    if (sheet->cells)
      memcpy(grown, sheet->cells, sheet->n_rows * columns * sizeof *grown);
    sheet->cells = grown;
    sheet->capacity = wanted;
  }
  return &sheet->cells[sheet->n_rows++ * columns];
}

/* A row from cells that are given in the order of the columns. */
static void put_row(chiso__form *form, chiso__section section,
                    const cell *cells) {
  cell *row = add_row(form, section);
  if (row)
    memcpy(row, cells, form->sheets[section].section.n_columns * sizeof *row);
}

static void fill_nodes(chiso__form *form) {
  const chiso_index *ix = form->index;
  const chiso__form_section *section =
      &form->sheets[CHISO__SECTION_NODES].section;
  for (uint32_t i = 0; i < ix->n_nodes; i++) {
    cell *row = add_row(form, CHISO__SECTION_NODES);
    for (size_t c = 0; row && c < section->n_columns; c++) {
      row[c] = chiso__form_node(form, &ix->nodes[i], &section->columns[c]);
      row[c].bold = chiso__op_is_inner(ix->nodes[i].op);
    }
  }
}

static void head(chiso__form *form, const char *key, cell value) {
  if (value.text)
    put_row(form, CHISO__SECTION_INDEX, (const cell[]) { of_text(key), value });
}

static cell of_counts(chiso__form *form) {
  const chiso_index *ix = form->index;
  chiso__buffer b = { .allocator = form->arena->allocator };
  for (uint32_t i = 0; i < ix->n_counts; i++)
    chiso__buffer_print(&b, "%s%s: %u", i ? "\n" : "",
                        chiso_key(CHISO_FAMILY_KIND, ix->counts[i].kind),
                        (unsigned)ix->counts[i].count);
  return of_buffer(form, &b);
}

static void fill_index(chiso__form *form) {
  const chiso_index *ix = form->index;
  head(form, "format", of_text("1"));
  head(form, "id", of_text(ix->id));
  head(form, "edition", of_text(ix->edition));
  if (ix->scope)
    head(form, "scope", of_key(CHISO_FAMILY_SCOPE, ix->scope));
  head(form, "variant_of", of_text(ix->variant_of));
  head(form, "level", of_key(CHISO_FAMILY_LEVEL, ix->level));
  head(form, "title.vi", of_text(ix->title_vi));
  head(form, "title.en", of_text(ix->title_en));
  head(form, "rounds.first", of_number(form, ix->first));
  if (ix->last)
    head(form, "rounds.last", of_number(form, ix->last));
  head(form, "units", of_text(ix->unit_set));
  head(form, "digits", of_number(form, ix->digits));
  head(form, "rank.by", of_key(CHISO_FAMILY_RANK_BY, ix->rank_by));
  head(form, "rank.ties", of_key(CHISO_FAMILY_TIES, ix->ties));
  head(form, "note", of_text(ix->note));
  head(form, "supersedes", of_list(form, ix->supersedes, ix->n_supersedes));
  head(form, "counts", of_counts(form));
}

static void fill_legal(chiso__form *form) {
  const chiso_index *ix = form->index;
  for (uint32_t i = 0; i < ix->n_legal; i++) {
    const chiso_legal *l = &ix->legal[i];
    put_row(form, CHISO__SECTION_LEGAL,
            (const cell[]) { of_text(l->key), of_text(l->instrument),
                             of_text(l->title), of_date(form, l->issued),
                             of_date(form, l->in_force),
                             of_date(form, l->repealed),
                             of_date(form, l->checked_on), of_text(l->url) });
  }
}

/* What belongs to the whole grading stands in its first row. */
static void fill_grading(chiso__form *form, const chiso_grading *g) {
  const cell none = { 0 };
  for (uint32_t i = 0; i < g->n_grades; i++) {
    const chiso_grade *e = &g->grades[i];
    bool first = i == 0;
    put_row(form, CHISO__SECTION_GRADINGS,
            (const cell[]) {
                first ? of_key(CHISO_FAMILY_GRADING, g->kind) : none,
                first && g->first ? of_number(form, g->first) : none,
                first && g->last ? of_number(form, g->last) : none,
                first && g->missing ? of_key(CHISO_FAMILY_MISSING, g->missing)
                                    : none,
                first ? of_text(g->source) : none, of_text(e->key),
                of_text(e->title_vi), of_text(e->title_en),
                e->at_least == CHISO_NONE || e->cmp == CHISO_CMP_GT
                    ? none
                    : of_dec(form, e->at_least),
                e->cmp == CHISO_CMP_GT ? of_dec(form, e->at_least) : none });
  }
}

static void fill_partition(chiso__form *form, const chiso_partition *p) {
  const cell none = { 0 };
  for (uint32_t i = 0; i < p->n_parts; i++) {
    const chiso_part *part = &p->parts[i];
    bool first = i == 0;
    put_row(form, CHISO__SECTION_PARTITIONS,
            (const cell[]) { first ? of_text(p->id) : none,
                             first ? of_text(p->title_vi) : none,
                             first ? of_text(p->title_en) : none,
                             first ? of_text(p->source) : none,
                             of_text(part->id), of_text(part->title_vi),
                             of_text(part->title_en),
                             of_dec(form, part->max) });
  }
}

void chiso__form_fill(chiso__form *form, const chiso_methodology *methodology) {
  const chiso_index *ix = form->index = chiso_methodology_index(methodology);
  for (chiso__section s = 0; s < CHISO__SECTIONS; s++)
    chiso__form_section_of(s, &form->sheets[s].section);
  fill_nodes(form);
  fill_index(form);
  fill_legal(form);
  for (uint32_t i = 0; i < ix->n_gradings; i++)
    fill_grading(form, &ix->gradings[i]);
  for (uint32_t i = 0; i < ix->n_partitions; i++)
    fill_partition(form, &ix->partitions[i]);
  for (uint32_t i = 0; i < ix->n_deadlines; i++)
    put_row(form, CHISO__SECTION_DEADLINES,
            (const cell[]) { of_text(ix->deadlines[i].what),
                             of_date(form, ix->deadlines[i].date) });
}
