/* SPDX-License-Identifier: Apache-2.0 */
#include "measure.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#define MOST_REPETITIONS 64

static uint64_t allocations;
static volatile uint64_t sink;

static void *counted(void *user, void *block, size_t size) {
  (void)user;
  if (size == 0) {
    free(block);
    return NULL;
  }
  allocations++;
  return realloc(block, size);
}

const chiso_allocator *counted_allocator(void) {
  static const chiso_allocator allocator = { counted, NULL };
  return &allocator;
}

void consume(uint64_t value) {
  sink = value;
}

/* As a rule of this process alone: others on the machine do not count. */
static double now(const settings *how) {
  struct timespec t;
  clock_gettime(how->wall ? CLOCK_MONOTONIC : CLOCK_PROCESS_CPUTIME_ID, &t);
  return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static int by_size(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

figure measure(const settings *how, const char *name, const char *what,
               job work, void *data) {
  double ns[MOST_REPETITIONS];
  uint64_t rounds = 1, operations = 0;
  double start = now(how);
  work(data, 1); /* also warms up */
  double spent = now(how) - start;
  while (spent < how->seconds * 1e9 / 4) {
    rounds *= 2;
    start = now(how);
    work(data, rounds);
    spent = now(how) - start;
  }
  rounds = (uint64_t)((double)rounds * how->seconds * 1e9 / spent) + 1;
  uint64_t before = allocations;
  for (unsigned i = 0; i < how->repetitions; i++) {
    start = now(how);
    uint64_t done = work(data, rounds);
    ns[i] = (now(how) - start) / (double)done;
    operations += done;
  }
  uint64_t took = allocations - before;
  qsort(ns, how->repetitions, sizeof *ns, by_size);
  return (figure) { .name = name,
                    .what = what,
                    .ns = ns[how->repetitions / 2],
                    .least = ns[0],
                    .most = ns[how->repetitions - 1],
                    .operations = operations,
                    .allocations = took };
}

static long peak_kib(void) {
  struct rusage usage;
  return getrusage(RUSAGE_SELF, &usage) == 0 ? usage.ru_maxrss : -1;
}

void print_table(const figure *figures, size_t count) {
  printf("%-34s %14s %12s %12s %12s %10s\n", "", "per second", "median ns",
         "least ns", "most ns", "allocs/op");
  for (size_t i = 0; i < count; i++) {
    const figure *f = &figures[i];
    printf("%-34s %14.0f %12.2f %12.2f %12.2f %10.4g\n", f->name, 1e9 / f->ns,
           f->ns, f->least, f->most,
           (double)f->allocations / (double)f->operations);
  }
  printf("peak memory %ld KiB\n", peak_kib());
}

void print_json(const figure *figures, size_t count) {
  printf("{\n  \"peak_kib\": %ld,\n  \"figures\": [\n", peak_kib());
  for (size_t i = 0; i < count; i++) {
    const figure *f = &figures[i];
    printf("    {\"name\": \"%s\", \"operation\": \"%s\", \"per_second\": "
           "%.0f, \"ns\": %.3f, \"least_ns\": %.3f, \"most_ns\": %.3f, "
           "\"allocations\": %.6g}%s\n",
           f->name, f->what, 1e9 / f->ns, f->ns, f->least, f->most,
           (double)f->allocations / (double)f->operations,
           i + 1 < count ? "," : "");
  }
  printf("  ]\n}\n");
}
