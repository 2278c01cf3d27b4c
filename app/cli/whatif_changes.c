/* SPDX-License-Identifier: Apache-2.0
 * What chiso whatif is told to change, from its options. */
#include "whatif.h"

#include <string.h>

/* ---- lists of KEY=VALUE -------------------------------------------------- */

/* The end of an item: a comma before the next one that has a '='. What follows
 * another comma belongs to the value, as in 1,5. */
static const char *item_end(const char *at) {
  for (;;) {
    const char *comma = strchr(at, ',');
    if (!comma)
      return at + strlen(at);
    size_t next = strcspn(comma + 1, ",");
    if (memchr(comma + 1, '=', next) || (next == 0 && !comma[1]))
      return comma;
    at = comma + 1;
  }
}

/* One item as key and value. */
typedef struct pair {
  const char *key, *value;
} pair;

static int next_pair(cli *c, const repeated *from, const char **at, pair *out) {
  const char *end = item_end(*at);
  const char *text = cli_copy(c, *at, (size_t)(end - *at));
  const char *equals = strchr(text, '=');
  bool more = *end == ',';
  *at = more ? end + 1 : end;
  if (!equals || equals == text || (more && !**at))
    return cli_usage(c, TXT_ERR_WHATIF_PAIR, cli_options[from->id].name,
                     *text && *end != ',' ? text : from->value,
                     cli_options[from->id].value);
  out->key = cli_copy(c, text, (size_t)(equals - text));
  out->value = equals + 1;
  return EXIT_DONE;
}

static size_t count_pairs(const char *text) {
  size_t count = 1;
  for (; *text; text++)
    count += *text == ',';
  return count;
}

/* UNIT:NODE or UNIT:NODE:INPUT */
static int read_entry(cli *c, const repeated *from, const pair *p,
                      chiso_entry_change *out) {
  const char *name = cli_options[from->id].name;
  const char *colon = strchr(p->key, ':');
  if (!colon || colon == p->key || !colon[1])
    return cli_usage(c, TXT_ERR_WHATIF_PAIR, name, p->key,
                     cli_options[from->id].value);
  const char *node = colon + 1, *second = strchr(node, ':');
  size_t size = second ? (size_t)(second - node) : strlen(node);
  *out = (chiso_entry_change) {
    .unit = cli_copy(c, p->key, (size_t)(colon - p->key)),
    .node = cli_copy(c, node, size),
    .input = second ? second + 1 : "",
    .value = p->value,
    .points = from->id == OPT_GIVE,
    .said = cli_print(c, "--%s %s=%s", name, p->key, p->value)
  };
  if (size == 0 || (second && (!second[1] || out->points)))
    return cli_usage(c, TXT_ERR_WHATIF_PAIR, name, p->key,
                     cli_options[from->id].value);
  return EXIT_DONE;
}

static int read_said(cli *c, const repeated *from, whatif_changes *w) {
  const char *at = from->value;
  if (from->id == OPT_WHATIF_CHANGES) {
    w->tables[w->n_tables++] = from->value;
    return EXIT_DONE;
  }
  while (*at && from->id != OPT_THEN) {
    pair p = { "", "" };
    int code = next_pair(c, from, &at, &p);
    if (code == EXIT_DONE && from->id == OPT_WEIGHT)
      w->weights[w->n_weights++] = (chiso_new_weight) { p.key, p.value };
    else if (code == EXIT_DONE)
      code = read_entry(c, from, &p, &w->entries[w->n_entries++]);
    if (code != EXIT_DONE)
      return code;
  }
  return EXIT_DONE;
}

/* ---- units --------------------------------------------------------------- */

static int read_names(cli *c, option_id id, const char ***list, size_t *count) {
  const char *at = c->value[id];
  *count = 0;
  if (!at)
    return EXIT_DONE;
  *list = cli_alloc(c, count_pairs(at) * sizeof **list);
  if (!*list)
    return EXIT_BUG;
  for (;; at++) {
    size_t size = strcspn(at, ",");
    if (size == 0)
      return cli_usage(c, TXT_ERR_WHATIF_NAMES, cli_options[id].name,
                       c->value[id]);
    (*list)[(*count)++] = cli_copy(c, at, size);
    at += size;
    if (!*at)
      return EXIT_DONE;
  }
}

int whatif_read(cli *c, whatif_changes *w) {
  size_t room = 1;
  *w = (whatif_changes) { 0 };
  for (size_t i = 0; i < c->n_said; i++)
    room += count_pairs(c->said[i].value);
  w->entries = cli_alloc(c, room * sizeof *w->entries);
  w->weights = cli_alloc(c, room * sizeof *w->weights);
  w->tables = cli_alloc(c, room * sizeof *w->tables);
  if (!w->entries || !w->weights || !w->tables)
    return EXIT_BUG;
  int code = read_names(c, OPT_WITHOUT, &w->without, &w->n_without);
  if (code == EXIT_DONE)
    code = read_names(c, OPT_ONLY_UNITS, &w->only, &w->n_only);
  for (size_t i = 0; code == EXIT_DONE && i < c->n_said; i++)
    code = read_said(c, &c->said[i], w);
  return code;
}
