/* SPDX-License-Identifier: Apache-2.0
 * model/read_node.c - one node of index.json, by the table of fields. */
#include <string.h>

#include "base/dec.h"
#include "model/read.h"

#define MEMBER(type, node, offset) ((type *)(void *)((char *)(node) + (offset)))

static chiso_status read_measure(chiso__reader *r, const chiso__json *v,
                                 chiso_node *node) {
  return CHISO__RECORD(
      r, v, { "numerator", CHISO__VALUE_TEXT, false, &node->numerator, 0 },
      { "denominator", CHISO__VALUE_TEXT, false, &node->denominator, 0 },
      { "period", CHISO__VALUE_TEXT, false, &node->period, 0 });
}

static chiso_status read_round(chiso__reader *r, const chiso__json *v,
                               chiso_node *node) {
  return CHISO__RECORD(
      r, v, { "digits", CHISO__VALUE_DIGITS, true, &node->digits, 0 },
      { "mode", CHISO__VALUE_KEY, true, &node->round, CHISO_FAMILY_ROUNDING });
}

static chiso_status read_provenance(chiso__reader *r, const chiso__json *v,
                                    chiso_node *node) {
  return CHISO__RECORD(r, v,
                       { "name", CHISO__VALUE_KEY, true, &node->prov_name,
                         CHISO_FAMILY_PROVENANCE },
                       { "points", CHISO__VALUE_KEY, true, &node->prov_points,
                         CHISO_FAMILY_PROVENANCE });
}

static chiso_status read_input(chiso__reader *r, const chiso__json *v,
                               void *element) {
  chiso_input *in = element;
  in->digits = UINT8_MAX;
  CHISO__TRY(CHISO__RECORD(
      r, v, { "key", CHISO__VALUE_TEXT, true, &in->key, 0 },
      { "role", CHISO__VALUE_KEY, true, &in->role, CHISO_FAMILY_ROLE },
      { "unit", CHISO__VALUE_KEY, true, &in->unit, CHISO_FAMILY_UNIT },
      { "digits", CHISO__VALUE_DIGITS, false, &in->digits, 0 },
      { "title", CHISO__VALUE_TITLE, false, &in->title_vi, 0 }));
  bool whole = in->unit == CHISO_UNIT_COUNT || in->unit == CHISO_UNIT_VND ||
               in->unit == CHISO_UNIT_CHOICE;
  if (in->digits == UINT8_MAX)
    in->digits = whole ? 0 : CHISO_DEC_DIGITS;
  return CHISO_OK;
}

static chiso_status read_step(chiso__reader *r, const chiso__json *v,
                              void *element) {
  chiso_step *s = element;
  return CHISO__RECORD(
      r, v, { "at", CHISO__VALUE_DEC, true, &s->at, 0 },
      { "points", CHISO__VALUE_DEC, true, &s->points, 0 },
      { "cmp", CHISO__VALUE_KEY, false, &s->cmp, CHISO_FAMILY_CMP });
}

static chiso_status read_corner(chiso__reader *r, const chiso__json *v,
                                void *element) {
  chiso_step *s = element;
  return CHISO__RECORD(r, v, { "at", CHISO__VALUE_DEC, true, &s->at, 0 },
                       { "points", CHISO__VALUE_DEC, true, &s->points, 0 });
}

static chiso_status read_choice(chiso__reader *r, const chiso__json *v,
                                void *element) {
  chiso_step *s = element;
  return CHISO__RECORD(r, v, { "key", CHISO__VALUE_TEXT, true, &s->key, 0 },
                       { "points", CHISO__VALUE_DEC, true, &s->points, 0 },
                       { "title", CHISO__VALUE_TITLE, false, &s->title_vi, 0 });
}

static chiso_status read_steps(chiso__reader *r, const chiso__json *v,
                               chiso_node *node) {
  chiso__read_one read = node->op == CHISO_OP_CHOICE   ? read_choice
                         : node->op == CHISO_OP_LINEAR ? read_corner
                                                       : read_step;
  return chiso__read_each(r, v, CHISO__MAX_STEPS, sizeof *node->steps, read,
                          &node->steps, &node->n_steps);
}

/* "vn.sipas.province/1": the index and the node in it. */
static chiso_status read_of(chiso__reader *r, const chiso__json *v,
                            chiso_node *node) {
  const char *text;
  CHISO__TRY(chiso__read_text(r, v, &text));
  const char *slash = strchr(text, '/');
  if (!slash || slash == text || !slash[1])
    return chiso__fail(r->err, CHISO_BAD_DATA, chiso__json_place(r, v),
                       MSG_MODEL_BAD_OF, text);
  node->ref_index = chiso__arena_text(r->arena, text, (size_t)(slash - text));
  node->ref_node = slash + 1;
  return node->ref_index ? CHISO_OK : chiso__no_memory(r->err);
}

static chiso_status read_legal(chiso__reader *r, const chiso__json *v,
                               chiso_node *node) {
  const chiso_index *ix = &r->methodology->index;
  const char *key;
  CHISO__TRY(chiso__read_text(r, v, &key));
  for (uint32_t i = 0; i < ix->n_legal; i++)
    if (strcmp(ix->legal[i].key, key) == 0) {
      node->legal = i;
      return CHISO_OK;
    }
  return chiso__fail(r->err, CHISO_BAD_DATA, chiso__json_place(r, v),
                     MSG_MODEL_BAD_LEGAL, key);
}

static chiso_status read_field(chiso__reader *r, const chiso__field *field,
                               const chiso__json *v, chiso_node *node) {
  int64_t number;
  switch (field->type) {
  case CHISO__FIELD_TEXT:
    return chiso__read_text(r, v, MEMBER(const char *, node, field->offset));
  case CHISO__FIELD_DEC:
    return chiso__read_dec(r, v, MEMBER(chiso_dec, node, field->offset));
  case CHISO__FIELD_KEY:
    return chiso__read_key(r, v, field->family,
                           MEMBER(uint8_t, node, field->offset));
  case CHISO__FIELD_NUMBER:
    CHISO__TRY(chiso__read_integer(r, v, 0, CHISO__MAX_CALL, &number));
    *MEMBER(uint32_t, node, field->offset) = (uint32_t)number;
    return CHISO_OK;
  case CHISO__FIELD_TITLE:
    return chiso__read_title(r, v, &node->title_vi, &node->title_en);
  case CHISO__FIELD_WAS:
    return chiso__read_each(r, v, CHISO__MAX_LIST, sizeof *node->was,
                            chiso__read_text_element, &node->was, &node->n_was);
  case CHISO__FIELD_MEASURE:
    return read_measure(r, v, node);
  case CHISO__FIELD_ROUND:
    return read_round(r, v, node);
  case CHISO__FIELD_PROVENANCE:
    return read_provenance(r, v, node);
  case CHISO__FIELD_INPUTS:
    return chiso__read_each(r, v, CHISO__MAX_INPUTS, sizeof *node->inputs,
                            read_input, &node->inputs, &node->n_inputs);
  case CHISO__FIELD_STEPS:
    return read_steps(r, v, node);
  case CHISO__FIELD_OF:
    return read_of(r, v, node);
  case CHISO__FIELD_LEGAL:
    return read_legal(r, v, node);
  }
  return CHISO__FAIL(r->err, CHISO_INTERNAL, MSG_MODEL_INTERNAL, field->name);
}

/* A member that no op has, or that another op has. */
static chiso_status check_members(chiso__reader *r, const chiso__json *v,
                                  unsigned op) {
  const char *names[64];
  size_t n = 0;
  for (size_t i = 0; i < chiso__n_node_fields; i++)
    if (chiso__field_applies(&chiso__node_fields[i], op))
      names[n++] = chiso__node_fields[i].name;
  names[n] = NULL;
  for (const chiso__json *m = v->first; m; m = m->next) {
    bool elsewhere = false, here = false;
    for (size_t i = 0; i < chiso__n_node_fields; i++)
      if (strcmp(chiso__node_fields[i].name, m->key) == 0) {
        elsewhere = true;
        here |= chiso__field_applies(&chiso__node_fields[i], op);
      }
    if (elsewhere && !here)
      return chiso__fail(r->err, CHISO_BAD_DATA,
                         (chiso__place) { r->file, m->key_line, m->key_column },
                         MSG_MODEL_OTHER_OP, m->key,
                         chiso_key(CHISO_FAMILY_OP, op));
  }
  return chiso__json_only(v, r->file, names, r->err);
}

chiso_status chiso__read_node(chiso__reader *r, const chiso__json *v,
                              chiso_node *out) {
  const chiso__json *op;
  CHISO__TRY(chiso__read_object(r, v));
  CHISO__TRY(chiso__read_member(r, v, "op", &op));
  CHISO__TRY(chiso__read_key(r, op, CHISO_FAMILY_OP, &out->op));
  CHISO__TRY(check_members(r, v, out->op));
  for (size_t i = 0; i < chiso__n_node_fields; i++) {
    const chiso__field *field = &chiso__node_fields[i];
    if (!chiso__field_applies(field, out->op))
      continue;
    const chiso__json *member = chiso__json_get(v, field->name);
    chiso__field_standard(field, out);
    if (member)
      CHISO__TRY(read_field(r, field, member, out));
    else if (field->required)
      return chiso__fail(r->err, CHISO_BAD_DATA, chiso__json_place(r, v),
                         MSG_MODEL_ABSENT, field->name);
  }
  if (!chiso__json_get(v, "inputs") &&
      !(out->op == CHISO_OP_STEP && out->n_steps == 0))
    out->inputs = chiso__standard_inputs(out->op, &out->n_inputs);
  return CHISO_OK;
}
