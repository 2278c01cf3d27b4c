/* SPDX-License-Identifier: Apache-2.0
 * chiso-bench [--scale] [--quick] [--json] [--only NAME]: how fast scoring is,
 * and how far from what the machine could do at best. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "composite.h"
#include "fill.h"
#include "isolation.h"
#include "measure.h"
#include "path.h"
#include "rig.h"
#include "scale.h"
#include "store.h"
#include "trees.h"
#include "whatif.h"

#define ROTATED 64 /* different units that one-unit scoring goes through */
#define CHANGES 4096

static void fail(const char *what) {
  fprintf(stderr, "chiso-bench: %s\n", what);
  exit(1);
}

/* A program with `units` units of data that all score. */
static rig load(const chiso_methodology *m, size_t units, uint64_t seed) {
  const chiso_allocator *a = counted_allocator();
  rig r = { 0 };
  chiso_methodology *copy = NULL;
  if (chiso_methodology_copy("bench", chiso_methodology_index(m), a, &copy,
                             NULL) != CHISO_OK)
    fail("no methodology");
  r.m = copy;
  if (chiso_program_new(copy, (chiso_rule) { 0 }, a, &r.p, NULL) != CHISO_OK ||
      chiso_entries_new(r.p, units, a, &r.e, NULL) != CHISO_OK ||
      chiso_scores_new(r.p, units, a, &r.s, NULL) != CHISO_OK)
    fail("no memory");
  bool again = true;
  for (int tries = 0; again; tries++) {
    again = false;
    for (size_t u = 0; u < units; u++) {
      if (r.s.state[u] == CHISO_STATE_SCORED)
        continue;
      for (uint32_t k = 0; k < r.e.slots; k++)
        r.e.have[k * r.e.n + u] = 0;
      fill_unit(&r, u, &seed, 0);
      again = true;
    }
    chiso_score(r.p, &r.e, &r.s);
    if (tries == 50)
      fail("the data do not score");
  }
  return r;
}

/* ---- scoring ------------------------------------------------------------ */

static uint64_t score_batch(void *data, uint64_t rounds) {
  rig *r = data;
  for (uint64_t i = 0; i < rounds; i++)
    chiso_score(r->p, &r->e, &r->s);
  consume((uint64_t)r->s.points[0]);
  return rounds * r->e.n;
}

typedef struct single {
  const chiso_program *program;
  chiso_entries entries[ROTATED];
  chiso_scores scores;
} single;

static uint64_t score_single(void *data, uint64_t rounds) {
  single *s = data;
  uint64_t total = 0;
  for (uint64_t i = 0; i < rounds; i++)
    for (size_t u = 0; u < ROTATED; u++) {
      chiso_score(s->program, &s->entries[u], &s->scores);
      total += (uint64_t)s->scores.points[0];
    }
  consume(total);
  return rounds * ROTATED;
}

static single *split(const rig *r) {
  const chiso_allocator *a = counted_allocator();
  single *s = calloc(1, sizeof *s);
  if (!s || chiso_scores_new(r->p, 1, a, &s->scores, NULL) != CHISO_OK)
    fail("no memory");
  s->program = r->p;
  for (size_t u = 0; u < ROTATED; u++) {
    if (chiso_entries_new(r->p, 1, a, &s->entries[u], NULL) != CHISO_OK)
      fail("no memory");
    for (uint32_t i = 0; i < r->e.slots; i++)
      if (r->e.have[i * r->e.n + u])
        chiso_entries_set(&s->entries[u], i, 0, r->e.value[i * r->e.n + u]);
  }
  return s;
}

static void join(single *s) {
  for (size_t u = 0; u < ROTATED; u++)
    chiso_entries_free(&s->entries[u]);
  chiso_scores_free(&s->scores);
  free(s);
}

/* ---- one change at a time ----------------------------------------------- */

typedef struct walk {
  chiso_session *session;
  uint32_t slots[CHANGES];
  int64_t values[CHANGES];
  uint32_t changed; /* how many of them move the total */
} walk;

static uint64_t change_leaves(void *data, uint64_t rounds) {
  walk *w = data;
  uint64_t total = 0;
  for (uint64_t i = 0; i < rounds; i++)
    for (size_t k = 0; k < CHANGES; k++) {
      chiso_session_set(w->session, w->slots[k], w->values[k]);
      total += (uint64_t)chiso_session_scores(w->session)->points[0];
    }
  consume(total);
  return rounds * CHANGES;
}

/* Walks over the inputs of the leaves in order, each time with another value
 * that scores and moves its leaf's points, as far as 30 tries find one. */
static walk *new_walk(const rig *r) {
  const chiso_index *ix = chiso_methodology_index(r->m);
  walk *w = calloc(1, sizeof *w);
  uint64_t seed = 77;
  if (!w || chiso_session_new(r->p, &r->e, 0, counted_allocator(), &w->session,
                              NULL) != CHISO_OK)
    fail("no session");
  const chiso_scores *s = chiso_session_scores(w->session);
  uint32_t filled = 0;
  for (uint32_t i = 0; filled < CHANGES; i = (i + 1) % ix->n_nodes) {
    const chiso_node *n = &ix->nodes[i];
    uint32_t first = chiso_program_slot(r->p, i), k = 0;
    if (chiso_methodology_first_child(r->m, i) != CHISO_NO_NODE)
      continue;
    while (k < n->n_inputs && !r->e.have[(first + k) * r->e.n])
      k++;
    if (k == n->n_inputs)
      continue;
    chiso_dec before = s->points[i], total = s->points[0];
    for (int tries = 0; tries < 30; tries++) {
      w->slots[filled] = first + k;
      w->values[filled] = fill_value(n, &n->inputs[k], &seed);
      chiso_session_set(w->session, first + k, w->values[filled]);
      if (s->state[0] == CHISO_STATE_SCORED && s->points[i] != before)
        break;
    }
    w->changed += s->points[0] != total;
    filled++;
  }
  return w;
}

/* ---- making ------------------------------------------------------------- */

typedef struct making {
  char *text;
  size_t size;
  const chiso_methodology *m;
} making;

static uint64_t parse(void *data, uint64_t rounds) {
  making *d = data;
  for (uint64_t i = 0; i < rounds; i++) {
    chiso_methodology *m = NULL;
    if (chiso_methodology_parse("bench", d->text, d->size, counted_allocator(),
                                &m, NULL) != CHISO_OK)
      fail("cannot parse");
    chiso_methodology_free(m);
  }
  return rounds;
}

static uint64_t compile(void *data, uint64_t rounds) {
  making *d = data;
  for (uint64_t i = 0; i < rounds; i++) {
    chiso_program *p = NULL;
    if (chiso_program_new(d->m, (chiso_rule) { 0 }, counted_allocator(), &p,
                          NULL) != CHISO_OK)
      fail("cannot compile");
    chiso_program_free(p);
  }
  return rounds;
}

/* ---- what the machine could do ------------------------------------------ */

typedef struct numbers {
  int64_t *value, *divisor;
  size_t count, leaves;
} numbers;

/* One operation: reading the inputs of one unit. */
static uint64_t sum_numbers(void *data, uint64_t rounds) {
  numbers *d = data;
  uint64_t total = 0;
  for (uint64_t i = 0; i < rounds; i++)
    for (size_t k = 0; k < d->count; k++)
      total += (uint64_t)d->value[k] ^ i;
  consume(total);
  return rounds * (d->count / d->leaves);
}

/* One operation: one 64-bit division for each leaf of one unit. */
static uint64_t divide_numbers(void *data, uint64_t rounds) {
  numbers *d = data;
  uint64_t total = 0;
  for (uint64_t i = 0; i < rounds; i++)
    for (size_t k = 0; k < d->count; k++)
      total += ((uint64_t)d->value[k] + i) / (uint64_t)d->divisor[k];
  consume(total);
  return rounds * (d->count / d->leaves);
}

static numbers new_numbers(size_t units, size_t leaves) {
  numbers d = { .count = units * leaves, .leaves = leaves };
  uint64_t seed = 5;
  d.value = malloc(d.count * sizeof *d.value);
  d.divisor = malloc(d.count * sizeof *d.divisor);
  if (!d.value || !d.divisor)
    fail("no memory");
  for (size_t k = 0; k < d.count; k++) {
    d.value[k] = (int64_t)(xorshift(&seed) >> 20);
    d.divisor[k] = (int64_t)(xorshift(&seed) >> 40) + 1;
  }
  return d;
}

/* ---- all ---------------------------------------------------------------- */

typedef struct report {
  settings how;
  const char *only; /* part of a name, or NULL: all */
  figure list[64];
  size_t count;
} report;

static void add(report *r, const char *name, const char *what, job work,
                void *data) {
  if (!r->only || strstr(name, r->only))
    r->list[r->count++] = measure(&r->how, name, what, work, data);
}

static void bench_tree(report *out, const chiso_methodology *m,
                       const char *const names[4]) {
  rig few = load(m, ROTATED, 1), many = load(m, 4096, 2);
  single *s = split(&few);
  walk *w = new_walk(&few);
  add(out, names[0], "score of one unit", score_single, s);
  add(out, names[1], "score of one unit", score_batch, &few);
  add(out, names[2], "score of one unit", score_batch, &many);
  add(out, names[3], "change of one input", change_leaves, w);
  fprintf(stderr, "%s: %u leaves, %.0f %% of changes move the total\n",
          names[0], (unsigned)count_leaves(m), 100.0 * w->changed / CHANGES);
  chiso_session_free(w->session);
  free(w);
  join(s);
  rig_close(&few);
  rig_close(&many);
}

static void bench_making(report *out, const chiso_methodology *m) {
  making d = { .m = m };
  if (chiso_methodology_write(m, &d.text, &d.size, NULL) != CHISO_OK)
    fail("cannot write");
  add(out, "2020: parse index.json", "parse and check", parse, &d);
  add(out, "2020: compile", "program", compile, &d);
  chiso_text_free(counted_allocator(), d.text);
}

static void bench_store(report *out) {
  if (out->only && !strstr("list 1,000 manifests", out->only) &&
      !strstr("open plugins, load 2020", out->only))
    return;
  if (!store_begin()) {
    fprintf(stderr, "no plugins in the build: loading is not measured\n");
    return;
  }
  add(out, "list 1,000 manifests", "list of 1,000", list_manifests, NULL);
  add(out, "open plugins, load 2020", "open and load", load_plugin, NULL);
  store_end();
}

static void bench_whatif(report *out) {
  static const char one[] = "what-if 63 x 114: total and rank",
                    all[] = "what-if 63 x 114: run derived";
  if (out->only && !strstr(one, out->only) && !strstr(all, out->only))
    return;
  if (whatif_begin()) {
    add(out, one, "change of one input", probe_inputs, NULL);
    add(out, all, "63 units anew", derive_runs, NULL);
  }
  whatif_end();
}

static void add_by_wall(void *to, const char *name, const char *what, job work,
                        void *data) {
  report *r = to;
  r->how.wall = true;
  add(r, name, what, work, data);
  r->how.wall = false;
}

static void add_plain(void *to, const char *name, const char *what, job work,
                      void *data) {
  add(to, name, what, work, data);
}

/* Each figure of a composite against COINr's of the same case. */
static void print_peers(const report *r) {
  for (size_t i = 0; i < r->count; i++) {
    double peer = composite_peer(r->list[i].name);
    if (peer > 0)
      fprintf(stderr, "%s: COINr %.4g ms, %.0f times as long\n",
              r->list[i].name, peer / 1e6, peer / r->list[i].ns);
  }
}

static void bench_floor(report *out) {
  numbers small = new_numbers(64, 102), large = new_numbers(4096, 102);
  add(out, "floor: read 102 numbers", "sum", sum_numbers, &small);
  add(out, "floor: read 102, of 4,096 units", "sum", sum_numbers, &large);
  add(out, "floor: 102 divisions", "102 divisions", divide_numbers, &small);
  free(small.value);
  free(small.divisor);
  free(large.value);
  free(large.divisor);
}

/* Each figure of a worker against the same in this process. */
static void print_ratios(const report *r) {
  static const char ending[] = ", isolated";
  for (size_t i = 0; i < r->count; i++)
    for (size_t k = 0; k < r->count; k++) {
      const char *name = r->list[k].name;
      size_t size = strlen(name);
      if (strncmp(r->list[i].name, name, size) == 0 &&
          strcmp(r->list[i].name + size, ending) == 0)
        fprintf(stderr, "%s%s: %.2f times as long, %+.1f ns\n", name, ending,
                r->list[i].ns / r->list[k].ns, r->list[i].ns - r->list[k].ns);
    }
}

int main(int argc, char **argv) {
  static const char *const cut_names[] = { "102 leaves, one unit",
                                           "102 leaves, 64 units",
                                           "102 leaves, 4,096 units",
                                           "102 leaves, one change" };
  static const char *const real_names[] = { "2020, one unit", "2020, 64 units",
                                            "2020, 4,096 units",
                                            "2020, one change" };
  report out = { .how = { .repetitions = 9, .seconds = 0.1 } };
  bool json = false, quick = false, scale = false;
  for (int i = 1; i < argc; i++) {
    if (strcmp(argv[i], "--json") == 0)
      json = true;
    else if (strcmp(argv[i], "--scale") == 0)
      scale = true;
    else if (strcmp(argv[i], "--quick") == 0) {
      quick = true;
      out.how = (settings) { .repetitions = 3, .seconds = 0.001 };
    } else if (strcmp(argv[i], "--only") == 0 && i + 1 < argc)
      out.only = argv[++i];
    else
      fail("usage: chiso-bench [--scale] [--quick] [--json] [--only NAME]");
  }
  if (scale)
    return bench_scale(quick, json) ? 0 : 1;
  chiso_methodology *real = read_tree("par/province/2020", counted_allocator());
  chiso_methodology *cut = cut_tree(real, 102, counted_allocator());
  bench_tree(&out, cut, cut_names);
  bench_tree(&out, real, real_names);
  bench_making(&out, real);
  bench_store(&out);
  bench_whatif(&out);
  bench_isolation(add_by_wall, &out);
  bench_composite(add_plain, &out);
  bench_path(add_plain, &out);
  bench_floor(&out);
  (json ? print_json : print_table)(out.list, out.count);
  print_ratios(&out);
  print_peers(&out);
  chiso_methodology_free(real);
  chiso_methodology_free(cut);
  return 0;
}
