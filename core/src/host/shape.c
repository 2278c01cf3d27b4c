/* SPDX-License-Identifier: Apache-2.0
 * host/shape.c - the shapes of the tables. */
#include "host/shape.h"

#include "model/model.h"

/* A shape without arrays, and one with. */
#define TEXTS(type, name, ...)                                                 \
  static const uint16_t name##_texts[] = { __VA_ARGS__ };                      \
  static const chiso__shape name = { sizeof(type), name##_texts,               \
                                     sizeof name##_texts / sizeof(uint16_t),   \
                                     NULL, 0 };
#define AT(type, field) (uint16_t) offsetof(type, field)
#define ARRAY(type, field, element, stride, most)                              \
  { &(element), AT(type, field), AT(type, n_##field), (stride), (most) }
#define STRIDE(field) AT(chiso_index, field##_stride)

/* An element that is nothing but a pointer to a text. */
TEXTS(const char *, text, 0)
TEXTS(chiso_legal, legal, AT(chiso_legal, key), AT(chiso_legal, instrument),
      AT(chiso_legal, title), AT(chiso_legal, url))
TEXTS(chiso_input, input, AT(chiso_input, key), AT(chiso_input, title_vi),
      AT(chiso_input, title_en))
TEXTS(chiso_step, step, AT(chiso_step, key), AT(chiso_step, title_vi),
      AT(chiso_step, title_en))
TEXTS(chiso_grade, grade, AT(chiso_grade, key), AT(chiso_grade, title_vi),
      AT(chiso_grade, title_en))
TEXTS(chiso_part, part, AT(chiso_part, id), AT(chiso_part, title_vi),
      AT(chiso_part, title_en))
TEXTS(chiso_deadline, deadline, AT(chiso_deadline, what))
static const chiso__shape count = { sizeof(chiso_count), NULL, 0, NULL, 0 };

#define SHAPE(type, texts, arrays)                                             \
  {                                                                            \
    sizeof(type), (texts), sizeof(texts) / sizeof *(texts), (arrays),          \
        sizeof(arrays) / sizeof *(arrays)                                      \
  }

static const uint16_t grading_texts[] = { AT(chiso_grading, source) };
static const chiso__shape_array grading_arrays[] = { ARRAY(
    chiso_grading, grades, grade, STRIDE(grade), CHISO__MAX_LIST) };
static const chiso__shape grading =
    SHAPE(chiso_grading, grading_texts, grading_arrays);

static const uint16_t partition_texts[] = { AT(chiso_partition, id),
                                            AT(chiso_partition, title_vi),
                                            AT(chiso_partition, title_en),
                                            AT(chiso_partition, source) };
static const chiso__shape_array partition_arrays[] = { ARRAY(
    chiso_partition, parts, part, STRIDE(part), CHISO__MAX_LIST) };
static const chiso__shape partition =
    SHAPE(chiso_partition, partition_texts, partition_arrays);

static const uint16_t node_texts[] = {
  AT(chiso_node, id),         AT(chiso_node, parent),
  AT(chiso_node, title_vi),   AT(chiso_node, title_en),
  AT(chiso_node, concept_id), AT(chiso_node, when),
  AT(chiso_node, ref_index),  AT(chiso_node, ref_node),
  AT(chiso_node, numerator),  AT(chiso_node, denominator),
  AT(chiso_node, period),     AT(chiso_node, rule),
  AT(chiso_node, evidence),   AT(chiso_node, source),
  AT(chiso_node, note)
};
static const chiso__shape_array node_arrays[] = {
  ARRAY(chiso_node, was, text, CHISO__STRIDE_NONE, CHISO__MAX_LIST),
  ARRAY(chiso_node, inputs, input, STRIDE(input), CHISO__MAX_INPUTS),
  ARRAY(chiso_node, steps, step, STRIDE(step), CHISO__MAX_STEPS)
};
static const chiso__shape node = SHAPE(chiso_node, node_texts, node_arrays);

static const uint16_t index_texts[] = {
  AT(chiso_index, id),       AT(chiso_index, edition),
  AT(chiso_index, title_vi), AT(chiso_index, title_en),
  AT(chiso_index, unit_set), AT(chiso_index, note)
};
static const chiso__shape_array index_arrays[] = {
  ARRAY(chiso_index, supersedes, text, CHISO__STRIDE_NONE, CHISO__MAX_LIST),
  ARRAY(chiso_index, legal, legal, STRIDE(legal), CHISO__MAX_LIST),
  ARRAY(chiso_index, gradings, grading, STRIDE(grading), CHISO__MAX_LIST),
  ARRAY(chiso_index, partitions, partition, STRIDE(partition), CHISO__MAX_LIST),
  ARRAY(chiso_index, counts, count, CHISO__STRIDE_NONE, CHISO__MAX_LIST),
  ARRAY(chiso_index, deadlines, deadline, CHISO__STRIDE_NONE, CHISO__MAX_LIST),
  ARRAY(chiso_index, nodes, node, STRIDE(node), CHISO__MAX_NODES)
};
const chiso__shape chiso__shape_index =
    SHAPE(chiso_index, index_texts, index_arrays);

static const uint16_t plugin_texts[] = { AT(chiso_plugin, id),
                                         AT(chiso_plugin, version),
                                         AT(chiso_plugin, license),
                                         AT(chiso_plugin, contact) };
const chiso__shape chiso__shape_plugin = { sizeof(chiso_plugin), plugin_texts,
                                           sizeof plugin_texts /
                                               sizeof *plugin_texts,
                                           NULL, 0 };
