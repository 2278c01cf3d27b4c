/* SPDX-License-Identifier: Apache-2.0
 * engine/entries.c - arrays of entries and scores. */
#include <string.h>

#include "engine/engine.h"

/* `rows` * n elements; a round without units still gets valid pointers. */
static void *array(const chiso_allocator *allocator, size_t rows, size_t n,
                   size_t size) {
  size_t count;
  if (__builtin_mul_overflow(rows, n, &count) ||
      __builtin_mul_overflow(count, size, &count))
    return NULL;
  return chiso__alloc(allocator, count ? count : 1);
}

chiso_status chiso_entries_new(const chiso_program *program, size_t units,
                               const chiso_allocator *allocator,
                               chiso_entries *out, chiso_error *err) {
  *out = (chiso_entries) { .allocator = allocator,
                           .n = units,
                           .slots = program->n_slots,
                           .nodes = program->n_nodes,
                           .parts = program->n_parts };
  out->value = array(allocator, out->slots, units, sizeof *out->value);
  out->have = array(allocator, out->slots, units, sizeof *out->have);
  out->given = array(allocator, out->nodes, units, sizeof *out->given);
  out->entry = array(allocator, out->nodes, units, sizeof *out->entry);
  out->part = array(allocator, out->parts, units, sizeof *out->part);
  out->have_part = array(allocator, out->parts, units, sizeof *out->have_part);
  if (out->value && out->have && out->given && out->entry && out->part &&
      out->have_part)
    return CHISO_OK;
  chiso_entries_free(out);
  return chiso__no_memory(err);
}

void chiso_entries_free(chiso_entries *entries) {
  const chiso_allocator *a = entries->allocator;
  chiso__free(a, entries->value);
  chiso__free(a, entries->have);
  chiso__free(a, entries->given);
  chiso__free(a, entries->entry);
  chiso__free(a, entries->part);
  chiso__free(a, entries->have_part);
  *entries = (chiso_entries) { 0 };
}

void chiso_entries_set(chiso_entries *entries, uint32_t slot, size_t unit,
                       int64_t raw) {
  entries->value[slot * entries->n + unit] = raw;
  entries->have[slot * entries->n + unit] = 1;
}

void chiso_entries_give(chiso_entries *entries, uint32_t node, size_t unit,
                        chiso_dec points) {
  entries->given[node * entries->n + unit] = points;
  entries->entry[node * entries->n + unit] = CHISO_ENTRY_GIVEN;
  entries->any_entry = true;
}

void chiso_entries_not_applicable(chiso_entries *entries, uint32_t node,
                                  size_t unit) {
  entries->entry[node * entries->n + unit] = CHISO_ENTRY_NOT_APPLICABLE;
  entries->any_entry = true;
}

void chiso_entries_leave_out(chiso_entries *entries, uint32_t node,
                             size_t unit) {
  entries->entry[node * entries->n + unit] = CHISO_ENTRY_LEFT_OUT;
  entries->any_entry = true;
}

void chiso_entries_part(chiso_entries *entries, uint32_t part, size_t unit,
                        chiso_dec points) {
  entries->part[part * entries->n + unit] = points;
  entries->have_part[part * entries->n + unit] = 1;
  entries->any_part = true;
}

chiso_status chiso_scores_new(const chiso_program *program, size_t units,
                              const chiso_allocator *allocator,
                              chiso_scores *out, chiso_error *err) {
  *out = (chiso_scores) { .allocator = allocator, .n = units };
  out->points = array(allocator, program->n_nodes, units, sizeof *out->points);
  out->max = array(allocator, program->n_nodes, units, sizeof *out->max);
  out->state = array(allocator, program->n_nodes, units, sizeof *out->state);
  out->raw = array(allocator, 1, units, sizeof *out->raw);
  if (out->points && out->max && out->state && out->raw)
    return CHISO_OK;
  chiso_scores_free(out);
  return chiso__no_memory(err);
}

void chiso_scores_free(chiso_scores *scores) {
  const chiso_allocator *a = scores->allocator;
  chiso__free(a, scores->points);
  chiso__free(a, scores->max);
  chiso__free(a, scores->state);
  chiso__free(a, scores->raw);
  *scores = (chiso_scores) { 0 };
}
