/* SPDX-License-Identifier: Apache-2.0
 * author/annex_rows.c - the rows of an annex: nodes, steps that stand in rows
 * of their own, totals, footnotes. */
#include <string.h>

#include "author/annex.h"
#include "author/wording.h"
#include "base/dec.h"
#include "base/text.h"

/* The cells of a row that have a role. */
typedef struct row {
  uint32_t number;
  const chiso__sheet_cell *cell[CHISO__ROLES];
  bool told; /* what is wrong with its maximum */
} row;

static const char *text_of(const row *r, chiso__role role) {
  return r->cell[role] ? r->cell[role]->text : "";
}

chiso__place chiso__annex_place(const chiso__annex *annex, uint32_t number,
                                chiso__role role) {
  uint32_t column = annex->header.column[role];
  chiso__place place = chiso__sheet_place(annex->sheet, number, column);
  if (column == UINT32_MAX)
    place.column = 0;
  return place;
}

#define FAULT(annex, row, role, ...)                                           \
  chiso__remark(&(annex)->import->remarks, CHISO_BAD_DATA,                     \
                chiso__annex_place((annex), (row), (role)), __VA_ARGS__)
#define REMARK(annex, row, role, ...)                                          \
  chiso__remark(&(annex)->import->remarks, CHISO_OK,                           \
                chiso__annex_place((annex), (row), (role)), __VA_ARGS__)

void chiso__draft_note(chiso__annex *annex, chiso__draft *draft,
                       chiso_reading reading, chiso__message message, ...) {
  chiso_error sentence = { .lang = annex->import->lang };
  va_list args;
  va_start(args, message);
  chiso__fail_with(&sentence, CHISO_OK, (chiso__place) { 0 }, message, args);
  va_end(args);
  chiso__buffer_print(&draft->note, "%s%s", draft->note.size ? "; " : "",
                      sentence.text);
  if (reading > draft->reading)
    draft->reading = reading;
}

/* ---- drafts -------------------------------------------------------------- */

static chiso__draft *last_draft(const chiso__annex *annex) {
  return annex->count ? &annex->drafts[annex->count - 1] : NULL;
}

static chiso__draft *new_draft(chiso__annex *annex, const row *r) {
  const chiso_allocator *allocator = annex->import->allocator;
  if (annex->count == CHISO__MAX_NODES - 1) {
    FAULT(annex, r->number, CHISO__ROLE_CODE, MSG_AUTHOR_ROWS,
          CHISO__MAX_NODES);
    return NULL;
  }
  if (!chiso__grow(allocator, (void **)(void *)&annex->drafts, &annex->capacity,
                   annex->count, sizeof *annex->drafts)) {
    annex->failed = true;
    return NULL;
  }
  chiso__draft *d = &annex->drafts[annex->count++];
  *d = (chiso__draft) { .row = r->number,
                        .parent = SIZE_MAX,
                        .rule = { .allocator = allocator },
                        .note = { .allocator = allocator } };
  return d;
}

/* A line of the rule; `points` are those of its own cell. */
static void add_rule(chiso__draft *d, const char *text, const char *points) {
  if (!*text)
    return;
  if (d->rule.size)
    chiso__buffer_text(&d->rule, "\n");
  chiso__buffer_text(&d->rule, text);
  if (*points)
    chiso__buffer_print(&d->rule, ": %s", points);
}

/* "Tên tiêu chí (1)", "Tên tiêu chí*": the mark of a footnote goes. */
static size_t without_mark(const char *text) {
  size_t size = strlen(text);
  while (size && strchr(" *", text[size - 1]))
    size--;
  if (size > 3 && text[size - 1] == ')' &&
      strchr("0123456789*", text[size - 2]) && text[size - 3] == '(')
    size -= 3;
  while (size && strchr(" *:", text[size - 1]))
    size--;
  return size;
}

/* ---- places in the tree -------------------------------------------------- */

/* The last draft that is open at a depth: an ancestor of the last one, or the
 * last one itself. */
static size_t open_at(const chiso__annex *annex, unsigned depth) {
  size_t i = annex->count >= 2 ? annex->count - 2 : SIZE_MAX;
  while (i != SIZE_MAX && annex->drafts[i].depth > depth)
    i = annex->drafts[i].parent;
  return i != SIZE_MAX && annex->drafts[i].depth == depth ? i : SIZE_MAX;
}

static unsigned depth_of_last(const chiso__annex *annex) {
  return annex->count >= 2 ? annex->drafts[annex->count - 2].depth : 0;
}

static bool prefix(const chiso__code *whole, const chiso__code *of) {
  if (whole->count + 1 != of->count)
    return false;
  for (unsigned i = 0; i < whole->count; i++)
    if (whole->part[i] != of->part[i])
      return false;
  /* "1.1" stands under "I" as well as under "1" */
  return whole->style == of->style ||
         (whole->count == 1 && of->style == CHISO__NUMBERING_DIGITS);
}

/* "C" after "B" is a letter, "V" after "IV" a Roman number. */
static void settle_letter(const chiso__annex *annex, chiso__code *code) {
  if (!code->either || code->count > 1)
    return;
  char letter[64];
  chiso__code_print(code, letter);
  uint32_t place = (uint32_t)(letter[0] - 'A') + 1;
  for (unsigned d = depth_of_last(annex); d > 0; d--) {
    size_t i = open_at(annex, d);
    const chiso__code *o = i == SIZE_MAX ? NULL : &annex->drafts[i].code;
    if (!o || o->count > 1)
      continue;
    if (o->style == CHISO__NUMBERING_ROMAN)
      return;
    if (o->style == CHISO__NUMBERING_UPPER && o->part[0] + 1 == place) {
      code->style = CHISO__NUMBERING_UPPER;
      code->part[0] = place;
      return;
    }
  }
}

/* Under whom the last draft stands, by its numbering; false: nowhere. */
static bool place_draft(chiso__annex *annex, chiso__draft *d) {
  settle_letter(annex, &d->code);
  d->depth = 1;
  for (unsigned depth = depth_of_last(annex); depth > 0; depth--) {
    size_t i = open_at(annex, depth);
    if (i == SIZE_MAX)
      continue;
    const chiso__code *o = &annex->drafts[i].code;
    if (prefix(o, &d->code)) {
      d->parent = i;
      d->depth = depth + 1;
      return true;
    }
    if (d->code.count == 1 && o->count == 1 && o->style == d->code.style) {
      d->parent = annex->drafts[i].parent;
      d->depth = depth;
      return true;
    }
  }
  if (d->code.count == 1 && annex->count >= 2) {
    d->parent = annex->count - 2; /* a new kind of numbering goes deeper */
    d->depth = annex->drafts[d->parent].depth + 1;
  }
  /* "1.1" with nothing above it, where the areas have no number */
  return d->code.count == 1;
}

/* The sibling before the last draft, or NULL. */
static const chiso__draft *sibling(const chiso__annex *annex,
                                   const chiso__draft *d) {
  for (size_t i = annex->count - 1; i-- > 0;)
    if (annex->drafts[i].parent == d->parent &&
        annex->drafts[i].code.count == d->code.count &&
        annex->drafts[i].code.style == d->code.style)
      return &annex->drafts[i];
  return NULL;
}

/* A spreadsheet takes "1.10" for the number 1.1. After 1.9 it is 1.10. */
static void restore_zero(chiso__annex *annex, chiso__draft *d) {
  const chiso__draft *before = sibling(annex, d);
  unsigned last = d->code.count - 1;
  char read[64];
  if (!before || d->code.count < 2)
    return;
  uint32_t expected = before->code.part[last] + 1;
  uint32_t stripped = expected;
  while (stripped % 10 == 0)
    stripped /= 10;
  if (stripped == expected || d->code.part[last] != stripped)
    return;
  chiso__code_print(&d->code, read);
  d->code.part[last] = expected;
  chiso__code_print(&d->code, d->printed);
  chiso__draft_note(annex, d, CHISO_READING_CHECK, MSG_AUTHOR_ZERO_LOST, read,
                    d->printed, before->printed);
}

static void check_order(chiso__annex *annex, const chiso__draft *d) {
  const chiso__draft *before = sibling(annex, d);
  unsigned last = d->code.count - 1;
  uint32_t step = d->code.style == CHISO__NUMBERING_LOWER && last == 0 ? 2 : 1;
  if (!before)
    return;
  uint32_t a = before->code.part[last], b = d->code.part[last];
  if (b == a) /* told as a repeated code */
    return;
  if (b < a || b > a + step)
    REMARK(annex, d->row, CHISO__ROLE_CODE, MSG_AUTHOR_ORDER, d->printed,
           before->printed);
}

/* By the column of parents, as catalogues have one. */
static void place_by_parent(chiso__annex *annex, chiso__draft *d,
                            const row *r) {
  const char *parent = text_of(r, CHISO__ROLE_PARENT);
  d->depth = 1;
  if (!*parent)
    return;
  for (size_t i = 0; i + 1 < annex->count; i++)
    if (chiso__text_same_folded(annex->drafts[i].printed, parent)) {
      d->parent = i;
      d->depth = annex->drafts[i].depth + 1;
      return;
    }
  annex->rows_lost = true;
  FAULT(annex, r->number, CHISO__ROLE_PARENT, MSG_AUTHOR_NO_PARENT, d->printed,
        parent);
}

/* ---- nodes --------------------------------------------------------------- */

static unsigned key_in(chiso_family family, const char *word,
                       unsigned standard) {
  int value = *word ? chiso__key_value(family, word) : -1;
  return value < 0 ? standard : (unsigned)value;
}

static unsigned policy_of(const char *word) {
  static const struct {
    const char *word;
    unsigned policy;
  } words[] = { { "zero", CHISO_POLICY_ZERO },
                { "full", CHISO_POLICY_FULL },
                { "rescale", CHISO_POLICY_LEAVE_OUT },
                { "leave_out", CHISO_POLICY_LEAVE_OUT } };
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (strcmp(words[i].word, word) == 0)
      return words[i].policy;
  return CHISO_POLICY_FORBIDDEN;
}

static const char *or_null(const char *text) {
  return *text ? text : NULL;
}

/* No row is above what the user says of the table. */
static uint8_t provenance_of(const chiso__annex *annex, const char *word) {
  unsigned most = annex->import->options.provenance;
  unsigned own = key_in(CHISO_FAMILY_PROVENANCE, word,
                        *word ? (unsigned)CHISO_PROV_RECALLED : most);
  return (uint8_t)(own < most ? own : most);
}

/* "3.2.2+3.2.3": the codes that became this one. */
static void take_was(chiso__annex *annex, chiso_node *n, const char *text) {
  size_t most = 1;
  for (const char *s = text; *s; s++)
    most += strchr("+,;|", *s) != NULL;
  const char **list =
      *text ? chiso__arena_array(&annex->import->arena, most, sizeof *list)
            : NULL;
  annex->failed |= *text && !list;
  n->was = list;
  while (list && *text) {
    text += strspn(text, "+,;| ");
    size_t size = strcspn(text, "+,;| ");
    if (size)
      list[n->n_was++] = chiso__annex_keep(annex, text, size);
    text += size;
  }
}

static void take_cells(chiso__annex *annex, chiso__draft *d, const row *r,
                       const char *title) {
  const char *line = chiso__annex_line(annex, title);
  chiso_node *n = &d->node;
  n->title_vi = chiso__annex_keep(annex, line, without_mark(line));
  n->title_en =
      or_null(chiso__annex_line(annex, text_of(r, CHISO__ROLE_TITLE_EN)));
  n->evidence = or_null(text_of(r, CHISO__ROLE_EVIDENCE));
  n->concept_id = or_null(text_of(r, CHISO__ROLE_CONCEPT));
  n->note = or_null(text_of(r, CHISO__ROLE_NOTE));
  n->source = or_null(text_of(r, CHISO__ROLE_SOURCE));
  n->na = (uint8_t)policy_of(text_of(r, CHISO__ROLE_POLICY));
  n->kind = (uint8_t)key_in(CHISO_FAMILY_KIND, text_of(r, CHISO__ROLE_KIND), 0);
  n->prov_name = provenance_of(annex, text_of(r, CHISO__ROLE_PROV_NAME));
  n->prov_points = provenance_of(annex, text_of(r, CHISO__ROLE_PROV_POINTS));
  d->method = text_of(r, CHISO__ROLE_METHOD);
  d->op = text_of(r, CHISO__ROLE_OP);
  d->params = text_of(r, CHISO__ROLE_PARAMS);
  d->max_text = r->told ? "?" : text_of(r, CHISO__ROLE_MAX);
  add_rule(d, text_of(r, CHISO__ROLE_RULE),
           text_of(r, CHISO__ROLE_STEP_POINTS));
  d->unit = text_of(r, CHISO__ROLE_UNIT);
  take_was(annex, n, text_of(r, CHISO__ROLE_WAS));
}

static void take_max(chiso__annex *annex, chiso__draft *d, const row *r) {
  const chiso__sheet_cell *cell = r->cell[CHISO__ROLE_MAX];
  if (!cell)
    return;
  d->has_max = chiso__annex_points(annex, cell, &d->node.max);
  if (!d->has_max)
    FAULT(annex, r->number, CHISO__ROLE_MAX, MSG_AUTHOR_BAD_MAX, d->printed,
          cell->text);
  else if (d->node.max > CHISO_DEC_LIMIT)
    FAULT(annex, r->number, CHISO__ROLE_MAX, MSG_AUTHOR_BAD_MAX, d->printed,
          cell->text);
}

/* A row that finds no place in the tree by its code. */
static void lose_row(chiso__annex *annex, const row *r, chiso__message message,
                     const char *code) {
  annex->rows_lost = true;
  FAULT(annex, r->number, CHISO__ROLE_CODE, message, code);
}

/* A row with a code. `code` NULL: the code is any word, with a parent beside.
 */
static void add_node(chiso__annex *annex, const row *r, const chiso__code *code,
                     const char *word, const char *title) {
  chiso__draft *d = new_draft(annex, r);
  if (!d)
    return;
  if (code)
    d->code = *code;
  if (word)
    snprintf(d->printed, sizeof d->printed, "%s", word);
  else
    chiso__code_print(&d->code, d->printed);
  take_cells(annex, d, r, title);
  if (annex->header.column[CHISO__ROLE_PARENT] != UINT32_MAX) {
    place_by_parent(annex, d, r);
  } else if (!place_draft(annex, d)) {
    lose_row(annex, r, MSG_AUTHOR_NOTHING_ABOVE, d->printed);
  } else {
    chiso__code_print(&d->code, d->printed);
    restore_zero(annex, d);
    check_order(annex, d);
  }
  if (d->parent != SIZE_MAX)
    annex->drafts[d->parent].inner = true;
  if (!*d->node.title_vi)
    FAULT(annex, r->number, CHISO__ROLE_TITLE, MSG_AUTHOR_NO_TITLE, d->printed);
  take_max(annex, d, r);
}

/* ---- rows that are no nodes ---------------------------------------------- */

static bool begins(const char *text, const char *const *words) {
  for (; *words; words++)
    if (strncmp(text, *words, strlen(*words)) == 0)
      return true;
  return false;
}

static bool is_total(const char *text) {
  static const char *const words[] = { "tong cong", "tong diem", "tong so diem",
                                       "tong so",   "cong",      NULL };
  size_t size = strcspn(text, "(:");
  if (strncmp(text, "tong", 4) == 0 && text[4 + strspn(text + 4, " :")] == '\0')
    return true;
  return begins(text, words) && size < 60 &&
         (strncmp(text, "cong", 4) != 0 || text[4] == '\0' || text[4] == ' ' ||
          text[4] == ':') &&
         strncmp(text, "cong tac", 8) != 0 &&
         strncmp(text, "cong khai", 9) != 0 &&
         strncmp(text, "cong bo", 7) != 0 && strncmp(text, "cong ", 5) != 0;
}

/* "Cộng lĩnh vực 1", "Tổng điểm mục I": of the area before it. */
static bool is_subtotal(const char *text) {
  static const char *const words[] = { "cong linh vuc", "cong muc",
                                       "cong phan",     "tong diem linh vuc",
                                       "tong diem muc", "tong linh vuc",
                                       "tong muc",      "tong cong linh vuc",
                                       "tong cong muc", NULL };
  return begins(text, words);
}

static void take_total(chiso__annex *annex, const row *r, bool part) {
  chiso_dec points;
  size_t area = annex->count - 1;
  if (!chiso__annex_points(annex, r->cell[CHISO__ROLE_MAX], &points))
    return;
  if (!part) {
    annex->has_total = true;
    annex->total = points;
    annex->total_row = r->number;
    return;
  }
  if (annex->count == 0)
    return;
  while (annex->drafts[area].parent != SIZE_MAX)
    area = annex->drafts[area].parent;
  const chiso__draft *d = &annex->drafts[area];
  if (d->has_max && d->node.max != points)
    FAULT(annex, r->number, CHISO__ROLE_MAX, MSG_AUTHOR_SUBTOTAL, d->printed,
          d->max_text, text_of(r, CHISO__ROLE_MAX));
}

static bool is_footnote(const char *text) {
  static const char *const words[] = { "ghi chu", "luu y",    "chu thich",
                                       "(*)",     "noi nhan", NULL };
  return begins(text, words) || (*text == '*' && text[1] != '\0') ||
         (text[0] == '(' && text[1] >= '1' && text[1] <= '9' &&
          text[2] == ')' && text[3] != '\0');
}

/* A row without a code: a step of the node above, or more of its text. */
static void take_step(chiso__annex *annex, const row *r, const char *title) {
  chiso__draft *d = last_draft(annex);
  const char *rule = text_of(r, CHISO__ROLE_RULE);
  const char *points =
      text_of(r, r->cell[CHISO__ROLE_STEP_POINTS] ? CHISO__ROLE_STEP_POINTS
                                                  : CHISO__ROLE_MAX);
  if (!d) {
    REMARK(annex, r->number, CHISO__ROLE_TITLE, MSG_AUTHOR_BEFORE_FIRST,
           *title ? title : rule);
    return;
  }
  if (*title)
    add_rule(d, chiso__annex_line(annex, title), *rule ? "" : points);
  if (*rule)
    add_rule(d, rule, points);
  if (!*title && !*rule && *points)
    FAULT(annex, r->number, CHISO__ROLE_MAX, MSG_AUTHOR_LOST_POINTS, points);
  const char *evidence = text_of(r, CHISO__ROLE_EVIDENCE);
  if (*evidence && !d->node.evidence)
    d->node.evidence = evidence;
}

/* ---- one row ------------------------------------------------------------- */

static void fill_row(const chiso__annex *annex, size_t place, row *out) {
  const chiso__sheet_row *r = &annex->sheet->rows[place];
  *out = (row) { .number = r->row };
  for (size_t i = 0; i < r->count; i++) {
    const chiso__sheet_cell *cell = &annex->sheet->cells[r->first + i];
    for (size_t role = 1; role < CHISO__ROLES; role++)
      if (annex->header.column[role] == cell->column &&
          role != CHISO__ROLE_PASSED_OVER)
        out->cell[role] = cell;
  }
}

/* What a cell may not hold is told, and left out; a maximum is then no further
 * fault. */
static void drop_unusable(chiso__annex *annex, row *r) {
  for (size_t role = 1; role < CHISO__ROLES; role++) {
    chiso_error err = { .lang = annex->import->lang };
    if (!r->cell[role] ||
        chiso__cell_usable(annex->sheet, r->cell[role],
                           annex->import->options.cached, &err) == CHISO_OK)
      continue;
    chiso__remark_error(&annex->import->remarks, &err);
    r->cell[role] = NULL;
    r->told |= role == CHISO__ROLE_MAX;
  }
}

static bool is_empty(const row *r) {
  for (size_t role = 1; role < CHISO__ROLES; role++)
    if (r->cell[role])
      return false;
  return true;
}

/* The first text to the right of or between the columns that have a heading:
 * most often a CSV whose texts hold the separator and are not quoted. */
static void tell_stray(chiso__annex *annex, size_t place) {
  const chiso__sheet_row *r = &annex->sheet->rows[place];
  for (size_t i = 0; i < r->count && !annex->stray; i++) {
    const chiso__sheet_cell *cell = &annex->sheet->cells[r->first + i];
    if (!*cell->text ||
        chiso__header_names(annex->sheet, &annex->header, cell->column))
      continue;
    annex->stray = true;
    chiso__remark(&annex->import->remarks, CHISO_OK,
                  chiso__sheet_place(annex->sheet, r->row, cell->column),
                  MSG_AUTHOR_STRAY, cell->text);
  }
}

static bool is_bullet(const char *code) {
  return code[strspn(code, "-+* ")] == '\0' ||
         strcmp(code, "\xe2\x80\xa2") == 0 || strcmp(code, "\xe2\x80\x93") == 0;
}

static void take_coded(chiso__annex *annex, const row *r, const char *text,
                       const char *title) {
  const chiso__sheet_cell *cell = r->cell[CHISO__ROLE_CODE];
  chiso__code code;
  const char *rest = "";
  bool parents = annex->header.column[CHISO__ROLE_PARENT] != UINT32_MAX;
  if (cell->kind == CHISO__KIND_DATE)
    lose_row(annex, r, MSG_AUTHOR_DATE_CODE, text);
  else if (parents)
    add_node(annex, r, chiso__code_read(text, &code, NULL) ? &code : NULL, text,
             title);
  else if (chiso__code_read(text, &code, *title ? NULL : &rest))
    add_node(annex, r, &code, NULL, *title ? title : rest);
  else if (!*title && strlen(text) > 12)
    take_step(annex, r, text);
  else
    lose_row(annex, r, MSG_AUTHOR_BAD_CODE, text);
}

/* A row whose code stands in its title, "1.1. Ban hành …"; false: none does. */
static bool take_title_code(chiso__annex *annex, const row *r,
                            const char *title) {
  chiso__code code;
  const char *rest;
  const chiso__sheet_cell *max = r->cell[CHISO__ROLE_MAX];
  if (!chiso__code_read(title, &code, &rest) || !*rest)
    return false;
  bool sure = code.count > 1 || code.style == CHISO__NUMBERING_ROMAN;
  if (!max && !sure)
    return false;
  /* "a) Đạt 100 %: 1" are steps; annex_rules.c looks at those with points */
  if (code.style == CHISO__NUMBERING_LOWER && !max)
    return false;
  add_node(annex, r, &code, NULL, rest);
  return true;
}

static void take_row(chiso__annex *annex, const row *r) {
  const char *code = text_of(r, CHISO__ROLE_CODE);
  const char *title = text_of(r, CHISO__ROLE_TITLE);
  const char *first =
      chiso__annex_plain(annex, *code && !*title ? code : title);
  if (annex->header.title && strcmp(title, annex->header.title) == 0)
    return; /* the header, repeated on a new page */
  if (is_subtotal(first) && (!*code || !*title))
    take_total(annex, r, true);
  else if (is_total(first) && (!*code || !*title))
    take_total(annex, r, false);
  else if (is_footnote(*code == '*' ? code : first) &&
           !r->cell[CHISO__ROLE_MAX])
    REMARK(annex, r->number, CHISO__ROLE_TITLE, MSG_AUTHOR_FOOTNOTE,
           *title ? title : code);
  else if (*code && !is_bullet(code))
    take_coded(annex, r, code, title);
  else if (!take_title_code(annex, r, title))
    take_step(annex, r, title);
}

void chiso__annex_rows(chiso__annex *annex) {
  for (size_t i = annex->header.last + 1; i < annex->sheet->n_rows; i++) {
    row r;
    fill_row(annex, i, &r);
    drop_unusable(annex, &r);
    if (is_empty(&r))
      continue;
    tell_stray(annex, i);
    if (annex->sheet->rows[i].hidden)
      REMARK(annex, r.number, CHISO__ROLE_CODE, MSG_AUTHOR_HIDDEN_ROW);
    take_row(annex, &r);
  }
  if (annex->count == 0 && annex->import->remarks.faults == 0)
    FAULT(annex, annex->sheet->rows[annex->header.last].row, CHISO__ROLE_TITLE,
          MSG_AUTHOR_NO_ROWS);
}
