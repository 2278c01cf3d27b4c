/* SPDX-License-Identifier: Apache-2.0
 * sides.h - the columns that chiso compare puts side by side. */
#ifndef CHISO_CLI_SIDES_H
#define CHISO_CLI_SIDES_H

#include "cli.h"

#define BENCH_MOST 26 /* columns have letters */

typedef struct column {
  const char *text;   /* the operand */
  const char *label;  /* what machines read for it: estimates are called so */
  const char *letter; /* what people read for it */
  const char *about;  /* the group and the stage, or NULL */
  const chiso_methodology *m;
  chiso_round *round; /* of a round file, with one of its groups as a run */
  chiso_run *run;
  chiso_figures *figures;
  chiso_figures *older; /* what `figures` are bridged from, or NULL */
  chiso_bridge *bridge;
  bool published; /* from the share folder */
  chiso_side side;
} column;

typedef struct bench {
  cli *c;
  column columns[BENCH_MOST];
  size_t count;
  const chiso_units *units;
  chiso_sides *sides;
  double *x, *y, *table; /* a column each; BENCH_MOST of them */
  size_t unit, top;      /* --unit, or SIZE_MAX; --top, or 0 */
  bool few;              /* a pair had too few units for an interval */
  bool few_ranked;       /* no p-value of W for so few */
  size_t joined;         /* nodes of two columns by concept */
  size_t empty;          /* of these and of areas, without figures */
} bench;

/* Reads all operands. */
int bench_open(bench *b);
void bench_close(bench *b);
/* Percents of a node of a column, for every unit of the set. */
void bench_percents(const bench *b, size_t place, uint32_t node, double *out);
/* Areas of a column's node one after another; a part has none. */
uint32_t bench_area(const column *k, uint32_t after);
/* The concept of a node that counts, or NULL; the node of a concept. */
const char *bench_concept(const bench *b, size_t place, uint32_t node);
uint32_t bench_by_concept(const bench *b, size_t place, const char *concept);
/* The node of column `to` that speaks of the same as a node of column `from`:
 * by its concept, or because one takes its points from the other. */
uint32_t bench_twin(const bench *b, size_t from, uint32_t node, size_t to);
/* What each letter is; which further columns there are. */
void bench_titles(bench *b, sheet *s);
void bench_notes(bench *b, sheet *s);

#endif
