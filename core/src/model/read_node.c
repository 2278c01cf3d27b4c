/* SPDX-License-Identifier: Apache-2.0
 * model/read_node.c - one node of index.json, by the table of fields. */
#include <string.h>

#include "base/dec.h"
#include "model/read.h"

#define MEMBER(type, node, offset) ((type *)(void *)((char *)(node) + (offset)))

static chiso_status read_was(chiso__reader *r, const chiso__json *v,
                             chiso_node *node) {
  CHISO__TRY(chiso__read_list(r, v, CHISO__MAX_LIST));
  const char **list = chiso__arena_array(r->arena, v->count, sizeof *list);
  if (!list)
    return chiso__no_memory(r->err);
  uint32_t n = 0;
  for (const chiso__json *e = v->first; e; e = e->next)
    CHISO__TRY(chiso__read_text(r, e, &list[n++]));
  node->was = list;
  node->n_was = n;
  return CHISO_OK;
}

static chiso_status read_measure(chiso__reader *r, const chiso__json *v,
                                 chiso_node *node) {
  static const char *const keys[] = { "numerator", "denominator", "period",
                                      NULL };
  const char **fields[] = { &node->numerator, &node->denominator,
                            &node->period };
  CHISO__TRY(chiso__read_object(r, v));
  CHISO__TRY(chiso__json_only(v, r->file, keys, r->err));
  for (size_t i = 0; i < 3; i++) {
    const chiso__json *member = chiso__json_get(v, keys[i]);
    if (member)
      CHISO__TRY(chiso__read_text(r, member, fields[i]));
  }
  return CHISO_OK;
}

static chiso_status read_round(chiso__reader *r, const chiso__json *v,
                               chiso_node *node) {
  static const char *const keys[] = { "digits", "mode", NULL };
  const chiso__json *member;
  int64_t digits;
  CHISO__TRY(chiso__read_object(r, v));
  CHISO__TRY(chiso__json_only(v, r->file, keys, r->err));
  CHISO__TRY(chiso__read_member(r, v, "digits", &member));
  CHISO__TRY(chiso__read_integer(r, member, 0, CHISO_DEC_DIGITS, &digits));
  node->digits = (uint8_t)digits;
  CHISO__TRY(chiso__read_member(r, v, "mode", &member));
  return chiso__read_key(r, member, CHISO_FAMILY_ROUNDING, &node->round);
}

static chiso_status read_provenance(chiso__reader *r, const chiso__json *v,
                                    chiso_node *node) {
  static const char *const keys[] = { "name", "points", NULL };
  const chiso__json *member;
  CHISO__TRY(chiso__read_object(r, v));
  CHISO__TRY(chiso__json_only(v, r->file, keys, r->err));
  CHISO__TRY(chiso__read_member(r, v, "name", &member));
  CHISO__TRY(chiso__read_key(r, member, CHISO_FAMILY_PROVENANCE,
                             &node->prov_name));
  CHISO__TRY(chiso__read_member(r, v, "points", &member));
  return chiso__read_key(r, member, CHISO_FAMILY_PROVENANCE,
                         &node->prov_points);
}

static chiso_status read_input(chiso__reader *r, const chiso__json *v,
                               chiso_input *out) {
  static const char *const keys[] = { "key", "role", "unit", "digits", "title",
                                      NULL };
  const chiso__json *member;
  CHISO__TRY(chiso__read_object(r, v));
  CHISO__TRY(chiso__json_only(v, r->file, keys, r->err));
  CHISO__TRY(chiso__read_member(r, v, "key", &member));
  CHISO__TRY(chiso__read_text(r, member, &out->key));
  CHISO__TRY(chiso__read_member(r, v, "role", &member));
  CHISO__TRY(chiso__read_key(r, member, CHISO_FAMILY_ROLE, &out->role));
  CHISO__TRY(chiso__read_member(r, v, "unit", &member));
  CHISO__TRY(chiso__read_key(r, member, CHISO_FAMILY_UNIT, &out->unit));
  int64_t digits = out->unit == CHISO_UNIT_COUNT ||
                           out->unit == CHISO_UNIT_VND ||
                           out->unit == CHISO_UNIT_CHOICE
                       ? 0
                       : CHISO_DEC_DIGITS;
  member = chiso__json_get(v, "digits");
  if (member)
    CHISO__TRY(chiso__read_integer(r, member, 0, CHISO_DEC_DIGITS, &digits));
  out->digits = (uint8_t)digits;
  member = chiso__json_get(v, "title");
  return member ? chiso__read_title(r, member, &out->title_vi, &out->title_en)
                : CHISO_OK;
}

static chiso_status read_inputs(chiso__reader *r, const chiso__json *v,
                                chiso_node *node) {
  CHISO__TRY(chiso__read_list(r, v, CHISO__MAX_INPUTS));
  chiso_input *list = chiso__arena_array(r->arena, v->count, sizeof *list);
  if (!list)
    return chiso__no_memory(r->err);
  uint32_t n = 0;
  for (const chiso__json *e = v->first; e; e = e->next)
    CHISO__TRY(read_input(r, e, &list[n++]));
  node->inputs = list;
  node->n_inputs = n;
  return CHISO_OK;
}

static chiso_status read_step(chiso__reader *r, const chiso__json *v,
                              unsigned op, chiso_step *out) {
  static const char *const choice_keys[] = { "key", "points", "title", NULL };
  static const char *const line_keys[] = { "at", "points", NULL };
  static const char *const step_keys[] = { "at", "cmp", "points", NULL };
  const char *const *keys = op == CHISO_OP_CHOICE   ? choice_keys
                            : op == CHISO_OP_LINEAR ? line_keys
                                                    : step_keys;
  const chiso__json *member;
  CHISO__TRY(chiso__read_object(r, v));
  CHISO__TRY(chiso__json_only(v, r->file, keys, r->err));
  CHISO__TRY(chiso__read_member(r, v, "points", &member));
  CHISO__TRY(chiso__read_dec(r, member, &out->points));
  CHISO__TRY(chiso__read_member(r, v, keys[0], &member));
  if (op == CHISO_OP_CHOICE) {
    CHISO__TRY(chiso__read_text(r, member, &out->key));
    member = chiso__json_get(v, "title");
    return member
               ? chiso__read_title(r, member, &out->title_vi, &out->title_en)
               : CHISO_OK;
  }
  CHISO__TRY(chiso__read_dec(r, member, &out->at));
  member = chiso__json_get(v, "cmp");
  return member ? chiso__read_key(r, member, CHISO_FAMILY_CMP, &out->cmp)
                : CHISO_OK;
}

static chiso_status read_steps(chiso__reader *r, const chiso__json *v,
                               chiso_node *node) {
  CHISO__TRY(chiso__read_list(r, v, CHISO__MAX_STEPS));
  chiso_step *list = chiso__arena_array(r->arena, v->count, sizeof *list);
  if (!list)
    return chiso__no_memory(r->err);
  uint32_t n = 0;
  for (const chiso__json *e = v->first; e; e = e->next)
    CHISO__TRY(read_step(r, e, node->op, &list[n++]));
  node->steps = list;
  node->n_steps = n;
  return CHISO_OK;
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
    return read_was(r, v, node);
  case CHISO__FIELD_MEASURE:
    return read_measure(r, v, node);
  case CHISO__FIELD_ROUND:
    return read_round(r, v, node);
  case CHISO__FIELD_PROVENANCE:
    return read_provenance(r, v, node);
  case CHISO__FIELD_INPUTS:
    return read_inputs(r, v, node);
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
                         (chiso__place){ r->file, m->key_line, m->key_column },
                         MSG_MODEL_OTHER_OP, m->key,
                         chiso_key(CHISO_FAMILY_OP, op));
  }
  return chiso__json_only(v, r->file, names, r->err);
}

static void set_standard(const chiso__field *field, chiso_node *node) {
  if (field->type == CHISO__FIELD_DEC)
    *MEMBER(chiso_dec, node, field->offset) = field->standard;
  else if (field->type == CHISO__FIELD_ROUND)
    node->digits = CHISO_KEEP;
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
    set_standard(field, out);
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
