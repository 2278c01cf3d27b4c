/* SPDX-License-Identifier: Apache-2.0
 * analysis/history.c - the published rounds of an index, and where its series
 * breaks. */
#include "analysis/history.h"

#include <stdlib.h>
#include <string.h>

/* A round of an edition that something is published of. */
typedef struct found {
  const chiso_listing *listing;
  chiso_date round;
} found;

typedef struct finder {
  chiso_history *h;
  found *list;
  size_t count, capacity;
} finder;

static int by_round(const void *a, const void *b) {
  const found *x = a, *y = b;
  int64_t i = x->round.year * 10000 + x->round.month * 100 + x->round.day;
  int64_t j = y->round.year * 10000 + y->round.month * 100 + y->round.day;
  return i != j ? (i < j ? -1 : 1)
                : strcmp(x->listing->edition, y->listing->edition);
}

static bool known(const finder *f, const chiso_listing *listing,
                  chiso_date round) {
  for (size_t i = 0; i < f->count; i++)
    if (f->list[i].listing == listing &&
        chiso__same_round(f->list[i].round, round))
      return true;
  return false;
}

static chiso_status find_in(finder *f, const chiso_listing *listing,
                            const char *kind, chiso_error *err) {
  char **names = NULL;
  size_t count = 0;
  const chiso_allocator *allocator = f->h->allocator;
  chiso_status status = chiso__published_names(f->h->store, listing, kind,
                                               allocator, &names, &count, err);
  for (size_t i = 0; status == CHISO_OK && i < count; i++) {
    chiso_date round;
    const char *set;
    if (!chiso__figures_round(names[i], &round, &set) || *set ||
        known(f, listing, round))
      continue;
    if (chiso__grow(allocator, (void **)(void *)&f->list, &f->capacity,
                    f->count, sizeof *f->list))
      f->list[f->count++] = (found) { listing, round };
    else
      status = chiso__no_memory(err);
  }
  chiso_names_free(allocator, names, count);
  return status;
}

static chiso_status find_all(finder *f, const char *name, chiso_error *err) {
  const chiso_listing *one = NULL;
  bool edition = strchr(name, '/') != NULL;
  CHISO__TRY(chiso_store_find(f->h->store, name, &one, err));
  f->h->id = one->id;
  for (size_t i = 0; i < chiso_store_count(f->h->store); i++) {
    const chiso_listing *l = chiso_store_get(f->h->store, i);
    if (edition ? l != one : strcmp(l->id, one->id) != 0)
      continue;
    CHISO__TRY(find_in(f, l, "observations", err));
    CHISO__TRY(find_in(f, l, "results", err));
  }
  if (f->count == 0)
    return CHISO__FAIL(err, CHISO_USAGE, MSG_HISTORY_NONE, name);
  qsort(f->list, f->count, sizeof *f->list, by_round);
  return CHISO_OK;
}

static chiso_status read_all(chiso_history *h, const finder *f,
                             chiso_error *err) {
  h->rounds = chiso__alloc(h->allocator, f->count * sizeof(*h->rounds));
  if (!h->rounds)
    return chiso__no_memory(err);
  for (size_t i = 0; i < f->count; i++) {
    char round[16];
    chiso_run *run = NULL;
    chiso_round_format(f->list[i].round, round);
    chiso_run_options options = { .methodology = f->list[i].listing->name,
                                  .round = round };
    chiso_status status = chiso_figures_read(h->store, &options, h->allocator,
                                             &h->rounds[i], &run, err);
    chiso_run_free(run); /* what is shipped was checked; *err names the file */
    if (status != CHISO_OK)
      return status;
    h->count++;
  }
  return CHISO_OK;
}

chiso_status chiso_history_new(chiso_store *store, const char *name,
                               const chiso_allocator *allocator,
                               chiso_history **out, chiso_error *err) {
  *out = NULL;
  chiso_history *h = chiso__alloc(allocator, sizeof *h);
  if (!h)
    return chiso__no_memory(err);
  h->allocator = allocator;
  h->store = store;
  finder f = { .h = h };
  chiso_status status = find_all(&f, name, err);
  if (status == CHISO_OK)
    status = read_all(h, &f, err);
  chiso__free(allocator, f.list);
  if (status == CHISO_OK)
    *out = h;
  else
    chiso_history_free(h);
  return status;
}

void chiso_history_free(chiso_history *h) {
  if (!h)
    return;
  for (size_t i = 0; i < h->count; i++)
    chiso_figures_free(h->rounds[i]);
  chiso__free(h->allocator, h->rounds);
  chiso__free(h->allocator, h);
}

size_t chiso_history_rounds(const chiso_history *h) {
  return h->count;
}

const chiso_figures *chiso_history_at(const chiso_history *h, size_t place) {
  return h->rounds[place];
}

static bool same_set(const chiso_figures *a, const chiso_figures *b) {
  return strcmp(chiso_units_set(a->units), chiso_units_set(b->units)) == 0 &&
         a->n == b->n;
}

unsigned chiso_history_break(const chiso_history *h, size_t place) {
  unsigned bits = 0;
  if (place == 0)
    return 0;
  const chiso_figures *a = h->rounds[place - 1], *b = h->rounds[place];
  if (strcmp(chiso_methodology_name(a->methodology),
             chiso_methodology_name(b->methodology)) != 0)
    bits |= CHISO_BREAK_METHODOLOGY;
  if (!same_set(a, b))
    return bits | CHISO_BREAK_UNITS;
  for (size_t u = 0; u < a->n; u++)
    if (chiso_figures_assessed(a, u) != chiso_figures_assessed(b, u))
      bits |= CHISO_BREAK_ASSESSED;
  return bits;
}

size_t chiso_history_unit(const chiso_history *h, size_t from, size_t to,
                          size_t unit) {
  return same_set(h->rounds[from], h->rounds[to]) ? unit : SIZE_MAX;
}
