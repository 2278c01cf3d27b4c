/* SPDX-License-Identifier: Apache-2.0
 * model/fields.c - the members of a node: one table that reading, writing and
 * comparing walk. Its order is the canonical order. */
#include <string.h>

#include "model/model.h"

#define OP(name)   CHISO__OP(CHISO_OP_##name)
#define AT(member) offsetof(chiso_node, member)
/* Ops whose children or steps compare a number. */
#define LEAF_OPS                                                               \
  (OP(MANUAL) | OP(STEP) | OP(LINEAR) | OP(RATIO) | OP(PENALTY) | OP(CHOICE) | \
   OP(SURVEY) | OP(SHARE) | OP(NORM) | OP(BEST) | OP(INDEX) | OP(CALL))
#define WITH_DEN                                                               \
  (OP(STEP) | OP(LINEAR) | OP(RATIO) | OP(SURVEY) | OP(SHARE) | OP(NORM) |     \
   OP(BEST) | OP(CASE) | OP(CALL))

const chiso__field chiso__node_fields[] = {
  { .name = "id",
    .type = CHISO__FIELD_TEXT,
    .offset = AT(id),
    .required = true },
  { .name = "parent", .type = CHISO__FIELD_TEXT, .offset = AT(parent) },
  { .name = "kind",
    .type = CHISO__FIELD_KEY,
    .offset = AT(kind),
    .family = CHISO_FAMILY_KIND,
    .required = true },
  { .name = "title",
    .type = CHISO__FIELD_TITLE,
    .offset = AT(title_vi),
    .required = true },
  { .name = "max",
    .type = CHISO__FIELD_DEC,
    .offset = AT(max),
    .required = true },
  { .name = "weight",
    .type = CHISO__FIELD_DEC,
    .offset = AT(weight),
    .required = true,
    .rule = true },
  { .name = "op",
    .type = CHISO__FIELD_KEY,
    .offset = AT(op),
    .family = CHISO_FAMILY_OP,
    .required = true,
    .rule = true },
  { .name = "lo",
    .type = CHISO__FIELD_DEC,
    .offset = AT(lo),
    .rule = true,
    .points = true,
    .ops = OP(MANUAL) | OP(PENALTY) },
  { .name = "lo",
    .type = CHISO__FIELD_DEC,
    .offset = AT(lo),
    .rule = true,
    .points = true,
    .ops = OP(SCALE),
    .required = true },
  { .name = "hi",
    .type = CHISO__FIELD_DEC,
    .offset = AT(hi),
    .rule = true,
    .points = true,
    .ops = OP(SCALE),
    .required = true },
  { .name = "from",
    .type = CHISO__FIELD_DEC,
    .offset = AT(from),
    .ops = OP(SURVEY) | OP(NORM),
    .required = true,
    .rule = true },
  { .name = "to",
    .type = CHISO__FIELD_DEC,
    .offset = AT(to),
    .ops = OP(SURVEY) | OP(NORM),
    .required = true,
    .rule = true },
  { .name = "steps",
    .type = CHISO__FIELD_STEPS,
    .offset = AT(steps),
    .ops = OP(STEP) | OP(LINEAR) | OP(CHOICE),
    .rule = true },
  { .name = "otherwise",
    .type = CHISO__FIELD_DEC,
    .offset = AT(otherwise),
    .ops = OP(STEP),
    .rule = true,
    .points = true },
  { .name = "target",
    .type = CHISO__FIELD_DEC,
    .offset = AT(target),
    .ops = OP(RATIO),
    .standard = CHISO_DEC_ONE,
    .rule = true },
  { .name = "floor",
    .type = CHISO__FIELD_DEC,
    .offset = AT(floor),
    .ops = OP(RATIO),
    .standard = CHISO_NONE,
    .rule = true },
  { .name = "cap",
    .type = CHISO__FIELD_DEC,
    .offset = AT(cap),
    .ops = OP(RATIO),
    .standard = CHISO_DEC_ONE,
    .rule = true },
  { .name = "per",
    .type = CHISO__FIELD_DEC,
    .offset = AT(per),
    .ops = OP(PENALTY),
    .required = true,
    .rule = true,
    .points = true },
  { .name = "of",
    .type = CHISO__FIELD_OF,
    .offset = AT(ref_index),
    .ops = OP(INDEX),
    .required = true,
    .rule = true },
  { .name = "value",
    .type = CHISO__FIELD_KEY,
    .offset = AT(ref_value),
    .family = CHISO_FAMILY_REF_VALUE,
    .ops = OP(INDEX),
    .required = true,
    .rule = true },
  { .name = "scale",
    .type = CHISO__FIELD_DEC,
    .offset = AT(scale),
    .ops = OP(INDEX),
    .required = true,
    .rule = true },
  { .name = "call",
    .type = CHISO__FIELD_NUMBER,
    .offset = AT(call),
    .ops = OP(CALL),
    .required = true,
    .rule = true },
  { .name = "when",
    .type = CHISO__FIELD_TEXT,
    .offset = AT(when),
    .rule = true },
  { .name = "at",
    .type = CHISO__FIELD_DEC,
    .offset = AT(at),
    .standard = CHISO_NONE,
    .rule = true },
  { .name = "cmp",
    .type = CHISO__FIELD_KEY,
    .offset = AT(cmp),
    .family = CHISO_FAMILY_CMP,
    .rule = true },
  { .name = "assessor",
    .type = CHISO__FIELD_KEY,
    .offset = AT(assessor),
    .family = CHISO_FAMILY_ASSESSOR,
    .rule = true },
  { .name = "inputs",
    .type = CHISO__FIELD_INPUTS,
    .offset = AT(inputs),
    .ops = LEAF_OPS | OP(CASE),
    .rule = true },
  { .name = "na",
    .type = CHISO__FIELD_KEY,
    .offset = AT(na),
    .family = CHISO_FAMILY_POLICY,
    .rule = true },
  { .name = "empty",
    .type = CHISO__FIELD_KEY,
    .offset = AT(empty),
    .family = CHISO_FAMILY_POLICY,
    .ops = WITH_DEN,
    .rule = true },
  { .name = "round",
    .type = CHISO__FIELD_ROUND,
    .offset = AT(digits),
    .rule = true },
  { .name = "concept", .type = CHISO__FIELD_TEXT, .offset = AT(concept_id) },
  { .name = "was", .type = CHISO__FIELD_WAS, .offset = AT(was) },
  { .name = "measure", .type = CHISO__FIELD_MEASURE, .offset = AT(numerator) },
  { .name = "rule", .type = CHISO__FIELD_TEXT, .offset = AT(rule) },
  { .name = "evidence", .type = CHISO__FIELD_TEXT, .offset = AT(evidence) },
  { .name = "legal", .type = CHISO__FIELD_LEGAL, .offset = AT(legal) },
  { .name = "approximate",
    .type = CHISO__FIELD_DEC,
    .offset = AT(residual),
    .standard = CHISO_NONE },
  { .name = "provenance",
    .type = CHISO__FIELD_PROVENANCE,
    .offset = AT(prov_name),
    .required = true },
  { .name = "source",
    .type = CHISO__FIELD_TEXT,
    .offset = AT(source),
    .required = true },
  { .name = "note", .type = CHISO__FIELD_TEXT, .offset = AT(note) },
};
const size_t chiso__n_node_fields =
    sizeof chiso__node_fields / sizeof *chiso__node_fields;

bool chiso__field_applies(const chiso__field *field, unsigned op) {
  return field->ops == 0 || (op < 64 && (field->ops & CHISO__OP(op)));
}

void chiso__field_standard(const chiso__field *field, chiso_node *node) {
  if (field->type == CHISO__FIELD_DEC)
    memcpy((char *)node + field->offset, &field->standard, sizeof(chiso_dec));
  else if (field->type == CHISO__FIELD_ROUND)
    node->digits = CHISO_KEEP;
}

/* ---- standard inputs ---------------------------------------------------- */

#define X(input_key, input_unit, input_digits)                                 \
  {                                                                            \
    .key = input_key, .role = CHISO_ROLE_X, .unit = CHISO_UNIT_##input_unit,   \
    .digits = input_digits                                                     \
  }
#define NUM(input_key, input_unit, input_digits)                               \
  {                                                                            \
    .key = input_key, .role = CHISO_ROLE_NUM, .unit = CHISO_UNIT_##input_unit, \
    .digits = input_digits                                                     \
  }
#define DEN(input_key, input_unit, input_digits)                               \
  {                                                                            \
    .key = input_key, .role = CHISO_ROLE_DEN, .unit = CHISO_UNIT_##input_unit, \
    .digits = input_digits                                                     \
  }

static const chiso_input points_input[] = { X("points", POINTS, 6) };
static const chiso_input value_input[] = { X("value", NUMBER, 6) };
static const chiso_input percent_input[] = { X("value", PERCENT, 6) };
static const chiso_input count_input[] = { X("count", COUNT, 0) };
static const chiso_input choice_input[] = { X("choice", CHOICE, 0) };
static const chiso_input case_input[] = { X("case", CHOICE, 0) };
static const chiso_input ratio_inputs[] = { NUM("num", COUNT, 0),
                                            DEN("den", COUNT, 0) };
static const chiso_input survey_inputs[] = { X("mean", ANSWER, 6),
                                             NUM("sum", ANSWER, 6),
                                             DEN("count", COUNT, 0) };
static const chiso_input share_inputs[] = { X("percent", PERCENT, 6),
                                            NUM("chosen", COUNT, 0),
                                            DEN("answers", COUNT, 0) };

#define GIVE(list)                                                             \
  do {                                                                         \
    *count = (uint32_t)(sizeof list / sizeof *list);                           \
    return list;                                                               \
  } while (0)

const chiso_input *chiso__standard_inputs(unsigned op, uint32_t *count) {
  switch (op) {
  case CHISO_OP_MANUAL:
    GIVE(points_input);
  case CHISO_OP_CASE:
    GIVE(case_input);
  case CHISO_OP_CHOICE:
    GIVE(choice_input);
  case CHISO_OP_PENALTY:
    GIVE(count_input);
  case CHISO_OP_RATIO:
  case CHISO_OP_BEST:
    GIVE(ratio_inputs);
  case CHISO_OP_SURVEY:
    GIVE(survey_inputs);
  case CHISO_OP_SHARE:
    GIVE(share_inputs);
  case CHISO_OP_INDEX:
    GIVE(percent_input);
  case CHISO_OP_STEP:
  case CHISO_OP_LINEAR:
  case CHISO_OP_NORM:
    GIVE(value_input);
  default:
    *count = 0;
    return NULL;
  }
}

static bool same_text(const char *a, const char *b) {
  return a == b || (a && b && strcmp(a, b) == 0);
}

bool chiso__inputs_are_standard(const chiso_node *node) {
  uint32_t count;
  const chiso_input *standard = chiso__standard_inputs(node->op, &count);
  /* A STEP without steps is a constant and asks for nothing. */
  if (node->op == CHISO_OP_STEP && node->n_steps == 0)
    count = 0;
  if (count != node->n_inputs)
    return false;
  for (uint32_t i = 0; i < count; i++) {
    const chiso_input *a = &node->inputs[i], *b = &standard[i];
    if (strcmp(a->key, b->key) != 0 || a->role != b->role ||
        a->unit != b->unit || a->digits != b->digits ||
        !same_text(a->title_vi, b->title_vi) ||
        !same_text(a->title_en, b->title_en))
      return false;
  }
  return true;
}
