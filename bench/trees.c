/* SPDX-License-Identifier: Apache-2.0 */
#include "trees.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void stop(const chiso_error *err) {
  char line[1024];
  chiso_error_format(err, line, sizeof line);
  fprintf(stderr, "%s\n", line);
  exit(1);
}

chiso_methodology *read_tree(const char *folder,
                             const chiso_allocator *allocator) {
  char path[512];
  chiso_methodology *m = NULL;
  chiso_error err = { 0 };
  snprintf(path, sizeof path, "%s/indices/%s/index.json", SOURCE_DIR, folder);
  if (chiso_methodology_read(path, allocator, &m, &err) != CHISO_OK)
    stop(&err);
  return m;
}

static bool is_leaf(const chiso_methodology *m, uint32_t node) {
  return chiso_methodology_first_child(m, node) == CHISO_NO_NODE;
}

uint32_t count_leaves(const chiso_methodology *m) {
  uint32_t count = 0;
  for (uint32_t i = 0; i < chiso_methodology_index(m)->n_nodes; i++)
    count += is_leaf(m, i);
  return count;
}

/* Takes a leaf out of the sums above it. */
static void take_out(const chiso_methodology *m, chiso_node *nodes, bool *gone,
                     uint32_t *children, uint32_t leaf) {
  gone[leaf] = true;
  children[chiso_methodology_parent(m, leaf)]--;
  for (uint32_t i = chiso_methodology_parent(m, leaf); i != CHISO_NO_NODE;
       i = chiso_methodology_parent(m, i))
    nodes[i].max -= nodes[leaf].max;
}

chiso_methodology *cut_tree(const chiso_methodology *from, uint32_t leaves,
                            const chiso_allocator *allocator) {
  chiso_index ix = *chiso_methodology_index(from);
  uint32_t n = ix.n_nodes, left = count_leaves(from), seen = 0;
  chiso_node *nodes = malloc(n * sizeof *nodes);
  bool *gone = calloc(n, sizeof *gone);
  uint32_t *children = calloc(n, sizeof *children);
  chiso_methodology *m = NULL;
  chiso_error err = { 0 };
  if (!nodes || !gone || !children)
    exit(1);
  memcpy(nodes, ix.nodes, n * sizeof *nodes);
  for (uint32_t i = 1; i < n; i++)
    children[chiso_methodology_parent(from, i)]++;
  uint32_t every = left / (left - leaves + 1);
  for (uint32_t pass = 0; left > leaves && pass < 2; pass++)
    for (uint32_t i = 1; i < n && left > leaves; i++) {
      uint32_t parent = chiso_methodology_parent(from, i);
      if (gone[i] || !is_leaf(from, i) || nodes[parent].op != CHISO_OP_SUM ||
          children[parent] < 2 || (pass == 0 && ++seen % every != 0))
        continue;
      take_out(from, nodes, gone, children, i);
      left--;
    }
  ix.n_nodes = 0;
  for (uint32_t i = 0; i < n; i++)
    if (!gone[i])
      nodes[ix.n_nodes++] = nodes[i];
  ix.nodes = nodes;
  ix.n_counts = ix.n_partitions = 0;
  if (chiso_methodology_copy("cut", &ix, allocator, &m, &err) != CHISO_OK)
    stop(&err);
  free(nodes);
  free(gone);
  free(children);
  return m;
}
