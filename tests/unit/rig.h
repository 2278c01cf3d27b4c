/* SPDX-License-Identifier: Apache-2.0
 * A methodology with its program, entries and scores, ready to be filled. */
#ifndef CHISO_TESTS_RIG_H
#define CHISO_TESTS_RIG_H

#include <stdio.h>
#include <string.h>

#include "chiso/engine.h"
#include "small.h"

typedef struct rig {
  chiso_methodology *m;
  chiso_program *p;
  chiso_entries e;
  chiso_scores s;
} rig;

static inline void rig_close(rig *r) {
  if (r->e.value)
    chiso_entries_free(&r->e);
  if (r->s.points)
    chiso_scores_free(&r->s);
  chiso_program_free(r->p);
  chiso_methodology_free(r->m);
  *r = (rig) { 0 };
}

/* rule() of this process, as a test writes it; NULL: none. */
typedef int (*rule_here)(const chiso_host *, const chiso_call *, uint32_t,
                         chiso_dec *);

/* Takes `m` over; aborts when it cannot: these texts are ours. */
static inline rig rig_by(chiso_methodology *m, chiso_rule rule, size_t units) {
  rig r = { .m = m };
  chiso_error err = { 0 };
  if (!m || chiso_program_new(m, rule, NULL, &r.p, &err) != CHISO_OK ||
      chiso_entries_new(r.p, units, NULL, &r.e, &err) != CHISO_OK ||
      chiso_scores_new(r.p, units, NULL, &r.s, &err) != CHISO_OK) {
    fprintf(stderr, "rig: %s\n", err.text);
    abort();
  }
  return r;
}

static inline rig rig_of(chiso_methodology *m, rule_here rule, size_t units) {
  return rig_by(m, (chiso_rule) { .here = rule }, units);
}

static inline rig rig_open(const char *text, rule_here rule, size_t units) {
  chiso_methodology *m = NULL;
  chiso_error err = { 0 };
  if (chiso_methodology_parse("rig", text, strlen(text), NULL, &m, &err) !=
      CHISO_OK) {
    fprintf(stderr, "rig:%u: %s\n%s\n", (unsigned)err.line, err.text, text);
    abort();
  }
  return rig_of(m, rule, units);
}

static inline uint32_t rig_node(const rig *r, const char *id) {
  uint32_t node = chiso_methodology_find(r->m, id);
  if (node == CHISO_NO_NODE) {
    fprintf(stderr, "rig: no node %s\n", id);
    abort();
  }
  return node;
}

/* Input `place` of a node. */
static inline void rig_set(rig *r, const char *id, uint32_t place, size_t unit,
                           int64_t raw) {
  chiso_entries_set(&r->e, chiso_program_slot(r->p, rig_node(r, id)) + place,
                    unit, raw);
}

static inline unsigned rig_state(const rig *r, const char *id, size_t unit) {
  return r->s.state[rig_node(r, id) * r->s.n + unit];
}
static inline chiso_dec rig_points(const rig *r, const char *id, size_t unit) {
  return r->s.points[rig_node(r, id) * r->s.n + unit];
}
static inline chiso_dec rig_max(const rig *r, const char *id, size_t unit) {
  return r->s.max[rig_node(r, id) * r->s.n + unit];
}

/* A root with one leaf "1"; free() it. */
static inline char *one_leaf(const char *max, const char *op,
                             const char *more) {
  static const char form[] = SMALL_HEAD SMALL_NODES
      "{\"id\": \"index\", \"kind\": \"index\", " SMALL_TITLE
      ", \"max\": \"%s\", \"weight\": \"1\", \"op\": \"sum\", " SMALL_TAIL
      ",\n{\"id\": \"1\", \"parent\": \"index\", \"kind\": "
      "\"area\", " SMALL_TITLE
      ", \"max\": \"%s\", \"weight\": \"1\", \"op\": \"%s\", "
      "%s" SMALL_TAIL SMALL_END;
  size_t size = sizeof form + strlen(max) * 2 + strlen(op) + strlen(more);
  char *text = malloc(size);
  if (!text)
    abort();
  snprintf(text, size, form, max, max, op, more);
  return text;
}

#endif
