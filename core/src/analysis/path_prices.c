/* SPDX-License-Identifier: Apache-2.0
 * analysis/path_prices.c - what improvements cost, and what is left as it is.
 */
#include <string.h>

#include "analysis/path.h"
#include "base/file.h"
#include "data/xlsx.h"

enum { NODE, COST, LEAST, MOST, FIXED, N_COLUMNS };
static const char *const names[] = { "node", "cost", "least", "most", "fixed" };

typedef struct reader {
  chiso_path *path;
  chiso__arena scratch;
  chiso__csv csv;
  size_t column[N_COLUMNS];
  uint8_t *seen;
  chiso_error *err;
} reader;

/* ---- places ---------------------------------------------------------------
 */

static uint32_t n_places(const chiso_path *path) {
  return path->program->n_nodes + path->program->n_parts;
}

/* The place of a node or a part, SIZE_MAX: there is none. */
static size_t find_place(const chiso_path *path, const char *id) {
  uint32_t node = chiso_methodology_find(path->program->methodology, id);
  size_t part;
  if (node != CHISO_NO_NODE)
    return node;
  return chiso__map_get(&chiso__main_member(path->run)->parts, id, &part)
             ? path->program->n_nodes + part
             : SIZE_MAX;
}

/* What is said of a node holds below it, unless more is said there. The root
 * stands above the parts, too. */
static void spread(chiso_path *path) {
  const chiso_methodology *m = path->program->methodology;
  for (uint32_t i = 1; i < n_places(path); i++) {
    uint32_t above =
        i < path->program->n_nodes ? chiso_methodology_parent(m, i) : 0;
    path->fixed[i] |= path->fixed[above];
    if (path->prices && !path->prices[i].own)
      path->prices[i].cost = path->prices[above].cost;
  }
}

/* ---- the table ------------------------------------------------------------
 */

static chiso_status fail(const reader *r, size_t row, int name,
                         chiso__message message) {
  return chiso__fail(
      r->err, CHISO_BAD_DATA,
      (chiso__place) { r->csv.file, r->csv.lines[row], r->column[name] + 1 },
      message, chiso__csv_cell(&r->csv, row, r->column[name])->text);
}

static chiso_status find_columns(reader *r) {
  chiso__place header = { r->csv.file, r->csv.header_line, 0 };
  for (int i = 0; i < N_COLUMNS; i++)
    r->column[i] = chiso__csv_column(&r->csv, names[i]);
  for (int i = 0; i <= COST; i++)
    if (r->column[i] == SIZE_MAX)
      return chiso__fail(r->err, CHISO_BAD_DATA, header, MSG_DATA_NO_COLUMN,
                         names[i]);
  for (size_t k = 0; k < r->csv.n_columns; k++) {
    bool known = false;
    for (int i = 0; i < N_COLUMNS; i++)
      known |= r->column[i] == k;
    header.column = k + 1;
    if (!known)
      return chiso__fail(r->err, CHISO_BAD_DATA, header, MSG_PATH_COLUMN,
                         r->csv.header[k].text);
  }
  return CHISO_OK;
}

static chiso_status read_number(const reader *r, size_t row, int name,
                                chiso_dec *out) {
  chiso__number n;
  *out = CHISO_NONE;
  if (r->column[name] == SIZE_MAX)
    return CHISO_OK;
  const chiso__csv_field *f = chiso__csv_cell(&r->csv, row, r->column[name]);
  if (!*f->text)
    return CHISO_OK;
  switch (chiso__number_read(f->text, f->size, CHISO_DEC_DIGITS, &n)) {
  case CHISO__NUMBER_OK:
    *out = n.raw;
    return n.raw < 0 && (name == COST || name == FIXED)
               ? fail(r, row, name, MSG_PATH_COST_NEGATIVE)
               : CHISO_OK;
  case CHISO__NUMBER_THOUSANDS:
    return fail(r, row, name, MSG_DATA_THOUSANDS);
  case CHISO__NUMBER_RANGE:
    return chiso__fail(
        r->err, CHISO_BAD_DATA,
        (chiso__place) { r->csv.file, r->csv.lines[row], r->column[name] + 1 },
        MSG_DATA_RANGE, f->text, 12u);
  default:
    return fail(r, row, name, MSG_DATA_NOT_NUMBER);
  }
}

static chiso_status read_row(reader *r, size_t row) {
  const char *id = chiso__csv_cell(&r->csv, row, r->column[NODE])->text;
  size_t place = find_place(r->path, id);
  chiso__place where = { r->csv.file, r->csv.lines[row], r->column[NODE] + 1 };
  if (place == SIZE_MAX)
    return chiso__fail(r->err, CHISO_BAD_DATA, where, MSG_DATA_BAD_NODE, id,
                       chiso_methodology_name(r->path->program->methodology));
  if (r->seen[place]++)
    return fail(r, row, NODE, MSG_PATH_COST_TWICE);
  chiso__price *p = &r->path->prices[place];
  p->own = true;
  CHISO__TRY(read_number(r, row, COST, &p->cost));
  CHISO__TRY(read_number(r, row, LEAST, &p->least));
  CHISO__TRY(read_number(r, row, MOST, &p->most));
  CHISO__TRY(read_number(r, row, FIXED, &p->fixed));
  if (p->cost == CHISO_NONE && p->fixed != CHISO_NONE)
    p->cost = 0; /* once, however many points */
  if (p->least != CHISO_NONE && p->most != CHISO_NONE && p->least > p->most)
    return fail(r, row, LEAST, MSG_PATH_COST_BOUNDS);
  return CHISO_OK;
}

static chiso_status read_table(reader *r, const char *file) {
  const char *text;
  size_t size;
  chiso__table_notes notes;
  uint32_t n = n_places(r->path);
  CHISO__TRY(chiso__file_read(&r->scratch, file, CHISO__LIMIT_TABLE, false,
                              &text, &size, r->err));
  CHISO__TRY(chiso__table_parse(&r->scratch, file, text, size, &r->csv, &notes,
                                r->err));
  if (r->csv.n_rows == 0)
    return chiso__fail(r->err, CHISO_BAD_DATA, (chiso__place) { file, 0, 0 },
                       MSG_DATA_NO_ROWS);
  CHISO__TRY(find_columns(r));
  r->seen = chiso__arena_array(&r->scratch, n, 1);
  r->path->prices =
      chiso__arena_array(&r->path->arena, n, sizeof *r->path->prices);
  if (!r->seen || !r->path->prices)
    return chiso__no_memory(r->err);
  for (uint32_t i = 0; i < n; i++)
    r->path->prices[i] = (chiso__price) { CHISO_NONE, CHISO_NONE, CHISO_NONE,
                                          CHISO_NONE, false };
  for (size_t row = 0; row < r->csv.n_rows; row++)
    CHISO__TRY(read_row(r, row));
  return CHISO_OK;
}

/* ---- what is left as it is ------------------------------------------------
 */

static chiso_status read_fixed(chiso_path *path, chiso_error *err) {
  const char *at = path->options.fixed;
  while (at && *at) {
    size_t size = strcspn(at, ",");
    char *id = chiso__arena_text(&path->arena, at, size);
    if (!id)
      return chiso__no_memory(err);
    size_t place = find_place(path, id);
    if (place == SIZE_MAX)
      return CHISO__FAIL(err, CHISO_USAGE, MSG_DATA_BAD_NODE, id,
                         chiso_methodology_name(path->program->methodology));
    path->fixed[place] = 1;
    at += size;
    at += *at == ',';
  }
  return CHISO_OK;
}

chiso_status chiso__path_prices(chiso_path *path, chiso_error *err) {
  path->fixed = chiso__arena_array(&path->arena, n_places(path), 1);
  if (!path->fixed)
    return chiso__no_memory(err);
  CHISO__TRY(read_fixed(path, err));
  if (path->options.costs) {
    reader r = { .path = path,
                 .scratch = { .allocator = path->allocator },
                 .err = err };
    chiso_status status = read_table(&r, path->options.costs);
    chiso__arena_free(&r.scratch);
    if (status != CHISO_OK)
      return status;
  }
  spread(path);
  return CHISO_OK;
}
