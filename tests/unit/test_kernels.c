/* SPDX-License-Identifier: Apache-2.0
 * Kernels against the reference, the reference against an oracle of its own,
 * over random rules and inputs and over every shipped methodology. */
#include "engine/kernel.h"
#include "fixture.h"
#include "rig.h"
#include "shipped.h"
#include "suite.h"

__extension__ typedef __int128 wide;

/* Mostly small numbers, often round ones, sometimes the ends of the range. */
static int64_t any_number(uint64_t *seed) {
  static const int64_t ends[] = {
    INT64_MAX, INT64_MAX - 1, INT64_MIN + 1, INT64_MAX / 2, 1000000, 0,
    -1,        100,           5000000
  };
  uint64_t r = xorshift(seed);
  int64_t v = (int64_t)(r >> 12);
  switch (r % 8) {
  case 0:
    return ends[(r >> 8) % (sizeof ends / sizeof *ends)];
  case 1:
    return v >> (r >> 4) % 40;
  case 2:
    return -(v % 2000);
  case 3:
    return v % 100000001;
  case 4:
    return v % 6000001;
  default:
    return v % 120;
  }
}

/* One number of the decimal range of tables, as text. */
static const char *any_dec(uint64_t *seed, int64_t least, int64_t most,
                           char out[CHISO_DEC_TEXT]) {
  uint64_t span = (uint64_t)(most - least) + 1, r = xorshift(seed);
  int64_t value = least + (int64_t)(r % span);
  if (r >> 60 > 4) /* often a round number */
    value = value / 10000 * 10000;
  if (value < least)
    value = least;
  chiso_dec_format(value, (chiso_dec_style) { '.', 6, false }, out);
  return out;
}

static const char *const forms[] = {
  "",
  "\"inputs\": [{\"key\": \"n\", \"role\": \"num\", \"unit\": \"number\", "
  "\"digits\": 3}, {\"key\": \"d\", \"role\": \"den\", \"unit\": \"vnd\"}], ",
  "\"inputs\": [{\"key\": \"x\", \"role\": \"x\", \"unit\": \"number\", "
  "\"digits\": 2}, {\"key\": \"n\", \"role\": \"num\", \"unit\": \"count\"}, "
  "{\"key\": \"d\", \"role\": \"den\", \"unit\": \"count\"}], ",
  "\"inputs\": [{\"key\": \"x\", \"role\": \"x\", \"unit\": \"days\", "
  "\"digits\": 0}], ",
};
static const char *const roundings[] = {
  "", "\"round\": {\"digits\": 2, \"mode\": \"half_up\"}, ",
  "\"round\": {\"digits\": 2, \"mode\": \"cut_off\"}, ",
  "\"round\": {\"digits\": 1, \"mode\": \"half_even\"}, "
};
static const char *const policies[] = { "forbidden", "zero", "full",
                                        "leave_out" };

/* The parameters of one random rule. */
static const char *any_rule(uint64_t *seed, const char *op, const char *max,
                            char *out, size_t size) {
  static const char *const cmps[] = { ">=", ">", "<=", "<" };
  char a[CHISO_DEC_TEXT], b[CHISO_DEC_TEXT], c[CHISO_DEC_TEXT];
  uint64_t r = xorshift(seed);
  int64_t low = (int64_t)(r % 20000000) - 5000000;
  any_dec(seed, low, low + 3000000, a);
  any_dec(seed, low + 3000001, low + 9000000, b);
  any_dec(seed, 1, 3000000, c);
  *out = '\0';
  if (strcmp(op, "ratio") == 0)
    snprintf(out, size, "\"target\": \"%s\", \"cap\": \"%s\", %s%s%s", c,
             r & 1 ? "1" : "0.77", r & 2 ? "\"floor\": \"" : "", r & 2 ? c : "",
             r & 2 ? "\", " : "");
  else if (strcmp(op, "penalty") == 0)
    snprintf(out, size, "\"per\": \"%s\", ", c);
  else if (strcmp(op, "survey") == 0 || strcmp(op, "norm") == 0)
    snprintf(out, size, "\"from\": \"%s\", \"to\": \"%s\", ", r & 1 ? a : b,
             r & 1 ? b : a);
  else if (strcmp(op, "linear") == 0)
    snprintf(out, size,
             "\"steps\": [{\"at\": \"%s\", \"points\": \"%s\"}, {\"at\": "
             "\"%s\", \"points\": \"%s\"}], ",
             a, r & 1 ? max : "0.1", b, r & 1 ? "0.05" : max);
  else if (strcmp(op, "step") == 0)
    snprintf(out, size,
             "\"steps\": [{\"at\": \"%s\", \"cmp\": \"%s\", \"points\": "
             "\"%s\"}, {\"at\": \"%s\", \"cmp\": \"%s\", \"points\": "
             "\"0.1\"}], ",
             r & 2 ? a : b, cmps[r & 3], max, r & 2 ? b : a, cmps[r & 3]);
  else if (strcmp(op, "choice") == 0)
    snprintf(out, size,
             "\"steps\": [{\"key\": \"a\", \"points\": \"%s\"}, {\"key\": "
             "\"b\", \"points\": \"0.05\"}], ",
             max);
  return out;
}

static char *any_leaf(uint64_t *seed) {
  static const char *const ops[] = { "manual", "step",    "linear",
                                     "ratio",  "penalty", "choice",
                                     "survey", "share",   "norm" };
  char rule[400], more[1200], max[CHISO_DEC_TEXT];
  uint64_t r = xorshift(seed);
  const char *op = ops[r % 9];
  bool argument = strcmp(op, "step") == 0 || strcmp(op, "linear") == 0 ||
                  strcmp(op, "survey") == 0 || strcmp(op, "share") == 0 ||
                  strcmp(op, "norm") == 0;
  const char *inputs = argument                   ? forms[(r >> 8) % 4]
                       : strcmp(op, "ratio") == 0 ? forms[(r >> 8) % 2]
                       : strcmp(op, "penalty") == 0 || strcmp(op, "manual") == 0
                           ? forms[(r >> 8) % 2 * 3]
                           : "";
  any_dec(seed, 100000, 9999999, max);
  if (strcmp(op, "norm") == 0)
    memcpy(max, "1", sizeof "1");
  bool den = argument || strcmp(op, "ratio") == 0;
  snprintf(more, sizeof more, "%s%s%s%s%s%s",
           any_rule(seed, op, max, rule, sizeof rule), inputs,
           roundings[(r >> 16) % 4], den ? "\"empty\": \"" : "",
           den ? policies[(r >> 24) % 4] : "", den ? "\", " : "");
  return one_leaf(max, op, more);
}

static void fill_randomly(rig *r, uint64_t *seed, bool wild) {
  const chiso_index *ix = chiso_methodology_index(r->m);
  for (uint32_t i = 0; i < ix->n_nodes; i++)
    for (size_t u = 0; u < r->e.n; u++) {
      bool both = ix->nodes[i].n_inputs == 3;
      uint64_t form = xorshift(seed) % 16;
      for (uint32_t k = 0; k < ix->nodes[i].n_inputs; k++) {
        if (both && form < 15 && (k == 0) != (form % 2 == 0))
          continue;
        if (!wild || xorshift(seed) % 16)
          chiso_entries_set(&r->e, chiso_program_slot(r->p, i) + k, u,
                            any_number(seed));
      }
    }
}

static bool is_leaf_kernel(unsigned kind) {
  return kind != CHISO__KERNEL_NONE && kind != CHISO__KERNEL_SUM;
}

/* The reference for each leaf of each unit; `found` counts kernels' work. */
static bool agree(const rig *r, size_t *found) {
  const chiso_index *ix = chiso_methodology_index(r->m);
  for (uint32_t i = 0; i < ix->n_nodes; i++) {
    const chiso__kernel *k = chiso__kernel_of(r->p, i);
    for (size_t u = 0; u < r->e.n && is_leaf_kernel(k->kind); u++) {
      chiso_trace t;
      chiso_dec points;
      if (!chiso__kernel_points(k, r->e.value + u, r->e.have + u, r->e.n,
                                &points))
        continue;
      chiso__score_leaf(r->p, &r->e, i, u, NULL, &t);
      ++*found;
      if (t.state == CHISO_STATE_SCORED && t.points == points &&
          t.max == k->max)
        continue;
      fprintf(stderr, "node %s op %u: %lld against %lld, state %d\n",
              ix->nodes[i].id, ix->nodes[i].op, (long long)points,
              (long long)t.points, (int)t.state);
      return false;
    }
  }
  return true;
}

/* ---- the oracle --------------------------------------------------------- */

/* Points as a fraction top/bottom of small numbers, from the formulas of the
 * manual, with nothing of the engine's. False where it says nothing. */
typedef struct oracle {
  wide top, bottom;
} oracle;

static bool small(int64_t v) {
  return v > -1000000000 && v < 1000000000;
}

static bool ask(const chiso_node *n, int64_t num, int64_t den, oracle *o) {
  wide x = num, d = den, max = n->max, one = CHISO_DEC_ONE;
  switch (n->op) {
  case CHISO_OP_RATIO:
    if (n->floor != CHISO_NONE && x * one < d * n->floor) {
      *o = (oracle) { 0, 1 };
      return true;
    }
    *o = (oracle) { max * x * one, d * n->target };
    if (o->top * one > max * n->cap * o->bottom)
      *o = (oracle) { max * n->cap, one };
    break;
  case CHISO_OP_PENALTY:
    *o = (oracle) { max * d - x * n->per, d };
    break;
  case CHISO_OP_SHARE:
    *o = (oracle) { max * x, d };
    break;
  case CHISO_OP_SURVEY:
  case CHISO_OP_NORM: {
    wide whole = (wide)n->to - n->from;
    *o = (oracle) { max * (x * one - d * n->from), d * whole };
    if (whole < 0)
      *o = (oracle) { -o->top, -o->bottom };
    break;
  }
  case CHISO_OP_LINEAR: {
    const chiso_step *a = &n->steps[0], *b = &n->steps[1];
    wide dx = (wide)b->at - a->at;
    if (x * one < d * a->at)
      *o = (oracle) { a->points, 1 };
    else if (x * one > d * b->at)
      *o = (oracle) { b->points, 1 };
    else
      *o = (oracle) { a->points * dx * d +
                          (b->points - a->points) * (x * one - d * a->at),
                      dx * d };
    break;
  }
  default:
    return false;
  }
  if (o->top < 0 && n->op != CHISO_OP_NORM)
    o->top = 0;
  return true;
}

static int64_t rounded(oracle o, wide unit, unsigned mode) {
  wide bottom = o.bottom * unit, top = o.top < 0 ? -o.top : o.top;
  wide units = top / bottom, rest = top - units * bottom;
  if (mode == CHISO_ROUND_HALF_UP ? 2 * rest >= bottom
      : mode == CHISO_ROUND_HALF_EVEN
          ? 2 * rest > bottom || (2 * rest == bottom && units % 2)
          : false)
    units++;
  return (int64_t)((o.top < 0 ? -units : units) * unit);
}

static void check_oracle(const rig *r, size_t *asked) {
  static const int64_t power[] = { 1, 10, 100, 1000, 10000, 100000, 1000000 };
  const chiso_node *n = &chiso_methodology_index(r->m)->nodes[1];
  uint32_t slot = chiso_program_slot(r->p, 1);
  for (size_t u = 0; u < r->e.n; u++) {
    int64_t num = 0, den = 1;
    bool fits = r->s.state[r->s.n + u] == CHISO_STATE_SCORED;
    for (uint32_t k = 0; k < n->n_inputs; k++) {
      int64_t v = r->e.value[(slot + k) * r->e.n + u];
      int64_t scale = power[n->inputs[k].digits];
      fits = fits && small(v);
      if (!fits || !r->e.have[(slot + k) * r->e.n + u])
        continue;
      if (n->inputs[k].role == CHISO_ROLE_X) {
        num = v;
        den = scale;
        if (n->op == CHISO_OP_SHARE && n->inputs[k].unit != CHISO_UNIT_SHARE)
          den *= 100;
      } else if (n->inputs[k].role == CHISO_ROLE_NUM) {
        num = v;
        den *= scale;
      } else {
        fits = fits && v > 0;
        den *= v;
        num *= scale;
      }
    }
    oracle o;
    if (!fits || !ask(n, num, den, &o))
      continue;
    ++*asked;
    int64_t wanted = rounded(o, power[6 - n->digits], n->round);
    if (r->s.points[r->s.n + u] != wanted)
      fprintf(stderr, "op %u: %lld / %lld gave %lld, not %lld\n", n->op,
              (long long)num, (long long)den,
              (long long)r->s.points[r->s.n + u], (long long)wanted);
    CU_ASSERT_EQUAL(r->s.points[r->s.n + u], wanted);
  }
}

static void random_rules(void) {
  uint64_t seed = 20260917;
  size_t found = 0, asked = 0, outside = 0;
  for (int i = 0; i < 4000; i++) {
    char *text = any_leaf(&seed);
    rig r = rig_open(text, NULL, 300);
    const chiso_node *n = &chiso_methodology_index(r.m)->nodes[1];
    fill_randomly(&r, &seed, true);
    chiso_score(r.p, &r.e, &r.s);
    MUST(agree(&r, &found));
    check_oracle(&r, &asked);
    for (size_t u = 0; u < 300; u++) {
      chiso_dec points = r.s.points[300 + u];
      chiso_dec most = chiso_dec_round(n->max, n->digits, n->round);
      outside += n->op != CHISO_OP_NORM && (points < 0 || points > most);
    }
    rig_close(&r);
    free(text);
  }
  CU_ASSERT_EQUAL(outside, 0);
  CU_ASSERT(found > 250000);
  CU_ASSERT(asked > 350000);
}

/* More is never worse: points follow num, whatever is in between. */
static void monotone(void) {
  uint64_t seed = 7;
  for (int i = 0; i < 2000; i++) {
    char *text = any_leaf(&seed);
    rig r = rig_open(text, NULL, 64);
    const chiso_node *n = &chiso_methodology_index(r.m)->nodes[1];
    bool rising = n->op == CHISO_OP_RATIO || n->op == CHISO_OP_SHARE ||
                  ((n->op == CHISO_OP_SURVEY || n->op == CHISO_OP_NORM) &&
                   n->to > n->from);
    uint32_t slot = chiso_program_slot(r.p, 1);
    int64_t den = (int64_t)(xorshift(&seed) % 5000) + 1;
    int64_t step = (int64_t)(xorshift(&seed) % 400) + 1;
    for (size_t u = 0; u < 64 && n->n_inputs >= 2; u++) {
      chiso_entries_set(&r.e, slot + n->n_inputs - 2, u, (int64_t)u * step);
      chiso_entries_set(&r.e, slot + n->n_inputs - 1, u, den);
    }
    chiso_score(r.p, &r.e, &r.s);
    for (size_t u = 1; rising && u < 64; u++)
      if (r.s.state[64 + u] == CHISO_STATE_SCORED &&
          r.s.state[64 + u - 1] == CHISO_STATE_SCORED)
        CU_ASSERT(r.s.points[64 + u] >= r.s.points[64 + u - 1]);
    rig_close(&r);
    free(text);
  }
}

static int no_rule(const chiso_host *host, const chiso_call *call,
                   uint32_t number, chiso_dec *points) {
  (void)host, (void)call, (void)number, (void)points;
  return -1;
}

static void shipped_rules(void) {
  uint64_t seed = 99;
  size_t found = 0;
  for (size_t i = 0; i < SHIPPED_COUNT; i++) {
    rig r = rig_of(shipped_read(all_shipped[i].folder), no_rule, 1000);
    fill_randomly(&r, &seed, true);
    MUST(agree(&r, &found));
    rig_close(&r);
  }
  CU_ASSERT(found > 300000);
}

/* ---- exact -------------------------------------------------------------- */

/* Beyond 128 bits, held against the same fraction with a common factor taken
 * out, which fits. */
static void wider_than_128_bits(void) {
  uint64_t seed = 3;
  for (int i = 0; i < 100000; i++) {
    wide a = (int32_t)xorshift(&seed), b = (int32_t)xorshift(&seed);
    wide c = (int32_t)xorshift(&seed), d = (int32_t)xorshift(&seed);
    wide e = (wide)(xorshift(&seed) % 99999) + 1;
    wide f = (wide)(xorshift(&seed) % 99) + 1;
    wide large = (wide)(xorshift(&seed) >> 1) * ((wide)1 << 22) + 1;
    unsigned mode = (unsigned)(xorshift(&seed) % 3);
    chiso__fraction plain = { a, b, c, d, e, f };
    chiso__fraction blown = { a * large, b, c, d * large, e * large, f };
    int64_t x = 0, y = 1;
    CU_ASSERT(chiso__exact(&plain, mode, &x));
    CU_ASSERT(chiso__exact(&blown, mode, &y));
    CU_ASSERT_EQUAL(x, y);
    CU_ASSERT_EQUAL(chiso__exact_compare(&plain), chiso__exact_compare(&blown));
  }
  int64_t out;
  wide huge = (wide)1 << 120;
  chiso__fraction one = { huge, huge, 0, 0, huge, huge };
  CU_ASSERT(chiso__exact(&one, 0, &out) && out == 1);
  CU_ASSERT_EQUAL(chiso__exact_compare(&one), 0);
  chiso__fraction most = { huge, INT64_MAX, 0, 0, huge, 1 };
  CU_ASSERT(chiso__exact(&most, 0, &out) && out == INT64_MAX);
  chiso__fraction least = { -huge, INT64_MAX, -huge, 1, huge, 1 };
  CU_ASSERT(chiso__exact(&least, 0, &out) && out == INT64_MIN);
  chiso__fraction over = { huge, INT64_MAX, huge, 1, huge, 1 };
  CU_ASSERT(!chiso__exact(&over, 0, &out));
  chiso__fraction far = { huge, huge, 0, 0, huge, 1 };
  CU_ASSERT(!chiso__exact(&far, 0, &out));
}

/* Division by a known divisor, at the ends of the range. */
static void divisions(void) {
  static const int64_t by[] = { 4,        2, 3, 7, 10, 1000000, INT64_MAX - 1,
                                INT64_MAX };
  uint64_t seed = 11;
  for (int i = 0; i < 200000; i++) {
    int64_t d = i % 2 ? by[(size_t)i / 2 % 8] : any_number(&seed);
    int64_t v = any_number(&seed), wanted = 0;
    if (d < 2)
      continue;
    v = v < 0 ? -v : v;
    CU_ASSERT(chiso__wide_div(v, d, CHISO_ROUND_CUT_OFF, &wanted));
    CU_ASSERT_EQUAL(chiso__divide((uint64_t)v, chiso__divisor_of((uint64_t)d)),
                    wanted);
  }
  for (unsigned digits = 0; digits <= 6; digits++)
    for (unsigned mode = 0; mode <= 2; mode++)
      for (int i = 0; i < 5000; i++) {
        int64_t v = any_number(&seed) / 4;
        CU_ASSERT_EQUAL(chiso__round(v, chiso__power10[6 - digits], mode),
                        chiso_dec_round(v, digits, mode));
      }
}

SUITE_MAIN({ "random rules", random_rules }, { "monotone", monotone },
           { "shipped rules", shipped_rules },
           { "wider than 128 bits", wider_than_128_bits },
           { "divisions", divisions })
