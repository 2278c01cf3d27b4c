/* SPDX-License-Identifier: Apache-2.0
 * engine/program.c - from tables to formulas. */
#include <stdlib.h>
#include <string.h>

#include "engine/kernel.h"

typedef struct compiler {
  chiso_program *p;
  const chiso_methodology *m;
  chiso_error *err;
} compiler;

static chiso__wide gcd(chiso__wide a, chiso__wide b) {
  a = a < 0 ? -a : a;
  b = b < 0 ? -b : b;
  while (b) {
    chiso__wide t = a % b;
    a = b;
    b = t;
  }
  return a;
}

static chiso__affine affine(chiso__wide p, chiso__wide q, chiso__wide r) {
  chiso__wide g = gcd(gcd(p, q), r);
  if (r < 0)
    g = -g;
  return (chiso__affine) { .p = p / g, .q = q / g, .r = r / g };
}

/* The straight line through (x0, y0) and (x1, y1), all in millionths, giving
 * units of the node's last digit. Values lie within CHISO_DEC_LIMIT, so the
 * products stay below 2^126. */
static chiso__affine line(const chiso__rule *rule, chiso_dec x0, chiso_dec y0,
                          chiso_dec x1, chiso_dec y1) {
  chiso__wide dx = (chiso__wide)x1 - x0, dy = (chiso__wide)y1 - y0;
  return affine(dy * CHISO_DEC_ONE, y0 * dx - dy * x0, dx * rule->unit);
}

static chiso__threshold threshold(const chiso__rule *rule, chiso_dec at,
                                  unsigned cmp, chiso_dec points) {
  chiso__wide g = gcd(at, CHISO_DEC_ONE);
  return (chiso__threshold) { .left = (int64_t)(CHISO_DEC_ONE / g),
                              .right = (int64_t)(at / g),
                              .cmp = (uint8_t)cmp,
                              .points = chiso_dec_round(points, rule->digits,
                                                        rule->round) };
}

static bool may_be_negative(unsigned unit) {
  return unit == CHISO_UNIT_NUMBER || unit == CHISO_UNIT_SHARE ||
         unit == CHISO_UNIT_PERCENT;
}

static void compile_inputs(const chiso_node *n, uint32_t slot, chiso__rule *r) {
  unsigned num_digits = 0, den_digits = 0;
  r->slot_x = r->slot_num = r->slot_den = CHISO_NO_SLOT;
  for (uint32_t i = 0; i < n->n_inputs; i++) {
    const chiso_input *in = &n->inputs[i];
    if (in->role == CHISO_ROLE_X) {
      r->slot_x = slot + i;
      r->x = true;
      r->x_den = chiso__power10[in->digits];
      r->x_signed = may_be_negative(in->unit);
    } else if (in->role == CHISO_ROLE_NUM) {
      r->slot_num = slot + i;
      r->num_signed = may_be_negative(in->unit);
      num_digits = in->digits;
    } else if (in->role == CHISO_ROLE_DEN) {
      r->slot_den = slot + i;
      den_digits = in->digits;
    }
  }
  r->quotient = r->slot_num != CHISO_NO_SLOT;
  unsigned most = num_digits > den_digits ? num_digits : den_digits;
  r->num_scale = chiso__power10[most - num_digits];
  r->den_scale = chiso__power10[most - den_digits];
}

static chiso_status compile_thresholds(compiler *c, const chiso_node *n,
                                       chiso__rule *r) {
  r->n_thresholds = n->n_steps;
  r->thresholds =
      chiso__arena_array(&c->p->arena, n->n_steps, sizeof *r->thresholds);
  r->segments =
      chiso__arena_array(&c->p->arena, n->n_steps, sizeof *r->segments);
  if (!r->thresholds || !r->segments)
    return chiso__no_memory(c->err);
  for (uint32_t i = 0; i < n->n_steps; i++) {
    const chiso_step *s = &n->steps[i];
    r->thresholds[i] = threshold(r, s->at, s->cmp, s->points);
    if (i > 0 && n->op == CHISO_OP_LINEAR)
      r->segments[i - 1] = line(r, s[-1].at, s[-1].points, s->at, s->points);
  }
  return CHISO_OK;
}

static chiso_status compile_choices(compiler *c, const chiso_node *n,
                                    chiso__rule *r) {
  r->n_choices = n->n_steps;
  r->choices = chiso__arena_array(&c->p->arena, n->n_steps, sizeof *r->choices);
  if (!r->choices)
    return chiso__no_memory(c->err);
  for (uint32_t i = 0; i < n->n_steps; i++)
    r->choices[i] = chiso_dec_round(n->steps[i].points, r->digits, r->round);
  return CHISO_OK;
}

static chiso_status compile_children(compiler *c, uint32_t node,
                                     chiso__rule *r) {
  const chiso_node *nodes = c->p->index->nodes;
  uint32_t count = 0;
  r->slack = nodes[node].max;
  r->by_key = r->x && nodes[node].inputs->unit == CHISO_UNIT_CHOICE;
  for (uint32_t k = chiso_methodology_first_child(c->m, node);
       k != CHISO_NO_NODE; k = chiso_methodology_next(c->m, k))
    count += r->way == CHISO__WAY_CASE || nodes[k].weight != 0;
  r->children = chiso__arena_array(&c->p->arena, count, sizeof *r->children);
  r->weights = chiso__arena_array(&c->p->arena, count, sizeof *r->weights);
  r->thresholds =
      chiso__arena_array(&c->p->arena, count, sizeof *r->thresholds);
  if (!r->children || !r->weights || !r->thresholds)
    return chiso__no_memory(c->err);
  for (uint32_t k = chiso_methodology_first_child(c->m, node);
       k != CHISO_NO_NODE; k = chiso_methodology_next(c->m, k)) {
    if (r->way != CHISO__WAY_CASE && nodes[k].weight == 0)
      continue;
    if (nodes[k].at != CHISO_NONE)
      r->thresholds[r->n_thresholds++] =
          threshold(r, nodes[k].at, nodes[k].cmp, 0);
    r->weights[r->n_children] = nodes[k].weight;
    r->slack -= nodes[k].max;
    r->children[r->n_children++] = k;
  }
  return CHISO_OK;
}

static void compile_affine(const chiso_node *n, chiso__rule *r) {
  chiso__wide max = n->max, unit = r->unit;
  bool is_share = n->n_inputs && n->inputs[0].role == CHISO_ROLE_X &&
                  n->inputs[0].unit == CHISO_UNIT_SHARE;
  r->way = CHISO__WAY_AFFINE;
  switch (n->op) {
  case CHISO_OP_RATIO:
    r->affine = affine(max * CHISO_DEC_ONE, 0, (chiso__wide)n->target * unit);
    chiso__wide_div(max * n->cap, CHISO_DEC_ONE * unit, r->round, &r->most);
    r->most *= r->unit;
    r->has_floor = n->floor != CHISO_NONE;
    if (r->has_floor)
      r->floor = threshold(r, n->floor, CHISO_CMP_GE, 0);
    break;
  case CHISO_OP_PENALTY:
    r->affine = affine(-(chiso__wide)n->per, max, unit);
    r->least = n->lo;
    break;
  case CHISO_OP_SURVEY:
    r->affine = line(r, n->from, 0, n->to, n->max);
    r->strict = true;
    break;
  case CHISO_OP_SHARE:
    r->affine = affine(max, 0, unit);
    r->affine_x = affine(max, 0, (is_share ? 1 : 100) * unit);
    r->strict = true;
    break;
  case CHISO_OP_NORM:
    r->affine = line(r, n->from, 0, n->to, CHISO_DEC_ONE);
    r->kept = true;
    break;
  default: /* INDEX */
    r->affine = affine(max * CHISO_DEC_ONE, 0, (chiso__wide)n->scale * unit);
    r->strict = true;
    break;
  }
  if (n->op != CHISO_OP_SHARE)
    r->affine_x = r->affine;
}

static chiso_status compile_way(compiler *c, uint32_t node, chiso__rule *r) {
  const chiso_node *n = &c->p->index->nodes[node];
  switch (n->op) {
  case CHISO_OP_SUM:
    r->way = CHISO__WAY_SUM;
    return compile_children(c, node, r);
  case CHISO_OP_MEAN:
  case CHISO_OP_SCALE:
    r->way = CHISO__WAY_MEAN;
    return compile_children(c, node, r);
  case CHISO_OP_CASE:
    r->way = CHISO__WAY_CASE;
    return compile_children(c, node, r);
  case CHISO_OP_MANUAL:
    r->way = CHISO__WAY_MANUAL;
    return CHISO_OK;
  case CHISO_OP_STEP:
    r->way = CHISO__WAY_STEPS;
    return compile_thresholds(c, n, r);
  case CHISO_OP_LINEAR:
    r->way = CHISO__WAY_CORNERS;
    return compile_thresholds(c, n, r);
  case CHISO_OP_CHOICE:
    r->way = CHISO__WAY_CHOICE;
    return compile_choices(c, n, r);
  case CHISO_OP_BEST:
    r->way = CHISO__WAY_BEST;
    c->p->has_best = true;
    return CHISO_OK;
  case CHISO_OP_CALL:
    r->way = CHISO__WAY_CALL;
    if (c->p->rule.here || c->p->rule.elsewhere)
      return CHISO_OK;
    return CHISO__FAIL(c->err, CHISO_BAD_DATA, MSG_ENGINE_NO_RULE,
                       chiso_methodology_name(c->m), n->id);
  default:
    compile_affine(n, r);
    return CHISO_OK;
  }
}

static chiso_status compile_node(compiler *c, uint32_t node) {
  const chiso_node *n = &c->p->index->nodes[node];
  chiso__rule *r = &c->p->rules[node];
  r->op = n->op;
  r->na = n->na;
  r->empty = n->empty;
  r->digits = n->digits;
  r->round = n->round;
  r->unit = chiso__power10[CHISO_DEC_DIGITS - n->digits];
  r->max = n->max;
  r->most = n->max;
  r->lo = n->lo;
  r->out_lo = n->op == CHISO_OP_SCALE ? n->lo : 0;
  r->out_hi = n->op == CHISO_OP_SCALE ? n->hi : CHISO_DEC_ONE;
  r->call = n->call;
  uint32_t parent = chiso_methodology_parent(c->m, node);
  r->counts = parent == CHISO_NO_NODE ||
              ((n->weight != 0 || n->kind == CHISO_KIND_BRANCH) &&
               c->p->rules[parent].counts);
  r->otherwise = chiso_dec_round(n->otherwise, n->digits, n->round);
  r->in_case = parent != CHISO_NO_NODE &&
               (c->p->rules[parent].in_case || n->kind == CHISO_KIND_BRANCH);
  c->p->full[node] = n->max;
  compile_inputs(n, c->p->slots[node], r);
  CHISO__TRY(compile_way(c, node, r));
  r->most = chiso_dec_round(r->most, n->digits, n->round);
  r->least = chiso_dec_round(r->least, n->digits, n->round);
  chiso__bound *bounds =
      chiso__arena_array(&c->p->arena, r->n_thresholds, sizeof *bounds);
  if (!bounds)
    return chiso__no_memory(c->err);
  chiso__kernel_make(r, bounds, &c->p->kernels[node]);
  c->p->kernels[node].node = node;
  return CHISO_OK;
}

/* ---- the order in which one unit is scored ------------------------------ */

static uint32_t depth_of(const chiso_program *p, uint32_t node) {
  uint32_t depth = 0;
  for (; node != 0; node = chiso_methodology_parent(p->methodology, node))
    depth++;
  return depth;
}

static uint64_t order_of(const chiso_program *p, const chiso__kernel *k) {
  uint64_t alike = (uint64_t)k->strict << 26 | (uint64_t)k->has_floor << 25 |
                   (uint64_t)k->bounded << 24 | (k->count & 0xffffff);
  if (p->rules[k->node].way < CHISO__WAY_SUM)
    return (uint64_t)chiso__kernel_group(k) << 32 | alike;
  uint64_t height = UINT16_MAX - (uint64_t)depth_of(p, k->node);
  return UINT64_C(1) << 62 | height << 40 | (uint64_t)k->kind << 32 | alike;
}

static int by_order(const void *a, const void *b) {
  const chiso__kernel *k = a, *l = b;
  if (k->order != l->order)
    return k->order < l->order ? -1 : 1;
  return (k->node > l->node) - (k->node < l->node);
}

/* Leaves by group of kernels, then inner nodes from the deepest up. What does
 * the same work stands together, so that the processor can foresee it. */
static void make_plan(chiso_program *p) {
  for (uint32_t i = 0; i < p->n_nodes; i++) {
    chiso__kernel *k = &p->kernels[i];
    k->order = order_of(p, k);
    if (p->rules[i].way < CHISO__WAY_SUM) {
      p->n_group[chiso__kernel_group(k)]++;
      p->n_leaves++;
    }
  }
  qsort(p->kernels, p->n_nodes, sizeof *p->kernels, by_order);
  for (uint32_t i = 0; i < p->n_nodes; i++)
    p->places[p->kernels[i].node] = i;
}

static chiso_status compile(compiler *c) {
  chiso_program *p = c->p;
  p->slots = chiso__arena_array(&p->arena, p->n_nodes, sizeof *p->slots);
  p->rules = chiso__arena_array(&p->arena, p->n_nodes, sizeof *p->rules);
  p->kernels = chiso__arena_array(&p->arena, p->n_nodes, sizeof *p->kernels);
  p->full = chiso__arena_array(&p->arena, p->n_nodes, sizeof *p->full);
  p->places = chiso__arena_array(&p->arena, p->n_nodes, sizeof *p->places);
  p->n_group = chiso__arena_array(&p->arena, CHISO__GROUPS, sizeof *p->n_group);
  if (!p->slots || !p->rules || !p->kernels || !p->full || !p->places ||
      !p->n_group)
    return chiso__no_memory(c->err);
  for (uint32_t i = 0; i < p->n_nodes; i++) {
    p->slots[i] = p->n_slots;
    p->n_slots += p->index->nodes[i].n_inputs;
  }
  for (uint32_t i = 0; i < p->index->n_partitions; i++)
    p->n_parts += p->index->partitions[i].n_parts;
  for (uint32_t i = 0; i < p->n_nodes; i++)
    CHISO__TRY(compile_node(c, i));
  make_plan(p);
  return CHISO_OK;
}

chiso_status chiso_program_new(const chiso_methodology *methodology,
                               chiso_rule rule,
                               const chiso_allocator *allocator,
                               chiso_program **out, chiso_error *err) {
  chiso_program *p = chiso__alloc(allocator, sizeof *p);
  if (!p)
    return chiso__no_memory(err);
  p->allocator = allocator;
  p->arena.allocator = allocator;
  p->methodology = methodology;
  p->index = chiso_methodology_index(methodology);
  p->rule = rule;
  p->n_nodes = p->index->n_nodes;
  compiler c = { .p = p, .m = methodology, .err = err };
  chiso_status status = compile(&c);
  if (status != CHISO_OK) {
    chiso_program_free(p);
    return status;
  }
  *out = p;
  return CHISO_OK;
}

void chiso_program_free(chiso_program *program) {
  if (!program)
    return;
  chiso__arena_free(&program->arena);
  chiso__free(program->allocator, program);
}

const chiso_methodology *
chiso_program_methodology(const chiso_program *program) {
  return program->methodology;
}

uint32_t chiso_program_slots(const chiso_program *program) {
  return program->n_slots;
}

uint32_t chiso_program_slot(const chiso_program *program, uint32_t node) {
  return program->slots[node];
}

uint32_t chiso_program_parts(const chiso_program *program) {
  return program->n_parts;
}
