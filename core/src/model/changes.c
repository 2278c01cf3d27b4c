/* SPDX-License-Identifier: Apache-2.0
 * model/changes.c - what a revision did, node by node. */
#include <string.h>

#include "model/model.h"

#define WHOLE_AND_PART                                                         \
  ((1u << CHISO_CHANGE_SPLIT) | (1u << CHISO_CHANGE_MERGED))

/* A node that was entered as a whole and now has parts was split; the other
 * way round its parts were merged. Neither is another rule. */
static uint32_t shape_flags(const chiso__links *l, uint32_t before,
                            uint32_t after) {
  bool was = chiso__is_measure(l->before, before);
  bool is = chiso__is_measure(l->after, after);
  if (was && !is)
    return 1u << CHISO_CHANGE_SPLIT;
  return !was && is ? 1u << CHISO_CHANGE_MERGED : 0;
}

static bool moved(const chiso__links *l, uint32_t before, uint32_t after) {
  uint32_t p = l->before->parents[before], q = l->after->parents[after];
  if (p == CHISO_NO_NODE || q == CHISO_NO_NODE)
    return p != q;
  for (uint32_t k = l->first[q]; k < l->first[q + 1]; k++)
    if (l->origins[k] == p)
      return false;
  /* A part of what was one leaf stands where the leaf stood. */
  for (uint32_t k = l->first[q]; k < l->first[q + 1]; k++)
    if (l->origins[k] == before)
      return false;
  return true;
}

static chiso_carry carry_of(const chiso__links *l, uint32_t after,
                            const chiso_dec *points) {
  return points[after] != 0 ? chiso__carry(l, after)
                            : (chiso_carry)CHISO_N_CARRY;
}

static chiso_change describe(const chiso__links *l, uint32_t before,
                             uint32_t after) {
  chiso_change change = { .before = before, .after = after };
  const chiso_node *a = &l->before->index.nodes[before];
  const chiso_node *b = &l->after->index.nodes[after];
  if (moved(l, before, after))
    change.flags |= 1u << CHISO_CHANGE_MOVED;
  if (l->heirs[before] > 1)
    change.flags |= 1u << CHISO_CHANGE_SPLIT;
  if (l->first[after + 1] - l->first[after] > 1)
    change.flags |= 1u << CHISO_CHANGE_MERGED;
  change.flags |= shape_flags(l, before, after);
  /* Between a part and a whole, titles, maxima and rules differ by nature. */
  if (!(change.flags & WHOLE_AND_PART)) {
    if (strcmp(a->title_vi, b->title_vi) != 0)
      change.flags |= 1u << CHISO_CHANGE_RENAMED;
    if (a->max != b->max)
      change.flags |= 1u << CHISO_CHANGE_REPOINTED;
    if (!chiso__same_rule(l, before, after, CHISO__SAME_RULE))
      change.flags |= 1u << CHISO_CHANGE_RERULED;
  }
  for (unsigned k = 0; k <= CHISO_CHANGE_MERGED; k++)
    if (change.flags & (1u << k))
      change.kind = (chiso_change_kind)k;
  return change;
}

static bool listed(const chiso_methodology *m, uint32_t node) {
  return m->index.nodes[node].kind != CHISO_KIND_BRANCH;
}

static size_t list(const chiso__links *l, const chiso_dec *points,
                   chiso_change *rows) {
  size_t n = 0;
  for (uint32_t i = 0; i < l->after->index.n_nodes; i++) {
    if (!listed(l->after, i))
      continue;
    for (uint32_t k = l->first[i]; k < l->first[i + 1]; k++) {
      rows[n] = describe(l, l->origins[k], i);
      rows[n++].carry = carry_of(l, i, points);
    }
    if (l->first[i] == l->first[i + 1])
      rows[n++] = (chiso_change) { CHISO_NO_NODE, i, 1u << CHISO_CHANGE_ADDED,
                                   CHISO_CHANGE_ADDED, carry_of(l, i, points) };
  }
  for (uint32_t i = 0; i < l->before->index.n_nodes; i++)
    if (listed(l->before, i) && l->heirs[i] == 0)
      rows[n++] =
          (chiso_change) { i, CHISO_NO_NODE, 1u << CHISO_CHANGE_DROPPED,
                           CHISO_CHANGE_DROPPED, (chiso_carry)CHISO_N_CARRY };
  return n;
}

static chiso_status fill(const chiso__links *l,
                         const chiso_allocator *allocator, chiso_change **rows,
                         size_t *count, chiso_error *err) {
  size_t n = l->after->index.n_nodes;
  size_t most = l->first[n] + n + l->before->index.n_nodes;
  chiso_dec *points = chiso__alloc(allocator, n * sizeof *points);
  *rows = points ? chiso__alloc(allocator, most * sizeof **rows) : NULL;
  if (*rows) {
    chiso__measure_points(l->after, points);
    *count = list(l, points, *rows);
  }
  chiso__free(allocator, points);
  return *rows ? CHISO_OK : chiso__no_memory(err);
}

chiso_status chiso_changes(const chiso_methodology *before,
                           const chiso_methodology *after, chiso_change **rows,
                           size_t *count, chiso_error *err) {
  const chiso_allocator *allocator = after->allocator;
  chiso__links links;
  *rows = NULL;
  *count = 0;
  chiso_status status =
      chiso__links_make(before, after, allocator, &links, err);
  if (status == CHISO_OK)
    status = fill(&links, allocator, rows, count, err);
  chiso__links_free(allocator, &links);
  return status;
}

void chiso_changes_free(const chiso_allocator *allocator, chiso_change *rows) {
  chiso__free(allocator, rows);
}

/* ---- names -------------------------------------------------------------- */

static const struct {
  const char *key, *en, *vi;
} change_names[] = {
  [CHISO_CHANGE_SAME] = { "same", "same", "giữ nguyên" },
  [CHISO_CHANGE_RENAMED] = { "renamed", "renamed", "đổi tên" },
  [CHISO_CHANGE_MOVED] = { "moved", "moved", "chuyển chỗ" },
  [CHISO_CHANGE_REPOINTED] = { "repointed", "re-pointed", "đổi điểm" },
  [CHISO_CHANGE_RERULED] = { "reruled", "re-ruled", "đổi cách chấm" },
  [CHISO_CHANGE_SPLIT] = { "split", "split", "tách" },
  [CHISO_CHANGE_MERGED] = { "merged", "merged", "gộp" },
  [CHISO_CHANGE_ADDED] = { "added", "new", "thêm mới" },
  [CHISO_CHANGE_DROPPED] = { "dropped", "dropped", "bãi bỏ" },
};

const char *chiso_change_title(chiso_change_kind kind, chiso_lang lang) {
  return lang == CHISO_LANG_VI ? change_names[kind].vi : change_names[kind].en;
}

const char *chiso_change_key(chiso_change_kind kind) {
  return change_names[kind].key;
}

static const struct {
  const char *key, *en, *vi;
} carry_names[CHISO_N_CARRY] = {
  [CHISO_CARRY_SAME] = { "same", "as they are", "giữ nguyên" },
  [CHISO_CARRY_SCALED] = { "scaled", "in proportion", "theo tỷ lệ" },
  [CHISO_CARRY_RESCORED] = { "rescored", "scored again", "chấm lại" },
  [CHISO_CARRY_TOGETHER] = { "together", "as a sum only", "chỉ so tổng" },
  [CHISO_CARRY_BROKEN] = { "broken", "not comparable", "không so được" },
  [CHISO_CARRY_NEW] = { "new", "nothing before", "trước chưa có" },
};

const char *chiso_carry_title(chiso_carry carry, chiso_lang lang) {
  return lang == CHISO_LANG_VI ? carry_names[carry].vi : carry_names[carry].en;
}

const char *chiso_carry_key(chiso_carry carry) {
  return carry_names[carry].key;
}
