/* SPDX-License-Identifier: Apache-2.0
 * model/check_tables.c - what the reader of an index.json sees to by itself
 * and the tables of a plugin may break: texts that must be there, values that
 * the file format cannot say. Then a text and its plugin have one digest. */
#include <string.h>

#include "model/model.h"

static chiso_status refuse(const chiso_methodology *m, const char *member,
                           chiso_error *err) {
  return chiso__fail(err, CHISO_BAD_DATA, (chiso__place) { m->file, 0, 0 },
                     MSG_MODEL_PLUGIN_VALUE, member);
}

static bool year_fits(unsigned year) {
  return year == 0 || (year >= 1900 && year <= 2999);
}

static bool date_fits(chiso_date d) {
  static const uint8_t days[] = {
    31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31
  };
  if (d.year > 9999 || d.month > 12 || (d.year == 0 && d.month) ||
      (d.month == 0 && d.day))
    return false;
  return d.month == 0 || d.day <= days[d.month - 1];
}

static bool texts_present(const char *const *texts, size_t count) {
  for (size_t i = 0; i < count; i++)
    if (!texts[i])
      return false;
  return true;
}

static chiso_status check_legal(const chiso_methodology *m, chiso_error *err) {
  for (uint32_t i = 0; i < m->index.n_legal; i++) {
    const chiso_legal *l = &m->index.legal[i];
    if (!l->key || !l->instrument)
      return refuse(m, l->key ? "legal.instrument" : "legal.key", err);
    if (!date_fits(l->issued) || !date_fits(l->in_force) ||
        !date_fits(l->repealed) || !date_fits(l->checked_on))
      return refuse(m, "legal.issued, in_force, repealed, checked_on", err);
    for (uint32_t j = 0; j < i; j++)
      if (strcmp(l->key, m->index.legal[j].key) == 0)
        return chiso__fail(err, CHISO_BAD_DATA,
                           (chiso__place) { m->file, m->at.legal, 0 },
                           MSG_MODEL_REPEATED_ID, l->key);
  }
  return CHISO_OK;
}

static chiso_status check_short_lists(const chiso_methodology *m,
                                      chiso_error *err) {
  const chiso_index *ix = &m->index;
  if (!texts_present(ix->supersedes, ix->n_supersedes))
    return refuse(m, "supersedes", err);
  for (uint32_t i = 0; i < ix->n_deadlines; i++)
    if (!ix->deadlines[i].what || ix->deadlines[i].date.year == 0 ||
        !date_fits(ix->deadlines[i].date))
      return refuse(m, "deadlines", err);
  for (uint32_t i = 0; i < ix->n_counts; i++) {
    const chiso_count *c = &ix->counts[i];
    if (!chiso_key(CHISO_FAMILY_KIND, c->kind) ||
        c->kind == CHISO_KIND_BRANCH || c->count > CHISO__MAX_NODES)
      return refuse(m, "counts", err);
    for (uint32_t j = 0; j < i; j++)
      if (ix->counts[j].kind == c->kind)
        return refuse(m, "counts", err);
  }
  return CHISO_OK;
}

static chiso_status check_nested(const chiso_methodology *m, chiso_error *err) {
  const chiso_index *ix = &m->index;
  for (uint32_t i = 0; i < ix->n_gradings; i++) {
    const chiso_grading *g = &ix->gradings[i];
    if (!g->source || !year_fits(g->first) || !year_fits(g->last))
      return refuse(m, "gradings", err);
    for (uint32_t j = 0; j < g->n_grades; j++)
      if (!g->grades[j].key || !g->grades[j].title_vi)
        return refuse(m, "gradings.grades", err);
  }
  for (uint32_t i = 0; i < ix->n_partitions; i++) {
    const chiso_partition *p = &ix->partitions[i];
    if (!p->id || !p->title_vi || !p->source)
      return refuse(m, "partitions", err);
    for (uint32_t j = 0; j < p->n_parts; j++)
      if (!p->parts[j].id || !p->parts[j].title_vi)
        return refuse(m, "partitions.parts", err);
  }
  return CHISO_OK;
}

/* Steps, inputs and references as far as the op has them. */
static chiso_status check_node(const chiso_methodology *m, const chiso_node *n,
                               chiso_error *err) {
  bool stepped = n->op == CHISO_OP_STEP || n->op == CHISO_OP_LINEAR ||
                 n->op == CHISO_OP_CHOICE;
  if (!texts_present(n->was, n->n_was))
    return refuse(m, "nodes.was", err);
  if (n->n_steps && !stepped)
    return refuse(m, "nodes.steps", err);
  if (n->n_inputs && n->op >= CHISO_OP_SUM && n->op <= CHISO_OP_SCALE)
    return refuse(m, "nodes.inputs", err);
  for (uint32_t k = 0; k < n->n_steps; k++) {
    const chiso_step *s = &n->steps[k];
    if (n->op != CHISO_OP_STEP && s->cmp != CHISO_CMP_GE)
      return refuse(m, "nodes.steps.cmp", err);
    if (n->op != CHISO_OP_CHOICE &&
        (s->at < -CHISO_DEC_LIMIT || s->at > CHISO_DEC_LIMIT))
      return refuse(m, "nodes.steps.at", err);
  }
  for (uint32_t k = 0; k < n->n_inputs; k++)
    if (!chiso_key(CHISO_FAMILY_ROLE, n->inputs[k].role))
      return refuse(m, "nodes.inputs.role", err);
  if (n->op == CHISO_OP_INDEX && n->ref_index && strchr(n->ref_index, '/'))
    return refuse(m, "nodes.of", err);
  if (n->op == CHISO_OP_CALL && n->call > CHISO__MAX_CALL)
    return refuse(m, "nodes.call", err);
  return CHISO_OK;
}

chiso_status chiso__check_tables(const chiso_methodology *m, chiso_error *err) {
  if (!year_fits(m->index.first) || !year_fits(m->index.last))
    return refuse(m, "rounds", err);
  CHISO__TRY(check_legal(m, err));
  CHISO__TRY(check_short_lists(m, err));
  CHISO__TRY(check_nested(m, err));
  for (uint32_t i = 0; i < m->index.n_nodes; i++)
    CHISO__TRY(check_node(m, &m->index.nodes[i], err));
  return CHISO_OK;
}
