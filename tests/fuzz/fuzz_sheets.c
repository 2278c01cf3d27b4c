/* SPDX-License-Identifier: Apache-2.0
 * Filled scoring sheets with damage: a book is read or left out, and never
 * stops the call. */
#include "chiso/sheet_read.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "data/xlsx.h"
#include "fuzz_author.h"

#define BOOK_PATH BUILD_DIR "/tests/fuzz/scoring.xlsx"
#define ROUND     SOURCE_DIR "/tests/docs/round/round.ini"
#define MAIN      "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#define CELL(place, text)                                                      \
  "<c r=\"" place "\" t=\"inlineStr\"><is><t>" text "</t></is></c>"

/* The sheet _chiso; %s: the digest of the methodology. */
static const char announced[] =
    "<worksheet xmlns=\"" MAIN
    "\"><sheetData><row r=\"1\">" CELL("A1", "chiso-sheet") CELL(
        "B1", "1") "</row><row r=\"3\">" CELL("A3", "sheet") CELL("B3", "group")
        CELL("C3", "unit") CELL("D3", "methodology") CELL("E3", "digest")
            CELL("F3", "round") CELL("G3", "set") CELL(
                "H3", "round_id") "</row><row r=\"4\">" CELL("A4", "a")
                CELL("B4", "departments") CELL("C4", "01") CELL(
                    "D4", "example.reform/2026") CELL("E4", "%s")
                    CELL("F4", "2026") CELL("G4", "units.csv") CELL(
                        "H4", "example.round") "</row></sheetData></worksheet>";

/* ---- cells as XML ---------------------------------------------------------
 */

typedef struct xml {
  char *bytes;
  size_t size;
} xml;

static void add(xml *x, const char *text) {
  size_t size = strlen(text);
  memcpy(x->bytes + x->size, text, size);
  x->size += size;
}

/* What XML cannot hold becomes '?'. */
static void add_escaped(xml *x, const char *text, size_t size) {
  char one[2] = { 0 };
  size_t good = chiso__utf8_check(text, size);
  for (size_t i = 0; i < size; i++) {
    unsigned char c = (unsigned char)text[i];
    one[0] = c < 0x20 || (i >= good && c >= 0x80) ? '?' : (char)c;
    add(x, c == '<' ? "&lt;" : c == '&' ? "&amp;" : one);
  }
}

/* "=3" is a formula, "~46296" a number shown as a day, "12" a number. */
static void add_cell(xml *x, unsigned row, unsigned column, const char *text,
                     size_t size) {
  char name[16], begin[80];
  bool formula = *text == '=', day = *text == '~';
  size_t digits = 0, from = formula || day;
  while (from + digits < size && text[from + digits] >= '0' &&
         text[from + digits] <= '9')
    digits++;
  bool number = digits > 0 && digits < 15 && from + digits == size;
  chiso__cell_name(row, column, name);
  if (!number) {
    snprintf(begin, sizeof begin, "<c r=\"%s\" t=\"inlineStr\"><is><t>", name);
    add(x, begin);
    add_escaped(x, text, size);
    add(x, "</t></is></c>");
    return;
  }
  snprintf(begin, sizeof begin, "<c r=\"%s\" s=\"%d\">%s<v>", name, day ? 2 : 0,
           formula ? "<f>A1</f>" : "");
  add(x, begin);
  add_escaped(x, text + from, size - from);
  add(x, "</v></c>");
}

static void add_row(xml *x, unsigned row, const char *line, size_t size) {
  char begin[40];
  snprintf(begin, sizeof begin, "<row r=\"%u\">", row + 1);
  add(x, begin);
  for (unsigned column = 0; column < 60; column++) {
    const char *bar = memchr(line, '|', size);
    size_t n = bar ? (size_t)(bar - line) : size;
    if (n > 0)
      add_cell(x, row, column, line, n);
    if (!bar)
      break;
    line += n + 1;
    size -= n + 1;
  }
  add(x, "</row>");
}

/* Bytes grow at most fivefold, and each cell by a hundred. */
#define GROWS 120u

static xml sheet_of(const char *text, size_t size) {
  xml x = { malloc(GROWS * (size + 10)), 0 };
  unsigned row = 0;
  if (!x.bytes)
    return x;
  add(&x, "<worksheet xmlns=\"" MAIN "\"><sheetData>");
  while (size > 0) {
    const char *end = memchr(text, '\n', size);
    size_t n = end ? (size_t)(end - text) : size;
    add_row(&x, row++, text, n);
    n += end != NULL;
    text += n;
    size -= n;
  }
  add(&x, "</sheetData></worksheet>");
  return x;
}

/* ---- the book --------------------------------------------------------------
 */

static bool put(const chiso_round *round, const char *path) {
  static char cells[1 << 20];
  char index[4096];
  const fuzz_part parts[] = {
    { "xl/workbook.xml",
      "<workbook xmlns=\"" MAIN "\" xmlns:r=\"r\"><sheets><sheet name=\"a\" "
      "sheetId=\"1\" r:id=\"rId1\"/><sheet name=\"_chiso\" sheetId=\"2\" "
      "state=\"hidden\" r:id=\"rId2\"/></sheets></workbook>" },
    { "xl/_rels/workbook.xml.rels",
      "<Relationships><Relationship Id=\"rId1\" "
      "Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"rId2\" "
      "Target=\"worksheets/sheet2.xml\"/></Relationships>" },
    { "xl/sharedStrings.xml",
      "<sst xmlns=\"" MAIN "\"><si><t>x</t></si></sst>" },
    { "xl/styles.xml",
      "<styleSheet xmlns=\"" MAIN "\"><fonts><font/></fonts><cellXfs><xf/>"
      "<xf/><xf numFmtId=\"14\"/><xf numFmtId=\"9\"/></cellXfs></styleSheet>" },
    { "xl/worksheets/sheet2.xml", index },
  };
  snprintf(index, sizeof index, announced,
           chiso_methodology_digest(chiso_round_group(round, 0)->methodology));
  FILE *file = fopen(path, "rb");
  if (!file)
    return false;
  size_t size = fread(cells, 1, sizeof cells, file);
  xml sheet = sheet_of(cells, size);
  bool good = fclose(file) == 0 && sheet.bytes &&
              fuzz_make_book(BOOK_PATH, parts, sizeof parts / sizeof *parts,
                             sheet.bytes, sheet.size);
  free(sheet.bytes);
  return good;
}

/* A book is good or has faults, and what is good can be put into a table. */
static chiso_status check(const chiso_sheets *sheets, chiso_error *err) {
  chiso_table *table = NULL;
  bool good = chiso_sheets_good(sheets) == 1;
  if (good != (chiso_sheets_faults(sheets) == 0))
    return CHISO_INTERNAL;
  for (size_t i = 0; i < chiso_sheets_remarks(sheets); i++)
    if (!*chiso_sheets_remark(sheets, i)->text)
      return CHISO_INTERNAL;
  chiso_status status = chiso_sheets_table(sheets, &table, err);
  chiso_table_free(table);
  return status;
}

chiso_status fuzz_filled(const char *path, const chiso_allocator *allocator,
                         chiso_error *err) {
  static const chiso_store_options none = { .no_worker = true };
  const char *books[] = { BOOK_PATH };
  chiso_store *store = NULL;
  chiso_round *round = NULL;
  chiso_sheets *sheets = NULL;
  chiso_status status =
      chiso_store_open(&none, CHISO_LANG_EN, allocator, &store, err);
  if (status == CHISO_OK)
    status = chiso_round_read(ROUND, (chiso_date) { 0 }, store, allocator,
                              &round, err);
  if (status == CHISO_OK && !put(round, path))
    status = CHISO_INTERNAL;
  if (status == CHISO_OK)
    status = chiso_sheets_read(round, books, 1, NULL, allocator, &sheets, err);
  if (status == CHISO_OK)
    status = check(sheets, err);
  chiso_sheets_free(sheets);
  chiso_round_free(round);
  chiso_store_free(store);
  (void)unlink(BOOK_PATH);
  return status;
}
