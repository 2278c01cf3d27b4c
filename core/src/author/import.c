/* SPDX-License-Identifier: Apache-2.0
 * author/import.c - from the file of a table to a methodology. */
#include "author/import.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"

chiso_status chiso_index_export(const chiso_methodology *methodology,
                                chiso_format format, chiso_lang lang,
                                char **bytes, size_t *size, chiso_error *err) {
  const chiso_allocator *allocator = methodology->allocator;
  chiso__arena arena = { .allocator = allocator };
  chiso__form form = { .arena = &arena };
  chiso__buffer out = { .allocator = allocator };
  chiso_status status = CHISO_OK;
  chiso__form_fill(&form, methodology);
  if (form.failed)
    status = chiso__no_memory(err);
  else if (format == CHISO_FORMAT_XLSX)
    status = chiso__form_as_xlsx(&form, lang, &out, err);
  else
    chiso__form_as_csv(&form, lang, &out);
  chiso__arena_free(&arena);
  if (status == CHISO_OK && out.failed)
    status = chiso__no_memory(err);
  if (status != CHISO_OK) {
    chiso__buffer_free(&out);
    return status;
  }
  *bytes = out.data;
  *size = out.size;
  return CHISO_OK;
}

/* ---- import -------------------------------------------------------------- */

static void remark_book(chiso_import *import, const chiso__grids *grids) {
  chiso__place place = { import->file, 0, 0 };
  if (grids->macros)
    chiso__remark(&import->remarks, CHISO_OK, place, MSG_XLSX_MACROS);
}

static chiso_status read_table(chiso_import *import, chiso_error *err) {
  const char *bytes;
  size_t size;
  chiso__grids grids;
  CHISO__TRY(chiso__file_read(&import->arena, import->file, CHISO__LIMIT_BOOK,
                              false, &bytes, &size, err));
  CHISO__TRY(chiso__grids_read(&import->arena, import->file, bytes, size,
                               import->options.sheet, &grids, err));
  remark_book(import, &grids);
  import->exact = chiso__form_like(grids.sheets, grids.count);
  if (!import->exact)
    return chiso__annex_import(import, &grids, err);
  chiso_status status = chiso__form_read(
      &import->arena, import->file, grids.sheets, grids.count,
      import->options.cached, import->allocator, &import->methodology, err);
  return status;
}

/* The first fault is also the error of the call. */
static chiso_status settle(chiso_import *import, chiso_status status,
                           chiso_error *err) {
  if (status == CHISO_OK && import->remarks.short_memory)
    return chiso__no_memory(err);
  chiso__remarks_sort(&import->remarks);
  if (status != CHISO_OK && err && err->status != CHISO_OK &&
      import->remarks.faults == 0) {
    chiso__remark_error(&import->remarks, err);
    return status;
  }
  for (size_t i = 0; status == CHISO_OK && i < import->remarks.count; i++)
    if (import->remarks.list[i].status != CHISO_OK) {
      if (err)
        *err = import->remarks.list[i];
      status = CHISO_BAD_DATA;
    }
  return status;
}

chiso_status chiso_import_new(const char *path,
                              const chiso_import_options *options,
                              const chiso_allocator *allocator,
                              chiso_import **out, chiso_error *err) {
  chiso_import *import = chiso__alloc(allocator, sizeof *import);
  *out = NULL;
  if (!import)
    return chiso__no_memory(err);
  import->allocator = allocator;
  import->arena.allocator = allocator;
  import->options = *options;
  import->lang = err ? err->lang : CHISO_LANG_EN;
  import->remarks.allocator = allocator;
  import->remarks.lang = import->lang;
  import->lacks = "";
  if (err)
    err->status = CHISO_OK;
  import->file = chiso__arena_text(&import->arena, path, strlen(path));
  chiso_status status =
      import->file ? read_table(import, err) : chiso__no_memory(err);
  status = settle(import, status, err);
  if (status != CHISO_OK && status != CHISO_BAD_DATA) {
    chiso_import_free(import);
    return status;
  }
  *out = import;
  return status;
}

void chiso_import_free(chiso_import *import) {
  if (!import)
    return;
  chiso_methodology_free(import->methodology);
  chiso__free(import->allocator, import->remarks.list);
  chiso__arena_free(&import->arena);
  chiso__free(import->allocator, import);
}

bool chiso_import_exact(const chiso_import *import) {
  return import->exact;
}

const chiso_methodology *chiso_import_methodology(const chiso_import *import) {
  return import->methodology;
}

size_t chiso_import_rows(const chiso_import *import) {
  return import->n_rows;
}

const chiso_import_row *chiso_import_row_at(const chiso_import *import,
                                            size_t place) {
  return &import->rows[place];
}

const char *chiso_import_lacks(const chiso_import *import) {
  return import->lacks;
}

size_t chiso_import_remarks(const chiso_import *import) {
  return import->remarks.count;
}

const chiso_error *chiso_import_remark(const chiso_import *import,
                                       size_t place) {
  return &import->remarks.list[place];
}

size_t chiso_import_faults(const chiso_import *import) {
  return import->remarks.faults;
}
