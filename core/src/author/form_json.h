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

/* Appends the whole object. Refuses what cannot even be spelled as JSON. */
chiso_status chiso__form_json(chiso__json_text *json,
                              const chiso__rows rows[CHISO__SECTIONS]);

#endif
