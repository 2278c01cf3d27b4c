/* SPDX-License-Identifier: Apache-2.0
 * Ten thousand random overlays on the shipped sets: base and overlay give what
 * the flattened file gives, digest and scores, and the file is canonical. Then
 * random typos in them: every one is refused. */
#include <stdarg.h>

#include "base/dec.h"
#include "chiso/variant.h"
#include "fill.h"
#include "host_fixture.h"

#ifdef __SANITIZE_ADDRESS__
#define OVERLAYS ((size_t)1000) /* the same ones, as far as patience goes */
#else
#define OVERLAYS ((size_t)10000)
#endif
#define ROOM  20000
#define UNITS 3

typedef struct world {
  chiso_store *store;
  folder at;
  char path[PATH_ROOM];
  uint64_t seed;
  /* the overlay at hand */
  const chiso_methodology *base;
  const chiso_index *ix;
  char text[ROOM], total[32];
  size_t size;
  unsigned sections, trims;
  bool *touched; /* nodes that a section names, or that went */
  size_t accepted, tried, typos, trimmed;
} world;

static uint32_t below(world *w, size_t n) {
  return n ? (uint32_t)((xorshift(&w->seed) >> 11) % n) : 0;
}

static void say(world *w, const char *format, ...) CHISO_PRINTF(2, 3);
static void say(world *w, const char *format, ...) {
  va_list args;
  va_start(args, format);
  int n = vsnprintf(w->text + w->size, ROOM - w->size, format, args);
  va_end(args);
  if (n > 0 && w->size + (size_t)n < ROOM)
    w->size += (size_t)n;
}

static void say_points(world *w, const char *key, chiso_dec value) {
  char text[CHISO_DEC_TEXT];
  chiso_dec_format(value, (chiso_dec_style) { ',', 6, false }, text);
  say(w, "%s = %s\n", key, text);
}

/* ---- sections ----------------------------------------------------------- */

static void begin(world *w, const char *verb, uint32_t node) {
  w->touched[node] = true;
  say(w, "[%s %u]\nid = %s\nlegal = q\n", verb, ++w->sections,
      w->ix->nodes[node].id);
}

/* A node that nothing speaks of yet, nor of what is above or below it. */
static uint32_t fresh(world *w) {
  for (int tries = 0; tries < 20; tries++) {
    uint32_t n = 1 + below(w, w->ix->n_nodes - 1);
    bool free = true;
    for (uint32_t i = 0; i < w->ix->n_nodes && free; i++) {
      if (!w->touched[i])
        continue;
      for (uint32_t up = i; up != CHISO_NO_NODE && free;
           up = chiso_methodology_parent(w->base, up))
        free = up != n;
      for (uint32_t up = n; up != CHISO_NO_NODE && free;
           up = chiso_methodology_parent(w->base, up))
        free = up != i;
    }
    if (free)
      return n;
  }
  return CHISO_NO_NODE;
}

static const chiso_node *parent_of(const world *w, uint32_t n) {
  return &w->ix->nodes[chiso_methodology_parent(w->base, n)];
}

static bool is_leaf(const world *w, uint32_t n) {
  return chiso_methodology_first_child(w->base, n) == CHISO_NO_NODE;
}

static void drop(world *w) {
  uint32_t n = fresh(w);
  if (n == CHISO_NO_NODE || parent_of(w, n)->op != CHISO_OP_SUM)
    return;
  /* one of its siblings stays: it is touched, so that nobody takes it */
  uint32_t up = chiso_methodology_parent(w->base, n);
  uint32_t c = chiso_methodology_first_child(w->base, up);
  while (c != CHISO_NO_NODE &&
         (c == n || w->touched[c] || w->ix->nodes[c].weight == 0))
    c = chiso_methodology_next(w->base, c);
  if (c == CHISO_NO_NODE)
    return;
  begin(w, "remove", n);
  w->touched[c] = true;
}

static void weigh(world *w) {
  uint32_t n = fresh(w);
  if (n == CHISO_NO_NODE || parent_of(w, n)->op != CHISO_OP_SUM ||
      w->ix->nodes[n].max == 0)
    return;
  begin(w, "reweight", n);
  say_points(w, "max", (1 + (chiso_dec)below(w, 60)) * 250000 + 10);
}

/* A sum that lost one of its parts, and then is worth something else. */
static void trim(world *w) {
  uint32_t n = fresh(w);
  if (n == CHISO_NO_NODE || parent_of(w, n)->op != CHISO_OP_SUM ||
      w->ix->nodes[n].op != CHISO_OP_SUM)
    return;
  uint32_t counted[2], found = 0;
  for (uint32_t c = chiso_methodology_first_child(w->base, n);
       c != CHISO_NO_NODE && found < 2; c = chiso_methodology_next(w->base, c))
    if (w->ix->nodes[c].weight != 0 && w->ix->nodes[c].max > 0)
      counted[found++] = c;
  if (found < 2)
    return;
  begin(w, "remove", counted[below(w, 2)]);
  begin(w, "reweight", n);
  say_points(w, "max", (1 + (chiso_dec)below(w, 60)) * 250000 + 10);
  w->trims++;
}

static void word(world *w) {
  uint32_t n = fresh(w);
  if (n == CHISO_NO_NODE)
    return;
  begin(w, "change", n);
  say(w, "title_vi = Tên mới số %u\n", below(w, 1000));
  if (below(w, 2))
    say(w, "note = \"ghi chú; %u\"\n", below(w, 1000));
  if (is_leaf(w, n) && below(w, 2))
    say(w, "round = %u %s\n", below(w, 3),
        below(w, 2) ? "cut_off" : "half_even");
}

static void rule(world *w) {
  uint32_t n = fresh(w);
  if (n == CHISO_NO_NODE || !is_leaf(w, n) ||
      parent_of(w, n)->op != CHISO_OP_SUM || w->ix->nodes[n].max < 2000000)
    return;
  const chiso_node *node = &w->ix->nodes[n];
  begin(w, "change", n);
  switch (below(w, 4)) {
  case 0:
    say(w,
        "op = step\ninputs = \"done: num count; due: den count\"\n"
        "empty = leave_out\nsteps = \">=%u%%: ",
        80 + below(w, 20));
    break;
  case 1:
    say(w, "op = step\ninputs = \"v (Tỷ lệ / Share): x percent 2\"\n"
           "steps = \"> 90%%: ");
    break;
  case 2:
    say(w, "op = ratio\ntarget = 0,%u\n", 1 + below(w, 9));
    return;
  default:
    say(w, "op = penalty\nper = 0,25\n");
    return;
  }
  char text[CHISO_DEC_TEXT];
  chiso_dec_format(node->max, (chiso_dec_style) { ',', 6, false }, text);
  say(w, "%s; >=50%%: 0,5; else: 0\"\n", text);
}

static void more(world *w) {
  static const char *const rules[] = {
    "op = manual\n",
    "op = ratio\ntarget = 0,9\nfloor = 0,2\nempty = full\n",
    "op = choice\nsteps = \"co (Có / Yes): 1,5; mot_phan: 0,5; khong: 0\"\n",
    "op = linear\nsteps = \"0: 0; 50: 1; 100: 1,5\"\n",
    "op = penalty\nper = 0,5\nlo = 0,25\n",
  };
  uint32_t n = below(w, w->ix->n_nodes);
  for (uint32_t up = n; up != CHISO_NO_NODE;
       up = chiso_methodology_parent(w->base, up))
    if (w->touched[up] && up != 0)
      return;
  if (w->ix->nodes[n].op != CHISO_OP_SUM)
    return;
  say(w,
      "[add %u]\nid = new.%u\nparent = %s\nkind = criterion\ntitle_vi = "
      "Tiêu chí %u\nmax = 1,5\n%slegal = q\n",
      w->sections + 1, w->sections + 1, w->ix->nodes[n].id, w->sections + 1,
      rules[below(w, sizeof rules / sizeof *rules)]);
  w->sections++;
  w->touched[n] = true;
}

static void shift(world *w) {
  uint32_t n = fresh(w);
  if (n == CHISO_NO_NODE || parent_of(w, n)->op != CHISO_OP_SUM)
    return;
  uint32_t to = below(w, w->ix->n_nodes);
  uint32_t up = chiso_methodology_parent(w->base, n);
  uint32_t c = chiso_methodology_first_child(w->base, up);
  bool alone = c == n && chiso_methodology_next(w->base, c) == CHISO_NO_NODE;
  for (uint32_t a = to; a != CHISO_NO_NODE;
       a = chiso_methodology_parent(w->base, a))
    if (w->touched[a] || a == n)
      return;
  if (alone || to == up || w->ix->nodes[to].op != CHISO_OP_SUM)
    return;
  begin(w, "move", n);
  say(w, "parent = %s\n", w->ix->nodes[to].id);
  w->touched[c == n ? chiso_methodology_next(w->base, c) : c] = true;
}

/* ---- one overlay -------------------------------------------------------- */

static void head(world *w) {
  w->size = 0;
  say(w,
      "[overlay]\nid = t.random\nedition = 1\nbase = %s\nbase_sha256 = %s\n"
      "title_vi = Bộ nội bộ\nprovenance = official\nrank = percent\n"
      "gradings = none\n",
      chiso_methodology_name(w->base), chiso_methodology_digest(w->base));
  if (w->ix->n_gradings == 0)
    w->size -= strlen("gradings = none\n");
  w->text[w->size] = '\0';
  if (*w->total)
    say(w, "max = %s\n", w->total);
  say(w, "[legal q]\ninstrument = 1/QĐ\nissued = 31/12/2025\n");
}

/* What the set says as a whole: days, and parts that make its total. */
static void whole(world *w) {
  chiso__number total = { .raw = w->ix->nodes[0].max };
  if (below(w, 2))
    say(w, "[deadline 1]\nwhat = self_score\ndate = %02u/%02u/2026\n",
        1 + below(w, 28), 1 + below(w, 12));
  if (below(w, 2))
    say(w, "[deadline 2]\nwhat = appraisal\ndate = 2026-%02u-15\nlegal = q\n",
        1 + below(w, 12));
  if (*w->total)
    (void)chiso__number_read(w->total, strlen(w->total), 6, &total);
  chiso_dec part = (1 + (chiso_dec)below(w, 9)) * (total.raw / 10);
  if (below(w, 2) && part > 0 && part < total.raw) {
    char first[CHISO_DEC_TEXT], rest[CHISO_DEC_TEXT];
    chiso_dec_style style = { ',', 6, false };
    chiso_dec_format(part, style, first);
    chiso_dec_format(total.raw - part, style, rest);
    say(w,
        "[partition how]\ntitle_vi = Cách chấm\nparts = \"part.a (Thẩm định / "
        "Appraisal): %s; part.b (Điều tra): %s\"\nlegal = q\n",
        first, rest);
  }
}

static void compose(world *w) {
  static void (*const makers[])(world *) = { drop, weigh, word, rule,
                                             more, shift, word, trim };
  memset(w->touched, 0, w->ix->n_nodes * sizeof *w->touched);
  w->sections = w->trims = 0;
  head(w);
  whole(w);
  for (unsigned n = 1 + below(w, 8); n > 0; n--)
    makers[below(w, sizeof makers / sizeof *makers)](w);
}

static chiso_variant *read_text(world *w, chiso_error *err) {
  const char *path = w->path;
  chiso_variant *v = NULL;
  *err = (chiso_error) { 0 };
  put_bytes(&w->at, "o.ini", w->text, w->size);
  return chiso_variant_read(&path, 1, w->store, NULL, &v, err) == CHISO_OK
             ? v
             : NULL;
}

/* Where only the total is not declared, it is read off the message. */
static chiso_variant *read_balanced(world *w, uint64_t began,
                                    chiso_error *err) {
  chiso_variant *v = read_text(w, err);
  const char *sum = strstr(err->text, "the parts add up to ");
  if (v || !sum)
    return v;
  sum += strlen("the parts add up to ");
  snprintf(w->total, sizeof w->total, "%.*s", (int)strcspn(sum, ","), sum);
  for (char *c = w->total; *c; c++)
    if (*c == '.')
      *c = ',';
  w->seed = began;
  compose(w);
  return read_text(w, err);
}

/* ---- what must hold ----------------------------------------------------- */

static void fill_all(rig *r) {
  uint64_t seed = 7;
  for (size_t u = 0; u < UNITS; u++)
    fill_unit(r, u, &seed, u == 0 ? 0 : 9);
}

static bool same_scores(const chiso_methodology *m, chiso_methodology *flat) {
  rig a = { .p = NULL }, b;
  chiso_error err = { 0 };
  b = rig_of(flat, NULL, UNITS);
  bool good =
      chiso_program_new(m, (chiso_rule) { 0 }, NULL, &a.p, &err) == CHISO_OK &&
      chiso_entries_new(a.p, UNITS, NULL, &a.e, &err) == CHISO_OK &&
      chiso_scores_new(a.p, UNITS, NULL, &a.s, &err) == CHISO_OK;
  if (good) {
    a.m = flat; /* fill by the same tables: ids and inputs agree */
    fill_all(&a);
    fill_all(&b);
    a.m = NULL;
    chiso_score(a.p, &a.e, &a.s);
    chiso_score(b.p, &b.e, &b.s);
    size_t n = (size_t)chiso_methodology_index(m)->n_nodes * UNITS;
    good = memcmp(a.s.points, b.s.points, n * sizeof *a.s.points) == 0 &&
           memcmp(a.s.max, b.s.max, n * sizeof *a.s.max) == 0 &&
           memcmp(a.s.state, b.s.state, n) == 0;
  }
  rig_close(&a);
  rig_close(&b);
  return good;
}

static bool holds(const chiso_variant *v) {
  const chiso_methodology *m = chiso_variant_methodology(v);
  chiso_methodology *flat = NULL;
  chiso_error err = { 0 };
  char *text = NULL, *again = NULL;
  size_t size = 0, size_again = 0;
  bool good =
      chiso_methodology_write(m, &text, &size, &err) == CHISO_OK &&
      chiso_methodology_parse("flat", text, size, NULL, &flat, &err) ==
          CHISO_OK &&
      chiso_methodology_write(flat, &again, &size_again, &err) == CHISO_OK &&
      size == size_again && memcmp(text, again, size) == 0 &&
      strcmp(chiso_methodology_digest(m), chiso_methodology_digest(flat)) == 0;
  if (!good)
    fprintf(stderr, "flat: %s\n", err.text);
  chiso_text_free(NULL, text);
  chiso_text_free(NULL, again);
  if (!good) {
    chiso_methodology_free(flat);
    return false;
  }
  return chiso_methodology_index(flat)->scope == CHISO_SCOPE_INTERNAL &&
         same_scores(m, flat); /* takes flat over */
}

/* ---- typos -------------------------------------------------------------- */

/* Whether the text names a node with these characters. */
static bool names_node(const world *w, const char *id, size_t size) {
  char text[128];
  snprintf(text, sizeof text, "%.*s", (int)(size > 120 ? 120 : size), id);
  return chiso_methodology_find(w->base, text) != CHISO_NO_NODE;
}

/* One letter more, less or other in a key, a verb, an id or a word; false
 * where the line has none, or what comes out is another node. */
static bool misspell(world *w, char *line, size_t length) {
  static const char *const words[] = { "op",          "kind",       "legal",
                                       "id",          "parent",     "empty",
                                       "rank",        "provenance", "base",
                                       "base_sha256", "date" };
  char *equals = memchr(line, '=', length);
  size_t from = 0, to = length;
  bool id = false;
  if (*line == '[') {
    from = 1;
    to = strcspn(line, " ]\n");
  } else if (equals && below(w, 2)) {
    to = (size_t)(equals - line) - 1;
  } else if (equals) {
    size_t k = 0, n = sizeof words / sizeof *words;
    size_t key = (size_t)(equals - line) - 1;
    while (k < n &&
           (strlen(words[k]) != key || memcmp(words[k], line, key) != 0))
      k++;
    if (k == n)
      return false;
    id = strcmp(words[k], "id") == 0 || strcmp(words[k], "parent") == 0;
    from = (size_t)(equals - line) + 2;
  } else {
    return false;
  }
  if (from >= to)
    return false;
  char *at = line + from + below(w, to - from);
  char old = *at;
  *at = *at == 'q' ? 'z' : 'q';
  if (id && names_node(w, line + from, to - from)) {
    *at = old;
    return false;
  }
  return true;
}

/* In one line of the overlay; a section that adds gets any id it likes. */
static bool spoil(world *w) {
  size_t lines = 0, at = 0;
  for (size_t i = 0; i < w->size; i++)
    lines += w->text[i] == '\n';
  for (size_t n = below(w, lines); n > 0; n--)
    at += strcspn(w->text + at, "\n") + 1;
  char *line = w->text + at;
  size_t length = strcspn(line, "\n");
  /* free texts, and names that the author gives */
  bool own = strncmp(line, "id = new.", 9) == 0 ||
             strncmp(line, "id = t.", 7) == 0 ||
             strncmp(line, "[legal", 6) == 0;
  char *equals = memchr(line, '=', length);
  if (own && equals) {
    line[0] = 'q'; /* the key at least */
    return true;
  }
  return misspell(w, line, length);
}

static bool typo(world *w) {
  static char kept[ROOM];
  chiso_error err;
  size_t size = w->size;
  memcpy(kept, w->text, size);
  bool good = true;
  if (spoil(w)) {
    const char *path = w->path;
    chiso_variant *v = NULL;
    err = (chiso_error) { 0 };
    put_bytes(&w->at, "o.ini", w->text, w->size);
    (void)chiso_variant_read_all(&path, 1, w->store, NULL, &v, &err);
    /* one slip is one fault: what only follows from it is not told */
    good = v && chiso_variant_faults(v) == 1 && *err.text;
    w->typos++;
    if (!good && v)
      fprintf(stderr, "%zu faults of one typo:\n%s\n", chiso_variant_faults(v),
              w->text);
    for (size_t i = 0; !good && v && chiso_variant_fault(v, i); i++)
      fprintf(stderr, "%d: %s\n", (int)chiso_variant_fault(v, i)->line,
              chiso_variant_fault(v, i)->text);
    chiso_variant_free(v);
  }
  memcpy(w->text, kept, size);
  w->size = size;
  return good;
}

/* ---- the run ------------------------------------------------------------ */

static bool one(world *w, const chiso_listing *listing) {
  chiso_error err = { 0 };
  if (chiso_store_load(w->store, listing, &w->base, NULL, &err) != CHISO_OK)
    return false;
  w->ix = chiso_methodology_index(w->base);
  bool *touched = realloc(w->touched, w->ix->n_nodes * sizeof *w->touched);
  if (!touched)
    abort();
  w->touched = touched;
  uint64_t began = w->seed;
  *w->total = '\0';
  compose(w);
  w->tried++;
  if (w->sections == 0)
    return true;
  chiso_variant *v = read_balanced(w, began, &err);
  if (!v)
    return *err.text != '\0' && err.status == CHISO_BAD_DATA;
  w->accepted++;
  w->trimmed += w->trims > 0;
  bool good = holds(v);
  chiso_variant_free(v);
  if (!good)
    fprintf(stderr, "%s\n", w->text);
  return good && typo(w);
}

static void random_overlays(void) {
  const char *dirs[] = { BUILD_DIR "/lib/chiso/plugins" };
  chiso_store_options options = { .plugin_dirs = dirs,
                                  .n_plugin_dirs = 1,
                                  .no_worker = true };
  chiso_error err = { 0 };
  static world w;
  w.seed = 20260101;
  w.at = folder_make();
  snprintf(w.path, sizeof w.path, "%s/o.ini", w.at.path);
  MUST(chiso_store_open(&options, CHISO_LANG_EN, NULL, &w.store, &err) ==
       CHISO_OK);
  size_t n = chiso_store_count(w.store);
  bool good = n > 10;
  for (size_t i = 0; good && w.accepted < OVERLAYS && w.tried < 2 * OVERLAYS;
       i++)
    good = one(&w, chiso_store_get(w.store, i % n));
  printf("%zu overlays of %zu, %zu weigh what was left, %zu typos\n",
         w.accepted, w.tried, w.trimmed, w.typos);
  CU_ASSERT(good);
  CU_ASSERT_EQUAL(w.accepted, OVERLAYS);
  CU_ASSERT(w.typos > OVERLAYS / 2);
  CU_ASSERT(w.trimmed > OVERLAYS / 50);
  free(w.touched);
  chiso_store_free(w.store);
  folder_remove(&w.at);
}

SUITE_MAIN({ "random overlays", random_overlays })
