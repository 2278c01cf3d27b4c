/* SPDX-License-Identifier: Apache-2.0
 * author/check_rule.c - checks R01 to R06: rule() asked directly, through a
 * host of ours. */
#define _GNU_SOURCE
#include "author/check.h"
#include "base/dec.h"

#include <string.h>
#include <time.h>

#define SAMPLE 512u /* calls of one leaf */

/* What rule() gets as a call: opaque to it, and here ours. */
struct chiso_call {
  const chiso_node *node;
  const int64_t *inputs;
};

static int host_input(const chiso_call *call, const char *key, int64_t *raw) {
  for (uint32_t i = 0; i < call->node->n_inputs; i++)
    if (strcmp(call->node->inputs[i].key, key) == 0) {
      *raw = call->inputs[i];
      return 0;
    }
  return -1;
}

static int host_muldiv(int64_t a, int64_t b, int64_t c, int64_t *out) {
  return chiso_muldiv(a, b, c, out) ? 0 : -1;
}

int chiso__check_call(chiso__check_rule rule, const chiso_node *node,
                      uint32_t number, const int64_t *inputs,
                      chiso_dec *points) {
  static const chiso_host host = { .abi_minor = CHISO_ABI_MINOR,
                                   .size = sizeof(chiso_host),
                                   .input = host_input,
                                   .muldiv = host_muldiv };
  chiso_call call = { node, inputs };
  return rule(&host, &call, number, points);
}

static chiso__place place_of(const chiso__check_subject *s, uint32_t node) {
  return chiso__node_place(s->methodology, node);
}

#define EACH_CALL(k, s, i)                                                     \
  CHISO__EACH_SUBJECT(k, s)                                                    \
  for (uint32_t i = 0; s->rule && i < s->index->n_nodes; i++)                  \
    if (s->index->nodes[i].op == CHISO_OP_CALL)

/* Hostile and plain values in turn. */
static void sample(const chiso_node *n, uint32_t node, uint32_t number,
                   int64_t *inputs) {
  static const int64_t hostile[] = { 0,
                                     1,
                                     -1,
                                     INT64_MIN,
                                     INT64_MAX,
                                     INT64_MIN + 1,
                                     INT32_MIN,
                                     INT32_MAX,
                                     1000000,
                                     -1000000,
                                     INT64_C(1000000000000000000),
                                     INT64_C(-1000000000000000000) };
  for (uint32_t i = 0; i < n->n_inputs; i++) {
    uint64_t r = chiso__check_random((uint64_t)node * 64 + i, number);
    inputs[i] =
        number % 2 ? hostile[(r >> 8) % 12] : chiso__check_draw(n, i, r);
  }
}

/* ---- R02: system calls -------------------------------------------------- */

/* Under the guard nothing can be told but a record: what is found comes from
 * the guard itself, in the process that listens. */
void chiso__check_R02(chiso__checking *k) {
  if (k->in_process) {
    chiso__check_skip(k, MSG_CHECK_IN_PROCESS);
    return;
  }
  if (!chiso__check_guard()) {
    chiso__check_skip(k, MSG_CHECK_NO_SECCOMP);
    return;
  }
  EACH_CALL(k, s, i) {
    chiso__check_applied(k);
    for (uint32_t number = 0; number < 2 * SAMPLE; number++) {
      int64_t inputs[CHISO__MAX_INPUTS];
      chiso_dec points = 0;
      sample(&s->index->nodes[i], i, number, inputs);
      (void)chiso__check_call(s->rule, &s->index->nodes[i],
                              s->index->nodes[i].call, inputs, &points);
    }
  }
}

/* ---- R04: hostile inputs ------------------------------------------------ */

void chiso__check_R04(chiso__checking *k) {
  EACH_CALL(k, s, i) {
    const chiso_node *n = &s->index->nodes[i];
    chiso__check_applied(k);
    for (uint32_t number = 1; number < 2 * SAMPLE; number += 2) {
      int64_t inputs[CHISO__MAX_INPUTS];
      chiso_dec points = 0;
      char text[CHISO_DEC_TEXT];
      sample(n, i, number, inputs);
      int result = chiso__check_call(s->rule, n, n->call, inputs, &points);
      if (result > 1) {
        chiso__check_find(k, place_of(s, i), MSG_CHECK_RESULT, n->id, result);
        break;
      }
      if (result != 0 || (points >= 0 && points <= n->max))
        continue;
      if (points < -CHISO_DEC_LIMIT || points > CHISO_DEC_LIMIT)
        snprintf(text, sizeof text, "%lld/1000000", (long long)points);
      else
        chiso__dec_say(points, k->lang, text);
      chiso__check_find(k, place_of(s, i), MSG_CHECK_HOSTILE, n->id, text);
      break;
    }
  }
}

/* ---- R05: unknown numbers ----------------------------------------------- */

static bool number_used(const chiso__check_subject *s, uint32_t number) {
  for (uint32_t i = 0; i < s->index->n_nodes; i++)
    if (s->index->nodes[i].op == CHISO_OP_CALL &&
        s->index->nodes[i].call == number)
      return true;
  return false;
}

static bool used_anywhere(const chiso__checking *k, uint32_t number) {
  CHISO__EACH_SUBJECT(k, s)
  if (number_used(s, number))
    return true;
  return false;
}

/* Other methodologies of the plugin may use numbers of their own; those past
 * the largest that is allowed belong to nobody. */
void chiso__check_R05(chiso__checking *k) {
  EACH_CALL(k, s, i) {
    static const uint32_t numbers[] = { CHISO__MAX_CALL + 1, 0x7fffffffu,
                                        0xffffffffu, 999983u };
    const chiso_node *n = &s->index->nodes[i];
    chiso__check_applied(k);
    for (size_t j = 0; j < sizeof numbers / sizeof *numbers; j++) {
      int64_t inputs[CHISO__MAX_INPUTS];
      chiso_dec points = 0;
      sample(n, i, (uint32_t)j * 2, inputs);
      if (used_anywhere(k, numbers[j]))
        continue;
      int result = chiso__check_call(s->rule, n, numbers[j], inputs, &points);
      if (result >= 0) {
        chiso__check_find(k, place_of(s, i), MSG_CHECK_NUMBER,
                          (unsigned)numbers[j], result);
        return;
      }
    }
  }
}

/* ---- R01: purity -------------------------------------------------------- */

typedef struct answer {
  int result;
  chiso_dec points;
} answer;

static answer ask(const chiso__check_subject *s, uint32_t node,
                  uint32_t number) {
  const chiso_node *n = &s->index->nodes[node];
  int64_t inputs[CHISO__MAX_INPUTS];
  answer a = { 0, 0 };
  sample(n, node, number, inputs);
  a.result = chiso__check_call(s->rule, n, n->call, inputs, &a.points);
  if (a.result != 0)
    a.points = 0;
  return a;
}

/* An order of 0..SAMPLE-1: SAMPLE is a power of two, so any odd factor with
 * any shift visits each once. */
static uint32_t shuffled(uint32_t place, uint32_t pass) {
  uint32_t factor = (uint32_t)chiso__check_random(1, pass) | 1u;
  uint32_t shift = (uint32_t)chiso__check_random(2, pass);
  return (place * factor + shift) % SAMPLE;
}

void chiso__check_R01(chiso__checking *k) {
  answer *first = chiso__arena_array(&k->arena, SAMPLE, sizeof *first);
  if (!first) {
    k->short_memory = true;
    return;
  }
  EACH_CALL(k, s, i) {
    bool same = true;
    chiso__check_applied(k);
    for (uint32_t j = 0; j < SAMPLE; j++)
      first[j] = ask(s, i, j);
    for (uint32_t pass = 0; pass < 4 && same; pass++)
      for (uint32_t j = 0; j < SAMPLE && same; j++) {
        uint32_t number = shuffled(j, pass);
        answer again = ask(s, i, number);
        same = again.result == first[number].result &&
               again.points == first[number].points;
      }
    if (!same)
      chiso__check_find(k, place_of(s, i), MSG_CHECK_IMPURE,
                        s->index->nodes[i].id);
  }
}

/* ---- R03: time ---------------------------------------------------------- */

#define MOST_NANOSECONDS 10000

static int64_t nanoseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* The best of several rounds: what else runs on the machine only adds. */
void chiso__check_R03(chiso__checking *k) {
  EACH_CALL(k, s, i) {
    int64_t best = INT64_MAX;
    chiso__check_applied(k);
    for (int round = 0; round < 20; round++) {
      int64_t begin = nanoseconds();
      for (uint32_t j = 0; j < 32; j++)
        (void)ask(s, i, 2 * j);
      int64_t took = (nanoseconds() - begin) / 32;
      best = took < best ? took : best;
    }
    if (best > MOST_NANOSECONDS)
      chiso__check_find(k, place_of(s, i), MSG_CHECK_SLOW,
                        s->index->nodes[i].id, (long long)(best / 1000));
  }
}

/* ---- R06: how much is code ---------------------------------------------- */

void chiso__check_R06(chiso__checking *k) {
  CHISO__EACH_SUBJECT(k, s) {
    uint32_t leaves = 0;
    for (uint32_t i = 0; i < s->index->n_nodes; i++)
      leaves += s->methodology->first_child[i] == CHISO_NO_NODE;
    if (s->n_calls > 0)
      chiso__check_find(k, (chiso__place) { .file = s->file }, MSG_CHECK_CALLS,
                        (unsigned)s->n_calls, (unsigned)leaves);
  }
  chiso__check_skip(k, MSG_CHECK_NO_RULE);
}
