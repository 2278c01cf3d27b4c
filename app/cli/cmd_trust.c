/* SPDX-License-Identifier: Apache-2.0
 * chiso plugin trust: whose plugins are loaded in process, what is refused. */
#include "cli.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

/* ---- rows --------------------------------------------------------------- */

static sheet rows_begin(cli *c) {
  sheet s = sheet_new(c);
  sheet_column(&s, "kind", TXT_COL_TRUST_KIND, CHISO_CELL_TEXT, 0);
  sheet_column(&s, "name", TXT_COL_TRUST_NAME, CHISO_CELL_TEXT, 0);
  sheet_column(&s, "id", TXT_COL_TRUST_ID, CHISO_CELL_TEXT, 0);
  sheet_column(&s, "for", TXT_COL_TRUST_FOR, CHISO_CELL_TEXT, 0);
  sheet_column(&s, "date", TXT_COL_TRUST_DATE, CHISO_CELL_TEXT, 0);
  sheet_column(&s, "reason", TXT_COL_WHY, CHISO_CELL_TEXT, 0);
  if (!cli_people(c))
    sheet_column(&s, "key", TXT_COL_TRUST_KEY, CHISO_CELL_TEXT, 0);
  sheet_column(&s, "file", TXT_COL_TRUST_FILE, CHISO_CELL_TEXT, 0);
  return s;
}

static void add_row(sheet *s, const chiso_trust_row *row) {
  static const char *const keys[] = { "key", "manifest", "revoked" };
  static const text_id titles[] = { TXT_TRUST_KEY, TXT_TRUST_MANIFEST,
                                    TXT_TRUST_REVOKED };
  cli *c = s->c;
  bool people = cli_people(c);
  const char *id = row->key_id ? row->key_id : row->digest;
  sheet_text(s, people ? cli_text(c, titles[row->kind]) : keys[row->kind]);
  sheet_text(s, row->name);
  sheet_text(s, id);
  sheet_text(s, row->patterns);
  sheet_text(s, row->date);
  sheet_text(s, row->reason);
  if (!people)
    sheet_text(s, row->key);
  const char *file = cli_plain_path(c, row->file);
  sheet_text(s, row->line ? cli_print(c, "%s:%llu", file,
                                      (unsigned long long)row->line)
                          : file);
}

int cmd_trust_list(cli *c) {
  int code = cli_find_places(c);
  if (code != EXIT_DONE)
    return code;
  chiso_trust *trust = NULL;
  chiso_status status =
      chiso_trust_open(&c->places.options, NULL, &trust, &c->err);
  if (status != CHISO_OK)
    return cli_fail(c, status);
  sheet s = rows_begin(c);
  for (size_t i = 0; i < chiso_trust_count(trust); i++)
    add_row(&s, chiso_trust_get(trust, i));
  const char *file = c->places.options.trust_file;
  sheet_note(&s, file ? cli_say(c, TXT_TRUST_YOURS, file) : "");
  code = sheet_write(&s);
  chiso_trust_free(trust);
  return code;
}

/* ---- writing ------------------------------------------------------------ */

/* --date, else today where the user is. */
static const char *date_of(cli *c) {
  time_t now = time(NULL);
  struct tm here;
  if (c->value[OPT_DATE])
    return c->value[OPT_DATE];
  if (!localtime_r(&now, &here))
    return "";
  return cli_print(c, "%04d-%02d-%02d", here.tm_year + 1900, here.tm_mon + 1,
                   here.tm_mday);
}

/* Writes the rows, and says what was written. */
static int append(cli *c, chiso_trust_row *rows, size_t count) {
  const char *path = c->places.options.trust_file;
  if (!path)
    return cli_usage(c, TXT_ERR_TRUST_FILE);
  for (size_t i = 0; i < count; i++)
    rows[i].date = date_of(c);
  chiso_status status = chiso_trust_append(path, rows, count, NULL, &c->err);
  if (status != CHISO_OK)
    return cli_fail(c, status);
  sheet s = rows_begin(c);
  for (size_t i = 0; i < count; i++) {
    rows[i].file = path;
    add_row(&s, &rows[i]);
  }
  if (rows[0].key)
    sheet_note(&s, cli_say(c, TXT_TRUST_THE_KEY, rows[0].key));
  return sheet_write(&s);
}

static bool ends_with(const char *text, const char *end) {
  size_t n = strlen(text), m = strlen(end);
  return n > m && strcmp(text + n - m, end) == 0;
}

/* A key by its looks: "RW..." or a .pub file. */
static bool is_key(const char *operand) {
  return ends_with(operand, ".pub") ||
         (strncmp(operand, "RW", 2) == 0 && strlen(operand) >= 40);
}

/* `size` hex digits, written in small or large letters as they stand in a
 * trust file; NULL when the text is something else. */
static const char *hex(cli *c, const char *text, size_t size, bool large) {
  static const char digits[] = "0123456789abcdefABCDEF";
  if (strlen(text) != size || strspn(text, digits) != size)
    return NULL;
  char *out = cli_alloc(c, size + 1);
  for (size_t i = 0; out && i < size; i++) {
    size_t digit = (size_t)(strchr(digits, text[i]) - digits);
    if (digit >= 10)
      digit = 10 + (digit - 10) % 6 + (large ? 6 : 0);
    out[i] = digits[digit];
  }
  return out;
}

/* The name that a publisher goes by: --name, the name of the file, the id. */
static const char *publisher(cli *c, const char *operand, const char *id) {
  const char *slash = strrchr(operand, '/');
  const char *name = slash ? slash + 1 : operand;
  if (c->value[OPT_NAME])
    return c->value[OPT_NAME];
  return ends_with(operand, ".pub") ? cli_copy(c, name, strlen(name) - 4) : id;
}

static int add_key(cli *c, const char *operand) {
  chiso_public_key key;
  chiso_status status = chiso_public_key_read(operand, &key, &c->err);
  if (status != CHISO_OK)
    return cli_fail(c, status);
  int code = cli_find_places(c);
  chiso_trust_row row = { .kind = CHISO_TRUST_KEY,
                          .name = publisher(c, operand, key.id),
                          .key = key.text,
                          .key_id = key.id,
                          .patterns = c->value[OPT_FOR] };
  return code == EXIT_DONE ? append(c, &row, 1) : code;
}

/* What is known to be wrong is not pinned. */
static bool is_wrong(const chiso_plugin_listing *plugin) {
  return plugin->verdict == CHISO_VERDICT_NONE ||
         plugin->verdict == CHISO_VERDICT_REVOKED ||
         plugin->verdict == CHISO_VERDICT_DAMAGED ||
         plugin->verdict == CHISO_VERDICT_CHANGED;
}

int cmd_trust_add(cli *c) {
  const char *operand = c->operand[0];
  if (is_key(operand))
    return add_key(c, operand);
  if (c->value[OPT_NAME] || c->value[OPT_FOR])
    return cli_usage(c, TXT_ERR_TRUST_NOT_KEY,
                     c->value[OPT_NAME] ? "name" : "for", operand);
  size_t place;
  int code = cli_find_plugin(c, operand, &place);
  if (code != EXIT_DONE)
    return code;
  const chiso_plugin_listing *plugin = chiso_store_plugin(c->store, place);
  if (is_wrong(plugin)) {
    c->err = plugin->why;
    return cli_fail(c, CHISO_BAD_DATA);
  }
  chiso_trust_row row = { .kind = CHISO_TRUST_MANIFEST,
                          .name = plugin->id,
                          .digest = plugin->digest };
  return append(c, &row, 1);
}

/* ---- revoking ----------------------------------------------------------- */

/* The key of the trust files with this id or name: its id, or its name; NULL
 * when there is none. */
static const char *known_key(cli *c, const char *what, bool want_id) {
  const char *found = NULL;
  chiso_trust *trust = NULL;
  if (chiso_trust_open(&c->places.options, NULL, &trust, &c->err) != CHISO_OK)
    return NULL; /* appending will say what is wrong with the file */
  for (size_t i = 0; i < chiso_trust_count(trust) && !found; i++) {
    const chiso_trust_row *row = chiso_trust_get(trust, i);
    if (row->kind != CHISO_TRUST_KEY)
      continue;
    if (strcmp(want_id ? row->name : row->key_id, what) == 0)
      found = want_id ? row->key_id : row->name;
  }
  if (found)
    found = cli_copy(c, found, strlen(found));
  chiso_trust_free(trust);
  return found;
}

static int revoke_key(cli *c, const char *id) {
  chiso_trust_row row = { .kind = CHISO_TRUST_REVOKED,
                          .name = known_key(c, id, false),
                          .key_id = id,
                          .reason = c->value[OPT_REASON] };
  return append(c, &row, 1);
}

static int revoke_digest(cli *c, const char *digest) {
  chiso_trust_row row = { .kind = CHISO_TRUST_REVOKED,
                          .digest = digest,
                          .reason = c->value[OPT_REASON] };
  return append(c, &row, 1);
}

/* Each manifest that is found under the id, so that none takes the place of
 * another. */
static int revoke_plugin(cli *c, size_t place) {
  const char *id = chiso_store_plugin(c->store, place)->id;
  size_t count = chiso_store_plugins(c->store), n = 0;
  chiso_trust_row *rows = cli_alloc(c, count * sizeof(*rows));
  if (!rows)
    return EXIT_BUG;
  for (size_t i = 0; i < count; i++) {
    const chiso_plugin_listing *p = chiso_store_plugin(c->store, i);
    bool again = p->verdict == CHISO_VERDICT_REVOKED && i != place;
    if (!id || !p->id || strcmp(p->id, id) != 0 || again)
      continue;
    for (size_t j = 0; j < n && !again; j++)
      again = strcmp(rows[j].digest, p->digest) == 0;
    if (!again)
      rows[n++] = (chiso_trust_row) { .kind = CHISO_TRUST_REVOKED,
                                      .name = p->id,
                                      .digest = p->digest,
                                      .reason = c->value[OPT_REASON] };
  }
  if (n > 0)
    return append(c, rows, n);
  c->err = chiso_store_plugin(c->store, place)->why;
  return cli_fail(c, CHISO_BAD_DATA);
}

int cmd_trust_revoke(cli *c) {
  const char *operand = c->operand[0];
  int code = cli_find_places(c);
  if (code != EXIT_DONE)
    return code;
  const char *key_id = hex(c, operand, 16, true);
  if (key_id)
    return revoke_key(c, key_id);
  const char *digest = hex(c, operand, 64, false);
  if (digest)
    return revoke_digest(c, digest);
  if (is_key(operand)) {
    chiso_public_key key;
    chiso_status status = chiso_public_key_read(operand, &key, &c->err);
    return status == CHISO_OK ? revoke_key(c, key.id) : cli_fail(c, status);
  }
  const char *id = known_key(c, operand, true);
  if (id)
    return revoke_key(c, id);
  size_t place;
  code = cli_find_plugin(c, operand, &place);
  return code == EXIT_DONE ? revoke_plugin(c, place) : code;
}
