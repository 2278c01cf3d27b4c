/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz_author.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zip.h>

#define BOOK_PATH BUILD_DIR "/tests/fuzz/sheet.xlsx"

/* What was accepted can be written and read again. */
static chiso_status again(const chiso_methodology *m,
                          const chiso_allocator *allocator, chiso_error *err) {
  char *text = NULL;
  size_t size = 0;
  chiso_methodology *second = NULL;
  chiso_status status = chiso_methodology_write(m, &text, &size, err);
  if (status == CHISO_OK)
    status =
        chiso_methodology_parse("written", text, size, allocator, &second, err);
  chiso_text_free(allocator, text);
  chiso_methodology_free(second);
  return status == CHISO_BAD_DATA ? CHISO_INTERNAL : status;
}

static chiso_status import(const char *path, const chiso_allocator *allocator,
                           chiso_error *err) {
  chiso_import_options options = { .provenance = CHISO_PROV_RECALLED };
  chiso_import *made = NULL;
  chiso_status status = chiso_import_new(path, &options, allocator, &made, err);
  if (status == CHISO_OK)
    status = again(chiso_import_methodology(made), allocator, err);
  else if (made && chiso_import_faults(made) == 0)
    status = CHISO_INTERNAL;
  chiso_import_free(made);
  return status;
}

chiso_status fuzz_annex(const char *path, const chiso_allocator *allocator,
                        chiso_error *err) {
  return import(path, allocator, err);
}

chiso_status fuzz_form(const char *path, const chiso_allocator *allocator,
                       chiso_error *err) {
  return import(path, allocator, err);
}

/* ---- a workbook around a sheet ------------------------------------------- */

#define MAIN "http://schemas.openxmlformats.org/spreadsheetml/2006/main"

static const fuzz_part parts[] = {
  { "xl/workbook.xml",
    "<workbook xmlns=\"" MAIN "\" xmlns:r=\"r\"><sheets><sheet name=\"a\" "
    "sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>" },
  { "xl/_rels/workbook.xml.rels",
    "<Relationships><Relationship Id=\"rId1\" "
    "Target=\"worksheets/sheet1.xml\"/></Relationships>" },
  { "xl/sharedStrings.xml",
    "<sst xmlns=\"" MAIN "\"><si><r><t>one </t></r><r><t>two</t></r><rPh><t>x"
    "</t></rPh></si></sst>" },
  { "xl/styles.xml",
    "<styleSheet xmlns=\"" MAIN "\"><fonts><font/><font><b/></font></fonts>"
    "<cellXfs><xf/><xf fontId=\"1\"/><xf numFmtId=\"14\"/>"
    "<xf numFmtId=\"9\"/></cellXfs></styleSheet>" },
};

static bool add(zip_t *book, const char *name, const void *bytes, size_t size) {
  zip_source_t *source = zip_source_buffer(book, bytes, size, 0);
  if (!source)
    return false;
  if (zip_file_add(book, name, source, ZIP_FL_OVERWRITE) < 0) {
    zip_source_free(source);
    return false;
  }
  return true;
}

bool fuzz_make_book(const char *path, const fuzz_part *list, size_t count,
                    const char *sheet, size_t size) {
  zip_t *book = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, NULL);
  bool good = book != NULL;
  for (size_t i = 0; good && i < count; i++)
    good = add(book, list[i].name, list[i].text, strlen(list[i].text));
  good = good && add(book, "xl/worksheets/sheet1.xml", sheet, size);
  if (good)
    return zip_close(book) == 0;
  if (book)
    zip_discard(book);
  return false;
}

chiso_status fuzz_sheet(const char *path, const chiso_allocator *allocator,
                        chiso_error *err) {
  static char sheet[1 << 20];
  FILE *file = fopen(path, "rb");
  if (!file)
    return CHISO_INTERNAL;
  size_t size = fread(sheet, 1, sizeof sheet, file);
  if (fclose(file) != 0 ||
      !fuzz_make_book(BOOK_PATH, parts, sizeof parts / sizeof *parts, sheet,
                      size))
    return CHISO_INTERNAL;
  chiso_status status = import(BOOK_PATH, allocator, err);
  (void)unlink(BOOK_PATH);
  return status;
}

/* ---- exported tables ----------------------------------------------------- */

static bool export(const chiso_methodology *m, chiso_format format,
                   const char *path) {
  char *bytes = NULL;
  size_t size = 0;
  bool good = chiso_index_export(m, format, CHISO_LANG_VI, &bytes, &size,
                                 NULL) == CHISO_OK &&
              chiso_output_write(path, NULL, bytes, size, NULL) == CHISO_OK;
  chiso_text_free(NULL, bytes);
  return good;
}

bool fuzz_make_forms(void) {
  chiso_methodology *m = NULL;
  bool good = chiso_methodology_read(SOURCE_DIR
                                     "/indices/qd766/province/2026/index.json",
                                     NULL, &m, NULL) == CHISO_OK &&
              export(m, CHISO_FORMAT_CSV, BUILD_DIR "/tests/fuzz/form.csv") &&
              export(m, CHISO_FORMAT_XLSX, BUILD_DIR "/tests/fuzz/form.xlsx");
  chiso_methodology_free(m);
  return good;
}
