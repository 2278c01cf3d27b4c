/* SPDX-License-Identifier: Apache-2.0
 * variant/read.c - overlays on their base, layer by layer. */
#include "base/buffer.h"
#include "base/file.h"
#include "host/host.h"
#include "variant/variant.h"

#include <string.h>

/* ---- files -------------------------------------------------------------- */

static bool ends(const char *name, const char *ending) {
  size_t n = strlen(name), m = strlen(ending);
  return n > m && strcmp(name + n - m, ending) == 0;
}

bool chiso_is_methodology_file(const char *name) {
  return ends(name, ".json") || ends(name, ".ini");
}

const char *chiso__path_beside(chiso__arena *arena, const char *beside,
                               const char *path) {
  const char *slash = strrchr(beside, '/');
  chiso__buffer out = { .allocator = arena->allocator };
  if (slash && *path != '/')
    chiso__buffer_bytes(&out, beside, (size_t)(slash - beside) + 1);
  chiso__buffer_text(&out, path);
  const char *whole =
      out.failed ? NULL : chiso__arena_text(arena, out.data, out.size);
  chiso__buffer_free(&out);
  return whole;
}

chiso_status chiso__base_find(chiso_store *store, const char *name,
                              const chiso_allocator *allocator,
                              const chiso_methodology **out,
                              chiso_methodology **own, chiso_rule *rule,
                              chiso_error *err) {
  const chiso_listing *listing;
  *own = NULL;
  *rule = (chiso_rule) { 0 };
  if (ends(name, ".json")) {
    CHISO__TRY(chiso_methodology_read(name, allocator, own, err));
    *out = *own;
    return CHISO_OK;
  }
  if (!store)
    return CHISO__FAIL(err, CHISO_USAGE, MSG_STORE_UNKNOWN, name);
  CHISO__TRY(chiso_store_find(store, name, &listing, err));
  return chiso_store_load(store, listing, out, rule, err);
}

/* ---- the stack of files ------------------------------------------------- */

/* What came last is a fault of a file: it is told. */
static chiso_status fault(chiso_variant *v, const chiso_error *err) {
  chiso__remark_error(&v->faults, err);
  return CHISO_BAD_DATA;
}

/* The base that [overlay] names; NULL with CHISO_BAD_DATA told. */
static const chiso__ini_entry *
base_entry(chiso_variant *v, const chiso__ini *ini, chiso_error *err) {
  bool found = false;
  for (size_t i = 0; i < ini->n_sections; i++)
    found |= strcmp(ini->sections[i], "overlay") == 0;
  const chiso__ini_entry *entry = chiso__ini_get(ini, "overlay", "base");
  chiso__place place = { .file = ini->file };
  if (entry && *entry->value)
    return entry;
  if (chiso__ini_damaged(ini, "overlay"))
    return NULL; /* its line may be the one with a fault */
  if (!found)
    chiso__fail(err, CHISO_BAD_DATA, place, MSG_VARIANT_NO_OVERLAY);
  else
    chiso__fail(err, CHISO_BAD_DATA, place, MSG_VARIANT_ABSENT, "overlay",
                "base");
  (void)fault(v, err);
  return NULL;
}

/* Opens an overlay as the lowest or the highest layer so far. */
static chiso_status open_layer(chiso_variant *v, const char *path, bool lowest,
                               chiso_error *err) {
  size_t at = lowest ? 0 : v->n_layers;
  const char *text;
  size_t size;
  if (v->n_layers == CHISO_MAX_LAYERS) {
    (void)chiso__fail(err, CHISO_BAD_DATA, (chiso__place) { .file = path },
                      MSG_VARIANT_LAYERS, CHISO_MAX_LAYERS);
    return fault(v, err);
  }
  const char *name = chiso__arena_text(&v->arena, path, strlen(path));
  if (!name)
    return chiso__no_memory(err);
  chiso__ini ini;
  CHISO__TRY(chiso__file_read(&v->arena, name, CHISO__LIMIT_OVERLAY, false,
                              &text, &size, err));
  chiso_status status =
      chiso__ini_parse_all(&v->arena, name, text, size, &v->faults, &ini, err);
  /* a line with a fault does not hide those of the others */
  if (status != CHISO_BAD_DATA || !ini.usable)
    CHISO__TRY(status);
  for (size_t i = v->n_layers; i > at; i--) {
    v->layers[i] = v->layers[i - 1];
    v->inis[i] = v->inis[i - 1];
  }
  v->n_layers++;
  v->layers[at] = (chiso_layer) { .path = name };
  v->inis[at] = ini;
  return CHISO_OK;
}

/* The overlays below the first one, down to what is none. */
static chiso_status open_below(chiso_variant *v, const chiso__ini_entry **base,
                               chiso_error *err) {
  for (;;) {
    *base = base_entry(v, &v->inis[0], err);
    if (!*base)
      return CHISO_BAD_DATA;
    if (!ends((*base)->value, ".ini"))
      return CHISO_OK;
    const char *path =
        chiso__path_beside(&v->arena, v->layers[0].path, (*base)->value);
    if (!path)
      return chiso__no_memory(err);
    CHISO__TRY(open_layer(v, path, true, err));
  }
}

/* ---- one layer ---------------------------------------------------------- */

/* The base is the one that the overlay was written for. */
static chiso_status check_base(const chiso__editor *e) {
  const chiso__ini *ini = e->ini;
  const chiso__ini_entry *base = chiso__ini_get(ini, "overlay", "base");
  const chiso__ini_entry *pin = chiso__ini_get(ini, "overlay", "base_sha256");
  const char *digest = e->from->digest;
  if (!chiso_is_methodology_file(base->value) &&
      strcmp(base->value, e->from->name) != 0)
    return CHISO__REFUSE(e, chiso__at(e, base), MSG_VARIANT_BASE, base->value,
                         e->from->name);
  if (pin && strcmp(pin->value, digest) != 0)
    return CHISO__REFUSE(e, chiso__at(e, pin), MSG_VARIANT_PIN, e->from->name,
                         digest);
  return CHISO_OK;
}

/* And the overlay says so. */
static chiso_status check_pin(const chiso__editor *e) {
  bool strange = e->strange && strcmp(e->strange, "overlay") == 0;
  return strange || chiso__ini_get(e->ini, "overlay", "base_sha256")
             ? CHISO_OK
             : CHISO__REFUSE(
                   e, chiso__at(e, chiso__ini_get(e->ini, "overlay", "base")),
                   MSG_VARIANT_NO_PIN, e->from->name, e->from->digest);
}

static bool begins(const char *name, const char *word) {
  size_t n = strlen(word);
  return strncmp(name, word, n) == 0 && (name[n] == ' ' || !name[n]);
}

static chiso_status apply_section(chiso__editor *e, const char *name,
                                  uint64_t line) {
  bool found;
  CHISO__TRY(chiso__set_section(e, name, line, &found));
  return found ? CHISO_OK : chiso__section_apply(e, name, line);
}

/* Texts that an index.json could not hold; lists of several are no texts. */
static chiso_status check_lengths(chiso__editor *e) {
  static const char *const lists[] = { "steps", "inputs", "grades",    "parts",
                                       "was",   "counts", "supersedes" };
  for (size_t i = 0; i < e->ini->count; i++) {
    const chiso__ini_entry *entry = &e->ini->entries[i];
    bool list = false;
    for (size_t k = 0; k < sizeof lists / sizeof *lists; k++)
      list |= strcmp(lists[k], entry->key) == 0;
    if (!list && strlen(entry->value) > CHISO__MAX_TEXT)
      CHISO__TELL(e, CHISO__REFUSE(e, chiso__at(e, entry), MSG_MODEL_LONG_TEXT,
                                   entry->key, CHISO__MAX_TEXT));
  }
  return CHISO_OK;
}

static chiso_status apply(chiso__editor *e, chiso_methodology **out) {
  size_t before = e->failures;
  CHISO__TELL(e, check_base(e));
  if (e->failures > before)
    return CHISO_OK; /* all else may only follow from that */
  CHISO__TRY(check_lengths(e));
  CHISO__TRY(chiso__head_read(e));
  CHISO__TELL(e, check_pin(e));
  CHISO__TRY(chiso__edits_from(e));
  chiso_node *root = &e->edits[0].node;
  root->title_vi = e->head.title_vi;
  root->title_en = e->head.title_en;
  for (size_t i = 0; i < e->ini->n_sections; i++) {
    const char *name = e->ini->sections[i];
    if (strcmp(name, "overlay") == 0 || begins(name, "legal"))
      continue;
    CHISO__TELL(e, apply_section(e, name, e->ini->section_lines[i]));
  }
  return e->failures ? CHISO_OK : chiso__edits_finish(e, out);
}

static const char *kept(chiso_variant *v, const char *text) {
  return chiso__arena_text(&v->arena, text, strlen(text));
}

static chiso_status apply_layer(chiso_variant *v, uint32_t layer,
                                const chiso_methodology *from,
                                chiso_methodology **out, chiso_error *err) {
  chiso__editor e = { .variant = v,
                      .arena = &v->arena,
                      .ini = &v->inis[layer],
                      .from = from,
                      .layer = layer,
                      .err = err,
                      .faults = &v->faults,
                      .ids = { .allocator = v->allocator, .folded = true } };
  for (size_t i = 0; i < e.ini->n_sections; i++)
    e.failures += e.ini->damaged[i];
  chiso_status status = apply(&e, out);
  chiso__map_free(&e.ids);
  chiso__free(v->allocator, e.edits);
  if (status != CHISO_OK)
    return status;
  if (e.failures)
    return CHISO_BAD_DATA;
  chiso_layer *l = &v->layers[layer];
  l->name = kept(v, (*out)->name);
  l->digest = kept(v, (*out)->digest);
  l->base = kept(v, from->name);
  return l->name && l->digest && l->base ? CHISO_OK : chiso__no_memory(err);
}

/* Texts of a layer's result are referred to by those above it, so that it is
 * kept until the variant goes: as the base of the next one. */
static chiso_status apply_all(chiso_variant *v, chiso_error *err) {
  const chiso_methodology *from = v->base;
  for (uint32_t i = 0; i < v->n_layers; i++) {
    chiso_methodology *to = NULL;
    CHISO__TRY(apply_layer(v, i, from, &to, err));
    v->below[i] = to;
    from = v->result = to;
  }
  return chiso__origins_finish(v, err);
}

/* It stands on the one that was given before it, by name. */
static chiso_status check_above(chiso_variant *v, const chiso__ini *ini,
                                chiso_error *err) {
  const chiso__ini_entry *entry = base_entry(v, ini, err);
  if (!entry)
    return CHISO_BAD_DATA;
  if (!chiso_is_methodology_file(entry->value))
    return CHISO_OK;
  (void)chiso__fail(err, CHISO_BAD_DATA,
                    (chiso__place) { ini->file, entry->line, entry->column },
                    MSG_VARIANT_BASE_PATH, entry->value);
  return fault(v, err);
}

/* The overlays above the first one; a fault of one does not hide another's. */
static chiso_status open_above(chiso_variant *v, const char *const *paths,
                               size_t count, chiso_error *err) {
  chiso_status worst = CHISO_OK;
  for (size_t i = 1; i < count; i++) {
    chiso_status status = open_layer(v, paths[i], false, err);
    if (status == CHISO_OK)
      status = check_above(v, &v->inis[v->n_layers - 1], err);
    if (status != CHISO_OK && status != CHISO_BAD_DATA)
      return status;
    worst = status != CHISO_OK ? status : worst;
  }
  return worst;
}

static chiso_status find_base(chiso_variant *v, const chiso__ini_entry *base,
                              chiso_error *err) {
  const char *name = base->value;
  if (chiso_is_methodology_file(name))
    name = chiso__path_beside(&v->arena, v->layers[0].path, name);
  if (!name)
    return chiso__no_memory(err);
  *err->file = '\0';
  chiso_status status = chiso__base_find(v->store, name, v->allocator, &v->base,
                                         &v->own_base, &v->rule, err);
  /* a name that nobody has is a fault of the file that says it */
  if (status == CHISO_USAGE && !*err->file) {
    snprintf(err->file, sizeof err->file, "%s", v->inis[0].file);
    err->line = base->line;
    err->column = base->column;
    err->status = CHISO_BAD_DATA;
    return fault(v, err);
  }
  return status;
}

static chiso_status read_all(chiso_variant *v, const char *const *paths,
                             size_t count, chiso_error *err) {
  const chiso__ini_entry *base = NULL;
  chiso_status below = open_layer(v, paths[0], false, err);
  if (below == CHISO_OK)
    below = open_below(v, &base, err);
  if (below != CHISO_OK && below != CHISO_BAD_DATA)
    return below;
  CHISO__TRY(open_above(v, paths, count, err));
  CHISO__TRY(below);
  CHISO__TRY(find_base(v, base, err));
  return apply_all(v, err);
}

/* ---- the variant -------------------------------------------------------- */

/* The first fault is also the error of the call. */
static chiso_status settle(chiso_variant *v, chiso_status status,
                           chiso_error *err) {
  if (v->faults.short_memory)
    return chiso__no_memory(err);
  chiso__remarks_sort(&v->faults);
  if (status == CHISO_BAD_DATA && v->faults.count)
    *err = v->faults.list[0];
  return status;
}

chiso_status chiso_variant_read_all(const char *const *paths, size_t count,
                                    chiso_store *store,
                                    const chiso_allocator *allocator,
                                    chiso_variant **out, chiso_error *err) {
  chiso_error why = { .lang = err ? err->lang : CHISO_LANG_EN };
  *out = NULL;
  if (count == 0 || count > CHISO_MAX_LAYERS)
    return CHISO__FAIL(err, CHISO_USAGE, MSG_VARIANT_LAYERS, CHISO_MAX_LAYERS);
  chiso_variant *v = chiso__alloc(allocator, sizeof *v);
  if (!v)
    return chiso__no_memory(err);
  v->allocator = allocator;
  v->arena.allocator = allocator;
  v->faults.allocator = allocator;
  v->faults.lang = why.lang;
  v->store = store;
  chiso_status status = settle(v, read_all(v, paths, count, &why), &why);
  if (status != CHISO_OK && err)
    *err = why;
  if (status == CHISO_OK || v->faults.count)
    *out = v;
  else
    chiso_variant_free(v);
  return status;
}

chiso_status chiso_variant_read(const char *const *paths, size_t count,
                                chiso_store *store,
                                const chiso_allocator *allocator,
                                chiso_variant **out, chiso_error *err) {
  chiso_status status =
      chiso_variant_read_all(paths, count, store, allocator, out, err);
  if (status != CHISO_OK) {
    chiso_variant_free(*out);
    *out = NULL;
  }
  return status;
}

size_t chiso_variant_faults(const chiso_variant *variant) {
  return variant->faults.faults;
}

const chiso_error *chiso_variant_fault(const chiso_variant *variant,
                                       size_t place) {
  return place < variant->faults.count ? &variant->faults.list[place] : NULL;
}

void chiso_variant_free(chiso_variant *variant) {
  if (!variant)
    return;
  for (size_t i = 0; i < CHISO_MAX_LAYERS; i++)
    chiso_methodology_free(variant->below[i]);
  chiso_methodology_free(variant->own_base);
  chiso__free(variant->allocator, variant->records);
  chiso__free(variant->allocator, variant->removed);
  chiso__free(variant->allocator, variant->faults.list);
  chiso__arena_free(&variant->arena);
  chiso__free(variant->allocator, variant);
}

const chiso_methodology *
chiso_variant_methodology(const chiso_variant *variant) {
  return variant->result;
}

const chiso_methodology *chiso_variant_base(const chiso_variant *variant) {
  return variant->base;
}

chiso_rule chiso_variant_rule(const chiso_variant *variant) {
  return variant->rule;
}

size_t chiso_variant_layers(const chiso_variant *variant) {
  return variant->n_layers;
}

const chiso_layer *chiso_variant_layer(const chiso_variant *variant,
                                       size_t place) {
  return place < variant->n_layers ? &variant->layers[place] : NULL;
}

/* ---- in a store --------------------------------------------------------- */

static void free_variant(void *owner) {
  chiso_variant_free(owner);
}

static void free_methodology(void *owner) {
  chiso_methodology_free(owner);
}

chiso_status chiso_store_read(chiso_store *store, const char *path,
                              const chiso_listing **out, chiso_error *err) {
  *out = chiso__store_local(store, path);
  if (*out)
    return CHISO_OK;
  const chiso_allocator *allocator = store->allocator;
  if (ends(path, ".ini")) {
    chiso_variant *v;
    CHISO__TRY(chiso_variant_read(&path, 1, store, allocator, &v, err));
    return chiso__store_add(store, path, v->result, v->rule, v, free_variant,
                            out, err);
  }
  chiso_methodology *m;
  CHISO__TRY(chiso_methodology_read(path, allocator, &m, err));
  return chiso__store_add(store, path, m, (chiso_rule) { 0 }, m,
                          free_methodology, out, err);
}

const chiso_variant *chiso_store_variant(const chiso_store *store,
                                         const chiso_listing *listing) {
  return chiso__store_owner(store, listing, free_variant);
}
