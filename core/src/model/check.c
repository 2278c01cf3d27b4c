/* SPDX-License-Identifier: Apache-2.0
 * model/check.c - the checks of a methodology as a whole and of its tree. What
 * stands here may be relied upon by the engine. */
#include <string.h>

#include "base/dec.h"
#include "model/model.h"

#define FAIL_NODE(m, node, ...)                                                \
  chiso__fail(err, CHISO_BAD_DATA, chiso__node_place((m), (node)), __VA_ARGS__)
#define FAIL(m, member, ...)                                                   \
  chiso__fail(err, CHISO_BAD_DATA,                                             \
              (chiso__place) { (m)->file, (m)->at.member, 0 }, __VA_ARGS__)

static bool in_range(chiso_dec value) {
  return value >= -CHISO_DEC_LIMIT && value <= CHISO_DEC_LIMIT;
}

/* ASCII letters, digits and the given marks. */
static bool plain(const char *text, const char *marks) {
  if (!*text)
    return false;
  for (const char *c = text; *c; c++)
    if (!((*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') ||
          (*c >= '0' && *c <= '9') || strchr(marks, *c)))
      return false;
  return true;
}

static chiso_status check_numbers(const chiso_methodology *m, uint32_t i,
                                  chiso_error *err) {
  const chiso_node *n = &m->index.nodes[i];
  struct {
    const char *name;
    chiso_dec value;
  } values[] = { { "lo", n->lo },         { "hi", n->hi },
                 { "from", n->from },     { "to", n->to },
                 { "target", n->target }, { "cap", n->cap },
                 { "per", n->per },       { "otherwise", n->otherwise },
                 { "scale", n->scale } };
  for (size_t v = 0; v < sizeof values / sizeof *values; v++)
    if (!in_range(values[v].value))
      return FAIL_NODE(m, i, MSG_MODEL_RANGE, n->id, values[v].name);
  if ((n->floor != CHISO_NONE && !in_range(n->floor)) ||
      (n->at != CHISO_NONE && !in_range(n->at)) ||
      (n->residual != CHISO_NONE &&
       (n->residual < 0 || !in_range(n->residual))))
    return FAIL_NODE(m, i, MSG_MODEL_RANGE, n->id, "floor, at, approximate");
  if (n->max < 0 || !in_range(n->max))
    return FAIL_NODE(m, i, MSG_MODEL_BAD_MAX, n->id);
  if (n->weight < 0 || !in_range(n->weight))
    return FAIL_NODE(m, i, MSG_MODEL_BAD_WEIGHT, n->id);
  return CHISO_OK;
}

static chiso_status check_constants(const chiso_methodology *m, uint32_t i,
                                    chiso_error *err) {
  const chiso_node *n = &m->index.nodes[i];
  struct {
    chiso_family family;
    unsigned value;
  } values[] = { { CHISO_FAMILY_KIND, n->kind },
                 { CHISO_FAMILY_OP, n->op },
                 { CHISO_FAMILY_ASSESSOR, n->assessor },
                 { CHISO_FAMILY_POLICY, n->na },
                 { CHISO_FAMILY_POLICY, n->empty },
                 { CHISO_FAMILY_ROUNDING, n->round },
                 { CHISO_FAMILY_PROVENANCE, n->prov_name },
                 { CHISO_FAMILY_PROVENANCE, n->prov_points },
                 { CHISO_FAMILY_CMP, n->cmp },
                 { CHISO_FAMILY_REF_VALUE, n->ref_value } };
  for (size_t v = 0; v < sizeof values / sizeof *values; v++)
    if (!chiso_key(values[v].family, values[v].value))
      return FAIL_NODE(m, i, MSG_MODEL_BAD_CONSTANT, n->id, values[v].value);
  if (n->digits > CHISO_DEC_DIGITS)
    return FAIL_NODE(m, i, MSG_MODEL_BAD_CONSTANT, n->id, (unsigned)n->digits);
  return CHISO_OK;
}

static chiso_status check_texts(const chiso_methodology *m, uint32_t i,
                                chiso_error *err) {
  const chiso_node *n = &m->index.nodes[i];
  if (!plain(n->id, "._-") || strlen(n->id) > 64)
    return FAIL_NODE(m, i, MSG_MODEL_BAD_ID, n->id);
  if (n->concept_id && !plain(n->concept_id, "._"))
    return FAIL_NODE(m, i, MSG_MODEL_BAD_CONCEPT, n->id, n->concept_id);
  if (!n->title_vi || !n->source)
    return FAIL_NODE(m, i, MSG_MODEL_ABSENT, n->title_vi ? "source" : "title");
  if (n->legal >= m->index.n_legal)
    return FAIL_NODE(m, i, MSG_MODEL_BAD_LEGAL, n->id);
  return CHISO_OK;
}

/* A branch stands under a CASE and says when it is chosen; nothing else
 * does. */
static chiso_status check_place(const chiso_methodology *m, uint32_t i,
                                chiso_error *err) {
  const chiso_node *n = &m->index.nodes[i];
  if ((n->kind == CHISO_KIND_INDEX) != (i == 0))
    return FAIL_NODE(m, i, MSG_MODEL_INDEX_KIND, n->id);
  bool branch = n->kind == CHISO_KIND_BRANCH;
  bool under_case = i > 0 && m->index.nodes[m->parents[i]].op == CHISO_OP_CASE;
  if (branch != under_case)
    return FAIL_NODE(m, i, MSG_MODEL_BRANCH_PLACE, n->id);
  if (!branch && (n->when || n->at != CHISO_NONE))
    return FAIL_NODE(m, i, MSG_MODEL_BRANCH_PLACE, n->id);
  bool children = m->first_child[i] != CHISO_NO_NODE;
  if (children != chiso__op_is_inner(n->op))
    return FAIL_NODE(m, i,
                     children ? MSG_MODEL_LEAF_CHILDREN : MSG_MODEL_INNER_ALONE,
                     n->id, chiso_key(CHISO_FAMILY_OP, n->op));
  return CHISO_OK;
}

/* The counted children's maxima make the node's, up to a millionth for each
 * child: thirds of a point have no end. */
static chiso_status check_sum(const chiso_methodology *m, uint32_t i,
                              chiso_error *err) {
  const chiso_node *n = &m->index.nodes[i];
  chiso_dec total = 0, counted = 0;
  for (uint32_t c = m->first_child[i]; c != CHISO_NO_NODE; c = m->next[c]) {
    const chiso_node *child = &m->index.nodes[c];
    if (child->weight != 0 && child->weight != CHISO_DEC_ONE)
      return FAIL_NODE(m, c, MSG_MODEL_SUM_WEIGHT, child->id);
    if (child->weight != 0) {
      total += child->max;
      counted++;
    }
  }
  chiso_dec difference = total > n->max ? total - n->max : n->max - total;
  if (counted && difference > counted) {
    char sum[CHISO_DEC_TEXT], max[CHISO_DEC_TEXT];
    chiso_lang lang = chiso__error_lang(err);
    return FAIL_NODE(m, i, MSG_MODEL_BALANCE, n->id,
                     chiso__dec_say(total, lang, sum),
                     chiso__dec_say(n->max, lang, max));
  }
  return CHISO_OK;
}

static chiso_status check_mean(const chiso_methodology *m, uint32_t i,
                               chiso_error *err) {
  const chiso_node *n = &m->index.nodes[i];
  if (n->op == CHISO_OP_SCALE && (n->lo >= n->hi || n->hi > n->max))
    return FAIL_NODE(m, i, MSG_MODEL_SCALE, n->id);
  for (uint32_t c = m->first_child[i]; c != CHISO_NO_NODE; c = m->next[c]) {
    const chiso_node *child = &m->index.nodes[c];
    chiso_dec most = n->op == CHISO_OP_SCALE ? CHISO_DEC_ONE : n->max;
    if (child->weight != 0 && child->max > most)
      return FAIL_NODE(m, c, MSG_MODEL_CHILD_MAX, child->id, n->id);
  }
  return CHISO_OK;
}

static chiso_status check_case(const chiso_methodology *m, uint32_t i,
                               chiso_error *err) {
  const chiso_node *n = &m->index.nodes[i];
  bool by_key = n->n_inputs == 1 && n->inputs[0].unit == CHISO_UNIT_CHOICE;
  chiso_dec best = 0;
  for (uint32_t c = m->first_child[i]; c != CHISO_NO_NODE; c = m->next[c]) {
    const chiso_node *b = &m->index.nodes[c];
    if (by_key
            ? !b->when || b->at != CHISO_NONE
            : b->when || (b->at == CHISO_NONE && m->next[c] != CHISO_NO_NODE))
      return FAIL_NODE(m, c, MSG_MODEL_BRANCH_WHEN, b->id);
    for (uint32_t d = m->next[c]; by_key && d != CHISO_NO_NODE; d = m->next[d])
      if (m->index.nodes[d].when &&
          strcmp(b->when, m->index.nodes[d].when) == 0)
        return FAIL_NODE(m, d, MSG_MODEL_REPEATED_KEY, b->id, b->when);
    if (b->max > best)
      best = b->max;
  }
  if (best != n->max)
    return FAIL_NODE(m, i, MSG_MODEL_BEST_POINTS, n->id);
  return CHISO_OK;
}

/* What a node is by itself. Comes before all checks that look at others. */
static chiso_status check_alone(const chiso_methodology *m, uint32_t i,
                                chiso_error *err) {
  CHISO__TRY(check_constants(m, i, err));
  CHISO__TRY(check_numbers(m, i, err));
  return check_texts(m, i, err);
}

static chiso_status check_node(const chiso_methodology *m, uint32_t i,
                               chiso_error *err) {
  CHISO__TRY(check_place(m, i, err));
  switch (m->index.nodes[i].op) {
  case CHISO_OP_SUM:
    return check_sum(m, i, err);
  case CHISO_OP_MEAN:
  case CHISO_OP_SCALE:
    return check_mean(m, i, err);
  case CHISO_OP_CASE:
    CHISO__TRY(check_case(m, i, err));
    return chiso__check_leaf(m, i, err);
  default:
    return chiso__check_leaf(m, i, err);
  }
}

/* ---- beside the tree ---------------------------------------------------- */

static chiso_status check_counts(const chiso_methodology *m, chiso_error *err) {
  for (uint32_t i = 0; i < m->index.n_counts; i++) {
    const chiso_count *c = &m->index.counts[i];
    uint32_t found = chiso_methodology_count(m, c->kind);
    if (found != c->count)
      return FAIL(m, counts, MSG_MODEL_COUNT, (unsigned)found,
                  chiso_key(CHISO_FAMILY_KIND, c->kind), (unsigned)c->count);
  }
  return CHISO_OK;
}

/* A table names a part by its id alone, so no two parts share one. */
static chiso_status check_parts(const chiso_methodology *m,
                                const chiso_partition *p, chiso__map *ids,
                                chiso_error *err) {
  chiso_dec total = 0;
  for (uint32_t j = 0; j < p->n_parts; j++) {
    const chiso_part *part = &p->parts[j];
    if (!plain(part->id, "._-"))
      return FAIL(m, partitions, MSG_MODEL_BAD_ID, part->id);
    chiso__map_result put = chiso__map_put(ids, part->id, j, NULL);
    if (put == CHISO__MAP_NO_MEMORY)
      return chiso__no_memory(err);
    if (put == CHISO__MAP_REPEATED ||
        chiso_methodology_find(m, part->id) != CHISO_NO_NODE)
      return FAIL(m, partitions, MSG_MODEL_REPEATED_ID, part->id);
    if (part->max <= 0 || !in_range(part->max))
      return FAIL(m, partitions, MSG_MODEL_BAD_MAX, part->id);
    total += part->max;
  }
  if (total != m->index.nodes[0].max) {
    char sum[CHISO_DEC_TEXT], max[CHISO_DEC_TEXT];
    chiso_lang lang = chiso__error_lang(err);
    return FAIL(m, partitions, MSG_MODEL_BALANCE, p->id,
                chiso__dec_say(total, lang, sum),
                chiso__dec_say(m->index.nodes[0].max, lang, max));
  }
  return CHISO_OK;
}

static chiso_status check_partitions(const chiso_methodology *m,
                                     chiso_error *err) {
  chiso__map ids = { .allocator = m->allocator, .folded = true };
  chiso_status status = CHISO_OK;
  for (uint32_t i = 0; i < m->index.n_partitions && status == CHISO_OK; i++)
    status = check_parts(m, &m->index.partitions[i], &ids, err);
  chiso__map_free(&ids);
  return status;
}

static chiso_status check_gradings(const chiso_methodology *m,
                                   chiso_error *err) {
  for (uint32_t i = 0; i < m->index.n_gradings; i++) {
    const chiso_grading *g = &m->index.gradings[i];
    if (g->n_grades < 2 || !chiso_key(CHISO_FAMILY_GRADING, g->kind) ||
        !chiso_key(CHISO_FAMILY_MISSING, g->missing))
      return FAIL(m, gradings, MSG_MODEL_GRADING);
    for (uint32_t j = 0; j < g->n_grades; j++) {
      chiso_dec at = g->grades[j].at_least;
      bool bands = g->kind == CHISO_GRADE_BANDS;
      bool last = j + 1 == g->n_grades;
      uint8_t cmp = g->grades[j].cmp;
      if ((at != CHISO_NONE && !in_range(at)) ||
          (cmp != CHISO_CMP_GE && (cmp != CHISO_CMP_GT || at == CHISO_NONE)))
        return FAIL(m, gradings, MSG_MODEL_GRADING);
      if (bands ? (at == CHISO_NONE && !last) ||
                      (j > 0 && at >= g->grades[j - 1].at_least)
                : at != CHISO_NONE)
        return FAIL(m, gradings, MSG_MODEL_GRADING);
    }
  }
  return CHISO_OK;
}

/* A fault ends the check, unless all are asked for. */
static chiso_status keep(const chiso_methodology *m, chiso_status status,
                         const chiso_error *err) {
  if (status != CHISO_BAD_DATA || !m->faults)
    return status;
  m->faults->add(m->faults->user, err);
  m->faults->count++;
  return CHISO_OK;
}

static bool any_fault(const chiso_methodology *m) {
  return m->faults && m->faults->count > 0;
}

/* What a set was made from can only be said of an internal one. */
static chiso_status check_scope(const chiso_methodology *m, chiso_error *err) {
  const chiso_index *ix = &m->index;
  const char *of = ix->variant_of, *slash = of ? strchr(of, '/') : NULL;
  if (!chiso_key(CHISO_FAMILY_SCOPE, ix->scope))
    return FAIL(m, id, MSG_MODEL_BAD_HEAD);
  if (of && (ix->scope != CHISO_SCOPE_INTERNAL || !plain(of, "._-/") ||
             !slash || slash == of || !slash[1]))
    return FAIL(m, id, MSG_MODEL_VARIANT_OF, of);
  if (of && strncmp(of, ix->id, (size_t)(slash - of)) == 0 &&
      ix->id[slash - of] == '\0')
    return FAIL(m, id, MSG_MODEL_VARIANT_ID, ix->id, of);
  return CHISO_OK;
}

static chiso_status check_head(const chiso_methodology *m, chiso_error *err) {
  const chiso_index *ix = &m->index;
  if (!ix->id || !plain(ix->id, "._-"))
    return FAIL(m, id, MSG_MODEL_BAD_ID, ix->id ? ix->id : "");
  if (!ix->edition || !plain(ix->edition, "._-"))
    return FAIL(m, edition, MSG_MODEL_BAD_ID, ix->edition ? ix->edition : "");
  if (!ix->title_vi || !ix->unit_set)
    return FAIL(m, id, MSG_MODEL_ABSENT, ix->title_vi ? "units" : "title");
  if (ix->n_legal == 0)
    return FAIL(m, legal, MSG_MODEL_ABSENT, "legal");
  CHISO__TRY(check_scope(m, err));
  CHISO__TRY(chiso__check_tables(m, err));
  if (!chiso_key(CHISO_FAMILY_LEVEL, ix->level) ||
      ix->digits > CHISO_DEC_DIGITS ||
      !chiso_key(CHISO_FAMILY_RANK_BY, ix->rank_by) ||
      !chiso_key(CHISO_FAMILY_TIES, ix->ties) || ix->first == 0 ||
      (ix->last != 0 && ix->last < ix->first))
    return FAIL(m, id, MSG_MODEL_BAD_HEAD);
  return CHISO_OK;
}

chiso_status chiso__methodology_check(const chiso_methodology *m,
                                      chiso_error *err) {
  CHISO__TRY(check_head(m, err));
  for (uint32_t i = 0; i < m->index.n_nodes; i++)
    CHISO__TRY(keep(m, check_alone(m, i, err), err));
  if (any_fault(m))
    return CHISO_BAD_DATA;
  for (uint32_t i = 0; i < m->index.n_nodes; i++)
    CHISO__TRY(keep(m, check_node(m, i, err), err));
  CHISO__TRY(keep(m, check_counts(m, err), err));
  CHISO__TRY(keep(m, check_partitions(m, err), err));
  CHISO__TRY(keep(m, check_gradings(m, err), err));
  return any_fault(m) ? CHISO_BAD_DATA : CHISO_OK;
}
