/* SPDX-License-Identifier: Apache-2.0
 * host/trust.c - trust.ini: publishers' keys, pinned manifests, revocations. */
#include "host/trust.h"

#include "base/file.h"
#include "base/ini.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>

/* ---- forms of values ---------------------------------------------------- */

static bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

static bool is_hex(const char *text, size_t size, char first) {
  size_t i = 0;
  for (; text[i]; i++)
    if (!is_digit(text[i]) && !(text[i] >= first && text[i] <= first + 5))
      return false;
  return i == size;
}

static bool is_digest(const char *text) {
  return is_hex(text, 64, 'a');
}

static bool is_key_id(const char *text) {
  return is_hex(text, 16, 'A');
}

static unsigned number_at(const char *digits, size_t count) {
  unsigned value = 0;
  for (size_t i = 0; i < count; i++)
    value = value * 10 + (unsigned)(digits[i] - '0');
  return value;
}

static bool is_date(const char *text) {
  static const unsigned char days[] = { 31, 29, 31, 30, 31, 30,
                                        31, 31, 30, 31, 30, 31 };
  static const char form[] = "dddd-dd-dd";
  size_t i = 0;
  for (; form[i] && text[i]; i++)
    if (form[i] == '-' ? text[i] != '-' : !is_digit(text[i]))
      return false;
  if (form[i] || text[i])
    return false;
  unsigned year = number_at(text, 4), month = number_at(text + 5, 2);
  unsigned day = number_at(text + 8, 2);
  bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return month >= 1 && month <= 12 && day >= 1 && day <= days[month - 1] &&
         (month != 2 || day < 29 || leap);
}

static bool is_patterns(const char *text) {
  for (; *text; text++)
    if (!is_digit(*text) && !(*text >= 'a' && *text <= 'z') &&
        !(*text >= 'A' && *text <= 'Z') && !strchr("._-* ", *text))
      return false;
  return true;
}

static bool is_text(const char *text) {
  return *text != '\0';
}

/* The key itself is read when the row is complete. */
static bool is_key(const char *text) {
  return chiso__key_like(text);
}

/* ---- sections ----------------------------------------------------------- */

typedef struct field {
  const char *key;
  size_t at; /* of the text in chiso_trust_row */
  bool required;
  bool (*valid)(const char *text);
  const char *expected;
} field;

#define AT(member) offsetof(chiso_trust_row, member)
#define DATE_FORM  "yyyy-mm-dd"
#define MOST       5

static const struct {
  const char *name;
  field fields[MOST];
} sections[] = {
  [CHISO_TRUST_KEY] = { "key",
                        { { "name", AT(name), true, is_text, "" },
                          { "key", AT(key), true, is_key, "RW..." },
                          { "for", AT(patterns), false, is_patterns,
                            "vn.par.* vn.sipas.*" },
                          { "added", AT(date), false, is_date, DATE_FORM } } },
  [CHISO_TRUST_MANIFEST] = { "manifest",
                             { { "plugin", AT(name), true,
                                 chiso__plugin_id_valid,
                                 "[A-Za-z0-9._-]{1,64}" },
                               { "sha256", AT(digest), true, is_digest,
                                 "[0-9a-f]{64}" },
                               { "added", AT(date), false, is_date,
                                 DATE_FORM } } },
  [CHISO_TRUST_REVOKED] = { "revoked",
                            { { "name", AT(name), false, is_text, "" },
                              { "key", AT(key_id), false, is_key_id,
                                "[0-9A-F]{16}" },
                              { "sha256", AT(digest), false, is_digest,
                                "[0-9a-f]{64}" },
                              { "date", AT(date), true, is_date, DATE_FORM },
                              { "reason", AT(reason), false, is_text, "" } } },
};
#define N_SECTIONS (sizeof sections / sizeof *sections)

static const char **member(chiso_trust_row *row, const field *f) {
  return (const char **)(void *)((char *)row + f->at);
}

/* "key 12": the kind, or -1. The numbers only tell sections apart. */
static int kind_of(const char *section) {
  for (size_t k = 0; k < N_SECTIONS; k++) {
    size_t size = strlen(sections[k].name);
    if (strncmp(section, sections[k].name, size) != 0 || section[size] != ' ')
      continue;
    const char *at = section + size + 1;
    size_t digits = strspn(at, "0123456789");
    if (digits > 0 && digits <= 6 && at[digits] == '\0')
      return (int)k;
  }
  return -1;
}

static const field *field_of(int kind, const char *key) {
  for (size_t i = 0; i < MOST && sections[kind].fields[i].key; i++)
    if (strcmp(sections[kind].fields[i].key, key) == 0)
      return &sections[kind].fields[i];
  return NULL;
}

static chiso_status unknown_key(const chiso__ini *ini, int kind,
                                const char *section, chiso_error *err) {
  const char *keys[MOST + 1] = { NULL };
  for (size_t i = 0; i < MOST; i++)
    keys[i] = sections[kind].fields[i].key;
  return chiso__ini_only(ini, section, keys, err);
}

/* ---- rows --------------------------------------------------------------- */

typedef struct reader {
  chiso_trust *trust;
  const chiso__ini *ini;
  size_t entry; /* the next one; entries stand in the order of sections */
  size_t first; /* row of this file */
  bool shipped;
} reader;

static chiso__place row_place(const chiso_trust_row *row) {
  return (chiso__place) { .file = row->file, .line = row->line };
}

static chiso_status take_fields(reader *in, const char *section, int kind,
                                chiso_trust_row *row, chiso_error *err) {
  const chiso__ini *ini = in->ini;
  for (; in->entry < ini->count && ini->entries[in->entry].section == section;
       in->entry++) {
    const chiso__ini_entry *entry = &ini->entries[in->entry];
    chiso__place place = { ini->file, entry->line, entry->column };
    const field *f = field_of(kind, entry->key);
    if (!f)
      return unknown_key(ini, kind, section, err);
    if (!*entry->value)
      return chiso__fail(err, CHISO_BAD_DATA, place, MSG_MANIFEST_EMPTY,
                         entry->key);
    if (!f->valid(entry->value))
      return chiso__fail(err, CHISO_BAD_DATA, place, MSG_MANIFEST_VALUE,
                         entry->key, entry->value, f->expected);
    *member(row, f) = entry->value;
  }
  for (size_t i = 0; i < MOST && sections[kind].fields[i].key; i++)
    if (sections[kind].fields[i].required &&
        !*member(row, &sections[kind].fields[i]))
      return chiso__fail(err, CHISO_BAD_DATA, row_place(row), MSG_MANIFEST_KEY,
                         section, sections[kind].fields[i].key);
  if (kind == CHISO_TRUST_REVOKED && !row->key_id == !row->digest)
    return chiso__fail(err, CHISO_BAD_DATA, row_place(row),
                       MSG_TRUST_REVOKED_WHAT, section);
  return CHISO_OK;
}

static chiso_status refuse_twice(const chiso_trust_row *row, const char *what,
                                 const chiso_trust_row *earlier,
                                 chiso_error *err) {
  return chiso__fail(err, CHISO_BAD_DATA, row_place(row), MSG_TRUST_TWICE, what,
                     (unsigned long long)earlier->line);
}

/* What another file says already may be said again; what one file says twice
 * is a slip of the hand. */
static chiso_status enter(reader *in, chiso__map *map, const char *what,
                          const chiso_trust_row *row, chiso_error *err) {
  size_t earlier = 0;
  switch (chiso__map_put(map, what, in->trust->count, &earlier)) {
  case CHISO__MAP_NO_MEMORY:
    return chiso__no_memory(err);
  case CHISO__MAP_REPEATED:
    return earlier < in->first
               ? CHISO_OK
               : refuse_twice(row, what, &in->trust->rows[earlier].row, err);
  case CHISO__MAP_NEW:
    break;
  }
  return CHISO_OK;
}

static chiso_status take_key(const reader *in, chiso__trust_row *out,
                             chiso_error *err) {
  chiso_trust_row *row = &out->row;
  CHISO__TRY(chiso__key_read(row_place(row), row->key, strlen(row->key),
                             &out->key, err));
  for (size_t i = in->first; i < in->trust->count; i++) {
    const chiso__trust_row *earlier = &in->trust->rows[i];
    if (earlier->row.kind == CHISO_TRUST_KEY &&
        strcmp(earlier->key.id, out->key.id) == 0)
      return refuse_twice(row, out->key.id, &earlier->row, err);
  }
  row->key_id =
      chiso__arena_text(&in->trust->arena, out->key.id, strlen(out->key.id));
  return row->key_id ? CHISO_OK : chiso__no_memory(err);
}

static chiso_status take_row(reader *in, size_t section, int kind,
                             chiso_error *err) {
  chiso_trust *trust = in->trust;
  void *rows = trust->rows;
  bool room = chiso__grow(trust->allocator, &rows, &trust->capacity,
                          trust->count, sizeof *trust->rows);
  trust->rows = rows;
  if (!room)
    return chiso__no_memory(err);
  chiso__trust_row *out = &trust->rows[trust->count];
  *out = (chiso__trust_row) { .row = { .kind = (chiso_trust_kind)kind,
                                       .file = in->ini->file,
                                       .line = in->ini->section_lines[section],
                                       .shipped = in->shipped } };
  chiso_trust_row *row = &out->row;
  CHISO__TRY(take_fields(in, in->ini->sections[section], kind, row, err));
  if (kind == CHISO_TRUST_KEY) {
    CHISO__TRY(take_key(in, out, err));
  } else if (kind == CHISO_TRUST_MANIFEST) {
    CHISO__TRY(enter(in, &trust->pinned, row->digest, row, err));
  } else {
    trust->keys_revoked |= row->key_id != NULL;
    CHISO__TRY(enter(in, &trust->revoked,
                     row->key_id ? row->key_id : row->digest, row, err));
  }
  trust->count++;
  return CHISO_OK;
}

static chiso_status check_head(const chiso__ini *ini, size_t *entry,
                               chiso_error *err) {
  static const char *const keys[] = { "format", NULL };
  chiso__place place = { .file = ini->file,
                         .line = ini->n_sections ? ini->section_lines[0] : 0 };
  const chiso__ini_entry *format = chiso__ini_get(ini, "trust", "format");
  if (ini->n_sections == 0 || strcmp(ini->sections[0], "trust") != 0 || !format)
    return chiso__fail(err, CHISO_BAD_DATA, place, MSG_TRUST_FIRST,
                       CHISO__TRUST_FORMAT);
  place = (chiso__place) { ini->file, format->line, format->column };
  if (strcmp(format->value, CHISO__TRUST_FORMAT) != 0)
    return chiso__fail(err, CHISO_BAD_DATA, place, MSG_TRUST_FORMAT,
                       format->value, CHISO_VERSION, CHISO__TRUST_FORMAT);
  *entry = 1;
  return chiso__ini_only(ini, "trust", keys, err);
}

chiso_status chiso__trust_read(chiso_trust *trust, const char *file,
                               bool shipped, const char *text, size_t size,
                               chiso_error *err) {
  chiso__ini ini;
  CHISO__TRY(chiso__ini_parse(&trust->arena, file, text, size, &ini, err));
  reader in = {
    .trust = trust, .ini = &ini, .first = trust->count, .shipped = shipped
  };
  CHISO__TRY(check_head(&ini, &in.entry, err));
  for (size_t i = 1; i < ini.n_sections; i++) {
    int kind = kind_of(ini.sections[i]);
    if (kind < 0)
      return chiso__fail(
          err, CHISO_BAD_DATA,
          (chiso__place) { .file = file, .line = ini.section_lines[i] },
          MSG_TRUST_SECTION, ini.sections[i]);
    CHISO__TRY(take_row(&in, i, kind, err));
  }
  return CHISO_OK;
}

/* ---- files -------------------------------------------------------------- */

/* No such file, or in a folder that the user may not even look into: then it
 * holds no settings of theirs. A link to nothing is a file that is missing. */
static bool is_absent(const char *path) {
  struct stat info;
  if (stat(path, &info) == 0 || lstat(path, &info) == 0)
    return false;
  return errno == ENOENT || errno == ENOTDIR || errno == EACCES;
}

/* A file that others can write is refused: it says whom to trust. The share
 * folder's is looked at as well, because folders of data are often shared. */
static chiso_status read_path(chiso_trust *trust, const char *path,
                              bool shipped, chiso_error *err) {
  const char *text;
  size_t size;
  if (is_absent(path))
    return CHISO_OK;
  CHISO__TRY(chiso__file_read(&trust->arena, path, CHISO__LIMIT_TRUST, false,
                              &text, &size, err));
  const char *folder = chiso__path_folder(&trust->arena, path);
  if (!folder)
    return chiso__no_memory(err);
  CHISO__TRY(chiso__exposure_refuse(chiso__exposure_of(path), path, err));
  CHISO__TRY(chiso__exposure_refuse(chiso__exposure_of(folder), folder, err));
  return chiso__trust_read(trust, path, shipped, text, size, err);
}

void chiso__trust_begin(chiso_trust *trust, const chiso_allocator *allocator) {
  *trust = (chiso_trust) { .allocator = allocator,
                           .arena.allocator = allocator,
                           .pinned.allocator = allocator,
                           .revoked.allocator = allocator };
}

void chiso__trust_clear(chiso_trust *trust) {
  chiso__map_free(&trust->pinned);
  chiso__map_free(&trust->revoked);
  chiso__free(trust->allocator, trust->rows);
  chiso__arena_free(&trust->arena);
}

static chiso_status read_files(chiso_trust *trust,
                               const chiso_store_options *options,
                               chiso_error *err) {
  if (options->share_dir) {
    const char *path =
        chiso__path_join(&trust->arena, options->share_dir, CHISO__TRUST_FILE);
    if (!path)
      return chiso__no_memory(err);
    CHISO__TRY(read_path(trust, path, true, err));
  }
  return options->trust_file ? read_path(trust, options->trust_file, false, err)
                             : CHISO_OK;
}

chiso_status chiso_trust_open(const chiso_store_options *options,
                              const chiso_allocator *allocator,
                              chiso_trust **out, chiso_error *err) {
  *out = NULL;
  chiso_trust *trust = chiso__alloc(allocator, sizeof *trust);
  if (!trust)
    return chiso__no_memory(err);
  chiso__trust_begin(trust, allocator);
  chiso_status status = read_files(trust, options, err);
  if (status == CHISO_OK)
    *out = trust;
  else
    chiso_trust_free(trust);
  return status;
}

void chiso_trust_free(chiso_trust *trust) {
  if (!trust)
    return;
  chiso__trust_clear(trust);
  chiso__free(trust->allocator, trust);
}

/* ---- asking ------------------------------------------------------------- */

size_t chiso_trust_count(const chiso_trust *trust) {
  return trust->count;
}

const chiso_trust_row *chiso_trust_get(const chiso_trust *trust, size_t place) {
  return place < trust->count ? &trust->rows[place].row : NULL;
}

static const chiso_trust_row *row_of(const chiso_trust *trust,
                                     const chiso__map *map, const char *what) {
  size_t place;
  return chiso__map_get(map, what, &place) ? &trust->rows[place].row : NULL;
}

const chiso_trust_row *chiso__trust_pinned(const chiso_trust *trust,
                                           const char *digest) {
  return row_of(trust, &trust->pinned, digest);
}

const chiso_trust_row *chiso__trust_revoked(const chiso_trust *trust,
                                            const char *digest_or_id) {
  return row_of(trust, &trust->revoked, digest_or_id);
}

/* '*' stands for any characters; the last one that could still be longer is
 * where matching goes on after a difference. */
static bool match_one(const char *pattern, const char *end, const char *name) {
  const char *star = NULL, *resume = NULL;
  while (*name) {
    if (pattern < end && *pattern == '*') {
      star = pattern++;
      resume = name;
    } else if (pattern < end && *pattern == *name) {
      pattern++;
      name++;
    } else if (star) {
      pattern = star + 1;
      name = ++resume;
    } else {
      return false;
    }
  }
  while (pattern < end && *pattern == '*')
    pattern++;
  return pattern == end;
}

bool chiso__pattern_match(const char *patterns, const char *name) {
  if (!patterns)
    return true;
  for (;;) {
    patterns += strspn(patterns, " ");
    size_t size = strcspn(patterns, " ");
    if (size == 0)
      return false;
    if (match_one(patterns, patterns + size, name))
      return true;
    patterns += size;
  }
}
