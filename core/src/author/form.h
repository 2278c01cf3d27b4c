/* SPDX-License-Identifier: Apache-2.0
 * author/form.h - a methodology as tables that people read and edit, without
 * loss: the form that `chiso index export` writes.
 *
 * A section begins with a row whose first cell is its key in brackets,
 * "[nodes]", with a title beside it; then come a row of titles, a row of keys,
 * and the section's rows. A workbook has a sheet for each section, a CSV has
 * them one below the other. The columns of [nodes] follow from the table of
 * fields in model/fields.c. */
#ifndef CHISO_AUTHOR_FORM_H
#define CHISO_AUTHOR_FORM_H

#include "base/buffer.h"
#include "chiso/author.h"
#include "data/xlsx.h"
#include "model/model.h"

typedef enum chiso__section {
  CHISO__SECTION_NODES,
  CHISO__SECTION_INDEX,
  CHISO__SECTION_LEGAL,
  CHISO__SECTION_GRADINGS,
  CHISO__SECTION_PARTITIONS,
  CHISO__SECTION_DEADLINES,
  CHISO__SECTIONS
} chiso__section;

#define CHISO__FORM_COLUMNS 64u

typedef struct chiso__form_column {
  const char *key;
  const char *en, *vi;       /* titles */
  unsigned width;            /* in a workbook, in characters */
  const chiso__field *field; /* of nodes */
  unsigned part;             /* which of the columns of a field */
} chiso__form_column;

typedef struct chiso__form_section {
  const char *key; /* "nodes" */
  const char *en, *vi;
  chiso__form_column columns[CHISO__FORM_COLUMNS];
  size_t n_columns;
} chiso__form_section;

/* The columns of a section. */
void chiso__form_section_of(chiso__section section, chiso__form_section *out);

/* ---- writing ------------------------------------------------------------- */

typedef struct chiso__form_cell {
  const char *text; /* NULL: empty */
  bool number;      /* a decimal: a number in a workbook */
  bool bold;
} chiso__form_cell;

typedef struct chiso__form_sheet {
  chiso__form_section section;
  chiso__form_cell *cells; /* n_rows * section.n_columns */
  size_t n_rows, capacity;
} chiso__form_sheet;

typedef struct chiso__form {
  chiso__arena *arena;
  const chiso_index *index;
  chiso__form_sheet sheets[CHISO__SECTIONS];
  bool failed; /* memory is short */
} chiso__form;

/* Fills the sheets; `arena` set. */
void chiso__form_fill(chiso__form *form, const chiso_methodology *methodology);
/* The cell of a node's field in one of its columns. */
chiso__form_cell chiso__form_node(chiso__form *form, const chiso_node *node,
                                  const chiso__form_column *column);
void chiso__form_as_csv(const chiso__form *form, chiso_lang lang,
                        chiso__buffer *out);
chiso_status chiso__form_as_xlsx(const chiso__form *form, chiso_lang lang,
                                 chiso__buffer *out, chiso_error *err);

/* Cells that hold a list or several texts: parts between '|', in which '|', '\'
 * and ends of lines have a '\' before them. Appends; `first` omits the '|'. */
void chiso__parts_add(chiso__buffer *out, bool first, const char *part);
/* The next part, without blanks around it, into `out` (emptied before); false
 * at the end. */
bool chiso__parts_next(const char **at, chiso__buffer *out);

/* ---- reading ------------------------------------------------------------- */

/* Whether tables are of this form: a section of nodes is there. */
bool chiso__form_like(const chiso__sheet *sheets, size_t count);
/* The methodology of tables of this form. Errors are placed at cells. `cached`:
 * formulas give their value last calculated. */
chiso_status chiso__form_read(chiso__arena *arena, const char *file,
                              const chiso__sheet *sheets, size_t count,
                              bool cached, const chiso_allocator *allocator,
                              chiso_methodology **out, chiso_error *err);

/* ---- grids (grid.c) ------------------------------------------------------ */

/* Every visible sheet of a workbook, or a CSV as one sheet. Hidden sheets are
 * counted only. `bytes` must stay. */
typedef struct chiso__grids {
  chiso__sheet *sheets;
  size_t count, hidden;
  bool macros, workbook;
} chiso__grids;
/* `wanted` NULL: all; else only the sheet of that name, even a hidden one. */
chiso_status chiso__grids_read(chiso__arena *arena, const char *file,
                               const char *bytes, size_t size,
                               const char *wanted, chiso__grids *out,
                               chiso_error *err);

#endif
