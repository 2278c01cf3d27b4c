/* SPDX-License-Identifier: Apache-2.0 */
#include "path.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "chiso/chiso.h"
#include "fixture.h"

#define METHODOLOGY "vn.par.province/2020"

typedef struct journey {
  chiso_run *run;
  chiso_path_options options;
} journey;

static unsigned below(uint64_t *seed, unsigned most) {
  return (unsigned)(xorshift(seed) % most);
}

/* What an input may hold: mostly good, as provinces are. */
static void write_value(FILE *f, const chiso_node *n, const chiso_input *in,
                        uint64_t *seed) {
  switch (in->unit) {
  case CHISO_UNIT_CHOICE:
    (void)fputs(n->n_steps ? n->steps[below(seed, n->n_steps)].key : "", f);
    return;
  case CHISO_UNIT_ANSWER:
    (void)fprintf(f, "%u.%02u", 3 + below(seed, 2), below(seed, 100));
    return;
  case CHISO_UNIT_PERCENT:
    (void)fprintf(f, "%u", 70 + below(seed, 30));
    return;
  case CHISO_UNIT_SHARE:
    (void)fprintf(f, "0.%02u", 60 + below(seed, 40));
    return;
  default:
    (void)fprintf(f, "%u",
                  in->role == CHISO_ROLE_DEN   ? 40
                  : in->role == CHISO_ROLE_NUM ? 25 + below(seed, 16)
                                               : below(seed, 3));
  }
}

static void write_unit(FILE *f, const chiso_methodology *m,
                       const chiso_unit *unit, uint64_t *seed) {
  const chiso_index *ix = chiso_methodology_index(m);
  for (uint32_t i = 0; i < ix->n_nodes; i++) {
    const chiso_node *n = &ix->nodes[i];
    bool quotient = false; /* of a survey the mean, else the quotient */
    for (uint32_t k = 0; k < n->n_inputs; k++)
      quotient = quotient || (n->inputs[k].role == CHISO_ROLE_NUM &&
                              n->op != CHISO_OP_SURVEY);
    for (uint32_t k = 0; k < n->n_inputs; k++) {
      const chiso_input *in = &n->inputs[k];
      if (quotient == (in->role == CHISO_ROLE_X))
        continue;
      (void)fprintf(f, "%s,%s,%s,", unit->code, n->id, in->key);
      if (n->op == CHISO_OP_CASE && in->unit == CHISO_UNIT_CHOICE)
        (void)fputs(ix->nodes[chiso_methodology_first_child(m, i)].when, f);
      else
        write_value(f, n, in, seed);
      (void)fputc('\n', f);
    }
  }
}

static bool write_data(const char *path, const chiso_methodology *m,
                       const chiso_units *units) {
  uint64_t seed = 1149;
  FILE *f = fopen(path, "w");
  if (!f)
    return false;
  (void)fputs("unit,node,input,value\n", f);
  for (size_t u = 0; u < chiso_units_count(units); u++)
    write_unit(f, m, chiso_units_get(units, u), &seed);
  return fclose(f) == 0;
}

static chiso_run *make(chiso_store *store, chiso_error *err) {
  static char path[] = "/tmp/chiso-bench-path-XXXXXX";
  const char *data = path;
  chiso_round *round = NULL;
  chiso_run *run = NULL;
  chiso_run_options o = {
    .methodology = METHODOLOGY, .round = "2020", .data = &data, .n_data = 1
  };
  int made = mkstemp(path);
  if (made < 0)
    return NULL;
  (void)close(made);
  if (chiso_round_plain(METHODOLOGY, NULL, "2020", store, NULL, &round, err) ==
      CHISO_OK) {
    const chiso_group *g = chiso_round_group(round, 0);
    if (write_data(path, g->methodology, g->units) &&
        chiso_run_new(store, &o, NULL, &run, err) != CHISO_OK) {
      chiso_run_free(run);
      run = NULL;
    }
  }
  chiso_round_free(round);
  (void)unlink(path);
  return run;
}

static uint64_t find(void *data, uint64_t rounds) {
  const journey *j = data;
  uint64_t sum = 0;
  for (uint64_t i = 0; i < rounds; i++) {
    chiso_path *path = NULL;
    if (chiso_path_new(j->run, &j->options, counted_allocator(), &path, NULL) ==
        CHISO_OK)
      sum += (uint64_t)chiso_path_plan_of(path).cost;
    chiso_path_free(path);
  }
  consume(sum);
  return rounds;
}

void bench_path(add_figure add, void *to) {
  static const char *const plugins[] = { BUILD_DIR "/lib/chiso/plugins" };
  chiso_store_options places = { .plugin_dirs = plugins,
                                 .n_plugin_dirs = 1,
                                 .share_dir = BUILD_DIR "/share/chiso",
                                 .no_worker = true };
  chiso_store *store = NULL;
  chiso_error err = { 0 };
  journey j = { 0 };
  if (chiso_store_open(&places, CHISO_LANG_EN, NULL, &store, &err) == CHISO_OK)
    j.run = make(store, &err);
  if (!j.run) {
    fprintf(stderr, "chiso-bench: no run: %s\n", err.text);
    exit(1);
  }
  while (j.options.unit + 1 < chiso_run_scored(j.run) &&
         chiso_run_rank(j.run, 0, j.options.unit) != 40)
    j.options.unit++;
  j.options.goal = CHISO_PATH_GAIN;
  j.options.number = 10;
  add(to, "path 63 x PAR 2020, 10 ranks", "exact plan", find, &j);
  j.options.method = CHISO_PATH_PROGRAMME;
  add(to, "path 63 x PAR 2020, by CBC", "programme", find, &j);
  chiso_run_free(j.run);
  chiso_store_free(store);
}
