/* SPDX-License-Identifier: Apache-2.0
 * analysis/of_run.c - a composite of the points of a methodology. */
#include <math.h>
#include <string.h>

#include "analysis/read.h"

/* What of a methodology is in the composite. Points may be given at nodes that
 * have children, when those are only shown or were never published: such a node
 * is an indicator, and nothing below it is taken. */
typedef struct picked {
  const chiso_methodology *m;
  const chiso_index *index;
  uint32_t *raw;   /* of a node; CHISO__NO_CODE: left out */
  uint8_t *any;    /* points at the node or below */
  uint8_t *inner;  /* it has children with points that count */
  uint32_t *nodes; /* of a code */
} picked;

static bool has_points(const chiso_scores *s, uint32_t node) {
  for (size_t u = 0; u < s->n; u++)
    if (chiso_has_points(s->state[node * s->n + u]))
      return true;
  return false;
}

/* Parents stand before their children. */
static void pick(picked *p, const chiso_scores *s, chiso__read *r) {
  const chiso_node *nodes = p->index->nodes;
  for (uint32_t i = p->index->n_nodes; i-- > 0;) {
    for (uint32_t k = chiso_methodology_first_child(p->m, i);
         k != CHISO_NO_NODE; k = chiso_methodology_next(p->m, k))
      p->inner[i] = p->inner[i] || (nodes[k].weight != 0 && p->any[k]);
    p->any[i] = p->inner[i] || has_points(s, i);
    p->raw[i] = CHISO__NO_CODE;
  }
  p->raw[0] = 0;
  for (uint32_t i = 0; i < p->index->n_nodes; i++) {
    if (p->raw[i] == CHISO__NO_CODE)
      continue;
    p->raw[i] = (uint32_t)r->n_raw;
    p->nodes[r->n_raw++] = i;
    for (uint32_t k = chiso_methodology_first_child(p->m, i);
         k != CHISO_NO_NODE && p->inner[i]; k = chiso_methodology_next(p->m, k))
      if (nodes[k].weight != 0)
        p->raw[k] = 0;
  }
}

static double least_points(const chiso_node *node) {
  bool own = node->op == CHISO_OP_SCALE || node->op == CHISO_OP_MANUAL ||
             node->op == CHISO_OP_PENALTY;
  return own ? (double)node->lo : 0;
}

/* Indicators stand at level 1, whatever their depth; a node one above the
 * highest of its children. */
static chiso_status fill_codes(chiso_composite *c, chiso__read *r,
                               const picked *p, chiso_error *err) {
  for (size_t at = r->n_raw; at-- > 0;) {
    const chiso_node *node = &p->index->nodes[p->nodes[at]];
    chiso__code *code = &r->raw[at];
    const char *name = c->remarks.lang == CHISO_LANG_VI || !node->title_en
                           ? node->title_vi
                           : node->title_en;
    code->code = chiso__arena_text(&c->arena, node->id, strlen(node->id));
    code->name = name ? chiso__arena_text(&c->arena, name, strlen(name)) : NULL;
    if (!code->code || (name && !code->name))
      return chiso__no_memory(err);
    code->direction = 1;
    code->scale = 1;
    code->parent_code = "";
    code->parent = CHISO__NO_CODE;
    code->maximum = (double)node->max / (double)CHISO_DEC_ONE;
    code->weight = code->maximum;
    code->high = (double)(node->op == CHISO_OP_SCALE ? node->hi : node->max) /
                 (double)CHISO_DEC_ONE;
    code->low = least_points(node) / (double)CHISO_DEC_ONE;
    code->level = 1;
    for (uint32_t k = chiso_methodology_first_child(p->m, p->nodes[at]);
         k != CHISO_NO_NODE; k = chiso_methodology_next(p->m, k)) {
      if (p->raw[k] == CHISO__NO_CODE)
        continue;
      code->count++;
      r->raw[p->raw[k]].parent = (uint32_t)at;
      if (r->raw[p->raw[k]].level >= code->level)
        code->level = r->raw[p->raw[k]].level + 1;
    }
  }
  return CHISO_OK;
}

static chiso_status raw_of(chiso_composite *c, chiso__read *r, picked *p,
                           const chiso_scores *s, chiso_error *err) {
  p->index = chiso_methodology_index(p->m);
  size_t n = p->index->n_nodes;
  r->raw = chiso__arena_array(r->scratch, n, sizeof *r->raw);
  p->raw = chiso__arena_array(r->scratch, n, sizeof *p->raw);
  p->any = chiso__arena_array(r->scratch, n, 1);
  p->inner = chiso__arena_array(r->scratch, n, 1);
  p->nodes = chiso__arena_array(r->scratch, n, sizeof *p->nodes);
  if (!r->raw || !p->raw || !p->any || !p->inner || !p->nodes)
    return chiso__no_memory(err);
  pick(p, s, r);
  return fill_codes(c, r, p, err);
}

static chiso_status fill_units(chiso_composite *c, const chiso_run *run,
                               chiso_error *err) {
  c->units = chiso__arena_array(&c->arena, c->n, sizeof *c->units);
  c->names = chiso__arena_array(&c->arena, c->n, sizeof *c->names);
  c->group_names = chiso__arena_array(&c->arena, 1, sizeof(char *));
  c->groups = chiso__arena_array(&c->arena, 1, sizeof *c->groups);
  const char **regions = chiso__arena_array(&c->arena, c->n, sizeof *regions);
  if (!c->units || !c->names || !c->group_names || !c->groups || !regions)
    return chiso__no_memory(err);
  bool any = false;
  for (size_t u = 0; u < c->n; u++) {
    const chiso_unit *unit =
        chiso_units_get(chiso_run_units(run), chiso_run_unit(run, u));
    const char *name = c->remarks.lang == CHISO_LANG_VI || !unit->name_en
                           ? unit->name_vi
                           : unit->name_en;
    const char *region = unit->region ? unit->region : "";
    any = any || *region;
    c->units[u] = chiso__arena_text(&c->arena, unit->code, strlen(unit->code));
    c->names[u] = chiso__arena_text(&c->arena, name, strlen(name));
    regions[u] = chiso__arena_text(&c->arena, region, strlen(region));
    if (!c->units[u] || !c->names[u] || !regions[u])
      return chiso__no_memory(err);
  }
  c->group_names[0] = "region";
  c->groups[0] = regions;
  c->n_groups = any;
  return CHISO_OK;
}

/* ---- what the units scored themselves ------------------------------------ */

static size_t find_row(const chiso_composite *c, const chiso_run *run,
                       size_t scored) {
  const char *code =
      chiso_units_get(chiso_run_units(run), chiso_run_unit(run, scored))->code;
  size_t r = 0;
  while (r < c->n && strcmp(c->units[r], code) != 0)
    r++;
  return r;
}

chiso_status chiso_composite_self(chiso_composite *c, const chiso_run *self,
                                  chiso_error *err) {
  const chiso_scores *s = chiso_run_scores(self);
  const chiso_index *index =
      chiso_methodology_index(chiso_run_methodology(self));
  size_t cells = c->tree.leaves * c->n;
  if (!c->own)
    c->own = chiso__arena_raw(&c->arena, cells, sizeof *c->own);
  if (!c->own)
    return chiso__no_memory(err);
  c->alone = 0;
  for (size_t i = 0; i < cells; i++)
    c->own[i] = NAN;
  for (size_t u = 0; u < s->n; u++) {
    size_t row = find_row(c, self, u);
    for (uint32_t i = 0; row < c->n && i < index->n_nodes; i++) {
      size_t leaf, at = (size_t)i * s->n + u;
      if (chiso_has_points(s->state[at]) &&
          chiso__map_get(&c->map, index->nodes[i].id, &leaf) &&
          leaf < c->tree.leaves) {
        size_t cell = leaf * c->n + row;
        if (isnan(c->data[cell]))
          c->alone++;
        else
          c->own[cell] = (double)s->points[at] / (double)CHISO_DEC_ONE;
      }
    }
  }
  return CHISO_OK;
}

/* ---- the composite ------------------------------------------------------- */

static chiso_status take_run(chiso_composite *c, chiso__read *r,
                             const chiso_run *run, chiso_error *err) {
  const chiso_scores *s = chiso_run_scores(run);
  picked p = { .m = chiso_run_methodology(run) };
  c->n = s->n;
  if (c->n == 0)
    return CHISO__FAIL(err, CHISO_BAD_DATA, MSG_DATA_NO_UNITS);
  CHISO__TRY(raw_of(c, r, &p, s, err));
  uint32_t *leaf = chiso__arena_array(r->scratch, r->n_raw, sizeof *leaf);
  size_t n_leaves = 0;
  if (!leaf)
    return chiso__no_memory(err);
  for (size_t i = 0; i < r->n_raw; i++)
    if (r->raw[i].count == 0)
      leaf[n_leaves++] = (uint32_t)i;
  CHISO__TRY(chiso__composite_tree(c, r, leaf, n_leaves, err));
  CHISO__TRY(chiso__composite_room(c, err));
  for (size_t i = 0; i < n_leaves; i++)
    for (size_t u = 0; u < c->n; u++) {
      size_t at = (size_t)p.nodes[leaf[i]] * s->n + u;
      c->data[i * c->n + u] =
          chiso_has_points(s->state[at])
              ? (double)s->points[at] / (double)CHISO_DEC_ONE
              : (double)NAN;
    }
  return fill_units(c, run, err);
}

chiso_status chiso_composite_of_run(const chiso_run *run, chiso_lang lang,
                                    const chiso_allocator *allocator,
                                    chiso_composite **out, chiso_error *err) {
  chiso__arena scratch = { .allocator = allocator };
  chiso__read r = { .scratch = &scratch, .have_meta = true };
  chiso_composite *c = chiso__composite_new(lang, allocator);
  *out = NULL;
  if (!c)
    return chiso__no_memory(err);
  c->file = c->meta = "";
  chiso_status status = take_run(c, &r, run, err);
  chiso__arena_free(&scratch);
  if (status != CHISO_OK) {
    chiso_composite_free(c);
    return status;
  }
  *out = c;
  return CHISO_OK;
}
