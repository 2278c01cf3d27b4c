/* SPDX-License-Identifier: Apache-2.0
 * model/write.c - the canonical index.json. Its bytes are what the digest of a
 * definition is taken of, so a change here is a change of every digest. */
#include <string.h>

#include "base/buffer.h"
#include "base/dec.h"
#include "base/json.h"
#include "model/model.h"

#define MEMBER(type, node, offset)                                             \
  (*(type const *)(const void *)((const char *)(node) + (offset)))

typedef chiso__buffer buffer;

static void put(buffer *b, const char *text) {
  chiso__buffer_text(b, text);
}

/* `before` is the text that separates the member from what stands before. */
static void key(buffer *b, const char *before, const char *name) {
  put(b, before);
  chiso__json_quote(b, name);
  put(b, ": ");
}

static void text(buffer *b, const char *before, const char *name,
                 const char *value) {
  if (!value)
    return;
  key(b, before, name);
  chiso__json_quote(b, value);
}

static void dec(buffer *b, const char *before, const char *name,
                chiso_dec value) {
  char digits[CHISO_DEC_TEXT];
  chiso__dec_print(value, digits);
  key(b, before, name);
  chiso__json_quote(b, digits);
}

static void number(buffer *b, const char *before, const char *name,
                   unsigned value) {
  key(b, before, name);
  chiso__buffer_print(b, "%u", value);
}

static void title(buffer *b, const char *before, const char *name,
                  const char *vi, const char *en) {
  if (!vi)
    return;
  key(b, before, name);
  text(b, "{", "vi", vi);
  text(b, ", ", "en", en);
  put(b, "}");
}

static void date(buffer *b, const char *before, const char *name,
                 chiso_date value) {
  if (value.year == 0)
    return;
  key(b, before, name);
  chiso__buffer_print(b, "\"%04u", (unsigned)value.year);
  if (value.month)
    chiso__buffer_print(b, "-%02u", (unsigned)value.month);
  if (value.day)
    chiso__buffer_print(b, "-%02u", (unsigned)value.day);
  put(b, "\"");
}

/* ---- nodes -------------------------------------------------------------- */

#define NODE_MEMBER ",\n      "

static void write_measure(buffer *b, const chiso_node *n) {
  const char *before = "{";
  if (!n->numerator && !n->denominator && !n->period)
    return;
  key(b, NODE_MEMBER, "measure");
  const char *names[] = { "numerator", "denominator", "period" };
  const char *values[] = { n->numerator, n->denominator, n->period };
  for (size_t i = 0; i < 3; i++)
    if (values[i]) {
      text(b, before, names[i], values[i]);
      before = ", ";
    }
  put(b, "}");
}

static void write_inputs(buffer *b, const chiso_node *n) {
  if (chiso__inputs_are_standard(n))
    return;
  key(b, NODE_MEMBER, "inputs");
  put(b, "[");
  for (uint32_t i = 0; i < n->n_inputs; i++) {
    const chiso_input *in = &n->inputs[i];
    put(b, i ? ",\n        {" : "\n        {");
    text(b, "", "key", in->key);
    text(b, ", ", "role", chiso_key(CHISO_FAMILY_ROLE, in->role));
    text(b, ", ", "unit", chiso_key(CHISO_FAMILY_UNIT, in->unit));
    number(b, ", ", "digits", in->digits);
    title(b, ", ", "title", in->title_vi, in->title_en);
    put(b, "}");
  }
  put(b, n->n_inputs ? "\n      ]" : "]");
}

static void write_steps(buffer *b, const chiso_node *n) {
  if (n->n_steps == 0)
    return;
  key(b, NODE_MEMBER, "steps");
  put(b, "[");
  for (uint32_t i = 0; i < n->n_steps; i++) {
    const chiso_step *s = &n->steps[i];
    put(b, i ? ",\n        {" : "\n        {");
    if (n->op == CHISO_OP_CHOICE)
      text(b, "", "key", s->key);
    else
      dec(b, "", "at", s->at);
    if (n->op == CHISO_OP_STEP && s->cmp != CHISO_CMP_GE)
      text(b, ", ", "cmp", chiso_key(CHISO_FAMILY_CMP, s->cmp));
    dec(b, ", ", "points", s->points);
    if (n->op == CHISO_OP_CHOICE)
      title(b, ", ", "title", s->title_vi, s->title_en);
    put(b, "}");
  }
  put(b, "\n      ]");
}

static void write_was(buffer *b, const chiso_node *n) {
  if (n->n_was == 0)
    return;
  key(b, NODE_MEMBER, "was");
  put(b, "[");
  for (uint32_t i = 0; i < n->n_was; i++) {
    put(b, i ? ", " : "");
    chiso__json_quote(b, n->was[i]);
  }
  put(b, "]");
}

static void write_round(buffer *b, const chiso_node *n) {
  if (n->digits == CHISO_KEEP && n->round == CHISO_ROUND_HALF_UP)
    return;
  key(b, NODE_MEMBER, "round");
  number(b, "{", "digits", n->digits);
  text(b, ", ", "mode", chiso_key(CHISO_FAMILY_ROUNDING, n->round));
  put(b, "}");
}

static void write_provenance(buffer *b, const chiso_node *n) {
  key(b, NODE_MEMBER, "provenance");
  text(b, "{", "name", chiso_key(CHISO_FAMILY_PROVENANCE, n->prov_name));
  text(b, ", ", "points", chiso_key(CHISO_FAMILY_PROVENANCE, n->prov_points));
  put(b, "}");
}

static void write_of(buffer *b, const chiso_node *n) {
  buffer of = { .allocator = b->allocator };
  chiso__buffer_print(&of, "%s/%s", n->ref_index, n->ref_node);
  b->failed |= of.failed;
  if (!of.failed)
    text(b, NODE_MEMBER, "of", of.data);
  chiso__buffer_free(&of);
}

static void write_field(buffer *b, const chiso_index *ix, const chiso__field *f,
                        const chiso_node *n) {
  const char *before = f == chiso__node_fields ? "      " : NODE_MEMBER;
  switch (f->type) {
  case CHISO__FIELD_TEXT:
    text(b, before, f->name, MEMBER(char *, n, f->offset));
    break;
  case CHISO__FIELD_DEC:
    if (f->required || MEMBER(chiso_dec, n, f->offset) != f->standard)
      dec(b, before, f->name, MEMBER(chiso_dec, n, f->offset));
    break;
  case CHISO__FIELD_KEY:
    if (f->required || MEMBER(uint8_t, n, f->offset) != 0)
      text(b, before, f->name,
           chiso_key(f->family, MEMBER(uint8_t, n, f->offset)));
    break;
  case CHISO__FIELD_NUMBER:
    number(b, before, f->name, MEMBER(uint32_t, n, f->offset));
    break;
  case CHISO__FIELD_TITLE:
    title(b, before, f->name, n->title_vi, n->title_en);
    break;
  case CHISO__FIELD_WAS:
    write_was(b, n);
    break;
  case CHISO__FIELD_MEASURE:
    write_measure(b, n);
    break;
  case CHISO__FIELD_ROUND:
    write_round(b, n);
    break;
  case CHISO__FIELD_PROVENANCE:
    write_provenance(b, n);
    break;
  case CHISO__FIELD_INPUTS:
    write_inputs(b, n);
    break;
  case CHISO__FIELD_STEPS:
    write_steps(b, n);
    break;
  case CHISO__FIELD_OF:
    write_of(b, n);
    break;
  case CHISO__FIELD_LEGAL:
    if (n->legal != 0)
      text(b, before, f->name, ix->legal[n->legal].key);
    break;
  }
}

static void write_nodes(buffer *b, const chiso_index *ix) {
  key(b, ",\n  ", "nodes");
  put(b, "[");
  for (uint32_t i = 0; i < ix->n_nodes; i++) {
    put(b, i ? ",\n    {\n" : "\n    {\n");
    for (size_t f = 0; f < chiso__n_node_fields; f++)
      if (chiso__field_applies(&chiso__node_fields[f], ix->nodes[i].op))
        write_field(b, ix, &chiso__node_fields[f], &ix->nodes[i]);
    put(b, "\n    }");
  }
  put(b, "\n  ]\n");
}

/* ---- the rest of the file ----------------------------------------------- */

static void write_legal(buffer *b, const chiso_index *ix) {
  key(b, ",\n  ", "legal");
  put(b, "[");
  for (uint32_t i = 0; i < ix->n_legal; i++) {
    const chiso_legal *l = &ix->legal[i];
    put(b, i ? ",\n    {" : "\n    {");
    text(b, "", "key", l->key);
    text(b, ", ", "instrument", l->instrument);
    text(b, ", ", "title", l->title);
    date(b, ", ", "issued", l->issued);
    date(b, ", ", "in_force", l->in_force);
    date(b, ", ", "repealed", l->repealed);
    date(b, ", ", "checked_on", l->checked_on);
    text(b, ", ", "url", l->url);
    put(b, "}");
  }
  put(b, "\n  ]");
}

static void write_counts(buffer *b, const chiso_index *ix) {
  if (ix->n_counts == 0)
    return;
  key(b, ",\n  ", "counts");
  put(b, "{");
  for (uint32_t i = 0; i < ix->n_counts; i++)
    number(b, i ? ", " : "", chiso_key(CHISO_FAMILY_KIND, ix->counts[i].kind),
           ix->counts[i].count);
  put(b, "}");
}

static void write_deadlines(buffer *b, const chiso_index *ix) {
  if (ix->n_deadlines == 0)
    return;
  key(b, ",\n  ", "deadlines");
  put(b, "[");
  for (uint32_t i = 0; i < ix->n_deadlines; i++) {
    put(b, i ? ",\n    {" : "\n    {");
    text(b, "", "what", ix->deadlines[i].what);
    date(b, ", ", "date", ix->deadlines[i].date);
    put(b, "}");
  }
  put(b, "\n  ]");
}

static void write_grading(buffer *b, const chiso_grading *g) {
  text(b, "{", "kind", chiso_key(CHISO_FAMILY_GRADING, g->kind));
  if (g->first)
    number(b, ", ", "first", g->first);
  if (g->last)
    number(b, ", ", "last", g->last);
  if (g->missing)
    text(b, ", ", "missing", chiso_key(CHISO_FAMILY_MISSING, g->missing));
  text(b, ", ", "source", g->source);
  key(b, ", ", "grades");
  put(b, "[");
  for (uint32_t i = 0; i < g->n_grades; i++) {
    const chiso_grade *e = &g->grades[i];
    put(b, i ? ",\n      {" : "\n      {");
    text(b, "", "key", e->key);
    title(b, ", ", "title", e->title_vi, e->title_en);
    if (e->at_least != CHISO_NONE)
      dec(b, ", ", e->cmp == CHISO_CMP_GT ? "above" : "at_least", e->at_least);
    put(b, "}");
  }
  put(b, "]}");
}

static void write_gradings(buffer *b, const chiso_index *ix) {
  if (ix->n_gradings == 0)
    return;
  key(b, ",\n  ", "gradings");
  put(b, "[");
  for (uint32_t i = 0; i < ix->n_gradings; i++) {
    put(b, i ? ",\n    " : "\n    ");
    write_grading(b, &ix->gradings[i]);
  }
  put(b, "\n  ]");
}

static void write_partitions(buffer *b, const chiso_index *ix) {
  if (ix->n_partitions == 0)
    return;
  key(b, ",\n  ", "partitions");
  put(b, "[");
  for (uint32_t i = 0; i < ix->n_partitions; i++) {
    const chiso_partition *p = &ix->partitions[i];
    put(b, i ? ",\n    " : "\n    ");
    text(b, "{", "id", p->id);
    title(b, ", ", "title", p->title_vi, p->title_en);
    text(b, ", ", "source", p->source);
    key(b, ", ", "parts");
    put(b, "[");
    for (uint32_t j = 0; j < p->n_parts; j++) {
      put(b, j ? ",\n      {" : "\n      {");
      text(b, "", "id", p->parts[j].id);
      title(b, ", ", "title", p->parts[j].title_vi, p->parts[j].title_en);
      dec(b, ", ", "max", p->parts[j].max);
      put(b, "}");
    }
    put(b, "]}");
  }
  put(b, "\n  ]");
}

static void write_supersedes(buffer *b, const chiso_index *ix) {
  if (ix->n_supersedes == 0)
    return;
  key(b, ",\n  ", "supersedes");
  put(b, "[");
  for (uint32_t i = 0; i < ix->n_supersedes; i++) {
    put(b, i ? ", " : "");
    chiso__json_quote(b, ix->supersedes[i]);
  }
  put(b, "]");
}

static void write_index(buffer *b, const chiso_index *ix) {
  put(b, "{\n  \"format\": 1");
  text(b, ",\n  ", "id", ix->id);
  text(b, ",\n  ", "edition", ix->edition);
  if (ix->scope)
    text(b, ",\n  ", "scope", chiso_key(CHISO_FAMILY_SCOPE, ix->scope));
  text(b, ",\n  ", "variant_of", ix->variant_of);
  text(b, ",\n  ", "level", chiso_key(CHISO_FAMILY_LEVEL, ix->level));
  title(b, ",\n  ", "title", ix->title_vi, ix->title_en);
  key(b, ",\n  ", "rounds");
  number(b, "{", "first", ix->first);
  if (ix->last)
    number(b, ", ", "last", ix->last);
  put(b, "}");
  text(b, ",\n  ", "units", ix->unit_set);
  number(b, ",\n  ", "digits", ix->digits);
  key(b, ",\n  ", "rank");
  text(b, "{", "by", chiso_key(CHISO_FAMILY_RANK_BY, ix->rank_by));
  text(b, ", ", "ties", chiso_key(CHISO_FAMILY_TIES, ix->ties));
  put(b, "}");
  text(b, ",\n  ", "note", ix->note);
  write_supersedes(b, ix);
  write_legal(b, ix);
  write_counts(b, ix);
  write_deadlines(b, ix);
  write_gradings(b, ix);
  write_partitions(b, ix);
  write_nodes(b, ix);
  put(b, "}\n");
}

chiso_status chiso_methodology_write(const chiso_methodology *methodology,
                                     char **out, size_t *size,
                                     chiso_error *err) {
  buffer b = { .allocator = methodology->allocator };
  write_index(&b, &methodology->index);
  if (b.failed) {
    chiso__buffer_free(&b);
    return chiso__no_memory(err);
  }
  *out = b.data;
  *size = b.size;
  return CHISO_OK;
}

void chiso_text_free(const chiso_allocator *allocator, char *block) {
  chiso__free(allocator, block);
}
