/* SPDX-License-Identifier: Apache-2.0
 * author/annex_header.c - the header of an annex by its words, over one row or
 * several. */
#include <string.h>

#include "author/annex.h"
#include "base/text.h"

#define MOST_ROWS    80u /* that are looked at */
#define MOST_COLUMNS 64u
#define MOST_MERGES  8192u /* more of them overlap */

/* Words of a label, folded: "=" the whole label, "^" its beginning. */
typedef struct word {
  const char *text;
  chiso__role role;
} word;

/* The first that fits gives the role, so narrow words stand first. */
static const word words[] = {
  { "=code", CHISO__ROLE_CODE },
  { "=parent", CHISO__ROLE_PARENT },
  { "=kind", CHISO__ROLE_KIND },
  { "=name_vi", CHISO__ROLE_TITLE },
  { "=name_en", CHISO__ROLE_TITLE_EN },
  { "=max_points", CHISO__ROLE_MAX },
  { "=max", CHISO__ROLE_MAX },
  { "=assessor", CHISO__ROLE_METHOD },
  { "=method", CHISO__ROLE_METHOD },
  { "=op", CHISO__ROLE_OP },
  { "=rule_kind", CHISO__ROLE_OP },
  { "=op_params", CHISO__ROLE_PARAMS },
  { "=rule_params", CHISO__ROLE_PARAMS },
  { "=rule_text_vi", CHISO__ROLE_RULE },
  { "=rule", CHISO__ROLE_RULE },
  { "=na_policy", CHISO__ROLE_POLICY },
  { "=concept_id", CHISO__ROLE_CONCEPT },
  { "=was", CHISO__ROLE_WAS },
  { "=provenance_name", CHISO__ROLE_PROV_NAME },
  { "=provenance_points", CHISO__ROLE_PROV_POINTS },
  { "=source", CHISO__ROLE_SOURCE },
  { "=evidence", CHISO__ROLE_EVIDENCE },
  { "=note", CHISO__ROLE_NOTE },
  { "=not_applicable_rule", CHISO__ROLE_NOTE },
  { "=owner_unit", CHISO__ROLE_PASSED_OVER },
  { "=input_unit", CHISO__ROLE_UNIT },
  { "=stt", CHISO__ROLE_CODE },
  { "=tt", CHISO__ROLE_CODE },
  { "=so tt", CHISO__ROLE_CODE },
  { "=so thu tu", CHISO__ROLE_CODE },
  { "=ma", CHISO__ROLE_CODE },
  { "=ma so", CHISO__ROLE_CODE },
  { "=muc", CHISO__ROLE_CODE },
  { "^ma tieu chi", CHISO__ROLE_CODE },
  { "^ma chi so", CHISO__ROLE_CODE },
  { "diem toi da", CHISO__ROLE_MAX },
  { "diem chuan", CHISO__ROLE_MAX },
  { "diem quy dinh", CHISO__ROLE_MAX },
  { "muc diem toi da", CHISO__ROLE_MAX },
  { "kiem chung", CHISO__ROLE_EVIDENCE },
  { "minh chung", CHISO__ROLE_EVIDENCE },
  { "^tai lieu", CHISO__ROLE_EVIDENCE },
  { "cach tinh", CHISO__ROLE_RULE },
  { "cach cham", CHISO__ROLE_RULE },
  { "cach danh gia", CHISO__ROLE_RULE },
  { "cach thuc", CHISO__ROLE_RULE },
  { "huong dan", CHISO__ROLE_RULE },
  { "phuong phap tinh", CHISO__ROLE_RULE },
  { "phuong phap cham", CHISO__ROLE_RULE },
  { "thang diem chi tiet", CHISO__ROLE_RULE },
  { "muc do danh gia", CHISO__ROLE_RULE },
  { "yeu cau danh gia", CHISO__ROLE_RULE },
  { "phuong phap", CHISO__ROLE_METHOD },
  { "hinh thuc", CHISO__ROLE_METHOD },
  { "doi tuong danh gia", CHISO__ROLE_PASSED_OVER },
  { "^don vi", CHISO__ROLE_PASSED_OVER },
  { "^co quan", CHISO__ROLE_PASSED_OVER },
  { "tu danh gia", CHISO__ROLE_PASSED_OVER },
  { "tu cham", CHISO__ROLE_PASSED_OVER },
  { "diem danh gia", CHISO__ROLE_PASSED_OVER },
  { "diem tham dinh", CHISO__ROLE_PASSED_OVER },
  { "diem dat", CHISO__ROLE_PASSED_OVER },
  { "diem cham", CHISO__ROLE_PASSED_OVER },
  { "diem dieu tra", CHISO__ROLE_PASSED_OVER },
  { "dat duoc", CHISO__ROLE_PASSED_OVER },
  { "tham dinh", CHISO__ROLE_PASSED_OVER },
  { "^ket qua", CHISO__ROLE_PASSED_OVER },
  { "^ty le", CHISO__ROLE_PASSED_OVER },
  { "thang diem", CHISO__ROLE_MAX },
  { "^so diem", CHISO__ROLE_MAX },
  { "=diem", CHISO__ROLE_MAX },
  { "=diem so", CHISO__ROLE_MAX },
  { "^muc diem", CHISO__ROLE_MAX },
  { "^ghi chu", CHISO__ROLE_NOTE },
  { "tieu chi", CHISO__ROLE_TITLE },
  { "linh vuc", CHISO__ROLE_TITLE },
  { "noi dung", CHISO__ROLE_TITLE },
  { "^chi tieu", CHISO__ROLE_TITLE },
  { "^chi so", CHISO__ROLE_TITLE },
  { "^ten", CHISO__ROLE_TITLE },
};

static chiso__role role_of(const char *label) {
  for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
    const char *w = words[i].text, *bare = w + (*w == '=' || *w == '^');
    const char *at = strstr(label, bare);
    bool fits = *w == '='   ? strcmp(label, bare) == 0
                : *w == '^' ? at == label
                            : at != NULL;
    if (fits)
      return words[i].role;
  }
  return CHISO__ROLE_NONE;
}

/* ---- labels -------------------------------------------------------------- */

typedef struct finder {
  chiso__arena *arena;
  const chiso__sheet *sheet;
  chiso__merge *merges; /* those that a header may lie in */
  size_t n_merges;
  bool failed;
} finder;

/* The text at a place, or that of the merged range over it. */
static const char *text_at(const finder *f, uint32_t row, uint32_t column) {
  const chiso__sheet *sheet = f->sheet;
  const chiso__sheet_cell *cell = chiso__sheet_at(sheet, row, column);
  for (size_t i = 0; !cell && i < f->n_merges; i++) {
    const chiso__merge *m = &f->merges[i];
    if (row >= m->row && row <= m->last_row && column >= m->column &&
        column <= m->last_column)
      cell = chiso__sheet_at(sheet, m->row, m->column);
  }
  return cell ? cell->text : "";
}

/* Folded, blanks one and none around, without the marks of footnotes. */
static const char *tidy(finder *f, const char *text) {
  const char *plain = chiso__text_plain(f->arena, text);
  char *out = plain ? chiso__arena_text(f->arena, plain, strlen(plain)) : NULL;
  size_t n = 0;
  if (!out) {
    f->failed = true;
    return "";
  }
  for (const char *s = plain; *s; s++) {
    bool gap = strchr(" \t\r\n*", *s) != NULL;
    if (gap && (n == 0 || out[n - 1] == ' '))
      continue;
    out[n++] = gap ? ' ' : *s;
  }
  while (n && strchr(" .:", out[n - 1]))
    n--;
  out[n] = '\0';
  return out;
}

/* The label of a column over rows [first, last], each text once. */
static const char *label(finder *f, size_t first, size_t last,
                         uint32_t column) {
  chiso__buffer b = { .allocator = f->arena->allocator };
  const char *before = "", *kept = "";
  for (size_t r = first; r <= last; r++) {
    const char *text = text_at(f, f->sheet->rows[r].row, column);
    if (*text && strcmp(text, before) != 0)
      chiso__buffer_print(&b, "%s%s", b.size ? " " : "", text);
    before = text;
  }
  f->failed |= b.failed;
  if (b.size && !b.failed)
    kept = tidy(f, b.data);
  chiso__buffer_free(&b);
  return kept;
}

static uint32_t width(const finder *f, size_t first, size_t last) {
  const chiso__sheet *sheet = f->sheet;
  uint32_t most = 0;
  for (size_t r = first; r <= last; r++) {
    const chiso__sheet_row *row = &sheet->rows[r];
    if (row->count && sheet->cells[row->first + row->count - 1].column >= most)
      most = sheet->cells[row->first + row->count - 1].column + 1u;
  }
  for (size_t i = 0; i < f->n_merges; i++)
    if (f->merges[i].row >= sheet->rows[first].row &&
        f->merges[i].row <= sheet->rows[last].row &&
        f->merges[i].last_column >= most)
      most = f->merges[i].last_column + 1u;
  return most < MOST_COLUMNS ? most : MOST_COLUMNS;
}

/* "Điểm" right after the column of rules, or under the same label, holds the
 * points of its steps. */
static chiso__role beside_rule(finder *f, size_t last, uint32_t column,
                               chiso__role role, const chiso__header *h) {
  uint32_t rule = h->column[CHISO__ROLE_RULE];
  if (rule == UINT32_MAX || column != rule + 1 ||
      h->column[CHISO__ROLE_MAX] == UINT32_MAX)
    return role;
  const char *own = tidy(f, text_at(f, f->sheet->rows[last].row, column));
  bool points = strcmp(own, "diem") == 0 || strcmp(own, "muc diem") == 0 ||
                strcmp(own, "so diem") == 0;
  return points ? CHISO__ROLE_STEP_POINTS : role;
}

/* The roles of the columns under rows [first, last]. A role is that of its
 * first column, but a maximum named as one wins over plain "điểm". */
static bool try_rows(finder *f, size_t first, size_t last, chiso__header *out) {
  *out = (chiso__header) { .first = first, .last = last };
  for (size_t r = 0; r < CHISO__ROLES; r++)
    out->column[r] = UINT32_MAX;
  uint32_t columns = width(f, first, last);
  for (uint32_t c = 0; c < columns; c++) {
    const char *text = label(f, first, last, c);
    chiso__role role =
        *text && strlen(text) < 160 ? role_of(text) : CHISO__ROLE_NONE;
    if (role == CHISO__ROLE_NONE)
      continue;
    role = beside_rule(f, last, c, role, out);
    bool named = role == CHISO__ROLE_MAX && strstr(text, "toi da");
    const char *other = out->column[role] == UINT32_MAX
                            ? ""
                            : label(f, first, last, out->column[role]);
    if (out->column[role] == UINT32_MAX || (named && !strstr(other, "toi da")))
      out->column[role] = c;
    if (role == CHISO__ROLE_TITLE && out->column[role] == c)
      out->title = text_at(f, f->sheet->rows[last].row, c);
  }
  return out->column[CHISO__ROLE_TITLE] != UINT32_MAX &&
         out->column[CHISO__ROLE_MAX] != UINT32_MAX;
}

/* ---- more rows of a header ------------------------------------------------
 */

static bool numeric(const char *text) {
  return text[strspn(text, "0123456789., ()")] == '\0' && *text;
}

/* Names of columns under a label that several share: no code, no title, no
 * number. */
static bool goes_on(const finder *f, const chiso__header *h, size_t row) {
  const chiso__sheet_row *r = &f->sheet->rows[row];
  bool any = false;
  for (size_t i = 0; i < r->count; i++) {
    const chiso__sheet_cell *cell = &f->sheet->cells[r->first + i];
    if (cell->column == h->column[CHISO__ROLE_CODE] ||
        cell->column == h->column[CHISO__ROLE_TITLE] ||
        cell->kind != CHISO__KIND_TEXT || numeric(cell->text) ||
        strlen(cell->text) > 120)
      return false;
    any = true;
  }
  return any;
}

/* "(1) (2) (3)", "A B 1 2", "1 2 3=1+2": the numbers of the columns, letters
 * first. */
static bool is_column_numbers(const chiso__sheet *sheet, size_t row) {
  const chiso__sheet_row *r = &sheet->rows[row];
  char letter = 'A';
  unsigned number = 1;
  for (size_t i = 0; i < r->count; i++) {
    const char *text = sheet->cells[r->first + i].text;
    unsigned value = 0;
    text += strspn(text, "([");
    if (number == 1 && *text == letter) {
      letter++;
      text++;
    } else {
      for (; *text >= '0' && *text <= '9' && value < 1000; text++)
        value = value * 10 + (unsigned)(*text - '0');
      if (value != number++)
        return false;
    }
    text += strspn(text, ")] ");
    if (*text && *text != '=')
      return false;
  }
  return r->count >= 3;
}

/* Merged ranges in the rows and columns that are looked at. */
static void take_merges(finder *f) {
  const chiso__sheet *sheet = f->sheet;
  size_t last = sheet->n_rows < MOST_ROWS + 3 ? sheet->n_rows : MOST_ROWS + 3;
  f->merges = chiso__arena_array(f->arena, MOST_MERGES, sizeof *f->merges);
  f->failed |= !f->merges;
  for (size_t i = 0; f->merges && i < sheet->n_merges; i++)
    if (f->n_merges < MOST_MERGES && last > 0 &&
        sheet->merges[i].row <= sheet->rows[last - 1].row &&
        sheet->merges[i].column < MOST_COLUMNS)
      f->merges[f->n_merges++] = sheet->merges[i];
}

bool chiso__header_find(chiso__arena *arena, const chiso__sheet *sheet,
                        chiso__header *out, bool *short_memory) {
  finder f = { .arena = arena, .sheet = sheet };
  take_merges(&f);
  for (size_t r = 0; r < sheet->n_rows && r < MOST_ROWS && !f.failed; r++) {
    chiso__header deeper;
    bool found = try_rows(&f, r, r, out);
    /* a label over several columns is understood with those below it */
    for (size_t last = r + 1;
         last < sheet->n_rows && last < r + 3 && sheet->rows[r].count >= 2 &&
         (out->column[CHISO__ROLE_TITLE] != UINT32_MAX) &&
         goes_on(&f, out, last);
         last++) {
      if (try_rows(&f, r, last, &deeper)) {
        *out = deeper;
        found = true;
      }
    }
    if (!found || sheet->rows[r].count < 2)
      continue;
    if (out->last + 1 < sheet->n_rows &&
        is_column_numbers(sheet, out->last + 1))
      out->last++;
    return true;
  }
  *short_memory = f.failed;
  return false;
}

bool chiso__header_names(const chiso__sheet *sheet, const chiso__header *header,
                         uint32_t column) {
  for (size_t i = header->first; i <= header->last; i++) {
    const chiso__sheet_row *r = &sheet->rows[i];
    for (size_t k = 0; k < r->count; k++) {
      const chiso__sheet_cell *cell = &sheet->cells[r->first + k];
      if (cell->column == column && *cell->text)
        return true;
    }
    for (size_t k = 0; k < sheet->n_merges; k++)
      if (sheet->merges[k].row <= r->row &&
          sheet->merges[k].last_row >= r->row &&
          sheet->merges[k].column <= column &&
          sheet->merges[k].last_column >= column)
        return true;
  }
  return false;
}
