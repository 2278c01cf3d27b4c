/* SPDX-License-Identifier: Apache-2.0
 * The tables of plugin.json as an author's own C, and what cases make of them:
 * each defines one of the words below. */
#include "chiso/plugin.h"

#ifndef CONSTANT
#define CONSTANT const
#endif
#ifndef TITLE
#define TITLE "T\341\273\211 l\341\273\207" /* Tỉ lệ */
#endif
#ifndef MINOR
#define MINOR 0
#endif
#ifndef MAJOR
#define MAJOR 1
#endif
#ifndef KIND
#define KIND CHISO_KIND_CRITERION
#endif
#ifndef UNIT
#define UNIT CHISO_UNIT_POINTS
#endif
#ifndef NODES
#define NODES 2
#endif
#ifndef STRIDE
#define STRIDE sizeof(chiso_node)
#endif
#ifndef INDEX_SIZE
#define INDEX_SIZE sizeof(chiso_index)
#endif
#ifndef SIZE
#define SIZE sizeof(chiso_plugin)
#endif
#ifndef ENTRY
#define ENTRY chiso_plugin_v1
#endif
#ifndef MORE
#define MORE
#endif
#ifndef FIRST
#define FIRST (void)0;
#endif
#ifndef RETURN
#define RETURN &plugin
#endif
#ifndef RULE
#define RULE 0
#endif

static const chiso_legal legal[] = { { .key = "qd",
                                       .instrument = "1/QD",
                                       .issued = { 2026, 1, 5 },
                                       .checked_on = { 2026, 6, 1 } } };
static const chiso_input inputs[] = { { .key = "points",
                                        .unit = UNIT,
                                        .digits = 6,
#ifdef RESERVED
                                        .reserved = { 0, 7 }
#endif
} };
static CONSTANT chiso_node nodes[] = { { .id = "index",
                                         .title_vi = "M",
                                         .source = "s",
                                         .max = 2000000,
                                         .weight = 1000000,
                                         .target = 1000000,
                                         .floor = CHISO_NONE,
                                         .cap = 1000000,
                                         .scale = 1000000,
                                         .at = CHISO_NONE,
                                         .residual = CHISO_NONE,
                                         .kind = CHISO_KIND_INDEX,
                                         .op = CHISO_OP_SUM,
                                         .digits = 6,
                                         .prov_name = CHISO_PROV_OFFICIAL,
                                         .prov_points = CHISO_PROV_OFFICIAL },
                                       { .id = "1",
                                         .parent = "index",
                                         .title_vi = TITLE,
                                         .concept_id = "a.b",
                                         .source = "s",
                                         .inputs = inputs,
                                         .n_inputs = 1,
                                         .max = 2000000,
                                         .weight = 1000000,
                                         .target = 1000000,
                                         .floor = CHISO_NONE,
                                         .cap = 1000000,
                                         .scale = 1000000,
                                         .at = CHISO_NONE,
                                         .residual = CHISO_NONE,
                                         .kind = KIND,
                                         .op = CHISO_OP_MANUAL,
                                         .assessor = CHISO_BY_SELF,
                                         .digits = 6,
                                         .prov_name = CHISO_PROV_OFFICIAL,
                                         .prov_points = CHISO_PROV_OFFICIAL } };
static const chiso_index sample = { .id = "zoo.plugin",
                                    .edition = "2026",
                                    .title_vi = "M",
                                    .unit_set = "zoo.units/2026",
                                    .legal = legal,
                                    .nodes = nodes,
                                    .n_legal = 1,
                                    .n_nodes = NODES,
#ifdef DEADLINES
                                    .deadlines =
                                        (const chiso_deadline[]) { { 0 } },
                                    .n_deadlines = 1,
#endif
                                    .size = INDEX_SIZE,
                                    .legal_stride = sizeof(chiso_legal),
                                    .node_stride = STRIDE,
                                    .input_stride = sizeof(chiso_input),
                                    .step_stride = sizeof(chiso_step),
                                    .grading_stride = sizeof(chiso_grading),
                                    .grade_stride = sizeof(chiso_grade),
                                    .partition_stride = sizeof(chiso_partition),
                                    .part_stride = sizeof(chiso_part),
                                    .first = 2026,
                                    .level = CHISO_LEVEL_DEPARTMENT,
                                    .digits = 2 };
static const chiso_index *const indices[] = { &sample };

MORE

    static CONSTANT chiso_plugin plugin = { .abi_major = MAJOR,
                                            .abi_minor = MINOR,
                                            .size = SIZE,
                                            .n_indices = 1,
                                            .id = "sample",
                                            .version = "1.0.0",
                                            .license = "Apache-2.0",
                                            .indices = indices,
                                            .rule = RULE };

CHISO_EXPORT const chiso_plugin *ENTRY(void) {
  FIRST
  return RETURN;
}
