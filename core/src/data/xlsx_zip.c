/* SPDX-License-Identifier: Apache-2.0
 * data/xlsx_zip.c - libzip, opened when a workbook is read (data/library.h). It
 * brings OpenSSL and bzip2 along. */
#include "data/xlsx_zip.h"

#include <string.h>
#include <zip.h>

#include "base/buffer.h"
#include "base/map.h"
#include "base/text.h"
#include "data/library.h"
#include "data/xlsx.h"

#define PIECE       65536u
#define RATIO_SINCE ((uint64_t)16 * 1024 * 1024)

#define FUNCTIONS(F)                                                           \
  F(zip_source_buffer_create)                                                  \
  F(zip_source_free)                                                           \
  F(zip_open_from_source)                                                      \
  F(zip_discard)                                                               \
  F(zip_get_num_entries)                                                       \
  F(zip_stat_index)                                                            \
  F(zip_fopen_index)                                                           \
  F(zip_fread)                                                                 \
  F(zip_fclose)

typedef struct library {
#define MEMBER(name) __typeof__(name) *name;
  FUNCTIONS(MEMBER)
#undef MEMBER
} library;

struct chiso__zip {
  const char *file;
  library lib;
  zip_t *archive;
  chiso__map names; /* folded, as spreadsheets compare them */
  const char **name;
  size_t count;
  uint64_t inflated; /* so far, of all parts */
};

static chiso_status open_library(library *lib, chiso_error *err) {
  const chiso__symbol symbols[] = {
#define SYMBOL(name) { #name, &lib->name },
    FUNCTIONS(SYMBOL)
#undef SYMBOL
  };
  if (chiso__library_open(CHISO_ZIP_LIBRARY, symbols,
                          sizeof symbols / sizeof *symbols))
    return CHISO_OK;
  return CHISO__FAIL(err, CHISO_IO, MSG_XLSX_LIBRARY, CHISO_ZIP_LIBRARY,
                     "libzip4");
}

static chiso_status refuse(const chiso__zip *zip, chiso__message message,
                           const char *part, chiso_error *err) {
  return chiso__fail(err, CHISO_BAD_DATA, (chiso__place) { zip->file, 0, 0 },
                     message, part);
}

/* Absolute, with a backslash, or with a step upwards. */
static bool leads_out(const char *name) {
  if (*name == '/' || strchr(name, '\\') || strchr(name, ':'))
    return true;
  for (const char *at = name; at; at = strchr(at, '/')) {
    at += *at == '/';
    size_t size = strcspn(at, "/");
    if (size == 2 && at[0] == '.' && at[1] == '.')
      return true;
  }
  return false;
}

static chiso_status take_name(chiso__zip *zip, chiso__arena *arena, size_t i,
                              chiso_error *err) {
  zip_stat_t info;
  if (zip->lib.zip_stat_index(zip->archive, i, ZIP_FL_ENC_RAW, &info) != 0 ||
      !(info.valid & ZIP_STAT_NAME) ||
      chiso__utf8_check(info.name, strlen(info.name)) != strlen(info.name))
    return refuse(zip, MSG_XLSX_DAMAGED, "zip", err);
  if ((info.valid & ZIP_STAT_ENCRYPTION_METHOD) &&
      info.encryption_method != ZIP_EM_NONE)
    return refuse(zip, MSG_XLSX_PART_ENCRYPTED, info.name, err);
  if (leads_out(info.name))
    return refuse(zip, MSG_XLSX_PART_PATH, info.name, err);
  zip->name[i] = chiso__arena_text(arena, info.name, strlen(info.name));
  if (!zip->name[i])
    return chiso__no_memory(err);
  switch (chiso__map_put(&zip->names, zip->name[i], i, NULL)) {
  case CHISO__MAP_NO_MEMORY:
    return chiso__no_memory(err);
  case CHISO__MAP_REPEATED:
    return refuse(zip, MSG_XLSX_PART_REPEATED, info.name, err);
  default:
    return CHISO_OK;
  }
}

static chiso_status take_names(chiso__zip *zip, chiso__arena *arena,
                               chiso_error *err) {
  zip_int64_t count = zip->lib.zip_get_num_entries(zip->archive, 0);
  if (count < 0 || count > CHISO__BOOK_PARTS)
    return chiso__fail(err, CHISO_BAD_DATA, (chiso__place) { zip->file, 0, 0 },
                       MSG_XLSX_PARTS, (unsigned long long)count,
                       CHISO__BOOK_PARTS);
  zip->name = chiso__arena_array(arena, (size_t)count, sizeof *zip->name);
  if (!zip->name)
    return chiso__no_memory(err);
  for (; zip->count < (size_t)count; zip->count++)
    CHISO__TRY(take_name(zip, arena, zip->count, err));
  return CHISO_OK;
}

/* The container of .xls; a workbook with a password is one that holds a stream
 * of this name, in UTF-16. */
static bool has_password(const char *bytes, size_t size) {
  static const char name[] = "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e";
  for (const char *at = bytes, *end = bytes + size;
       (size_t)(end - at) >= sizeof name - 1; at++) {
    at = memchr(at, 'E', (size_t)(end - at));
    if (!at || (size_t)(end - at) < sizeof name - 1)
      return false;
    if (memcmp(at, name, sizeof name - 1) == 0)
      return true;
  }
  return false;
}

static chiso_status check_magic(const char *file, const char *bytes,
                                size_t size, chiso_error *err) {
  static const char container[] = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
  chiso__place place = { file, 0, 0 };
  if (size >= 8 && memcmp(bytes, container, 8) == 0)
    return chiso__fail(err, CHISO_BAD_DATA, place,
                       has_password(bytes, size) ? MSG_XLSX_PASSWORD
                                                 : MSG_XLSX_XLS);
  if (size < 4 || memcmp(bytes, "PK\3\4", 4) != 0)
    return chiso__fail(err, CHISO_BAD_DATA, place, MSG_XLSX_NOT);
  return CHISO_OK;
}

static chiso_status open_archive(chiso__zip *zip, const char *bytes,
                                 size_t size, chiso_error *err) {
  zip_source_t *source =
      zip->lib.zip_source_buffer_create(bytes, size, 0, NULL);
  if (!source)
    return chiso__no_memory(err);
  zip->archive = zip->lib.zip_open_from_source(source, ZIP_RDONLY, NULL);
  if (zip->archive)
    return CHISO_OK;
  zip->lib.zip_source_free(source);
  return refuse(zip, MSG_XLSX_DAMAGED, "zip", err);
}

chiso_status chiso__zip_open(chiso__arena *arena, const char *file,
                             const char *bytes, size_t size, chiso__zip **out,
                             chiso_error *err) {
  CHISO__TRY(check_magic(file, bytes, size, err));
  if (size > CHISO__LIMIT_BOOK)
    return chiso__fail(err, CHISO_BAD_DATA, (chiso__place) { file, 0, 0 },
                       MSG_XLSX_LARGE,
                       (unsigned)(CHISO__LIMIT_BOOK / 1024 / 1024));
  chiso__zip *zip = chiso__arena_alloc(arena, sizeof *zip);
  if (!zip)
    return chiso__no_memory(err);
  zip->file = file;
  zip->names = (chiso__map) { .allocator = arena->allocator, .folded = true };
  CHISO__TRY(open_library(&zip->lib, err));
  chiso_status status = open_archive(zip, bytes, size, err);
  if (status == CHISO_OK)
    status = take_names(zip, arena, err);
  if (status != CHISO_OK) {
    chiso__zip_close(zip);
    return status;
  }
  *out = zip;
  return CHISO_OK;
}

void chiso__zip_close(chiso__zip *zip) {
  if (!zip)
    return;
  if (zip->archive)
    zip->lib.zip_discard(zip->archive);
  zip->archive = NULL;
  chiso__map_free(&zip->names);
}

bool chiso__zip_has(const chiso__zip *zip, const char *part) {
  return chiso__map_get(&zip->names, part, &(size_t) { 0 });
}

bool chiso__zip_has_below(const chiso__zip *zip, const char *folder) {
  size_t size = strlen(folder);
  for (size_t i = 0; i < zip->count; i++)
    if (strncmp(zip->name[i], folder, size) == 0)
      return true;
  return false;
}

const char *chiso__zip_file(const chiso__zip *zip) {
  return zip->file;
}

/* Counts what was inflated; what the archive says of its sizes is not asked. */
static chiso_status count(chiso__zip *zip, const char *part, uint64_t inflated,
                          uint64_t compressed, chiso_error *err) {
  if (zip->inflated > CHISO__BOOK_INFLATED)
    return chiso__fail(err, CHISO_BAD_DATA, (chiso__place) { zip->file, 0, 0 },
                       MSG_XLSX_INFLATED, part,
                       (unsigned)(CHISO__BOOK_INFLATED / 1024 / 1024));
  if (inflated > RATIO_SINCE && inflated / CHISO__BOOK_RATIO > compressed)
    return chiso__fail(err, CHISO_BAD_DATA, (chiso__place) { zip->file, 0, 0 },
                       MSG_XLSX_RATIO, part, CHISO__BOOK_RATIO);
  return CHISO_OK;
}

static chiso_status pump(chiso__zip *zip, zip_file_t *from, const char *part,
                         uint64_t compressed, chiso__zip_take take, void *user,
                         chiso_error *err) {
  char piece[PIECE];
  uint64_t inflated = 0;
  for (;;) {
    zip_int64_t size = zip->lib.zip_fread(from, piece, sizeof piece);
    if (size < 0)
      return refuse(zip, MSG_XLSX_DAMAGED, part, err);
    inflated += (uint64_t)size;
    zip->inflated += (uint64_t)size;
    CHISO__TRY(count(zip, part, inflated, compressed, err));
    CHISO__TRY(take(user, piece, (size_t)size, size == 0, err));
    if (size == 0)
      return CHISO_OK;
  }
}

chiso_status chiso__zip_stream(chiso__zip *zip, const char *part,
                               chiso__zip_take take, void *user,
                               chiso_error *err) {
  size_t place = 0;
  zip_stat_t info;
  if (!chiso__map_get(&zip->names, part, &place) ||
      zip->lib.zip_stat_index(zip->archive, place, 0, &info) != 0)
    return refuse(zip, MSG_XLSX_PART_MISSING, part, err);
  zip_file_t *from = zip->lib.zip_fopen_index(zip->archive, place, 0);
  if (!from)
    return refuse(zip, MSG_XLSX_DAMAGED, part, err);
  chiso_status status = pump(zip, from, part, info.comp_size, take, user, err);
  (void)zip->lib.zip_fclose(from);
  return status;
}
