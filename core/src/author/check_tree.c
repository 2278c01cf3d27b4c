/* SPDX-License-Identifier: Apache-2.0
 * author/check_tree.c - checks T01 to T13. Most of them are refusals of module
 * model and arrive as faults of the reader. */
#include "author/check.h"
#include "base/dec.h"

#include "base/csv.h"
#include "base/file.h"

#include <string.h>
#include <unistd.h>

void chiso__check_T01(chiso__checking *k) {
  chiso__check_applied(k);
}
void chiso__check_T02(chiso__checking *k) {
  chiso__check_applied(k);
}
void chiso__check_T03(chiso__checking *k) {
  chiso__check_applied(k);
}
void chiso__check_T04(chiso__checking *k) {
  chiso__check_applied(k);
}
void chiso__check_T07(chiso__checking *k) {
  chiso__check_applied(k);
}
void chiso__check_T11(chiso__checking *k) {
  chiso__check_applied(k);
}
void chiso__check_T13(chiso__checking *k) {
  CHISO__EACH_SUBJECT(k, s)
  if (s->index->n_gradings > 0)
    chiso__check_applied(k);
  chiso__check_skip(k, MSG_CHECK_NO_GRADINGS);
}

void chiso__check_T10(chiso__checking *k) {
  if (k->n_sources > 0)
    chiso__check_applied(k);
  chiso__check_skip(k, MSG_CHECK_NO_SOURCE);
}

void chiso__check_T12(chiso__checking *k) {
  CHISO__EACH_SUBJECT(k, s)
  if (s->index->n_counts > 0)
    chiso__check_applied(k);
  chiso__check_skip(k, MSG_CHECK_NO_COUNTS);
}

/* ---- T05: kinds --------------------------------------------------------- */

/* How deep a kind stands; equal depths never stand below each other. */
static unsigned depth_of(unsigned kind) {
  switch (kind) {
  case CHISO_KIND_INDEX:
    return 0;
  case CHISO_KIND_AREA:
  case CHISO_KIND_DIMENSION:
    return 1;
  case CHISO_KIND_FACTOR:
  case CHISO_KIND_SUBDIMENSION:
    return 2;
  case CHISO_KIND_CRITERION:
    return 3;
  default: /* subcriterion, indicator */
    return 4;
  }
}

void chiso__check_T05(chiso__checking *k) {
  CHISO__EACH_SUBJECT(k, s)
  for (uint32_t i = 1; i < s->index->n_nodes; i++) {
    const chiso_node *n = &s->index->nodes[i];
    uint32_t above = s->methodology->parents[i];
    /* A branch stands for its case. */
    while (s->index->nodes[above].kind == CHISO_KIND_BRANCH)
      above = s->methodology->parents[above];
    const chiso_node *parent = &s->index->nodes[above];
    chiso__check_applied(k);
    if (n->kind != CHISO_KIND_BRANCH &&
        depth_of(n->kind) <= depth_of(parent->kind))
      chiso__check_find(k, chiso__node_place(s->methodology, i), MSG_CHECK_KIND,
                        n->id, chiso_key(CHISO_FAMILY_KIND, n->kind),
                        parent->id, chiso_key(CHISO_FAMILY_KIND, parent->kind));
  }
}

/* ---- T06: concepts ------------------------------------------------------ */

void chiso__check_T06(chiso__checking *k) {
  CHISO__EACH_SUBJECT(k, s)
  for (uint32_t i = 0; i < s->index->n_nodes; i++) {
    if (s->methodology->first_child[i] != CHISO_NO_NODE)
      continue;
    uint32_t at = i;
    while (at != 0 && !s->index->nodes[at].concept_id)
      at = s->methodology->parents[at];
    chiso__check_applied(k);
    if (at == 0 && (i != 0 || !s->index->nodes[0].concept_id))
      chiso__check_find(k, chiso__node_place(s->methodology, i),
                        MSG_CHECK_CONCEPT, s->index->nodes[i].id);
  }
}

/* ---- T08: the questionnaire --------------------------------------------- */

static void check_items(chiso__checking *k, const chiso__check_subject *s,
                        const chiso__csv *csv, size_t node_column) {
  uint8_t *asked =
      chiso__arena_array(&k->arena, s->index->n_nodes, sizeof *asked);
  if (!asked) {
    k->short_memory = true;
    return;
  }
  for (size_t row = 0; row < csv->n_rows; row++) {
    const char *id = chiso__csv_cell(csv, row, node_column)->text;
    uint32_t node = chiso_methodology_find(s->methodology, id);
    if (node != CHISO_NO_NODE)
      asked[node] = 1;
    else
      chiso__check_find(
          k, (chiso__place) { csv->file, csv->lines[row], node_column + 1 },
          MSG_DATA_BAD_NODE, id, s->methodology->name);
  }
  for (uint32_t i = 0; i < s->index->n_nodes; i++)
    if (s->index->nodes[i].assessor == CHISO_BY_SURVEY &&
        s->methodology->first_child[i] == CHISO_NO_NODE && !asked[i])
      chiso__check_find(k, chiso__node_place(s->methodology, i),
                        MSG_CHECK_NO_ITEM, s->index->nodes[i].id, csv->file);
}

void chiso__check_T08(chiso__checking *k) {
  const char *path =
      chiso__path_join(&k->arena, k->folder, "questionnaire.csv");
  const char *text;
  size_t size;
  chiso__csv csv;
  chiso_error why = { .lang = k->lang };
  if (!path || access(path, F_OK) != 0) {
    chiso__check_skip(k, MSG_CHECK_NO_QUESTIONNAIRE);
    return;
  }
  if (chiso__file_read(&k->arena, path, CHISO__LIMIT_TABLE, false, &text, &size,
                       &why) != CHISO_OK ||
      chiso__csv_parse(&k->arena, path, text, size, &csv, &why) != CHISO_OK) {
    chiso__check_find_error(k, &why);
    return;
  }
  static const char *const needed[] = { "item", "node" };
  for (size_t i = 0; i < 2; i++)
    if (chiso__csv_column(&csv, needed[i]) == SIZE_MAX) {
      chiso__check_find(k, (chiso__place) { path, csv.header_line, 0 },
                        MSG_DATA_NO_COLUMN, needed[i]);
      return;
    }
  chiso__check_applied(k);
  CHISO__EACH_SUBJECT(k, s)
  check_items(k, s, &csv, chiso__csv_column(&csv, "node"));
}

/* ---- T09: digits of the maximum ----------------------------------------- */

void chiso__check_T09(chiso__checking *k) {
  CHISO__EACH_SUBJECT(k, s)
  for (uint32_t i = 0; i < s->index->n_nodes; i++) {
    const chiso_node *n = &s->index->nodes[i];
    chiso__check_applied(k);
    if (chiso_dec_round(n->max, n->digits, CHISO_ROUND_CUT_OFF) == n->max)
      continue;
    char max[CHISO_DEC_TEXT];
    chiso__dec_say(n->max, k->lang, max);
    chiso__check_find(k, chiso__node_place(s->methodology, i),
                      MSG_CHECK_MAX_DIGITS, n->id, max, (unsigned)n->digits);
  }
}
