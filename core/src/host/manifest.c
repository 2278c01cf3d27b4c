/* SPDX-License-Identifier: Apache-2.0
 * host/manifest.c - NAME.plugin.ini: what a plugin holds, without opening it.
 */
#include "host/host.h"

#include "base/dec.h"
#include "base/ini.h"
#include "model/model.h"

#include <string.h>

#define SECTION_SIZE 24 /* "index " and a number */

typedef struct manifest_reader {
  chiso__arena *arena;
  const chiso__ini *ini;
  const char *section;
  chiso_error *err;
} manifest_reader;

static const char *const plugin_keys[] = {
  "format", "id",      "version",        "license", "contact",
  "abi",    "library", "library_sha256", "rules",   NULL
};
static const char *const index_keys[] = {
  "id",         "edition", "title_vi", "title_en",   "scope",
  "variant_of", "level",   "units",    "first",      "last",
  "max",        "counts",  "legal",    "provenance", "definition_sha256",
  NULL
};

/* ---- forms of values ---------------------------------------------------- */

static bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

static bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_name(const char *text, size_t limit) {
  /* NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker): set by the INI */
  size_t size = strlen(text);
  if (size == 0 || size > limit || (!is_digit(*text) && !is_letter(*text)))
    return false;
  for (; *text; text++)
    if (!is_digit(*text) && !is_letter(*text) && *text != '.' && *text != '_' &&
        *text != '-')
      return false;
  return true;
}

bool chiso__plugin_id_valid(const char *id) {
  return is_name(id, 64);
}

bool chiso__plugin_version_valid(const char *version) {
  const char *at = version;
  for (int part = 0; part < 3; part++) {
    if (part > 0 && *at++ != '.')
      return false;
    if (!is_digit(*at))
      return false;
    while (is_digit(*at))
      at++;
  }
  return strlen(version) <= 64 &&
         (*at == 0 || (*at == '-' && is_name(at + 1, 64)));
}

/* A name in the manifest's own folder. The form of a name has no '/', and its
 * first character is no '.', so the path cannot lead elsewhere. */
static bool is_library(const char *text) {
  size_t size = strlen(text);
  return is_name(text, 128) && size > 3 && strcmp(text + size - 3, ".so") == 0;
}

static bool is_digest(const char *text) {
  size_t i = 0;
  for (; text[i]; i++)
    if (!is_digit(text[i]) && !(text[i] >= 'a' && text[i] <= 'f'))
      return false;
  return i == 64;
}

/* Digits only, at most `limit`; moves *at behind them. */
static bool read_number(const char **at, uint32_t limit, uint32_t *out) {
  const char *text = *at;
  uint64_t value = 0;
  if (!is_digit(*text))
    return false;
  for (; is_digit(*text); text++) {
    value = value * 10 + (uint64_t)(*text - '0');
    if (value > limit)
      return false;
  }
  *at = text;
  *out = (uint32_t)value;
  return true;
}

/* ---- reading ------------------------------------------------------------ */

static chiso__place place_of(const manifest_reader *reader,
                             const chiso__ini_entry *entry) {
  return (chiso__place) { .file = reader->ini->file,
                          .line = entry->line,
                          .column = entry->column };
}

static uint64_t section_line(const chiso__ini *ini, const char *section) {
  for (size_t i = 0; i < ini->n_sections; i++)
    if (strcmp(ini->sections[i], section) == 0)
      return ini->section_lines[i];
  return 0;
}

/* The value of a key. A key that is not required gives NULL when absent. */
static chiso_status take(const manifest_reader *reader, const char *key,
                         bool required, const char **out,
                         const chiso__ini_entry **entry) {
  const chiso__ini_entry *found =
      chiso__ini_get(reader->ini, reader->section, key);
  *out = NULL;
  *entry = found;
  if (!found) {
    chiso__place place = { .file = reader->ini->file,
                           .line = section_line(reader->ini, reader->section) };
    return required ? chiso__fail(reader->err, CHISO_BAD_DATA, place,
                                  MSG_MANIFEST_KEY, reader->section, key)
                    : CHISO_OK;
  }
  if (!*found->value)
    return chiso__fail(reader->err, CHISO_BAD_DATA, place_of(reader, found),
                       MSG_MANIFEST_EMPTY, key);
  *out = found->value;
  return CHISO_OK;
}

static chiso_status bad(const manifest_reader *reader,
                        const chiso__ini_entry *entry, const char *expected) {
  return chiso__fail(reader->err, CHISO_BAD_DATA, place_of(reader, entry),
                     MSG_MANIFEST_VALUE, entry->key, entry->value, expected);
}

static chiso_status take_text(const manifest_reader *reader, const char *key,
                              bool required, const char **out) {
  const chiso__ini_entry *entry;
  return take(reader, key, required, out, &entry);
}

static chiso_status take_form(const manifest_reader *reader, const char *key,
                              bool (*valid)(const char *text),
                              const char *expected, const char **out) {
  const chiso__ini_entry *entry;
  CHISO__TRY(take(reader, key, true, out, &entry));
  return valid(*out) ? CHISO_OK : bad(reader, entry, expected);
}

static chiso_status take_year(const manifest_reader *reader, const char *key,
                              uint16_t *out) {
  const chiso__ini_entry *entry;
  const char *text;
  uint32_t value;
  CHISO__TRY(take(reader, key, true, &text, &entry));
  if (!read_number(&text, UINT16_MAX, &value) || *text)
    return bad(reader, entry, "0..65535");
  *out = (uint16_t)value;
  return CHISO_OK;
}

static chiso_status take_abi(const manifest_reader *reader,
                             chiso__manifest *out) {
  const chiso__ini_entry *entry;
  uint32_t major = 0, minor = 0;
  CHISO__TRY(take(reader, "abi", true, &out->abi, &entry));
  if (!chiso__abi_read(out->abi, &major, &minor))
    return bad(reader, entry, "1.0");
  return chiso__abi_check(reader->ini->file, out->id, major, minor,
                          reader->err);
}

static chiso_status read_plugin(const manifest_reader *reader,
                                chiso__manifest *out) {
  const chiso__ini_entry *entry;
  const char *text;
  CHISO__TRY(take(reader, "format", true, &text, &entry));
  if (strcmp(text, CHISO__MANIFEST_FORMAT) != 0)
    return chiso__fail(reader->err, CHISO_BAD_DATA, place_of(reader, entry),
                       MSG_MANIFEST_FORMAT, text, CHISO_VERSION,
                       CHISO__MANIFEST_FORMAT);
  CHISO__TRY(take_form(reader, "id", chiso__plugin_id_valid,
                       "[A-Za-z0-9._-]{1,64}", &out->id));
  CHISO__TRY(take_abi(reader, out));
  CHISO__TRY(chiso__ini_only(reader->ini, "plugin", plugin_keys, reader->err));
  CHISO__TRY(take_form(reader, "version", chiso__plugin_version_valid, "1.2.3",
                       &out->version));
  CHISO__TRY(take_text(reader, "license", true, &out->license));
  CHISO__TRY(take_text(reader, "contact", false, &out->contact));
  CHISO__TRY(
      take_form(reader, "library", is_library, "NAME.so", &out->library));
  CHISO__TRY(take_form(reader, "library_sha256", is_digest, "[0-9a-f]{64}",
                       &out->library_digest));
  CHISO__TRY(take(reader, "rules", true, &text, &entry));
  out->call = strcmp(text, "call") == 0;
  return out->call || strcmp(text, "data") == 0
             ? CHISO_OK
             : bad(reader, entry, "data | call");
}

static bool is_node_name(const char *text) {
  return is_name(text, 128);
}

static chiso_status read_index(const manifest_reader *reader,
                               chiso__manifest_index *out) {
  const chiso__ini_entry *entry;
  const char *text;
  CHISO__TRY(
      chiso__ini_only(reader->ini, reader->section, index_keys, reader->err));
  CHISO__TRY(
      take_form(reader, "id", is_node_name, "[A-Za-z0-9._-]{1,128}", &out->id));
  CHISO__TRY(take_form(reader, "edition", is_node_name, "[A-Za-z0-9._-]{1,128}",
                       &out->edition));
  CHISO__TRY(take_text(reader, "title_vi", true, &out->title_vi));
  CHISO__TRY(take_text(reader, "title_en", false, &out->title_en));
  CHISO__TRY(take_text(reader, "units", true, &out->unit_set));
  CHISO__TRY(take_text(reader, "counts", true, &out->counts));
  CHISO__TRY(take_text(reader, "legal", false, &out->legal));
  CHISO__TRY(take_text(reader, "provenance", true, &out->provenance));
  CHISO__TRY(take_form(reader, "definition_sha256", is_digest, "[0-9a-f]{64}",
                       &out->digest));
  CHISO__TRY(take(reader, "scope", false, &text, &entry));
  int scope = entry ? chiso__key_value(CHISO_FAMILY_SCOPE, text) : 0;
  if (scope < 0)
    return bad(reader, entry, "national | internal");
  out->scope = (uint8_t)scope;
  CHISO__TRY(take_text(reader, "variant_of", false, &out->variant_of));
  CHISO__TRY(take(reader, "level", true, &text, &entry));
  int level = chiso__key_value(CHISO_FAMILY_LEVEL, text);
  if (level < 0)
    return bad(reader, entry,
               "province | ministry | department | district | commune");
  out->level = (uint8_t)level;
  CHISO__TRY(take(reader, "max", true, &text, &entry));
  if (!chiso__dec_strict(text, &out->max))
    return bad(reader, entry, "0.000000");
  CHISO__TRY(take_year(reader, "first", &out->first));
  CHISO__TRY(take_year(reader, "last", &out->last));
  if (out->last != 0 && out->last < out->first)
    return bad(reader, chiso__ini_get(reader->ini, reader->section, "last"),
               "last >= first, 0 = open");
  return CHISO_OK;
}

/* Two methodologies of one plugin cannot have one name. */
static chiso_status check_twice(const manifest_reader *reader,
                                const chiso__manifest *manifest) {
  for (uint32_t i = 0; i < manifest->n_indices; i++)
    for (uint32_t j = 0; j < i; j++)
      if (strcmp(manifest->indices[i].id, manifest->indices[j].id) == 0 &&
          strcmp(manifest->indices[i].edition, manifest->indices[j].edition) ==
              0)
        return chiso__fail(reader->err, CHISO_BAD_DATA,
                           (chiso__place) { .file = reader->ini->file },
                           MSG_MANIFEST_TWICE, manifest->indices[i].id);
  return CHISO_OK;
}

static chiso_status read_indices(manifest_reader *reader,
                                 chiso__manifest *out) {
  const chiso__ini *ini = reader->ini;
  size_t count = ini->n_sections - 1;
  if (count == 0)
    return chiso__fail(reader->err, CHISO_BAD_DATA,
                       (chiso__place) { .file = ini->file },
                       MSG_MANIFEST_NO_SECTION, "index 1");
  if (count > CHISO__MAX_INDICES)
    return chiso__fail(reader->err, CHISO_BAD_DATA,
                       (chiso__place) { .file = ini->file },
                       MSG_MANIFEST_TOO_MANY, CHISO__MAX_INDICES);
  out->indices = chiso__arena_array(reader->arena, count, sizeof *out->indices);
  if (!out->indices)
    return chiso__no_memory(reader->err);
  out->n_indices = (uint32_t)count;
  for (size_t i = 0; i < count; i++) {
    char expected[SECTION_SIZE];
    snprintf(expected, sizeof expected, "index %u", (unsigned)(i + 1));
    if (strcmp(ini->sections[i + 1], expected) != 0)
      return chiso__fail(reader->err, CHISO_BAD_DATA,
                         (chiso__place) { .file = ini->file,
                                          .line = ini->section_lines[i + 1] },
                         MSG_MANIFEST_SECTION, ini->sections[i + 1], expected);
    reader->section = ini->sections[i + 1];
    CHISO__TRY(read_index(reader, &out->indices[i]));
  }
  return check_twice(reader, out);
}

chiso_status chiso__manifest_parse(chiso__arena *arena, const char *file,
                                   const char *text, size_t size,
                                   chiso__manifest *out, chiso_error *err) {
  chiso__ini ini;
  CHISO__TRY(chiso__ini_parse(arena, file, text, size, &ini, err));
  *out = (chiso__manifest) { 0 };
  if (ini.n_sections == 0)
    return chiso__fail(err, CHISO_BAD_DATA, (chiso__place) { .file = file },
                       MSG_MANIFEST_NO_SECTION, "plugin");
  if (strcmp(ini.sections[0], "plugin") != 0)
    return chiso__fail(
        err, CHISO_BAD_DATA,
        (chiso__place) { .file = file, .line = ini.section_lines[0] },
        MSG_MANIFEST_SECTION, ini.sections[0], "plugin");
  manifest_reader in = {
    .arena = arena, .ini = &ini, .section = "plugin", .err = err
  };
  CHISO__TRY(read_plugin(&in, out));
  return read_indices(&in, out);
}

/* ---- ABI ---------------------------------------------------------------- */

bool chiso__abi_read(const char *text, uint32_t *major, uint32_t *minor) {
  return read_number(&text, UINT16_MAX, major) && *text++ == '.' &&
         read_number(&text, UINT16_MAX, minor) && *text == '\0';
}

chiso_status chiso__abi_check(const char *file, const char *id, uint32_t major,
                              uint32_t minor, chiso_error *err) {
  chiso__place place = { .file = file };
  if (major == CHISO_ABI_MAJOR && minor <= CHISO_ABI_MINOR)
    return CHISO_OK;
  if (major == CHISO_ABI_MAJOR)
    return chiso__fail(err, CHISO_BAD_DATA, place, MSG_ABI_NEWER, id,
                       (unsigned)major, (unsigned)minor, CHISO_VERSION,
                       CHISO_ABI_MAJOR, CHISO_ABI_MINOR, (unsigned)major,
                       (unsigned)minor, CHISO_ABI_MAJOR, CHISO_ABI_MINOR);
  return chiso__fail(err, CHISO_BAD_DATA, place,
                     major > CHISO_ABI_MAJOR ? MSG_ABI_NEWER_MAJOR
                                             : MSG_ABI_OLDER,
                     id, (unsigned)major, (unsigned)minor, CHISO_VERSION,
                     CHISO_ABI_MAJOR, CHISO_ABI_MINOR);
}

/* ---- writing ------------------------------------------------------------ */

static chiso_status put_index(chiso__buffer *out, uint32_t place,
                              const chiso__manifest_index *index,
                              chiso_error *err) {
  char max[CHISO_DEC_TEXT];
  chiso__dec_print(index->max, max);
  chiso__buffer_print(out, "[index %u]\n", (unsigned)place);
  CHISO__TRY(chiso__ini_put(out, "id", index->id, err));
  CHISO__TRY(chiso__ini_put(out, "edition", index->edition, err));
  CHISO__TRY(chiso__ini_put(out, "title_vi", index->title_vi, err));
  CHISO__TRY(chiso__ini_put(out, "title_en", index->title_en, err));
  if (index->scope)
    CHISO__TRY(chiso__ini_put(
        out, "scope", chiso_key(CHISO_FAMILY_SCOPE, index->scope), err));
  CHISO__TRY(chiso__ini_put(out, "variant_of", index->variant_of, err));
  CHISO__TRY(chiso__ini_put(out, "level",
                            chiso_key(CHISO_FAMILY_LEVEL, index->level), err));
  CHISO__TRY(chiso__ini_put(out, "units", index->unit_set, err));
  chiso__buffer_print(out, "first = %u\nlast = %u\n", (unsigned)index->first,
                      (unsigned)index->last);
  CHISO__TRY(chiso__ini_put(out, "max", max, err));
  CHISO__TRY(chiso__ini_put(out, "counts", index->counts, err));
  CHISO__TRY(chiso__ini_put(out, "legal", index->legal, err));
  CHISO__TRY(chiso__ini_put(out, "provenance", index->provenance, err));
  return chiso__ini_put(out, "definition_sha256", index->digest, err);
}

chiso_status chiso__manifest_write(const chiso__manifest *manifest,
                                   chiso__buffer *out, chiso_error *err) {
  chiso__buffer_text(out, "[plugin]\n");
  CHISO__TRY(chiso__ini_put(out, "format", CHISO__MANIFEST_FORMAT, err));
  CHISO__TRY(chiso__ini_put(out, "id", manifest->id, err));
  CHISO__TRY(chiso__ini_put(out, "version", manifest->version, err));
  CHISO__TRY(chiso__ini_put(out, "license", manifest->license, err));
  CHISO__TRY(chiso__ini_put(out, "contact", manifest->contact, err));
  CHISO__TRY(chiso__ini_put(out, "abi", manifest->abi, err));
  CHISO__TRY(chiso__ini_put(out, "library", manifest->library, err));
  CHISO__TRY(
      chiso__ini_put(out, "library_sha256", manifest->library_digest, err));
  CHISO__TRY(
      chiso__ini_put(out, "rules", manifest->call ? "call" : "data", err));
  for (uint32_t i = 0; i < manifest->n_indices; i++)
    CHISO__TRY(put_index(out, i + 1, &manifest->indices[i], err));
  return out->failed ? chiso__no_memory(err) : CHISO_OK;
}
