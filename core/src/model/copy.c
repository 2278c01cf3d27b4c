/* SPDX-License-Identifier: Apache-2.0
 * model/copy.c - a methodology from a plugin's tables. Elements are found by
 * the plugin's strides and copied as far as both sides know them. */
#include <string.h>

#include "base/text.h"
#include "model/model.h"

typedef struct copier {
  chiso_methodology *m;
  const char *file;
  chiso_error *err;
} copier;

/* A text of the plugin, checked: bounded, UTF-8, NFC. */
static chiso_status copy_text(copier *c, const char **text) {
  if (!*text)
    return CHISO_OK;
  if (!**text) { /* an empty text is none: index.json cannot say it */
    *text = NULL;
    return CHISO_OK;
  }
  size_t size = strnlen(*text, CHISO__MAX_TEXT + 1);
  if (size > CHISO__MAX_TEXT || chiso__utf8_check(*text, size) != size)
    return chiso__fail(c->err, CHISO_BAD_DATA, (chiso__place) { c->file, 0, 0 },
                       MSG_MODEL_PLUGIN_TEXT, CHISO__MAX_TEXT);
  char *copy = chiso__arena_text(&c->m->arena, *text, size);
  if (!copy)
    return chiso__no_memory(c->err);
  *text = chiso__nfc(&c->m->arena, copy, size);
  if (!*text)
    return chiso__no_memory(c->err);
  return CHISO_OK;
}

static chiso_status copy_texts(copier *c, const char ***texts, size_t count) {
  for (size_t i = 0; i < count; i++)
    CHISO__TRY(copy_text(c, texts[i]));
  return CHISO_OK;
}
#define COPY_TEXTS(c, ...)                                                     \
  copy_texts((c), (const char **[]) { __VA_ARGS__ },                           \
             sizeof((const char **[]) { __VA_ARGS__ }) /                       \
                 sizeof(const char **))

/* An array of the plugin in our stride; *array becomes the copy. */
static chiso_status copy_array(copier *c, const void **array, uint32_t count,
                               uint32_t most, size_t stride, size_t size) {
  if (count == 0) {
    *array = NULL;
    return CHISO_OK;
  }
  if (count > most || stride < size || !*array)
    return chiso__fail(c->err, CHISO_BAD_DATA, (chiso__place) { c->file, 0, 0 },
                       MSG_MODEL_PLUGIN_ARRAY, (unsigned)count, (unsigned)most,
                       stride, size);
  char *copy = chiso__arena_array(&c->m->arena, count, size);
  if (!copy)
    return chiso__no_memory(c->err);
  for (uint32_t i = 0; i < count; i++)
    memcpy(copy + i * size, (const char *)*array + i * stride, size);
  *array = copy;
  return CHISO_OK;
}
#define COPY_ARRAY(c, field, count, most, stride)                              \
  copy_array((c), (const void **)(void *)&(field), (count), (most), (stride),  \
             sizeof *(field))
/* The copy is ours to finish: it is const only for readers. */
#define OURS(type, pointer) ((type *)(uintptr_t)(pointer))

static chiso_status copy_node(copier *c, const chiso_index *tables,
                              chiso_node *n) {
  CHISO__TRY(COPY_TEXTS(c, &n->id, &n->parent, &n->title_vi, &n->title_en,
                        &n->concept_id, &n->when, &n->ref_index, &n->ref_node,
                        &n->numerator, &n->denominator, &n->period, &n->rule,
                        &n->evidence, &n->source, &n->note));
  CHISO__TRY(COPY_ARRAY(c, n->was, n->n_was, CHISO__MAX_LIST, sizeof *n->was));
  for (uint32_t i = 0; i < n->n_was; i++)
    CHISO__TRY(copy_text(c, &OURS(const char *, n->was)[i]));
  CHISO__TRY(COPY_ARRAY(c, n->inputs, n->n_inputs, CHISO__MAX_INPUTS,
                        tables->input_stride));
  for (uint32_t i = 0; i < n->n_inputs; i++) {
    chiso_input *in = &OURS(chiso_input, n->inputs)[i];
    CHISO__TRY(COPY_TEXTS(c, &in->key, &in->title_vi, &in->title_en));
  }
  CHISO__TRY(COPY_ARRAY(c, n->steps, n->n_steps, CHISO__MAX_STEPS,
                        tables->step_stride));
  for (uint32_t i = 0; i < n->n_steps; i++) {
    chiso_step *s = &OURS(chiso_step, n->steps)[i];
    CHISO__TRY(COPY_TEXTS(c, &s->key, &s->title_vi, &s->title_en));
  }
  return CHISO_OK;
}

static chiso_status copy_gradings(copier *c, const chiso_index *tables) {
  chiso_index *ix = &c->m->index;
  CHISO__TRY(COPY_ARRAY(c, ix->gradings, ix->n_gradings, CHISO__MAX_LIST,
                        tables->grading_stride));
  for (uint32_t i = 0; i < ix->n_gradings; i++) {
    chiso_grading *g = &OURS(chiso_grading, ix->gradings)[i];
    CHISO__TRY(copy_text(c, &g->source));
    CHISO__TRY(COPY_ARRAY(c, g->grades, g->n_grades, CHISO__MAX_LIST,
                          tables->grade_stride));
    for (uint32_t j = 0; j < g->n_grades; j++) {
      chiso_grade *e = &OURS(chiso_grade, g->grades)[j];
      CHISO__TRY(COPY_TEXTS(c, &e->key, &e->title_vi, &e->title_en));
    }
  }
  return CHISO_OK;
}

static chiso_status copy_partitions(copier *c, const chiso_index *tables) {
  chiso_index *ix = &c->m->index;
  CHISO__TRY(COPY_ARRAY(c, ix->partitions, ix->n_partitions, CHISO__MAX_LIST,
                        tables->partition_stride));
  for (uint32_t i = 0; i < ix->n_partitions; i++) {
    chiso_partition *p = &OURS(chiso_partition, ix->partitions)[i];
    CHISO__TRY(COPY_TEXTS(c, &p->id, &p->title_vi, &p->title_en, &p->source));
    CHISO__TRY(COPY_ARRAY(c, p->parts, p->n_parts, CHISO__MAX_LIST,
                          tables->part_stride));
    for (uint32_t j = 0; j < p->n_parts; j++) {
      chiso_part *e = &OURS(chiso_part, p->parts)[j];
      CHISO__TRY(COPY_TEXTS(c, &e->id, &e->title_vi, &e->title_en));
    }
  }
  return CHISO_OK;
}

static chiso_status copy_lists(copier *c, const chiso_index *tables) {
  chiso_index *ix = &c->m->index;
  CHISO__TRY(COPY_ARRAY(c, ix->supersedes, ix->n_supersedes, CHISO__MAX_LIST,
                        sizeof *ix->supersedes));
  for (uint32_t i = 0; i < ix->n_supersedes; i++)
    CHISO__TRY(copy_text(c, &OURS(const char *, ix->supersedes)[i]));
  CHISO__TRY(COPY_ARRAY(c, ix->legal, ix->n_legal, CHISO__MAX_LIST,
                        tables->legal_stride));
  for (uint32_t i = 0; i < ix->n_legal; i++) {
    chiso_legal *l = &OURS(chiso_legal, ix->legal)[i];
    CHISO__TRY(COPY_TEXTS(c, &l->key, &l->instrument, &l->title, &l->url));
  }
  CHISO__TRY(COPY_ARRAY(c, ix->counts, ix->n_counts, CHISO__MAX_LIST,
                        sizeof *ix->counts));
  CHISO__TRY(COPY_ARRAY(c, ix->deadlines, ix->n_deadlines, CHISO__MAX_LIST,
                        sizeof *ix->deadlines));
  for (uint32_t i = 0; i < ix->n_deadlines; i++)
    CHISO__TRY(copy_text(c, &OURS(chiso_deadline, ix->deadlines)[i].what));
  return CHISO_OK;
}

static chiso_status copy_index(copier *c, const chiso_index *tables) {
  chiso_index *ix = &c->m->index;
  chiso_index own = *ix; /* this core's strides */
  *ix = *tables;
  ix->legal_stride = own.legal_stride;
  ix->node_stride = own.node_stride;
  ix->input_stride = own.input_stride;
  ix->step_stride = own.step_stride;
  ix->grading_stride = own.grading_stride;
  ix->grade_stride = own.grade_stride;
  ix->partition_stride = own.partition_stride;
  ix->part_stride = own.part_stride;
  CHISO__TRY(COPY_TEXTS(c, &ix->id, &ix->edition, &ix->title_vi, &ix->title_en,
                        &ix->unit_set, &ix->note, &ix->variant_of));
  CHISO__TRY(copy_lists(c, tables));
  CHISO__TRY(copy_gradings(c, tables));
  CHISO__TRY(copy_partitions(c, tables));
  CHISO__TRY(COPY_ARRAY(c, ix->nodes, ix->n_nodes, CHISO__MAX_NODES,
                        tables->node_stride));
  for (uint32_t i = 0; i < ix->n_nodes; i++)
    CHISO__TRY(copy_node(c, tables, &OURS(chiso_node, ix->nodes)[i]));
  return chiso__methodology_finish(c->m, c->err);
}

static chiso_status keep_lines(chiso_methodology *m, const uint64_t *lines,
                               size_t count, chiso_error *err) {
  m->lines = chiso__arena_array(&m->arena, count, sizeof *m->lines);
  if (!m->lines)
    return chiso__no_memory(err);
  memcpy(m->lines, lines, count * sizeof *lines);
  return CHISO_OK;
}

chiso_status chiso__methodology_copy_lines(const char *file,
                                           const chiso_index *tables,
                                           const uint64_t *lines,
                                           const chiso_allocator *allocator,
                                           chiso_methodology **out,
                                           chiso_error *err) {
  chiso_methodology *m = chiso__methodology_new(allocator, file);
  if (!m)
    return chiso__no_memory(err);
  copier c = { .m = m, .file = m->file, .err = err };
  chiso_status status =
      lines ? keep_lines(m, lines, tables->n_nodes, err) : CHISO_OK;
  if (status == CHISO_OK)
    status = copy_index(&c, tables);
  if (status != CHISO_OK) {
    chiso_methodology_free(m);
    return status;
  }
  *out = m;
  return CHISO_OK;
}

chiso_status chiso_methodology_copy(const char *file, const chiso_index *tables,
                                    const chiso_allocator *allocator,
                                    chiso_methodology **out, chiso_error *err) {
  return chiso__methodology_copy_lines(file, tables, NULL, allocator, out, err);
}
