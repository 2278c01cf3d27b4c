/* SPDX-License-Identifier: Apache-2.0
 * author/check_load.c - the library's code: loading it, its tables, and the
 * methodologies made of them. */
#include "author/check.h"

#include <string.h>

bool chiso__check_load(chiso__checking *k, chiso__check_plugin *p) {
  if (p->loaded != CHISO__CHECK_UNTRIED)
    return p->loaded == CHISO__CHECK_GOOD;
  p->loaded = CHISO__CHECK_BAD;
  if (!p->good_elf || k->no_load)
    return false;
  chiso_error why = { .lang = k->lang };
  chiso__check_stage_begin(k, CHISO__STAGE_LOAD);
  chiso_status status = chiso__plugin_open(p->library_path, p->bytes, p->size,
                                           p->digest, &p->entry, &why);
  if (status == CHISO_OK) {
    p->tables = p->entry();
    p->loaded = CHISO__CHECK_GOOD;
  } else {
    chiso__check_fault_add(k, CHECK_E06, &why);
  }
  chiso__check_stage_begin(k, CHISO__STAGE_NONE);
  return p->loaded == CHISO__CHECK_GOOD;
}

bool chiso__check_copy(chiso__checking *k, chiso__check_plugin *p) {
  chiso__check_array fault;
  if (p->copied != CHISO__CHECK_UNTRIED)
    return p->copied == CHISO__CHECK_GOOD;
  p->copied = CHISO__CHECK_BAD;
  if (k->no_copy || !chiso__check_load(k, p) ||
      !chiso__check_walkable(p->tables, &fault))
    return false;
  uint32_t count = p->tables->n_indices;
  if (count > p->manifest.n_indices)
    count = p->manifest.n_indices; /* M06 tells */
  p->copies = chiso__arena_array(&k->arena, p->manifest.n_indices,
                                 sizeof(chiso_methodology *));
  if (!p->copies) {
    k->short_memory = true;
    return false;
  }
  p->copied = CHISO__CHECK_GOOD;
  chiso__check_stage_begin(k, CHISO__STAGE_COPY);
  for (uint32_t i = 0; i < count; i++) {
    chiso__check_taker taker = { k, CHISO__READING_TABLES };
    chiso__faults faults = { chiso__check_take_fault, &taker, 0 };
    chiso_error why = { .lang = k->lang };
    if (chiso__methodology_copy_all(p->library_path, p->tables->indices[i],
                                    k->allocator, &faults, &p->copies[i],
                                    &why) != CHISO_OK) {
      p->copies[i] = NULL;
      p->copied = CHISO__CHECK_BAD;
    }
  }
  chiso__check_stage_begin(k, CHISO__STAGE_NONE);
  return p->copied == CHISO__CHECK_GOOD;
}

/* ---- subjects ----------------------------------------------------------- */

static bool covered(const chiso__checking *k,
                    const chiso__manifest_index *index) {
  for (size_t i = 0; i < k->n_sources; i++) {
    const chiso_methodology *m = k->sources[i].methodology;
    if (m && strcmp(m->index.id, index->id) == 0 &&
        strcmp(m->index.edition, index->edition) == 0)
      return true;
  }
  return false;
}

/* rule() of the loaded plugin that announces the methodology. */
static chiso__check_rule rule_of(const chiso__checking *k,
                                 const chiso_index *index) {
  CHISO__EACH_PLUGIN(k, p) {
    chiso__check_array fault;
    if (p->loaded != CHISO__CHECK_GOOD ||
        !chiso__check_walkable(p->tables, &fault))
      continue;
    for (uint32_t i = 0; i < p->manifest.n_indices; i++)
      if (strcmp(p->manifest.indices[i].id, index->id) == 0 &&
          strcmp(p->manifest.indices[i].edition, index->edition) == 0)
        return p->tables->rule;
  }
  return NULL;
}

static void add_subject(chiso__checking *k, const chiso_methodology *m) {
  chiso__check_subject *s = &k->subjects[k->n_subjects++];
  *s = (chiso__check_subject) { .methodology = m,
                                .index = &m->index,
                                .file = m->file,
                                .rule = rule_of(k, &m->index) };
  for (uint32_t i = 0; i < m->index.n_nodes; i++)
    s->n_calls += m->index.nodes[i].op == CHISO_OP_CALL;
}

void chiso__check_subjects(chiso__checking *k) {
  if (k->have_subjects)
    return;
  size_t most = k->n_sources;
  CHISO__EACH_PLUGIN(k, p)
  most += p->manifest.n_indices;
  k->have_subjects = true;
  k->n_subjects = 0;
  k->subjects = chiso__arena_array(&k->arena, most, sizeof *k->subjects);
  if (!k->subjects) {
    k->short_memory = true;
    return;
  }
  for (size_t i = 0; i < k->n_sources; i++)
    if (k->sources[i].methodology)
      add_subject(k, k->sources[i].methodology);
  CHISO__EACH_PLUGIN(k, p)
  for (uint32_t i = 0; p->good_elf && i < p->manifest.n_indices; i++) {
    if (covered(k, &p->manifest.indices[i]))
      continue;
    (void)chiso__check_copy(k, p);
    if (p->copies && p->copies[i])
      add_subject(k, p->copies[i]);
  }
}

void chiso__check_programs(chiso__checking *k) {
  CHISO__EACH_SUBJECT(k, s) {
    chiso_error why = { .lang = k->lang };
    if (s->program || (s->n_calls > 0 && !s->rule))
      continue;
    if (chiso_program_new(s->methodology, (chiso_rule) { .here = s->rule },
                          k->allocator, &s->program, &why) != CHISO_OK)
      s->program = NULL;
  }
}
