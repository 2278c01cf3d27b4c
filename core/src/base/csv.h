/* SPDX-License-Identifier: Apache-2.0
 * base/csv.h - tables as text (RFC 4180).
 *
 * Reading takes what Excel writes: a byte order mark, CR LF, and ';' or a tab
 * between fields where the locale's decimal mark is a comma, a first line
 * "sep=;", separators after the last column, and rows of separators alone. The
 * separator is the one of ',', ';' and tab that the header line has most of
 * outside quotes. Writing gives ',', LF and quotes only where needed. */
#ifndef CHISO_BASE_CSV_H
#define CHISO_BASE_CSV_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"

typedef struct chiso__csv_field {
  const char *text; /* NFC, blanks around dropped, zero-terminated */
  size_t size;
} chiso__csv_field;

typedef struct chiso__csv {
  const char *file;
  char separator;
  size_t n_columns, n_rows; /* rows without the header; blank lines dropped */
  chiso__csv_field *header;
  chiso__csv_field *cells; /* n_rows * n_columns */
  uint64_t *lines;         /* line in the file of each row */
  uint64_t header_line;
  uint8_t *numbers; /* of each cell: a workbook holds it as a number, so that
                       its mark is nobody's choice; NULL: a table as text */
} chiso__csv;

/* Refuses: invalid UTF-8, no header, a header name that is repeated (ASCII
 * folding) or empty with a name after it, a value in a column without a name, a
 * row with more or fewer fields than the header, a quote inside an unquoted
 * field, a quote that is never closed, a NUL byte. Lines that begin with '#'
 * before the header are skipped as comments. */
chiso_status chiso__csv_parse(chiso__arena *arena, const char *file,
                              const char *text, size_t size, chiso__csv *out,
                              chiso_error *err);

/* A table as it stands: no header, rows of any length, blank lines dropped.
 * Quoted fields keep their blanks. */
typedef struct chiso__csv_rows {
  chiso__csv_field **cells; /* of each row */
  size_t *counts;
  uint64_t *lines;
  size_t n_rows;
} chiso__csv_rows;

/* The separator is the most frequent of the whole text. Refuses what
 * chiso__csv_parse() refuses of single fields, more columns or rows than a
 * spreadsheet has. */
chiso_status chiso__csv_rows_parse(chiso__arena *arena, const char *file,
                                   const char *text, size_t size,
                                   chiso__csv_rows *out, chiso_error *err);

/* Column by name (ASCII folding), or SIZE_MAX. */
size_t chiso__csv_column(const chiso__csv *csv, const char *name);
const chiso__csv_field *chiso__csv_cell(const chiso__csv *csv, size_t row,
                                        size_t column);

/* Appends one field; `first` omits the separator before it. A field that a
 * spreadsheet would run as a formula (begins with = + - @ and is not a
 * number) gets a leading apostrophe. */
void chiso__csv_write(chiso__buffer *buffer, bool first, const char *text);

#endif
