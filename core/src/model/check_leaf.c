/* SPDX-License-Identifier: Apache-2.0
 * model/check_leaf.c - inputs and parameters of single nodes. */
#include <string.h>

#include "model/model.h"

#define FAIL_NODE(m, node, ...)                                                \
  chiso__fail(err, CHISO_BAD_DATA, chiso__node_place((m), (node)), __VA_ARGS__)

/* How many inputs of each role a node has. */
typedef struct roles {
  unsigned x, num, den, other, choices;
} roles;

static chiso_status count_roles(const chiso_methodology *m, uint32_t i,
                                roles *out, chiso_error *err) {
  const chiso_node *n = &m->index.nodes[i];
  *out = (roles) { 0 };
  for (uint32_t k = 0; k < n->n_inputs; k++) {
    const chiso_input *in = &n->inputs[k];
    if (!in->key || !*in->key || strlen(in->key) > 64 ||
        strcspn(in->key, ":, \t\"") != strlen(in->key) ||
        !chiso_key(CHISO_FAMILY_UNIT, in->unit) ||
        in->digits > CHISO_DEC_DIGITS)
      return FAIL_NODE(m, i, MSG_MODEL_BAD_INPUT, n->id,
                       in->key ? in->key : "");
    for (uint32_t j = 0; j < k; j++)
      if (strcmp(in->key, n->inputs[j].key) == 0)
        return FAIL_NODE(m, i, MSG_MODEL_REPEATED_KEY, n->id, in->key);
    out->x += in->role == CHISO_ROLE_X;
    out->num += in->role == CHISO_ROLE_NUM;
    out->den += in->role == CHISO_ROLE_DEN;
    out->other += in->role == CHISO_ROLE_OTHER;
    out->choices += in->unit == CHISO_UNIT_CHOICE;
  }
  return CHISO_OK;
}

/* x, or num and den, or either. */
static bool is_argument(roles r) {
  return r.other == 0 && r.choices == 0 && r.num == r.den && r.x + r.num >= 1 &&
         r.x <= 1 && r.num <= 1;
}

static bool roles_fit(const chiso_node *n, roles r) {
  switch (n->op) {
  case CHISO_OP_MANUAL:
  case CHISO_OP_PENALTY:
  case CHISO_OP_INDEX:
    return n->n_inputs == 1 && r.x == 1 && r.choices == 0;
  case CHISO_OP_CHOICE:
    return n->n_inputs == 1 && r.x == 1 && r.choices == 1;
  case CHISO_OP_CASE:
    return (n->n_inputs == 1 && r.x == 1 && r.choices == 1) || is_argument(r);
  case CHISO_OP_RATIO:
    return n->n_inputs == 2 && r.num == 1 && r.den == 1;
  case CHISO_OP_STEP:
    return n->n_steps == 0 ? n->n_inputs == 0 : is_argument(r);
  case CHISO_OP_CALL:
    return r.choices == 0;
  default:
    return is_argument(r);
  }
}

static bool points_fit(const chiso_node *n, chiso_dec points) {
  return points >= 0 && points <= n->max;
}

/* Thresholds fall under >= and >, rise under <= and <, so that the first that
 * holds is the best; equal thresholds only as "> a" before ">= a". */
static chiso_status check_steps(const chiso_methodology *m, uint32_t i,
                                chiso_error *err) {
  const chiso_node *n = &m->index.nodes[i];
  chiso_dec best = n->otherwise;
  for (uint32_t k = 0; k < n->n_steps; k++) {
    const chiso_step *s = &n->steps[k];
    if (!points_fit(n, s->points) || !chiso_key(CHISO_FAMILY_CMP, s->cmp))
      return FAIL_NODE(m, i, MSG_MODEL_STEP_POINTS, n->id, (unsigned)k + 1);
    if (s->points > best)
      best = s->points;
    if (k == 0)
      continue;
    const chiso_step *p = &n->steps[k - 1];
    bool down = s->cmp == CHISO_CMP_GE || s->cmp == CHISO_CMP_GT;
    bool was_down = p->cmp == CHISO_CMP_GE || p->cmp == CHISO_CMP_GT;
    bool strict_first = (p->cmp == CHISO_CMP_GT && s->cmp == CHISO_CMP_GE) ||
                        (p->cmp == CHISO_CMP_LT && s->cmp == CHISO_CMP_LE);
    bool ordered =
        s->at == p->at ? strict_first : (down ? s->at < p->at : s->at > p->at);
    if (down != was_down || !ordered)
      return FAIL_NODE(m, i, MSG_MODEL_STEP_ORDER, n->id, (unsigned)k + 1);
  }
  if (!points_fit(n, n->otherwise))
    return FAIL_NODE(m, i, MSG_MODEL_STEP_POINTS, n->id, 0u);
  return best == n->max ? CHISO_OK
                        : FAIL_NODE(m, i, MSG_MODEL_BEST_POINTS, n->id);
}

static chiso_status check_linear(const chiso_methodology *m, uint32_t i,
                                 chiso_error *err) {
  const chiso_node *n = &m->index.nodes[i];
  chiso_dec best = 0;
  if (n->n_steps < 2)
    return FAIL_NODE(m, i, MSG_MODEL_CORNERS, n->id);
  for (uint32_t k = 0; k < n->n_steps; k++) {
    if (!points_fit(n, n->steps[k].points))
      return FAIL_NODE(m, i, MSG_MODEL_STEP_POINTS, n->id, (unsigned)k + 1);
    if (k > 0 && n->steps[k].at <= n->steps[k - 1].at)
      return FAIL_NODE(m, i, MSG_MODEL_CORNERS, n->id);
    if (n->steps[k].points > best)
      best = n->steps[k].points;
  }
  return best == n->max ? CHISO_OK
                        : FAIL_NODE(m, i, MSG_MODEL_BEST_POINTS, n->id);
}

static chiso_status check_choice(const chiso_methodology *m, uint32_t i,
                                 chiso_error *err) {
  const chiso_node *n = &m->index.nodes[i];
  chiso_dec best = 0;
  if (n->n_steps < 2)
    return FAIL_NODE(m, i, MSG_MODEL_CHOICES, n->id);
  for (uint32_t k = 0; k < n->n_steps; k++) {
    const chiso_step *s = &n->steps[k];
    if (!s->key || !points_fit(n, s->points))
      return FAIL_NODE(m, i, MSG_MODEL_STEP_POINTS, n->id, (unsigned)k + 1);
    for (uint32_t j = 0; j < k; j++)
      if (strcmp(s->key, n->steps[j].key) == 0)
        return FAIL_NODE(m, i, MSG_MODEL_REPEATED_KEY, n->id, s->key);
    if (s->points > best)
      best = s->points;
  }
  return best == n->max ? CHISO_OK
                        : FAIL_NODE(m, i, MSG_MODEL_BEST_POINTS, n->id);
}

static bool numbers_fit(const chiso_node *n) {
  switch (n->op) {
  case CHISO_OP_MANUAL:
    return n->lo <= n->max;
  case CHISO_OP_RATIO:
    return n->target > 0 && n->cap > 0 && n->cap <= CHISO_DEC_ONE &&
           (n->floor == CHISO_NONE || n->floor >= 0);
  case CHISO_OP_PENALTY:
    return n->per > 0 && n->lo >= 0 && n->lo <= n->max;
  case CHISO_OP_SURVEY:
  case CHISO_OP_NORM:
    return n->from != n->to;
  case CHISO_OP_INDEX:
    return n->scale > 0 && n->ref_index && n->ref_node;
  default:
    return true;
  }
}

chiso_status chiso__check_leaf(const chiso_methodology *m, uint32_t i,
                               chiso_error *err) {
  const chiso_node *n = &m->index.nodes[i];
  roles r;
  CHISO__TRY(count_roles(m, i, &r, err));
  if (!roles_fit(n, r))
    return FAIL_NODE(m, i, MSG_MODEL_ROLES, n->id,
                     chiso_key(CHISO_FAMILY_OP, n->op));
  if (!numbers_fit(n))
    return FAIL_NODE(m, i, MSG_MODEL_PARAMETERS, n->id,
                     chiso_key(CHISO_FAMILY_OP, n->op));
  if (n->op == CHISO_OP_NORM && n->max != CHISO_DEC_ONE)
    return FAIL_NODE(m, i, MSG_MODEL_NORM_MAX, n->id);
  if (n->op == CHISO_OP_INDEX && strcmp(n->ref_index, m->index.id) == 0)
    return FAIL_NODE(m, i, MSG_MODEL_OWN_INDEX, n->id);
  switch (n->op) {
  case CHISO_OP_STEP:
    return check_steps(m, i, err);
  case CHISO_OP_LINEAR:
    return check_linear(m, i, err);
  case CHISO_OP_CHOICE:
    return check_choice(m, i, err);
  default:
    return CHISO_OK;
  }
}
