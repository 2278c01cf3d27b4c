/* SPDX-License-Identifier: Apache-2.0
 * Small methodologies drawn at random, with the data of a few units, and the
 * cheapest plan by trying them all. */
#ifndef CHISO_TESTS_PATH_FIXTURE_H
#define CHISO_TESTS_PATH_FIXTURE_H

#include <stdarg.h>

#include "data_fixture.h"
#include "fixture.h"
#include "small.h"

#include "chiso/path.h"

#define MOST_AREAS 3
#define MOST_LEAF  6
#define N_UNITS    6
#define TEXT_ROOM  80000

typedef struct drawn {
  char index[TEXT_ROOM], data[TEXT_ROOM], costs[4096];
  size_t areas, leaves;
  int kind[MOST_LEAF]; /* which rule */
  uint64_t *seed;
} drawn;

static inline unsigned pick(drawn *d, unsigned below) {
  return (unsigned)(xorshift(d->seed) % below);
}

static inline void add_text(char *to, const char *format, ...)
    CHISO_PRINTF(2, 3);
static inline void add_text(char *to, const char *format, ...) {
  size_t at = strlen(to);
  va_list arguments;
  va_start(arguments, format);
  int n = vsnprintf(to + at, TEXT_ROOM - at, format, arguments);
  va_end(arguments);
  if (n < 0 || at + (size_t)n >= TEXT_ROOM)
    abort();
}

#define X_INPUT                                                                \
  "\"inputs\": [{\"key\": \"x\", \"role\": \"x\", \"unit\": \"count\", "       \
  "\"digits\": 0}], "
#define QUOTIENT                                                               \
  "\"inputs\": [{\"key\": \"num\", \"role\": \"num\", \"unit\": \"count\", "   \
  "\"digits\": 0}, {\"key\": \"den\", \"role\": \"den\", \"unit\": "           \
  "\"count\", \"digits\": 0}], "

/* Every rule gives up to 2 points. */
static const char *const drawn_rules[] = {
  "\"op\": \"choice\", \"steps\": [{\"key\": \"a\", \"points\": \"2\"}, "
  "{\"key\": \"b\", \"points\": \"1.25\"}, {\"key\": \"c\", \"points\": "
  "\"0.5\"}, {\"key\": \"d\", \"points\": \"0\"}], ",
  "\"op\": \"step\", " X_INPUT
  "\"steps\": [{\"at\": \"8\", \"points\": \"2\"}, {\"at\": \"5\", \"points\": "
  "\"1.13\"}, {\"at\": \"3\", \"cmp\": \">\", \"points\": \"0.6\"}], "
  "\"otherwise\": \"0.05\", ",
  "\"op\": \"step\", " X_INPUT
  "\"steps\": [{\"at\": \"1\", \"cmp\": \"<=\", \"points\": \"2\"}, {\"at\": "
  "\"4\", \"cmp\": \"<\", \"points\": \"0.75\"}], \"otherwise\": \"0.1\", ",
  "\"op\": \"ratio\", " QUOTIENT "\"target\": \"1\", ",
  "\"op\": \"ratio\", " QUOTIENT "\"target\": \"0.9\", \"floor\": \"0.5\", ",
  "\"op\": \"penalty\", \"per\": \"0.3\", " X_INPUT,
  "\"op\": \"linear\", " X_INPUT
  "\"steps\": [{\"at\": \"0\", \"points\": \"0\"}, {\"at\": \"4\", "
  "\"points\": \"1.5\"}, {\"at\": \"8\", \"points\": \"2\"}], ",
  "\"op\": \"manual\", ",
};
#define N_RULES (sizeof drawn_rules / sizeof *drawn_rules)

static inline void add_value(drawn *d, size_t leaf, unsigned unit) {
  static const char *const keys[] = { "a", "b", "c", "d" };
  char id[48];
  snprintf(id, sizeof id, "%zu.%zu", leaf / 2 + 1, leaf % 2 + 1);
  switch (d->kind[leaf]) {
  case 0:
    add_text(d->data, "u%u,%s,,%s\n", unit, id, keys[pick(d, 4)]);
    return;
  case 3:
  case 4: {
    unsigned den = pick(d, 9) == 0 ? 0 : 1 + pick(d, 6);
    add_text(d->data, "u%u,%s,num,%u\nu%u,%s,den,%u\n", unit, id,
             den ? pick(d, den + 1) : 0, unit, id, den);
    return;
  }
  case 7:
    add_text(d->data, "u%u,%s,,%u.%u\n", unit, id, pick(d, 2), pick(d, 10));
    return;
  default:
    add_text(d->data, "u%u,%s,,%u\n", unit, id, pick(d, 10));
  }
}

static inline void add_node(drawn *d, const char *id, const char *parent,
                            const char *kind, unsigned weight, unsigned digits,
                            const char *rule) {
  static const char *const modes[] = { "half_up", "cut_off", "half_even" };
  add_text(d->index,
           "{\"id\": \"%s\", \"parent\": \"%s\", \"kind\": \"%s\", "
           "\"title\": {\"vi\": \"T\", \"en\": \"N\"}, \"weight\": \"%u\", ",
           id, parent, kind, weight);
  if (digits < 6)
    add_text(d->index, "\"round\": {\"digits\": %u, \"mode\": \"%s\"}, ",
             digits, modes[pick(d, 3)]);
  add_text(d->index, "%s" SMALL_TAIL, rule);
}

static inline void draw(drawn *d, uint64_t *seed) {
  static const unsigned digits[] = { 0, 1, 2, 2, 6, 6 };
  bool means[MOST_AREAS];
  unsigned max = 0;
  d->seed = seed;
  d->areas = 1 + pick(d, MOST_AREAS);
  d->leaves = 2 * d->areas;
  *d->index = *d->data = *d->costs = 0;
  for (size_t a = 0; a < d->areas; a++) {
    means[a] = pick(d, 3) == 0;
    max += means[a] ? 2 : 4;
  }
  bool mean = pick(d, 4) == 0;
  add_text(d->index,
           "{\"format\": 1, \"id\": \"x.path\", \"edition\": \"2020\", "
           "\"level\": \"province\", \"title\": {\"vi\": \"T\", \"en\": "
           "\"N\"}, \"rounds\": {\"first\": 2020, \"last\": 2020}, \"units\": "
           "\"u\", \"digits\": 2, \"rank\": {\"by\": \"%s\", \"ties\": "
           "\"shared\"}, \"legal\": [{\"key\": \"a\", \"instrument\": "
           "\"1\"}], ",
           pick(d, 2) ? "percent" : "points");
  if (pick(d, 2))
    add_text(d->index,
             "\"gradings\": [{\"kind\": \"quantile\", \"source\": \"s\", "
             "\"grades\": [{\"key\": \"A\", \"title\": {\"vi\": \"A\"}}, "
             "{\"key\": \"B\", \"title\": {\"vi\": \"B\"}}, {\"key\": "
             "\"C\", \"title\": {\"vi\": \"C\"}}]}], ");
  else
    add_text(d->index,
             "\"gradings\": [{\"kind\": \"bands\", \"source\": \"s\", "
             "\"grades\": [{\"key\": \"A\", \"title\": {\"vi\": \"A\"}, "
             "\"%s\": \"%u\"}, {\"key\": \"B\", "
             "\"title\": {\"vi\": \"B\"}, \"at_least\": \"2\"}, {\"key\": "
             "\"C\", \"title\": {\"vi\": \"C\"}}]}], ",
             pick(d, 2) ? "above" : "at_least", 4 + pick(d, 4));
  add_text(d->index,
           "\"nodes\": [{\"id\": \"index\", \"kind\": \"index\", \"title\": "
           "{\"vi\": \"T\", \"en\": \"N\"}, \"max\": \"%u\", \"weight\": "
           "\"1\", \"op\": \"%s\", \"round\": {\"digits\": %u, \"mode\": "
           "\"half_up\"}, " SMALL_TAIL,
           mean ? 4 : max, mean ? "mean" : "sum", 1 + pick(d, 2));
  for (size_t a = 0; a < d->areas; a++) {
    char id[48], parent[24], rule[600];
    snprintf(parent, sizeof parent, "%zu", a + 1);
    snprintf(rule, sizeof rule, "\"max\": \"%d\", \"op\": \"%s\", ",
             means[a] ? 2 : 4, means[a] ? "mean" : "sum");
    add_text(d->index, ",\n");
    add_node(d, parent, "index", "area", mean ? 1 + pick(d, 3) : 1,
             digits[pick(d, 6)], rule);
    for (size_t k = 0; k < 2; k++) {
      size_t leaf = 2 * a + k;
      d->kind[leaf] = (int)pick(d, N_RULES);
      snprintf(id, sizeof id, "%zu.%zu", a + 1, k + 1);
      snprintf(
          rule, sizeof rule, "\"max\": \"2\", %s%s", drawn_rules[d->kind[leaf]],
          d->kind[leaf] == 3 || d->kind[leaf] == 4 ? "\"empty\": \"zero\", "
                                                   : "");
      add_text(d->index, ",\n");
      add_node(d, id, parent, "criterion", means[a] ? 1 + pick(d, 3) : 1,
               digits[1 + pick(d, 5)], rule);
    }
  }
  add_text(d->index, "]}\n");
  add_text(d->data, "unit,node,input,value\n");
  for (unsigned u = 0; u < N_UNITS; u++)
    for (size_t leaf = 0; leaf < d->leaves; leaf++)
      add_value(d, leaf, u);
  if (pick(d, 3) == 0)
    return;
  snprintf(d->costs, sizeof d->costs, "node,cost,least,most,fixed\n");
  for (size_t leaf = 0; leaf < d->leaves; leaf++) {
    size_t at = strlen(d->costs);
    if (pick(d, 8) == 0)
      continue;
    snprintf(d->costs + at, sizeof d->costs - at, "%zu.%zu,%u.%u,%s,%s,%s\n",
             leaf / 2 + 1, leaf % 2 + 1, pick(d, 5), pick(d, 10),
             pick(d, 5) ? "" : "0.7", pick(d, 5) ? "" : "1.6",
             pick(d, 3) ? "" : "0.4");
  }
  if (strchr(d->costs, '\n')[1] == '\0')
    *d->costs = 0; /* no leaf has a cost: then no table */
}

#endif
