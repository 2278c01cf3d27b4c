/* SPDX-License-Identifier: Apache-2.0
 * The same scores by every way: many units at once, one by one, in any order,
 * change by change; and on every machine. */
#include "base/crypto.h"
#include "fill.h"
#include "shipped.h"
#include "suite.h"

static int half_rule(const chiso_host *host, const chiso_call *call,
                     uint32_t number, chiso_dec *points) {
  (void)host, (void)call, (void)number;
  *points = 500000;
  return 0;
}

static rig shipped_rig(const char *folder, size_t units) {
  return rig_of(shipped_read(folder), half_rule, units);
}

/* Unit `u` of `a` against unit `v` of `b`. */
static bool same_unit(const chiso_scores *a, size_t u, const chiso_scores *b,
                      size_t v, uint32_t nodes) {
  bool same = a->raw[u] == b->raw[v];
  for (size_t i = 0; i < nodes; i++)
    same = same && a->points[i * a->n + u] == b->points[i * b->n + v] &&
           a->max[i * a->n + u] == b->max[i * b->n + v] &&
           a->state[i * a->n + u] == b->state[i * b->n + v];
  return same;
}

static void copy_unit(const rig *from, size_t u, rig *to, size_t v) {
  const chiso_entries *a = &from->e;
  chiso_entries *b = &to->e;
  for (size_t i = 0; i < a->slots; i++) {
    b->value[i * b->n + v] = a->value[i * a->n + u];
    b->have[i * b->n + v] = a->have[i * a->n + u];
  }
  for (size_t i = 0; i < a->nodes; i++) {
    b->given[i * b->n + v] = a->given[i * a->n + u];
    b->entry[i * b->n + v] = a->entry[i * a->n + u];
  }
  for (size_t i = 0; i < a->parts; i++) {
    b->part[i * b->n + v] = a->part[i * a->n + u];
    b->have_part[i * b->n + v] = a->have_part[i * a->n + u];
  }
  b->any_entry = a->any_entry;
  b->any_part = a->any_part;
}

/* 150 units: two whole blocks and a rest. */
static void one_by_one_and_reversed(void) {
  enum { UNITS = 150 };
  uint64_t seed = 5;
  for (size_t i = 0; i < SHIPPED_COUNT; i++) {
    rig all = shipped_rig(all_shipped[i].folder, UNITS);
    rig turned = shipped_rig(all_shipped[i].folder, UNITS);
    uint32_t nodes = chiso_methodology_index(all.m)->n_nodes;
    for (size_t u = 0; u < UNITS; u++) {
      fill_unit(&all, u, &seed, u % 3 ? 0 : 200);
      if (u % 5 == 0)
        fill_entries(&all, u, &seed);
    }
    for (size_t u = 0; u < UNITS; u++)
      copy_unit(&all, u, &turned, UNITS - 1 - u);
    chiso_score(all.p, &all.e, &all.s);
    chiso_score(turned.p, &turned.e, &turned.s);
    rig one = shipped_rig(all_shipped[i].folder, 1);
    size_t different = 0;
    for (size_t u = 0; u < UNITS; u++) {
      copy_unit(&all, u, &one, 0);
      chiso_score(one.p, &one.e, &one.s);
      different += !same_unit(&all.s, u, &one.s, 0, nodes);
      different += !same_unit(&all.s, u, &turned.s, UNITS - 1 - u, nodes);
    }
    rig_close(&one);
    CU_ASSERT_EQUAL(different, 0);
    rig_close(&all);
    rig_close(&turned);
  }
}

/* Random changes, each held against scoring afresh. */
static void follow(const char *folder, int changes, bool entries, uint64_t seed,
                   size_t *scored) {
  rig r = shipped_rig(folder, 1);
  const chiso_index *ix = chiso_methodology_index(r.m);
  chiso_session *session = NULL;
  size_t different = 0;
  fill_unit(&r, 0, &seed, 0);
  if (entries)
    fill_entries(&r, 0, &seed);
  MUST(chiso_session_new(r.p, &r.e, 0, NULL, &session, NULL) == CHISO_OK);
  for (int i = 0; i < changes; i++) {
    uint32_t node = (uint32_t)(xorshift(&seed) % ix->n_nodes);
    const chiso_node *n = &ix->nodes[node];
    if (n->n_inputs == 0)
      continue;
    uint32_t k = (uint32_t)(xorshift(&seed) % n->n_inputs);
    uint32_t slot = chiso_program_slot(r.p, node) + k;
    int64_t value = fill_value(n, &n->inputs[k], &seed);
    if (xorshift(&seed) % 500 == 0)
      value = -value;
    /* A second form would be an error for good: keep to what is there. */
    if (!r.e.have[slot] && xorshift(&seed) % 2000)
      continue;
    chiso_entries_set(&r.e, slot, 0, value);
    chiso_session_set(session, slot, value);
    chiso_score(r.p, &r.e, &r.s);
    *scored += r.s.state[0] == CHISO_STATE_SCORED;
    different +=
        !same_unit(&r.s, 0, chiso_session_scores(session), 0, ix->n_nodes);
  }
  CU_ASSERT_EQUAL(different, 0);
  chiso_session_free(session);
  rig_close(&r);
}

static void sessions_follow_every_change(void) {
  static const char *const folders[] = {
    "par/province/2020", "papi/province/2019", "qd766/province/2026",
    "par/ministry/2022", "sipas/province/2022"
  };
  for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
    size_t scored = 0;
    for (uint64_t part = 0; part < 40; part++)
      follow(folders[i], 1000, part % 4 == 3, 1000 * i + part + 1, &scored);
    CU_ASSERT(scored > 5000);
  }
}

/* Branches are left and chosen again, also branches with a tree below. */
static void sessions_choose_branches(void) {
#define UNDER(id, parent, kind, max, op, more)                                 \
  ",\n" SMALL_NODE(id, parent, kind, max, "1", op, more)
  rig r = rig_open(
      SMALL_TREE(SMALL_ROOT("3", "sum", "") UNDER("c", "index", "area", "3",
                                                  "case", "")
                     UNDER("a", "c", "branch", "3", "sum", "\"when\": \"a\", ")
                         UNDER("a.1", "a", "area", "3", "ratio", "")
                             UNDER("b", "c", "branch", "2", "ratio",
                                   "\"when\": \"b\", ")),
      NULL, 1);
  chiso_session *session = NULL;
  uint64_t seed = 17;
  for (uint32_t slot = 0; slot < chiso_program_slots(r.p); slot++)
    chiso_entries_set(&r.e, slot, 0, 1);
  MUST(chiso_session_new(r.p, &r.e, 0, NULL, &session, NULL) == CHISO_OK);
  for (int i = 0; i < 5000; i++) {
    uint32_t slot = (uint32_t)(xorshift(&seed) % chiso_program_slots(r.p));
    int64_t value = (int64_t)(xorshift(&seed) % 5) - (slot == 0);
    chiso_entries_set(&r.e, slot, 0, value);
    chiso_session_set(session, slot, value);
    chiso_score(r.p, &r.e, &r.s);
    CU_ASSERT(same_unit(&r.s, 0, chiso_session_scores(session), 0, 5));
  }
  chiso_session_free(session);
  rig_close(&r);
}

/* ---- everywhere the same ------------------------------------------------ */

static void add(char digest[65], const void *data, size_t size) {
  char joined[64 + 32];
  memcpy(joined, digest, 64);
  memcpy(joined + 64, data, size);
  chiso__sha256(joined, 64 + size, digest);
}

/* Numbers as text: the hash does not depend on the order of bytes. */
static void add_number(char digest[65], int64_t value) {
  char text[24];
  int n = snprintf(text, sizeof text, "%lld;", (long long)value);
  add(digest, text, (size_t)n);
}

static void scores_are_the_same_everywhere(void) {
  static const char wanted[] =
      "be84e2251718b11f6f705893b99fd2318498ef6c1d3be48812ab7076a3c47d94";
  char digest[65];
  uint64_t seed = 20200101;
  memset(digest, '0', 64);
  digest[64] = '\0';
  for (size_t i = 0; i < SHIPPED_COUNT; i++) {
    rig r = shipped_rig(all_shipped[i].folder, 7);
    uint32_t nodes = chiso_methodology_index(r.m)->n_nodes;
    for (size_t u = 0; u < 7; u++)
      fill_unit(&r, u, &seed, u < 4 ? 0 : 50);
    fill_entries(&r, 6, &seed);
    chiso_score(r.p, &r.e, &r.s);
    for (size_t at = 0; at < nodes * r.s.n; at++) {
      add_number(digest, r.s.points[at]);
      add_number(digest, r.s.max[at] * 64 + r.s.state[at]);
    }
    for (size_t u = 0; u < 7; u++)
      add_number(digest, chiso_percent(r.p, &r.s, 0, u));
    rig_close(&r);
  }
  if (strcmp(digest, wanted) != 0)
    fprintf(stderr, "digest %s\n", digest);
  CU_ASSERT_STRING_EQUAL(digest, wanted);
}

SUITE_MAIN({ "one by one and reversed", one_by_one_and_reversed },
           { "sessions follow every change", sessions_follow_every_change },
           { "sessions choose branches", sessions_choose_branches },
           { "scores are the same everywhere", scores_are_the_same_everywhere })
