/* SPDX-License-Identifier: Apache-2.0
 * What is scored: the tree of 2020, and one of exactly 102 leaves. */
#ifndef CHISO_BENCH_TREES_H
#define CHISO_BENCH_TREES_H

#include "chiso/model.h"

/* Reads indices/<folder>/index.json; ends the process when it cannot. */
chiso_methodology *read_tree(const char *folder,
                             const chiso_allocator *allocator);

/* `from` without some of its leaves, every n-th, so that `leaves` are left
 * and the mix of ops stays. */
chiso_methodology *cut_tree(const chiso_methodology *from, uint32_t leaves,
                            const chiso_allocator *allocator);

uint32_t count_leaves(const chiso_methodology *methodology);

#endif
