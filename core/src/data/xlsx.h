/* SPDX-License-Identifier: Apache-2.0
 * data/xlsx.h - reading workbooks (ISO/IEC 29500, .xlsx).
 *
 * A workbook is hostile until shown otherwise: everything is counted while it
 * is inflated and parsed, nothing is believed that the file says of its own
 * size, and nothing in it is run or fetched. */
#ifndef CHISO_DATA_XLSX_H
#define CHISO_DATA_XLSX_H

#include "base/arena.h"
#include "base/csv.h"
#include "base/error.h"

/* Limits; each is part of the manual. */
#define CHISO__LIMIT_BOOK     ((size_t)64 * 1024 * 1024)
#define CHISO__BOOK_INFLATED  ((size_t)256 * 1024 * 1024)
#define CHISO__BOOK_RATIO     200u /* inflated to compressed, over 16 MiB */
#define CHISO__BOOK_PARTS     4096u
#define CHISO__BOOK_SHEETS    256u
#define CHISO__BOOK_CELLS     2000000u
#define CHISO__BOOK_STRINGS   1000000u
#define CHISO__BOOK_MERGES    100000u
#define CHISO__BOOK_STYLES    65536u
#define CHISO__BOOK_CELL_TEXT 32767u /* characters, as in Excel */
#define CHISO__BOOK_DEPTH     64u    /* of nested XML */

#define CHISO__SHEET_ROWS    1048576u
#define CHISO__SHEET_COLUMNS 16384u

typedef enum chiso__cell_kind {
  CHISO__KIND_TEXT = 0,
  CHISO__KIND_NUMBER, /* plain decimal with '.', at most 15 digits */
  CHISO__KIND_BOOLEAN,
  CHISO__KIND_DATE, /* "2024-10-01": a number with the format of a date */
  CHISO__KIND_ERROR /* "#N/A" */
} chiso__cell_kind;

/* Only cells with something in them are kept. Places from 0. */
typedef struct chiso__sheet_cell {
  const char *text; /* NFC, never empty */
  uint32_t row;
  uint16_t column;
  uint8_t kind;
  bool bold : 1, formula : 1; /* `text` is then the value last calculated, "" if
                                 there is none */
  bool date : 1;              /* shown as a day or a time, whatever its kind */
  bool number : 1; /* kept as a number, so that its mark is nobody's choice,
                      even where it is shown, and read, as a percentage */
} chiso__sheet_cell;

typedef struct chiso__sheet_row {
  uint32_t row;
  bool hidden;
  size_t first, count; /* in cells */
} chiso__sheet_row;

typedef struct chiso__merge {
  uint32_t row, last_row;
  uint16_t column, last_column;
} chiso__merge;

/* Rows with cells, in order; the cells of a row in order. */
typedef struct chiso__sheet {
  const char *file; /* "annex.xlsx[Phụ lục 1]": names the sheet in errors */
  const char *name;
  chiso__sheet_cell *cells;
  chiso__sheet_row *rows;
  chiso__merge *merges;
  size_t n_cells, n_rows, n_merges;
  bool hidden;
} chiso__sheet;

/* A workbook that is open for reading. */
typedef struct chiso__book chiso__book;

/* Whether bytes are of a workbook or something that people take for one: zip,
 * or the container of .xls and of workbooks with a password. */
bool chiso__book_like(const char *bytes, size_t size);

/* Opens a workbook in memory; `bytes` must stay until chiso__book_close().
 * Reads the list of sheets, the shared strings and the styles, into `arena`. */
chiso_status chiso__book_open(chiso__arena *arena, const char *file,
                              const char *bytes, size_t size, chiso__book **out,
                              chiso_error *err);
void chiso__book_close(chiso__book *book);
size_t chiso__book_sheets(const chiso__book *book);
const char *chiso__book_sheet_name(const chiso__book *book, size_t place);
bool chiso__book_sheet_hidden(const chiso__book *book, size_t place);
bool chiso__book_macros(const chiso__book *book);
/* Place of a sheet by its name, hidden or not; SIZE_MAX: there is none. */
size_t chiso__book_find(const chiso__book *book, const char *name);
/* Reads the cells of a sheet into the arena of the workbook. */
chiso_status chiso__book_sheet(chiso__book *book, size_t place,
                               chiso__sheet *out, chiso_error *err);
/* The first visible sheet that has cells. *others: how many more do. */
chiso_status chiso__book_first(chiso__book *book, chiso__sheet *out,
                               size_t *others, chiso_error *err);

/* The cell at a place, or NULL. */
const chiso__sheet_cell *chiso__sheet_at(const chiso__sheet *sheet,
                                         uint32_t row, uint32_t column);
/* "B5"; places from 0. */
void chiso__cell_name(uint32_t row, uint32_t column, char out[16]);
/* Line and column of a cell for an error. */
chiso__place chiso__sheet_place(const chiso__sheet *sheet, uint32_t row,
                                uint32_t column);
/* Refuses a formula (unless `cached`: its value last calculated is taken) and
 * an error value. */
chiso_status chiso__cell_usable(const chiso__sheet *sheet,
                                const chiso__sheet_cell *cell, bool cached,
                                chiso_error *err);

/* A sheet as a table with a header: the same as chiso__csv_parse() gives. The
 * lines are the sheet's rows. */
chiso_status chiso__sheet_table(chiso__arena *arena, const chiso__sheet *sheet,
                                chiso__csv *out, chiso_error *err);

/* A table of either form: a workbook's first sheet, or text. *others as above,
 * *macros: the workbook has some, which are never read. */
typedef struct chiso__table_notes {
  size_t others;
  bool macros;
} chiso__table_notes;
chiso_status chiso__table_parse(chiso__arena *arena, const char *file,
                                const char *bytes, size_t size, chiso__csv *out,
                                chiso__table_notes *notes, chiso_error *err);

/* ---- values of cells (xlsx_value.c) -------------------------------------- */

/* A number as a workbook spells it, "5.0000000000000001E-2", rounded to 15
 * significant digits, as spreadsheets show it: "0.05". False when it is none or
 * too large or small for 40 characters. */
#define CHISO__CELL_NUMBER 48
bool chiso__cell_number(const char *text, char out[CHISO__CELL_NUMBER]);
/* "B5" to places from 0; false when it is none or outside the sheet. `*end` is
 * where the name ends. */
bool chiso__cell_place(const char *text, uint32_t *row, uint32_t *column,
                       const char **end);
/* Serial number of a day to "2024-10-01"; false when it is none. */
bool chiso__cell_date(const char *number, bool from_1904, char out[16]);
/* Whether a format shows dates or times, or percent. */
bool chiso__format_is_date(uint32_t id, const char *code);
bool chiso__format_is_percent(uint32_t id, const char *code);
/* 0.3 to "30%". */
void chiso__cell_percent(char number[CHISO__CELL_NUMBER]);

#endif
