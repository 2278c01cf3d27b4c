/* SPDX-License-Identifier: Apache-2.0
 * analysis/inputs.c - what may change, as people write it:
 * "weights:0.25,normalise:minmax|zscore:0:1,exclude:2". */
#include <string.h>

#include "analysis/model.h"
#include "data/real.h"

#define KNOWN                                                                  \
  "weights:X, weight:CODE:X, normalise:N1|N2, aggregate:A1|A2, "               \
  "exclude:LEVEL, appraisal[:between|either[:P]|unit], errors[:FACTOR]"

static const struct {
  const char *name;
  bool bare; /* nothing need follow */
} kinds[] = {
  [CHISO__INPUT_WEIGHTS] = { "weights", false },
  [CHISO__INPUT_WEIGHT] = { "weight", false },
  [CHISO__INPUT_NORMALISE] = { "normalise", false },
  [CHISO__INPUT_AGGREGATE] = { "aggregate", false },
  [CHISO__INPUT_EXCLUDE] = { "exclude", false },
  [CHISO__INPUT_APPRAISAL] = { "appraisal", true },
  [CHISO__INPUT_ERRORS] = { "errors", true },
};
#define KINDS (sizeof kinds / sizeof *kinds)

static size_t kind_of(const char *text) {
  size_t k = 0, size = strcspn(text, ":,");
  while (k < KINDS && !(strlen(kinds[k].name) == size &&
                        strncmp(text, kinds[k].name, size) == 0 &&
                        (text[size] == ':' || kinds[k].bare)))
    k++;
  return k;
}

/* A comma ends an input where a kind follows: methods have commas too. */
static size_t input_size(const char *text) {
  size_t size = strcspn(text, ",");
  while (text[size] && text[size + 1] && kind_of(text + size + 1) == KINDS)
    size += 1 + strcspn(text + size + 1, ",");
  return size;
}

typedef struct reader {
  chiso__model *m;
  const char *option, *whole; /* where it stands; the input */
} reader;

static chiso_status unknown(const reader *r, chiso_error *err) {
  return chiso__method_unknown(r->option, r->whole, KNOWN, err);
}

static chiso_status read_noise(const reader *r, const char *text, double *out,
                               chiso_error *err) {
  char mark = 0;
  if (chiso__real_read(text, strlen(text), out, &mark) != CHISO__NUMBER_OK ||
      mark == ',' || !(*out > 0 && *out <= 1))
    return CHISO__FAIL(err, CHISO_USAGE, MSG_UNCERTAIN_NOISE, r->whole, text);
  return CHISO_OK;
}

/* "A|B|C" */
static chiso_status read_choices(const reader *r, const char *text,
                                 const char ***list, uint32_t *count,
                                 chiso_error *err) {
  size_t n = 1;
  for (const char *at = text; *at; at++)
    n += *at == '|';
  if (n > CHISO__LIMIT_CHOICES)
    return CHISO__FAIL(err, CHISO_USAGE, MSG_UNCERTAIN_CHOICES, n,
                       (size_t)CHISO__LIMIT_CHOICES);
  *list = chiso__arena_array(&r->m->arena, n, sizeof **list);
  if (!*list)
    return chiso__no_memory(err);
  for (size_t i = 0; i < n; i++) {
    size_t size = strcspn(text, "|");
    if (size == 0)
      return unknown(r, err);
    (*list)[i] = chiso__arena_text(&r->m->arena, text, size);
    if (!(*list)[i])
      return chiso__no_memory(err);
    text += size + (text[size] == '|');
  }
  *count = (uint32_t)n;
  return CHISO_OK;
}

/* The codes of a level, below the top. */
static chiso_status read_level(const reader *r, const char *text,
                               chiso_error *err) {
  chiso__model *m = r->m;
  const chiso__tree *t = &m->c->tree;
  double level = 0;
  char mark = 0;
  if (chiso__real_read(text, strlen(text), &level, &mark) != CHISO__NUMBER_OK)
    return unknown(r, err);
  m->excluded = chiso__arena_array(&m->arena, t->n, sizeof *m->excluded);
  if (!m->excluded)
    return chiso__no_memory(err);
  for (size_t i = 0; i < t->n; i++)
    if (t->codes[i].level == level && t->codes[i].parent != CHISO__NO_CODE &&
        m->c->weights[i] > 0)
      m->excluded[m->n_excluded++] = (uint32_t)i;
  if (m->n_excluded < 2)
    return CHISO__FAIL(err, CHISO_USAGE, MSG_UNCERTAIN_LEVEL, text,
                       (size_t)m->n_excluded);
  return CHISO_OK;
}

/* An indicator or an aggregate. */
static chiso_status find_code(const chiso_composite *c, const char *code,
                              uint32_t *out, chiso_error *err) {
  size_t place;
  if (chiso__map_get(&c->map, code, &place)) {
    *out = (uint32_t)place;
    return CHISO_OK;
  }
  chiso_status status = chiso__method_code(c, code, true, out, err);
  bool near =
      err && err->message == chiso__message_number(MSG_COMPOSE_CODE_NEAR);
  return near ? status : chiso__method_code(c, code, false, out, err);
}

static chiso_status read_weight(const reader *r, chiso__input *in,
                                const char *text, chiso_error *err) {
  const chiso__tree *t = &r->m->c->tree;
  const char *colon = strrchr(text, ':');
  if (!colon)
    return unknown(r, err);
  const char *code =
      chiso__arena_text(&r->m->arena, text, (size_t)(colon - text));
  if (!code)
    return chiso__no_memory(err);
  CHISO__TRY(find_code(r->m->c, code, &in->code, err));
  if (t->codes[in->code].parent == CHISO__NO_CODE)
    return CHISO__FAIL(err, CHISO_USAGE, MSG_UNCERTAIN_TOP, code);
  return read_noise(r, colon + 1, &in->noise, err);
}

/* "", "between", "either", "either:0.3", "unit" */
static chiso_status read_appraisal(const reader *r, const char *text,
                                   chiso__input *in, chiso_error *err) {
  in->noise = 0.5;
  if (strncmp(text, "either", 6) == 0 && (text[6] == '\0' || text[6] == ':')) {
    in->how = CHISO__EITHER;
    return text[6] ? read_noise(r, text + 7, &in->noise, err) : CHISO_OK;
  }
  if (strcmp(text, "unit") == 0)
    in->how = CHISO__OF_UNIT;
  else if (*text && strcmp(text, "between") != 0)
    return unknown(r, err);
  return CHISO_OK;
}

static chiso_status read_factor(const reader *r, const char *text,
                                double *factor, chiso_error *err) {
  char mark = 0;
  *factor = 1;
  if (*text && (chiso__real_read(text, strlen(text), factor, &mark) !=
                    CHISO__NUMBER_OK ||
                mark == ',' || !(*factor > 0 && *factor <= CHISO__MOST_FACTOR)))
    return CHISO__FAIL(err, CHISO_USAGE, MSG_UNCERTAIN_FACTOR, r->whole, text,
                       (size_t)CHISO__MOST_FACTOR);
  return CHISO_OK;
}

static chiso_status read_one(const reader *r, chiso_error *err) {
  chiso__model *m = r->m;
  size_t kind = kind_of(r->whole);
  if (kind == KINDS)
    return unknown(r, err);
  const char *text = r->whole + strlen(kinds[kind].name);
  if (*text == ':' && *++text == '\0')
    return unknown(r, err);
  chiso__input in = { .kind = (chiso__input_kind)kind,
                      .name = kinds[kind].name };
  if (in.kind == CHISO__INPUT_WEIGHT) {
    in.name = chiso__arena_text(&m->arena, r->whole,
                                (size_t)(strrchr(r->whole, ':') - r->whole));
    if (!in.name)
      return chiso__no_memory(err);
  }
  for (uint32_t i = 0; i < m->n_inputs; i++)
    if (strcmp(m->inputs[i].name, in.name) == 0)
      return CHISO__FAIL(err, CHISO_USAGE, MSG_UNCERTAIN_TWICE, r->option,
                         in.name);
  if (m->n_inputs == CHISO__LIMIT_INPUTS)
    return CHISO__FAIL(err, CHISO_USAGE, MSG_UNCERTAIN_INPUTS, r->option,
                       (size_t)CHISO__LIMIT_INPUTS);
  switch (in.kind) {
  case CHISO__INPUT_WEIGHTS:
    CHISO__TRY(read_noise(r, text, &in.noise, err));
    break;
  case CHISO__INPUT_WEIGHT:
    CHISO__TRY(read_weight(r, &in, text, err));
    break;
  case CHISO__INPUT_NORMALISE:
    CHISO__TRY(read_choices(r, text, &m->normalise, &m->n_normalise, err));
    in.count = m->n_normalise;
    break;
  case CHISO__INPUT_AGGREGATE:
    CHISO__TRY(read_choices(r, text, &m->aggregate, &m->n_aggregate, err));
    in.count = m->n_aggregate;
    break;
  case CHISO__INPUT_EXCLUDE:
    CHISO__TRY(read_level(r, text, err));
    in.count = m->n_excluded;
    break;
  case CHISO__INPUT_APPRAISAL:
    CHISO__TRY(read_appraisal(r, text, &in, err));
    break;
  case CHISO__INPUT_ERRORS:
    CHISO__TRY(read_factor(r, text, &in.noise, err));
    break;
  }
  m->inputs[m->n_inputs++] = in;
  return CHISO_OK;
}

chiso_status chiso__model_inputs(chiso__model *m, const char *option,
                                 const char *text, chiso_error *err) {
  reader r = { .m = m, .option = option };
  while (*text) {
    size_t size = input_size(text);
    r.whole = chiso__arena_text(&m->arena, text, size);
    if (!r.whole)
      return chiso__no_memory(err);
    CHISO__TRY(read_one(&r, err));
    text += size + (text[size] == ',');
  }
  return CHISO_OK;
}

const chiso__input *chiso__model_find(const chiso__model *m,
                                      chiso__input_kind kind) {
  for (uint32_t i = 0; i < m->n_inputs; i++)
    if (m->inputs[i].kind == kind)
      return &m->inputs[i];
  return NULL;
}
