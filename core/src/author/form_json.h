/* SPDX-License-Identifier: Apache-2.0
 * author/form_json.h - sections of the form as index.json. */
#ifndef CHISO_AUTHOR_FORM_JSON_H
#define CHISO_AUTHOR_FORM_JSON_H

#include "author/form.h"

/* The rows of one section: [first, last) of the sheet's rows. */
typedef struct chiso__rows {
  const chiso__sheet *sheet; /* NULL: the section is not there */
  chiso__form_section section;
  size_t column[CHISO__FORM_COLUMNS]; /* in the sheet, SIZE_MAX: absent */
  size_t first, last;
} chiso__rows;

/* The cell under a key, or NULL. */
const chiso__sheet_cell *chiso__rows_cell(const chiso__rows *rows, size_t row,
                                          const char *key);

/* Text that is being made, and the cell that each of its lines comes from. */
typedef struct chiso__json_text {
  chiso__buffer text;
  chiso__place *lines;
  size_t n_lines, capacity;
  bool failed; /* memory is short */
  chiso_error *err;
} chiso__json_text;

/* ---- cells (form_cells.c) ------------------------------------------------ */

void chiso__form_put(chiso__json_text *json, const char *text);
void chiso__form_quote(chiso__json_text *json, const char *text);
/* Ends the line; the next one is of this cell. */
void chiso__form_line(chiso__json_text *json, const chiso__sheet *sheet,
                      const chiso__sheet_cell *cell, uint32_t row);
chiso_status chiso__form_refuse(chiso__json_text *json, const chiso__rows *rows,
                                const chiso__sheet_cell *cell,
                                chiso__message message);
bool chiso__form_blank(const chiso__sheet_cell *cell);
/* An exact decimal in the strict spelling; false when it is none or finer than
 * six digits. */
bool chiso__form_strict(const char *text, char out[CHISO_DEC_TEXT]);
chiso_status chiso__form_decimal(chiso__json_text *json,
                                 const chiso__rows *rows,
                                 const chiso__sheet_cell *cell);
chiso_status chiso__form_integer(chiso__json_text *json,
                                 const chiso__rows *rows,
                                 const chiso__sheet_cell *cell);
/* A word of the file, or its title in either language. */
void chiso__form_word(chiso__json_text *json, chiso_family family,
                      const char *text);
void chiso__form_date(chiso__json_text *json, const char *text);
chiso_status chiso__form_list(chiso__json_text *json,
                              const chiso__sheet_cell *cell);

/* ---- sections ------------------------------------------------------------ */

/* `, "nodes": [...]` (form_nodes.c) */
chiso_status chiso__form_nodes(chiso__json_text *json, const chiso__rows *rows);
/* Appends the whole object. Refuses what cannot even be spelled as JSON. */
chiso_status chiso__form_json(chiso__json_text *json,
                              const chiso__rows rows[CHISO__SECTIONS]);

#endif
