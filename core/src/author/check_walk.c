/* SPDX-License-Identifier: Apache-2.0
 * author/check_walk.c - a plugin's own tables, struct by struct and text by
 * text, by the strides that it declares. */
#include "author/check.h"

#include <string.h>

typedef struct walk {
  chiso__check_walker *to;
  const chiso_index *index;
} walk;

static void text(const walk *w, const char *where, const char *s) {
  if (s && w->to->text)
    w->to->text(w->to->user, where, s);
}

static void bytes(const walk *w, const void *block, size_t size) {
  if (w->to->bytes)
    w->to->bytes(w->to->user, block, size);
}

static void reserved(const walk *w, const char *where, const void *block,
                     size_t size) {
  if (w->to->reserved)
    w->to->reserved(w->to->user, where, block, size);
}

/* Each element of an array, whatever its stride. */
#define EACH(type, e, array, count, stride)                                    \
  for (const type *                                                            \
           e = (array),                                                        \
          *e##_end = (const type *)(const void *)((const char *)(array) +      \
                                                  (size_t)(count) * (stride)); \
       (count) > 0 && e != e##_end;                                            \
       e = (const type *)(const void *)((const char *)e + (stride)))

static void walk_node(const walk *w, const chiso_node *n) {
  const struct {
    const char *where, *text;
  } texts[] = { { "nodes.id", n->id },
                { "nodes.parent", n->parent },
                { "nodes.title_vi", n->title_vi },
                { "nodes.title_en", n->title_en },
                { "nodes.concept_id", n->concept_id },
                { "nodes.when", n->when },
                { "nodes.ref_index", n->ref_index },
                { "nodes.ref_node", n->ref_node },
                { "nodes.numerator", n->numerator },
                { "nodes.denominator", n->denominator },
                { "nodes.period", n->period },
                { "nodes.rule", n->rule },
                { "nodes.evidence", n->evidence },
                { "nodes.source", n->source },
                { "nodes.note", n->note } };
  bytes(w, n, sizeof *n);
  reserved(w, "nodes.reserved", n->reserved, sizeof n->reserved);
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
    text(w, texts[i].where, texts[i].text);
  for (uint32_t i = 0; i < n->n_was; i++)
    text(w, "nodes.was", n->was[i]);
  EACH(chiso_input, in, n->inputs, n->n_inputs, w->index->input_stride) {
    bytes(w, in, sizeof *in);
    reserved(w, "inputs.reserved", in->reserved, sizeof in->reserved);
    text(w, "inputs.key", in->key);
    text(w, "inputs.title_vi", in->title_vi);
    text(w, "inputs.title_en", in->title_en);
  }
  EACH(chiso_step, s, n->steps, n->n_steps, w->index->step_stride) {
    bytes(w, s, sizeof *s);
    reserved(w, "steps.reserved", s->reserved, sizeof s->reserved);
    text(w, "steps.key", s->key);
    text(w, "steps.title_vi", s->title_vi);
    text(w, "steps.title_en", s->title_en);
  }
}

static void walk_gradings(const walk *w) {
  const chiso_index *ix = w->index;
  EACH(chiso_grading, g, ix->gradings, ix->n_gradings, ix->grading_stride) {
    bytes(w, g, sizeof *g);
    reserved(w, "gradings.reserved", g->reserved, sizeof g->reserved);
    text(w, "gradings.source", g->source);
    EACH(chiso_grade, e, g->grades, g->n_grades, ix->grade_stride) {
      bytes(w, e, sizeof *e);
      text(w, "grades.key", e->key);
      text(w, "grades.title_vi", e->title_vi);
      text(w, "grades.title_en", e->title_en);
    }
  }
}

static void walk_partitions(const walk *w) {
  const chiso_index *ix = w->index;
  EACH(chiso_partition, p, ix->partitions, ix->n_partitions,
       ix->partition_stride) {
    bytes(w, p, sizeof *p);
    reserved(w, "partitions.reserved", &p->reserved, sizeof p->reserved);
    text(w, "partitions.id", p->id);
    text(w, "partitions.title_vi", p->title_vi);
    text(w, "partitions.title_en", p->title_en);
    text(w, "partitions.source", p->source);
    EACH(chiso_part, e, p->parts, p->n_parts, ix->part_stride) {
      bytes(w, e, sizeof *e);
      text(w, "parts.id", e->id);
      text(w, "parts.title_vi", e->title_vi);
      text(w, "parts.title_en", e->title_en);
    }
  }
}

static void walk_lists(const walk *w) {
  const chiso_index *ix = w->index;
  for (uint32_t i = 0; i < ix->n_supersedes; i++)
    text(w, "supersedes", ix->supersedes[i]);
  EACH(chiso_legal, l, ix->legal, ix->n_legal, ix->legal_stride) {
    bytes(w, l, sizeof *l);
    text(w, "legal.key", l->key);
    text(w, "legal.instrument", l->instrument);
    text(w, "legal.title", l->title);
    text(w, "legal.url", l->url);
  }
  if (ix->n_counts > 0)
    bytes(w, ix->counts, ix->n_counts * sizeof *ix->counts);
  for (uint32_t i = 0; i < ix->n_deadlines; i++) {
    const chiso_deadline *d = &ix->deadlines[i];
    bytes(w, d, sizeof *d);
    reserved(w, "deadlines.reserved", &d->reserved, sizeof d->reserved);
    text(w, "deadlines.what", d->what);
  }
}

static void walk_index(const walk *w) {
  const chiso_index *ix = w->index;
  bytes(w, ix, sizeof *ix);
  text(w, "index.id", ix->id);
  text(w, "index.edition", ix->edition);
  text(w, "index.title_vi", ix->title_vi);
  text(w, "index.title_en", ix->title_en);
  text(w, "index.unit_set", ix->unit_set);
  text(w, "index.note", ix->note);
  walk_lists(w);
  walk_gradings(w);
  walk_partitions(w);
  EACH(chiso_node, n, ix->nodes, ix->n_nodes, ix->node_stride)
  walk_node(w, n);
}

void chiso__check_walk(const chiso_plugin *tables,
                       chiso__check_walker *walker) {
  walk w = { .to = walker };
  bytes(&w, tables, sizeof *tables);
  text(&w, "plugin.id", tables->id);
  text(&w, "plugin.version", tables->version);
  text(&w, "plugin.license", tables->license);
  text(&w, "plugin.contact", tables->contact);
  for (uint32_t i = 0; i < tables->n_indices; i++) {
    w.index = tables->indices[i];
    walk_index(&w);
  }
}

/* ---- what must hold before ---------------------------------------------- */

typedef struct array {
  const char *where;
  const void *first;
  uint32_t count, most;
  size_t stride, least;
} array;

static bool arrays_good(const array *list, size_t count,
                        chiso__check_array *fault) {
  for (size_t i = 0; i < count; i++) {
    const array *a = &list[i];
    if (a->count <= a->most && a->stride >= a->least &&
        a->stride % sizeof(void *) == 0 && (a->first || a->count == 0))
      continue;
    *fault = (chiso__check_array) { a->where, a->count, a->most, a->stride,
                                    a->least };
    return false;
  }
  return true;
}
#define GOOD(fault, ...)                                                       \
  arrays_good((const array[]) { __VA_ARGS__ },                                 \
              sizeof((const array[]) { __VA_ARGS__ }) / sizeof(array),         \
              (fault))

static bool node_walkable(const chiso_index *ix, const chiso_node *n,
                          chiso__check_array *fault) {
  return GOOD(fault,
              { "nodes.was", n->was, n->n_was, CHISO__MAX_LIST, sizeof(char *),
                sizeof(char *) },
              { "nodes.inputs", n->inputs, n->n_inputs, CHISO__MAX_INPUTS,
                ix->input_stride, sizeof(chiso_input) },
              { "nodes.steps", n->steps, n->n_steps, CHISO__MAX_STEPS,
                ix->step_stride, sizeof(chiso_step) });
}

static bool index_walkable(const chiso_index *ix, chiso__check_array *fault) {
  if (!GOOD(fault,
            { "supersedes", ix->supersedes, ix->n_supersedes, CHISO__MAX_LIST,
              sizeof(char *), sizeof(char *) },
            { "legal", ix->legal, ix->n_legal, CHISO__MAX_LIST,
              ix->legal_stride, sizeof(chiso_legal) },
            { "nodes", ix->nodes, ix->n_nodes, CHISO__MAX_NODES,
              ix->node_stride, sizeof(chiso_node) },
            { "gradings", ix->gradings, ix->n_gradings, CHISO__MAX_LIST,
              ix->grading_stride, sizeof(chiso_grading) },
            { "partitions", ix->partitions, ix->n_partitions, CHISO__MAX_LIST,
              ix->partition_stride, sizeof(chiso_partition) },
            { "counts", ix->counts, ix->n_counts, CHISO__MAX_LIST,
              sizeof(chiso_count), sizeof(chiso_count) },
            { "deadlines", ix->deadlines, ix->n_deadlines, CHISO__MAX_LIST,
              sizeof(chiso_deadline), sizeof(chiso_deadline) }))
    return false;
  EACH(chiso_grading, g, ix->gradings, ix->n_gradings, ix->grading_stride)
  if (!GOOD(fault, { "grades", g->grades, g->n_grades, CHISO__MAX_LIST,
                     ix->grade_stride, sizeof(chiso_grade) }))
    return false;
  EACH(chiso_partition, p, ix->partitions, ix->n_partitions,
       ix->partition_stride)
  if (!GOOD(fault, { "parts", p->parts, p->n_parts, CHISO__MAX_LIST,
                     ix->part_stride, sizeof(chiso_part) }))
    return false;
  EACH(chiso_node, n, ix->nodes, ix->n_nodes, ix->node_stride)
  if (!node_walkable(ix, n, fault))
    return false;
  return true;
}

bool chiso__check_walkable(const chiso_plugin *tables,
                           chiso__check_array *fault) {
  *fault = (chiso__check_array) { .where = "chiso_plugin" };
  if (!tables || tables->abi_major != CHISO_ABI_MAJOR ||
      tables->abi_minor > CHISO_ABI_MINOR)
    return false;
  if (tables->size < sizeof *tables ||
      !GOOD(fault, { "indices", tables->indices, tables->n_indices,
                     CHISO__MAX_INDICES, sizeof(void *), sizeof(void *) }))
    return false;
  for (uint32_t i = 0; i < tables->n_indices; i++) {
    *fault = (chiso__check_array) { .where = "indices" };
    if (!tables->indices[i] || !index_walkable(tables->indices[i], fault))
      return false;
  }
  return true;
}
