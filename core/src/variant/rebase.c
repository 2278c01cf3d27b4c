/* SPDX-License-Identifier: Apache-2.0
 * variant/rebase.c - an overlay carried over to another edition of its base:
 * ids that moved are rewritten, and what a person must decide is listed. */
#include "base/buffer.h"
#include "base/file.h"
#include "variant/variant.h"

#include <string.h>

typedef struct rewrite {
  uint64_t line;
  const char *value;
} rewrite;

struct chiso_rebase {
  const chiso_allocator *allocator;
  chiso__arena arena;
  chiso_variant *variant;
  chiso_methodology *own_to;
  chiso_variant *to_variant; /* when the new base is an overlay */
  chiso_rebase_row *rows;
  size_t n_rows, rows_capacity, n_open;
  rewrite *rewrites;
  size_t n_rewrites, rewrites_capacity;
  chiso__buffer text;
};

typedef struct rebaser {
  chiso_rebase *r;
  const chiso__ini *ini;
  const chiso_methodology *from, *to;
  chiso__links links;
  chiso_error *err;
} rebaser;

/* ---- lists -------------------------------------------------------------- */

static chiso_status add_row(rebaser *b, chiso_rebase_row row) {
  chiso_rebase *r = b->r;
  void *rows = r->rows;
  bool room = chiso__grow(r->allocator, &rows, &r->rows_capacity, r->n_rows,
                          sizeof *r->rows);
  r->rows = rows;
  if (!room)
    return chiso__no_memory(b->err);
  r->rows[r->n_rows++] = row;
  r->n_open += row.kind >= CHISO_REBASE_REVIEW;
  return CHISO_OK;
}

static chiso_status add_rewrite(rebaser *b, uint64_t line, const char *value) {
  chiso_rebase *r = b->r;
  void *list = r->rewrites;
  bool room = chiso__grow(r->allocator, &list, &r->rewrites_capacity,
                          r->n_rewrites, sizeof *r->rewrites);
  r->rewrites = list;
  if (!room)
    return chiso__no_memory(b->err);
  r->rewrites[r->n_rewrites++] = (rewrite) { line, value };
  return CHISO_OK;
}

/* ---- nodes -------------------------------------------------------------- */

/* The heirs of a node as a text, and the only one when it is its only heir. */
static const char *heirs_of(rebaser *b, uint32_t old, uint32_t *only) {
  const chiso__links *l = &b->links;
  chiso__buffer out = { .allocator = b->r->allocator };
  uint32_t n = b->to->index.n_nodes, count = 0;
  *only = CHISO_NO_NODE;
  for (uint32_t i = 0; i < n; i++)
    for (uint32_t k = l->first[i]; k < l->first[i + 1]; k++) {
      if (l->origins[k] != old)
        continue;
      chiso__buffer_print(&out, "%s%s", count++ ? ", " : "",
                          b->to->index.nodes[i].id);
      *only =
          count == 1 && l->first[i + 1] - l->first[i] == 1 ? i : CHISO_NO_NODE;
    }
  const char *text = out.failed || !count
                         ? NULL
                         : chiso__arena_text(&b->r->arena, out.data, out.size);
  chiso__buffer_free(&out);
  return text;
}

/* Whether the base changed, of a node, what the section changes. */
static bool met(rebaser *b, const char *section, uint32_t old, uint32_t new) {
  const chiso_index *before = &b->from->index, *after = &b->to->index;
  chiso__key keys[CHISO__MAX_KEYS], others[CHISO__MAX_KEYS];
  size_t n = chiso__keys(before->nodes[old].op, keys);
  size_t m = chiso__keys(after->nodes[new].op, others);
  bool all = strncmp(section, "reweight", 8) == 0;
  if (strncmp(section, "change", 6) != 0 && !all)
    return false;
  for (size_t i = 0; i < n; i++) {
    bool said = chiso__ini_get(b->ini, section, keys[i].name) != NULL;
    bool points = keys[i].field->rule || strcmp(keys[i].name, "max") == 0;
    if (strcmp(keys[i].name, "id") == 0 || strcmp(keys[i].name, "legal") == 0 ||
        !(said || (all && points)))
      continue;
    size_t k = 0;
    while (k < m && strcmp(others[k].name, keys[i].name) != 0)
      k++;
    if (k == m ||
        !chiso__same_text(chiso__value_text(&b->r->arena, before, &keys[i],
                                            &before->nodes[old]),
                          chiso__value_text(&b->r->arena, after, &others[k],
                                            &after->nodes[new])))
      return true;
  }
  return false;
}

/* A new node needs an id that the new base has not. */
static chiso_status carry_new(rebaser *b, const chiso__ini_entry *entry) {
  bool taken = chiso_methodology_find(b->to, entry->value) != CHISO_NO_NODE;
  return add_row(b, (chiso_rebase_row) { .line = entry->line,
                                         .section = entry->section,
                                         .key = entry->key,
                                         .before = entry->value,
                                         .after = taken ? NULL : entry->value,
                                         .kind = taken ? CHISO_REBASE_LOST
                                                       : CHISO_REBASE_KEPT });
}

static chiso_status carry_entry(rebaser *b, const chiso__ini_entry *entry) {
  uint32_t old = chiso_methodology_find(b->from, entry->value), only;
  bool id = strcmp(entry->key, "id") == 0;
  if (id && strncmp(entry->section, "add", 3) == 0)
    return carry_new(b, entry);
  if (old == CHISO_NO_NODE)
    return CHISO_OK; /* added by this overlay */
  const char *heirs = heirs_of(b, old, &only);
  chiso_rebase_row row = { .line = entry->line,
                           .section = entry->section,
                           .key = entry->key,
                           .before = entry->value,
                           .after = heirs,
                           .kind = CHISO_REBASE_LOST };
  if (only != CHISO_NO_NODE) {
    bool stays = strcmp(heirs, entry->value) == 0;
    row.kind = id && met(b, entry->section, old, only) ? CHISO_REBASE_REVIEW
               : stays                                 ? CHISO_REBASE_KEPT
                                                       : CHISO_REBASE_REWRITTEN;
    if (!stays)
      CHISO__TRY(add_rewrite(b, entry->line, heirs));
  }
  return add_row(b, row);
}

static chiso_status carry_all(rebaser *b) {
  static const char *const keys[] = { "id", "parent", "before", "after" };
  for (size_t i = 0; i < b->ini->count; i++) {
    const chiso__ini_entry *entry = &b->ini->entries[i];
    if (strcmp(entry->section, "overlay") == 0)
      continue;
    for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
      if (strcmp(keys[k], entry->key) == 0)
        CHISO__TRY(carry_entry(b, entry));
  }
  return CHISO_OK;
}

/* ---- the text ----------------------------------------------------------- */

static const char *value_for(const chiso_rebase *r, uint64_t line) {
  for (size_t i = 0; i < r->n_rewrites; i++)
    if (r->rewrites[i].line == line)
      return r->rewrites[i].value;
  return NULL;
}

/* Lines that change keep what stands before the value and their line end. */
static void write_lines(chiso_rebase *r, const char *text, size_t size) {
  const char *end = text + size;
  uint64_t number = 1;
  for (const char *at = text; at < end; number++) {
    const char *stop = memchr(at, '\n', (size_t)(end - at));
    const char *next = stop ? stop + 1 : end;
    const char *value = value_for(r, number);
    const char *equals = memchr(at, '=', (size_t)(next - at));
    const char *tail = stop ? stop : end;
    if (tail > at && tail[-1] == '\r')
      tail--;
    if (value && equals && equals < tail) {
      chiso__buffer_bytes(&r->text, at, (size_t)(equals + 1 - at));
      chiso__buffer_print(&r->text, " %s", value);
      chiso__buffer_bytes(&r->text, tail, (size_t)(next - tail));
    } else {
      chiso__buffer_bytes(&r->text, at, (size_t)(next - at));
    }
    at = next;
  }
}

static chiso_status make_text(rebaser *b, const char *path, const char *to) {
  const chiso__ini_entry *base = chiso__ini_get(b->ini, "overlay", "base");
  const chiso__ini_entry *pin =
      chiso__ini_get(b->ini, "overlay", "base_sha256");
  const char *text;
  size_t size;
  CHISO__TRY(add_rewrite(b, base->line, to));
  CHISO__TRY(add_rewrite(b, pin->line, b->to->digest));
  CHISO__TRY(chiso__file_read(&b->r->arena, path, CHISO__LIMIT_OVERLAY, false,
                              &text, &size, b->err));
  b->r->text.allocator = b->r->allocator;
  write_lines(b->r, text, size);
  return b->r->text.failed ? chiso__no_memory(b->err) : CHISO_OK;
}

/* ---- which node comes from which ---------------------------------------- */

/* The origins of a node of the new base, by those of what both stand on; one
 * that an overlay below added is the one that it adds again. */
static void link_over(rebaser *b, const chiso__links *raw, uint32_t node,
                      uint32_t *n) {
  const char *id = b->to->index.nodes[node].id;
  uint32_t below = chiso_methodology_find(raw->after, id), old;
  if (below == CHISO_NO_NODE) {
    old = chiso_methodology_find(b->from, id);
    if (old != CHISO_NO_NODE)
      b->links.origins[(*n)++] = old;
    return;
  }
  for (uint32_t k = raw->first[below]; k < raw->first[below + 1]; k++) {
    id = raw->before->index.nodes[raw->origins[k]].id;
    old = chiso_methodology_find(b->from, id);
    if (old != CHISO_NO_NODE)
      b->links.origins[(*n)++] = old;
  }
}

/* What an overlay made has no history of its own: that of its base counts. */
static chiso_status make_links(rebaser *b) {
  const chiso_allocator *allocator = b->r->allocator;
  const chiso_variant *over = b->r->to_variant;
  const chiso_methodology *before = b->r->variant->base;
  const chiso_methodology *after = over ? over->base : b->to;
  chiso__links raw;
  chiso_status status =
      chiso__links_make(before, after, allocator, &raw, b->err);
  if (status != CHISO_OK || (before == b->from && after == b->to)) {
    b->links = raw;
    return status;
  }
  uint32_t count = b->to->index.n_nodes, n = 0;
  b->links.first =
      chiso__alloc(allocator, (count + 1) * sizeof *b->links.first);
  b->links.origins = chiso__alloc(
      allocator, (raw.first[after->index.n_nodes] + count + (size_t)1) *
                     sizeof *b->links.origins);
  if (!b->links.first || !b->links.origins)
    status = chiso__no_memory(b->err);
  for (uint32_t i = 0; i < count && status == CHISO_OK; i++) {
    b->links.first[i] = n;
    link_over(b, &raw, i, &n);
    b->links.first[i + 1] = n;
  }
  chiso__links_free(allocator, &raw);
  return status;
}

/* ---- the rebase ---------------------------------------------------------- */

static bool is_overlay(const char *name) {
  size_t n = strlen(name);
  return n > 4 && strcmp(name + n - 4, ".ini") == 0;
}

static chiso_status find_new_base(rebaser *b, const char *to,
                                  chiso_store *store) {
  chiso_rebase *r = b->r;
  chiso_rule rule;
  if (!is_overlay(to))
    return chiso__base_find(store, to, r->allocator, &b->to, &r->own_to, &rule,
                            b->err);
  CHISO__TRY(
      chiso_variant_read(&to, 1, store, r->allocator, &r->to_variant, b->err));
  b->to = r->to_variant->result;
  return CHISO_OK;
}

/* What the overlay will call its base: a path from its own folder, or a name;
 * a layer that was given with the one below it stays so. */
static const char *new_base(const rebaser *b, const char *path,
                            const char *to) {
  const char *old = chiso__ini_get(b->ini, "overlay", "base")->value;
  const char *slash = strrchr(path, '/');
  size_t folder = slash ? (size_t)(slash - path) + 1 : 0;
  if (!chiso_is_methodology_file(to) ||
      (is_overlay(to) && !chiso_is_methodology_file(old)))
    return b->to->name;
  return strncmp(path, to, folder) == 0 ? to + folder : to;
}

static chiso_status carry_over(chiso_rebase *r, const char *const *paths,
                               size_t count, const char *to, chiso_store *store,
                               chiso_error *err) {
  chiso_variant *v;
  rebaser b = { .r = r, .err = err };
  CHISO__TRY(chiso_variant_read(paths, count, store, r->allocator, &v, err));
  r->variant = v;
  b.ini = &v->inis[v->n_layers - 1];
  b.from = v->n_layers > 1 ? v->below[v->n_layers - 2] : v->base;
  CHISO__TRY(find_new_base(&b, to, store));
  const char *path = paths[count - 1];
  chiso_status status = make_links(&b);
  if (status == CHISO_OK)
    status = carry_all(&b);
  if (status == CHISO_OK)
    status = make_text(&b, path, new_base(&b, path, to));
  chiso__links_free(r->allocator, &b.links);
  return status;
}

chiso_status chiso_rebase_new(const char *const *paths, size_t count,
                              const char *to, chiso_store *store,
                              const chiso_allocator *allocator,
                              chiso_rebase **out, chiso_error *err) {
  *out = NULL;
  chiso_rebase *r = chiso__alloc(allocator, sizeof *r);
  if (!r)
    return chiso__no_memory(err);
  r->allocator = allocator;
  r->arena.allocator = allocator;
  chiso_status status = carry_over(r, paths, count, to, store, err);
  if (status == CHISO_OK)
    *out = r;
  else
    chiso_rebase_free(r);
  return status;
}

void chiso_rebase_free(chiso_rebase *rebase) {
  if (!rebase)
    return;
  chiso_variant_free(rebase->variant);
  chiso_methodology_free(rebase->own_to);
  chiso_variant_free(rebase->to_variant);
  chiso__free(rebase->allocator, rebase->rows);
  chiso__free(rebase->allocator, rebase->rewrites);
  chiso__buffer_free(&rebase->text);
  chiso__arena_free(&rebase->arena);
  chiso__free(rebase->allocator, rebase);
}

size_t chiso_rebase_rows(const chiso_rebase *rebase) {
  return rebase->n_rows;
}

const chiso_rebase_row *chiso_rebase_row_at(const chiso_rebase *rebase,
                                            size_t place) {
  return place < rebase->n_rows ? &rebase->rows[place] : NULL;
}

size_t chiso_rebase_open(const chiso_rebase *rebase) {
  return rebase->n_open;
}

const char *chiso_rebase_text(const chiso_rebase *rebase, size_t *size) {
  *size = rebase->text.size;
  return rebase->text.data;
}

/* ---- names -------------------------------------------------------------- */

static const struct {
  const char *key, *en, *vi;
} kinds[] = {
  [CHISO_REBASE_KEPT] = { "kept", "as it is", "giữ nguyên" },
  [CHISO_REBASE_REWRITTEN] = { "rewritten", "id rewritten", "đã ghi lại mã" },
  [CHISO_REBASE_REVIEW] = { "review", "look again: the base changed it too",
                            "cần xem lại: bộ gốc cũng đã sửa" },
  [CHISO_REBASE_LOST] = { "lost", "decide: gone, split, merged or taken",
                          "cần quyết định: đã bỏ, tách, gộp hoặc trùng mã" },
};

const char *chiso_rebase_key(chiso_rebase_kind kind) {
  return kinds[kind].key;
}

const char *chiso_rebase_title(chiso_rebase_kind kind, chiso_lang lang) {
  return lang == CHISO_LANG_VI ? kinds[kind].vi : kinds[kind].en;
}
