/* SPDX-License-Identifier: Apache-2.0 */
#include "whatif.h"

#include <stdio.h>
#include <stdlib.h>

#include "chiso/analysis.h"
#include "chiso/host.h"
#include "measure.h"

#define MOST 512u

static chiso_store *store;
static chiso_run *run;
static chiso_probe *probe;
static uint32_t slots[MOST];
static int64_t values[MOST];
static size_t count;

static void stop(const char *what) {
  (void)fprintf(stderr, "chiso-bench: %s\n", what);
  exit(1);
}

/* Every input that the first ranked unit has. */
static void find_slots(size_t unit) {
  const chiso_entries *e = chiso_run_entries(run);
  for (uint32_t slot = 0; slot < e->slots && count < MOST; slot++)
    if (e->have[slot * e->n + unit]) {
      slots[count] = slot;
      values[count++] = e->value[slot * e->n + unit];
    }
}

bool whatif_begin(void) {
  const char *dirs[] = { BUILD_DIR "/lib/chiso/plugins" };
  const chiso_store_options places = { .plugin_dirs = dirs,
                                       .n_plugin_dirs = 1,
                                       .share_dir = BUILD_DIR "/share/chiso",
                                       .no_worker = true };
  const chiso_run_options options = { .methodology = "vn.papi.province/2018",
                                      .round = "2018",
                                      .published = "indicators" };
  size_t unit = 0;
  if (chiso_store_open(&places, CHISO_LANG_EN, NULL, &store, NULL) !=
          CHISO_OK ||
      chiso_run_new(store, &options, NULL, &run, NULL) != CHISO_OK)
    return false;
  while (unit < chiso_run_scored(run) && !chiso_run_rank(run, 0, unit))
    unit++;
  if (unit == chiso_run_scored(run) ||
      chiso_probe_new(run, unit, counted_allocator(), &probe, NULL) != CHISO_OK)
    return false;
  find_slots(unit);
  return count > 0;
}

void whatif_end(void) {
  chiso_probe_free(probe);
  chiso_run_free(run);
  chiso_store_free(store);
}

uint64_t probe_inputs(void *data, uint64_t rounds) {
  uint64_t total = 0;
  (void)data;
  for (uint64_t i = 0; i < rounds; i++)
    for (size_t k = 0; k < count; k++) {
      chiso_probe_set(probe, slots[k], values[k] + (int64_t)(i & 1));
      total += chiso_probe_rank(probe);
    }
  consume(total);
  return rounds * count;
}

uint64_t derive_runs(void *data, uint64_t rounds) {
  static const chiso_entry_change changes[] = { { .unit = "01",
                                                  .node = "1.1",
                                                  .input = "",
                                                  .value = "1.5",
                                                  .points = true,
                                                  .said = "--give" } };
  const chiso_whatif_options options = { .changes = changes, .n_changes = 1 };
  uint64_t total = 0;
  (void)data;
  for (uint64_t i = 0; i < rounds; i++) {
    chiso_whatif *w;
    if (chiso_whatif_new(run, store, &options, counted_allocator(), &w, NULL) !=
        CHISO_OK)
      stop("cannot derive a run");
    total += chiso_run_rank(chiso_whatif_run(w), 0, 0);
    chiso_whatif_free(w);
  }
  consume(total);
  return rounds;
}
