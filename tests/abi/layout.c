/* SPDX-License-Identifier: Apache-2.0
 *
 * abi/layout.c - ABI 1.0 as bytes. Compiled, never run: headers.sh compiles
 * this file with every compiler and standard that plugins may use.
 *
 * A line here may be added, when a minor adds a member at the end of a struct
 * or a constant at the end of a list; then the size of that struct and
 * CHISO_ABI_MINOR change with it. No other line may change: every plugin that
 * was built before would read something else. layout.py says what is missing.
 */
#include <stddef.h>

#include "chiso/plugin.h"

#define JOIN_(a, b) a##b
#define JOIN(a, b)  JOIN_(a, b)
/* An array of -1 elements when it does not hold: C99 has no static assert. */
#define PIN(condition)              typedef char JOIN(pin_, __LINE__)[(condition) ? 1 : -1]
#define SIZE(type, size)            PIN(sizeof(type) == (size))
#define OFFSET(type, member, place) PIN(offsetof(type, member) == (place))
#define VALUE(constant, value)      PIN((constant) == (value))

/* Pointers of 8 bytes, integers of 8 bytes aligned to 8: the platforms whose
 * layout is pinned here. */
#if defined(__LP64__)

VALUE(CHISO_ABI_MAJOR, 1);
VALUE(CHISO_ABI_MINOR, 0);
VALUE(CHISO_DEC_ONE, 1000000);
VALUE(CHISO_DEC_LIMIT, CHISO_DEC_ONE *CHISO_DEC_ONE);
VALUE(CHISO_DEC_DIGITS, 6);
VALUE(CHISO_KEEP, 6);
VALUE(CHISO_NONE, INT64_MIN);
PIN(sizeof(chiso_dec) == 8 && (chiso_dec)-1 < 0);

SIZE(chiso_date, 4);
OFFSET(chiso_date, year, 0);
OFFSET(chiso_date, month, 2);
OFFSET(chiso_date, day, 3);

SIZE(chiso_legal, 48);
OFFSET(chiso_legal, key, 0);
OFFSET(chiso_legal, instrument, 8);
OFFSET(chiso_legal, title, 16);
OFFSET(chiso_legal, url, 24);
OFFSET(chiso_legal, issued, 32);
OFFSET(chiso_legal, in_force, 36);
OFFSET(chiso_legal, repealed, 40);
OFFSET(chiso_legal, checked_on, 44);

SIZE(chiso_input, 32);
OFFSET(chiso_input, key, 0);
OFFSET(chiso_input, title_vi, 8);
OFFSET(chiso_input, title_en, 16);
OFFSET(chiso_input, role, 24);
OFFSET(chiso_input, unit, 25);
OFFSET(chiso_input, digits, 26);
OFFSET(chiso_input, reserved, 27);

SIZE(chiso_step, 48);
OFFSET(chiso_step, key, 0);
OFFSET(chiso_step, title_vi, 8);
OFFSET(chiso_step, title_en, 16);
OFFSET(chiso_step, at, 24);
OFFSET(chiso_step, points, 32);
OFFSET(chiso_step, cmp, 40);
OFFSET(chiso_step, reserved, 41);

SIZE(chiso_node, 288);
OFFSET(chiso_node, id, 0);
OFFSET(chiso_node, parent, 8);
OFFSET(chiso_node, title_vi, 16);
OFFSET(chiso_node, title_en, 24);
OFFSET(chiso_node, concept_id, 32);
OFFSET(chiso_node, was, 40);
OFFSET(chiso_node, when, 48);
OFFSET(chiso_node, ref_index, 56);
OFFSET(chiso_node, ref_node, 64);
OFFSET(chiso_node, numerator, 72);
OFFSET(chiso_node, denominator, 80);
OFFSET(chiso_node, period, 88);
OFFSET(chiso_node, rule, 96);
OFFSET(chiso_node, evidence, 104);
OFFSET(chiso_node, source, 112);
OFFSET(chiso_node, note, 120);
OFFSET(chiso_node, inputs, 128);
OFFSET(chiso_node, steps, 136);
OFFSET(chiso_node, max, 144);
OFFSET(chiso_node, weight, 152);
OFFSET(chiso_node, lo, 160);
OFFSET(chiso_node, hi, 168);
OFFSET(chiso_node, from, 176);
OFFSET(chiso_node, to, 184);
OFFSET(chiso_node, target, 192);
OFFSET(chiso_node, floor, 200);
OFFSET(chiso_node, cap, 208);
OFFSET(chiso_node, per, 216);
OFFSET(chiso_node, otherwise, 224);
OFFSET(chiso_node, scale, 232);
OFFSET(chiso_node, at, 240);
OFFSET(chiso_node, residual, 248);
OFFSET(chiso_node, n_was, 256);
OFFSET(chiso_node, n_inputs, 260);
OFFSET(chiso_node, n_steps, 264);
OFFSET(chiso_node, legal, 268);
OFFSET(chiso_node, call, 272);
OFFSET(chiso_node, kind, 276);
OFFSET(chiso_node, op, 277);
OFFSET(chiso_node, assessor, 278);
OFFSET(chiso_node, na, 279);
OFFSET(chiso_node, empty, 280);
OFFSET(chiso_node, digits, 281);
OFFSET(chiso_node, round, 282);
OFFSET(chiso_node, prov_name, 283);
OFFSET(chiso_node, prov_points, 284);
OFFSET(chiso_node, cmp, 285);
OFFSET(chiso_node, ref_value, 286);
OFFSET(chiso_node, reserved, 287);

SIZE(chiso_part, 32);
OFFSET(chiso_part, id, 0);
OFFSET(chiso_part, title_vi, 8);
OFFSET(chiso_part, title_en, 16);
OFFSET(chiso_part, max, 24);

SIZE(chiso_partition, 48);
OFFSET(chiso_partition, id, 0);
OFFSET(chiso_partition, title_vi, 8);
OFFSET(chiso_partition, title_en, 16);
OFFSET(chiso_partition, source, 24);
OFFSET(chiso_partition, parts, 32);
OFFSET(chiso_partition, n_parts, 40);
OFFSET(chiso_partition, reserved, 44);

SIZE(chiso_grade, 40);
OFFSET(chiso_grade, key, 0);
OFFSET(chiso_grade, title_vi, 8);
OFFSET(chiso_grade, title_en, 16);
OFFSET(chiso_grade, at_least, 24);
OFFSET(chiso_grade, cmp, 32);
OFFSET(chiso_grade, reserved, 33);

SIZE(chiso_grading, 32);
OFFSET(chiso_grading, source, 0);
OFFSET(chiso_grading, grades, 8);
OFFSET(chiso_grading, n_grades, 16);
OFFSET(chiso_grading, first, 20);
OFFSET(chiso_grading, last, 22);
OFFSET(chiso_grading, kind, 24);
OFFSET(chiso_grading, missing, 25);
OFFSET(chiso_grading, reserved, 26);

SIZE(chiso_count, 8);
OFFSET(chiso_count, kind, 0);
OFFSET(chiso_count, count, 4);

SIZE(chiso_deadline, 16);
OFFSET(chiso_deadline, what, 0);
OFFSET(chiso_deadline, date, 8);
OFFSET(chiso_deadline, reserved, 12);

SIZE(chiso_index, 176);
OFFSET(chiso_index, id, 0);
OFFSET(chiso_index, edition, 8);
OFFSET(chiso_index, title_vi, 16);
OFFSET(chiso_index, title_en, 24);
OFFSET(chiso_index, unit_set, 32);
OFFSET(chiso_index, note, 40);
OFFSET(chiso_index, variant_of, 48);
OFFSET(chiso_index, supersedes, 56);
OFFSET(chiso_index, legal, 64);
OFFSET(chiso_index, nodes, 72);
OFFSET(chiso_index, gradings, 80);
OFFSET(chiso_index, partitions, 88);
OFFSET(chiso_index, counts, 96);
OFFSET(chiso_index, deadlines, 104);
OFFSET(chiso_index, n_supersedes, 112);
OFFSET(chiso_index, n_legal, 116);
OFFSET(chiso_index, n_nodes, 120);
OFFSET(chiso_index, n_gradings, 124);
OFFSET(chiso_index, n_partitions, 128);
OFFSET(chiso_index, n_counts, 132);
OFFSET(chiso_index, n_deadlines, 136);
OFFSET(chiso_index, size, 140);
OFFSET(chiso_index, legal_stride, 144);
OFFSET(chiso_index, node_stride, 146);
OFFSET(chiso_index, input_stride, 148);
OFFSET(chiso_index, step_stride, 150);
OFFSET(chiso_index, grading_stride, 152);
OFFSET(chiso_index, grade_stride, 154);
OFFSET(chiso_index, partition_stride, 156);
OFFSET(chiso_index, part_stride, 158);
OFFSET(chiso_index, first, 160);
OFFSET(chiso_index, last, 162);
OFFSET(chiso_index, level, 164);
OFFSET(chiso_index, digits, 165);
OFFSET(chiso_index, rank_by, 166);
OFFSET(chiso_index, ties, 167);
OFFSET(chiso_index, scope, 168);
OFFSET(chiso_index, reserved, 169);

SIZE(chiso_host, 24);
OFFSET(chiso_host, abi_minor, 0);
OFFSET(chiso_host, size, 4);
OFFSET(chiso_host, input, 8);
OFFSET(chiso_host, muldiv, 16);

SIZE(chiso_plugin, 64);
OFFSET(chiso_plugin, abi_major, 0);
OFFSET(chiso_plugin, abi_minor, 4);
OFFSET(chiso_plugin, size, 8);
OFFSET(chiso_plugin, n_indices, 12);
OFFSET(chiso_plugin, id, 16);
OFFSET(chiso_plugin, version, 24);
OFFSET(chiso_plugin, license, 32);
OFFSET(chiso_plugin, contact, 40);
OFFSET(chiso_plugin, indices, 48);
OFFSET(chiso_plugin, rule, 56);

VALUE(CHISO_KIND_INDEX, 1);
VALUE(CHISO_KIND_AREA, 2);
VALUE(CHISO_KIND_CRITERION, 3);
VALUE(CHISO_KIND_SUBCRITERION, 4);
VALUE(CHISO_KIND_DIMENSION, 5);
VALUE(CHISO_KIND_SUBDIMENSION, 6);
VALUE(CHISO_KIND_INDICATOR, 7);
VALUE(CHISO_KIND_FACTOR, 8);
VALUE(CHISO_KIND_BRANCH, 9);
VALUE(CHISO_OP_SUM, 1);
VALUE(CHISO_OP_MEAN, 2);
VALUE(CHISO_OP_SCALE, 3);
VALUE(CHISO_OP_CASE, 4);
VALUE(CHISO_OP_MANUAL, 32);
VALUE(CHISO_OP_STEP, 33);
VALUE(CHISO_OP_LINEAR, 34);
VALUE(CHISO_OP_RATIO, 35);
VALUE(CHISO_OP_PENALTY, 36);
VALUE(CHISO_OP_CHOICE, 37);
VALUE(CHISO_OP_SURVEY, 38);
VALUE(CHISO_OP_SHARE, 39);
VALUE(CHISO_OP_NORM, 40);
VALUE(CHISO_OP_BEST, 41);
VALUE(CHISO_OP_INDEX, 42);
VALUE(CHISO_OP_CALL, 43);
VALUE(CHISO_BY_NONE, 0);
VALUE(CHISO_BY_SELF, 1);
VALUE(CHISO_BY_MINISTRY, 2);
VALUE(CHISO_BY_SURVEY, 3);
VALUE(CHISO_BY_STATISTICS, 4);
VALUE(CHISO_BY_INDEX, 5);
VALUE(CHISO_POLICY_FORBIDDEN, 0);
VALUE(CHISO_POLICY_ZERO, 1);
VALUE(CHISO_POLICY_FULL, 2);
VALUE(CHISO_POLICY_LEAVE_OUT, 3);
VALUE(CHISO_ROUND_HALF_UP, 0);
VALUE(CHISO_ROUND_CUT_OFF, 1);
VALUE(CHISO_ROUND_HALF_EVEN, 2);
VALUE(CHISO_CMP_GE, 0);
VALUE(CHISO_CMP_GT, 1);
VALUE(CHISO_CMP_LE, 2);
VALUE(CHISO_CMP_LT, 3);
VALUE(CHISO_PROV_RECONSTRUCTED, 0);
VALUE(CHISO_PROV_RECALLED, 1);
VALUE(CHISO_PROV_PUBLISHED, 2);
VALUE(CHISO_PROV_OFFICIAL, 3);
VALUE(CHISO_ROLE_X, 0);
VALUE(CHISO_ROLE_NUM, 1);
VALUE(CHISO_ROLE_DEN, 2);
VALUE(CHISO_ROLE_OTHER, 3);
VALUE(CHISO_UNIT_COUNT, 0);
VALUE(CHISO_UNIT_VND, 1);
VALUE(CHISO_UNIT_PERCENT, 2);
VALUE(CHISO_UNIT_SHARE, 3);
VALUE(CHISO_UNIT_NUMBER, 4);
VALUE(CHISO_UNIT_POINTS, 5);
VALUE(CHISO_UNIT_ANSWER, 6);
VALUE(CHISO_UNIT_CHOICE, 7);
VALUE(CHISO_UNIT_DAYS, 8);
VALUE(CHISO_LEVEL_PROVINCE, 1);
VALUE(CHISO_LEVEL_MINISTRY, 2);
VALUE(CHISO_LEVEL_DEPARTMENT, 3);
VALUE(CHISO_LEVEL_DISTRICT, 4);
VALUE(CHISO_LEVEL_COMMUNE, 5);
VALUE(CHISO_SCOPE_NATIONAL, 0);
VALUE(CHISO_SCOPE_INTERNAL, 1);
VALUE(CHISO_RANK_POINTS, 0);
VALUE(CHISO_RANK_PERCENT, 1);
VALUE(CHISO_TIES_SHARED, 0);
VALUE(CHISO_GRADE_BANDS, 0);
VALUE(CHISO_GRADE_QUANTILE, 1);
VALUE(CHISO_MISSING_LEAVE_OUT, 0);
VALUE(CHISO_MISSING_AS_ZERO, 1);
VALUE(CHISO_REF_POINTS, 0);
VALUE(CHISO_REF_PERCENT, 1);

#endif

/* The one exported symbol can be defined as the header says. */
extern const chiso_plugin *chiso_plugin_v1(void);
