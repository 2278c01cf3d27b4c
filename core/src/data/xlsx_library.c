/* SPDX-License-Identifier: Apache-2.0 */
#include "data/xlsx_library.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "data/library.h"

#define CREATED 1577836800 /* 2020-01-01: the same bytes at any time */

chiso_status chiso__xlsx_open(chiso__xlsx *out, chiso_error *err) {
  const chiso__symbol symbols[] = {
#define SYMBOL(name) { #name, &out->name },
    CHISO__XLSX_FUNCTIONS(SYMBOL)
#undef SYMBOL
  };
  if (chiso__library_open(CHISO_XLSX_LIBRARY, symbols,
                          sizeof symbols / sizeof *symbols))
    return CHISO_OK;
  return CHISO__FAIL(err, CHISO_IO, MSG_TABLE_XLSX_LIBRARY, CHISO_XLSX_LIBRARY);
}

/* "_x" and four hexadecimal digits and "_" */
static bool looks_escaped(const char *s) {
  if (s[0] != '_' || s[1] != 'x')
    return false;
  size_t digits = strspn(s + 2, "0123456789ABCDEFabcdef");
  return digits >= 4 && s[6] == '_';
}

lxw_error chiso__xlsx_text(const chiso__xlsx *xlsx, lxw_worksheet *sheet,
                           size_t row, size_t column, const char *text,
                           lxw_format *format,
                           const chiso_allocator *allocator) {
  chiso__buffer escaped = { .allocator = allocator };
  const char *from = text;
  for (const char *at = text; (at = strstr(at, "_x")) != NULL; at++)
    if (looks_escaped(at)) {
      chiso__buffer_bytes(&escaped, from, (size_t)(at - from));
      chiso__buffer_text(&escaped, "_x005F");
      from = at;
    }
  if (escaped.size > 0) {
    chiso__buffer_text(&escaped, from);
    text = escaped.data;
  }
  lxw_error error =
      escaped.failed
          ? LXW_ERROR_MEMORY_MALLOC_FAILED
          : xlsx->worksheet_write_string(sheet, (lxw_row_t)row,
                                         (lxw_col_t)column, text, format);
  chiso__buffer_free(&escaped);
  return error;
}

lxw_error chiso__xlsx_list(const chiso__xlsx *xlsx, lxw_worksheet *sheet,
                           lxw_row_t first, lxw_row_t last, lxw_col_t column,
                           lxw_data_validation *list, const char *range) {
  /* Of a list by a formula the library (1.1.4) copies the formula twice and
   * frees it once. So it is given a list of texts, and its formula after. */
  char any[] = "x", *texts[] = { any, NULL };
  list->validate = LXW_VALIDATION_TYPE_LIST;
  list->value_list = texts;
  lxw_error error = xlsx->worksheet_data_validation_range(sheet, first, column,
                                                          last, column, list);
  list->value_list = NULL;
  if (error != LXW_NO_ERROR)
    return error;
  /* the last of its list, as STAILQ_LAST() finds it where there is one */
  char *link = (char *)sheet->data_validations->stqh_last;
  lxw_data_val_obj *made =
      (void *)(link - offsetof(lxw_data_val_obj, list_pointers));
  char *formula = strdup(range);
  if (!formula)
    return LXW_ERROR_MEMORY_MALLOC_FAILED;
  free(made->value_formula);
  made->value_formula = formula;
  return LXW_NO_ERROR;
}

static lxw_error make(const chiso__xlsx *xlsx, chiso__xlsx_fill fill,
                      void *user, const char *path) {
  lxw_doc_properties properties = { .created = (time_t)CREATED };
  lxw_workbook *workbook = xlsx->workbook_new(path);
  if (!workbook)
    return LXW_ERROR_MEMORY_MALLOC_FAILED;
  lxw_error error = xlsx->workbook_set_properties(workbook, &properties);
  if (error == LXW_NO_ERROR)
    error = fill(xlsx, workbook, user);
  lxw_error closed = xlsx->workbook_close(workbook);
  return error == LXW_NO_ERROR ? closed : error;
}

static bool take(const char *path, chiso__buffer *buffer) {
  FILE *file = fopen(path, "rb");
  if (!file)
    return false;
  char some[8192];
  size_t n;
  while ((n = fread(some, 1, sizeof(some), file)) > 0)
    chiso__buffer_bytes(buffer, some, n);
  bool good = ferror(file) == 0;
  return fclose(file) == 0 && good;
}

static chiso_status fail_io(chiso_error *err, int number) {
  char why[128];
  if (strerror_r(number, why, sizeof(why)) != 0)
    why[0] = '\0';
  return CHISO__FAIL(err, CHISO_IO, MSG_OUTPUT_WRITE, why);
}

/* A new empty file; its path goes to `path`. */
static chiso_status make_file(chiso__buffer *path, chiso_error *err) {
  const char *folder = getenv("TMPDIR");
  chiso__buffer_text(path, folder && folder[0] ? folder : "/tmp");
  chiso__buffer_text(path, "/chiso-XXXXXX");
  if (path->failed)
    return chiso__no_memory(err);
  int fd = mkstemp(path->data);
  if (fd < 0)
    return fail_io(err, errno);
  (void)close(fd);
  return CHISO_OK;
}

chiso_status chiso__xlsx_make(const chiso_allocator *allocator,
                              chiso__xlsx_fill fill, void *user,
                              chiso__buffer *out, chiso_error *err) {
  chiso__xlsx xlsx;
  chiso__buffer path = { .allocator = allocator };
  CHISO__TRY(chiso__xlsx_open(&xlsx, err));
  chiso_status status = make_file(&path, err);
  if (status != CHISO_OK) {
    chiso__buffer_free(&path);
    return status;
  }
  errno = 0;
  lxw_error error = make(&xlsx, fill, user, path.data);
  if (error == LXW_ERROR_MEMORY_MALLOC_FAILED)
    status = chiso__no_memory(err);
  else if (error != LXW_NO_ERROR)
    status =
        CHISO__FAIL(err, CHISO_IO, MSG_TABLE_XLSX, xlsx.lxw_strerror(error));
  else if (!take(path.data, out))
    status = fail_io(err, errno);
  (void)unlink(path.data);
  chiso__buffer_free(&path);
  return status;
}
