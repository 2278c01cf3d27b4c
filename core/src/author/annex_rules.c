/* SPDX-License-Identifier: Apache-2.0
 * author/annex_rules.c - a rule for each leaf of an annex. */
#include <string.h>

#include "author/annex.h"
#include "author/wording.h"
#include "base/text.h"

static void lower(const char *text, char *out, size_t room) {
  size_t n = 0;
  for (; *text && n + 1 < room; text++)
    out[n++] = (char)(*text >= 'A' && *text <= 'Z' ? *text - 'A' + 'a' : *text);
  out[n] = '\0';
}

/* Who gives the points, by the words of the column or of the catalogue. */
static unsigned assessor_of(chiso__annex *annex, const char *method) {
  static const struct {
    const char *word;
    unsigned assessor;
  } words[] = {
    { "dieu tra", CHISO_BY_SURVEY },
    { "xhh", CHISO_BY_SURVEY },
    { "xa hoi hoc", CHISO_BY_SURVEY },
    { "khao sat", CHISO_BY_SURVEY },
    { "thong ke", CHISO_BY_STATISTICS },
    { "bo noi vu cham", CHISO_BY_MINISTRY },
    { "bo cham", CHISO_BY_MINISTRY },
    { "tu danh gia", CHISO_BY_SELF },
    { "tu cham", CHISO_BY_SELF },
    { "tham dinh", CHISO_BY_SELF },
  };
  int key = *method ? chiso__key_value(CHISO_FAMILY_ASSESSOR, method) : 0;
  if (key >= 0)
    return (unsigned)key;
  const char *plain = chiso__text_plain(&annex->import->arena, method);
  annex->failed |= !plain;
  for (size_t i = 0; plain && i < sizeof words / sizeof *words; i++)
    if (strstr(plain, words[i].word))
      return words[i].assessor;
  return CHISO_BY_NONE;
}

/* ---- lettered rows that are steps ---------------------------------------- */

/* Rows a), b), c) are the steps of the row above when their points do not add
 * up to its maximum, or one of them has none, and the best is that maximum. */
static void fold_letters(chiso__annex *annex, size_t place) {
  chiso__draft *p = &annex->drafts[place];
  chiso_dec sum = 0, best = 0;
  size_t children = 0;
  bool zero = false; /* a criterion has points; a step may have none */
  for (size_t i = place + 1; i < annex->count; i++) {
    const chiso__draft *d = &annex->drafts[i];
    if (d->parent != place)
      continue;
    if (d->code.style != CHISO__NUMBERING_LOWER || d->inner || !d->has_max)
      return;
    children++;
    sum += d->node.max;
    zero |= d->node.max == 0;
    if (d->node.max > best)
      best = d->node.max;
  }
  if (children < 2 || !p->has_max || best != p->node.max ||
      (sum == p->node.max && !zero))
    return;
  for (size_t i = place + 1; i < annex->count; i++) {
    chiso__draft *d = &annex->drafts[i];
    if (d->parent != place)
      continue;
    if (p->rule.size)
      chiso__buffer_text(&p->rule, "\n");
    chiso__buffer_print(&p->rule, "%s: %s", d->node.title_vi, d->max_text);
    d->row = UINT32_MAX; /* taken out below */
  }
  p->inner = false;
}

static void drop_folded(chiso__annex *annex) {
  size_t kept = 0, *place;
  place =
      chiso__arena_array(&annex->import->arena, annex->count, sizeof *place);
  if (!place) {
    annex->failed = true;
    return;
  }
  for (size_t i = 0; i < annex->count; i++) {
    chiso__draft *d = &annex->drafts[i];
    if (d->row == UINT32_MAX) {
      chiso__buffer_free(&d->rule);
      chiso__buffer_free(&d->note);
      continue;
    }
    if (d->parent != SIZE_MAX)
      d->parent = place[d->parent];
    place[i] = kept;
    annex->drafts[kept++] = *d;
  }
  annex->count = kept;
}

/* ---- branches of a catalogue --------------------------------------------- */

typedef struct caser {
  chiso__annex *annex;
  chiso__draft *draft;
  chiso__wording *w;
} caser;

static bool read_branch(const caser *c, const char *key, const char *rule,
                        chiso_node *out) {
  const chiso_node *parent = &c->draft->node;
  char id[140];
  snprintf(id, sizeof id, "%.64s.%.64s", c->draft->printed, key);
  *out = (chiso_node) {
    .id = chiso__arena_text(c->w->arena, id, strlen(id)),
    .title_vi = key,
    .when = key,
    .kind = CHISO_KIND_BRANCH,
    .max = parent->max,
    .weight = CHISO_DEC_ONE,
    .prov_name = parent->prov_name,
    .prov_points = parent->prov_points,
  };
  chiso_dec points;
  const char *end;
  char op[32], params[1024];
  size_t size = strcspn(rule, "(");
  out->op = CHISO_OP_STEP; /* without steps: a constant */
  if (strcmp(rule, "full") == 0)
    out->otherwise = out->max;
  else if (strcmp(rule, "zero") == 0)
    out->max = 0;
  else if (chiso__lead_number(rule, &points, &end) && !*end)
    out->otherwise = out->max = points;
  else if (rule[size] == '(' && size < sizeof op &&
           strlen(rule) < sizeof params) {
    chiso_node *node = c->w->node;
    snprintf(params, sizeof params, "%.*s", (int)size, rule);
    lower(params, op, sizeof op);
    snprintf(params, sizeof params, "%s", rule + size + 1);
    params[strcspn(params, ")")] = '\0';
    /* a comma stands for ';' within brackets; the best step is the maximum */
    for (char *s = params; *s; s++)
      *s = (char)(*s == ',' ? ';' : *s);
    c->w->node = out;
    const char *best = strchr(params, ':');
    if (best && chiso__lead_number(best + 1, &points, &end) &&
        strcmp(op, "step") == 0)
      out->max = points;
    bool good = chiso__params_read(c->w, op, params);
    c->w->node = node;
    return good && out->id;
  } else {
    return false;
  }
  return out->id != NULL;
}

/* "done:full; late:1; other:STEP(x=a/b, x>=0.8:0.5, else:0)" */
static bool read_case(chiso__annex *annex, chiso__draft *d, chiso__wording *w) {
  caser c = { annex, d, w };
  const char *s = d->params;
  size_t most = 1;
  for (const char *at = s; *at; at++)
    most += *at == ';';
  d->branches = chiso__arena_array(w->arena, most, sizeof *d->branches);
  annex->failed |= !d->branches;
  while (d->branches && *s) {
    size_t size = strcspn(s, ";");
    const char *item = s + strspn(s, " ");
    size_t key = strcspn(item, ":");
    if (item + key >= s + size)
      return false;
    const char *name = chiso__arena_text(w->arena, item, key);
    const char *rule = item + key + 1;
    rule = chiso__arena_text(w->arena, rule, (size_t)(s + size - rule));
    if (!name || !rule ||
        !read_branch(&c, name, rule, &d->branches[d->n_branches]))
      return false;
    d->n_branches++;
    s += size + (s[size] == ';');
  }
  if (d->n_branches < 2)
    return false;
  d->node.op = CHISO_OP_CASE;
  d->node.inputs = chiso__standard_inputs(CHISO_OP_CASE, &d->node.n_inputs);
  return true;
}

/* ---- leaves -------------------------------------------------------------- */

static void standard_numbers(chiso_node *n) {
  n->target = n->cap = CHISO_DEC_ONE;
  n->floor = n->at = n->residual = CHISO_NONE;
  n->digits = CHISO_KEEP;
  n->weight = CHISO_DEC_ONE;
}

static void read_rule(chiso__annex *annex, chiso__draft *d) {
  chiso__wording w = { .arena = &annex->import->arena,
                       .lang = annex->import->lang,
                       .text = d->rule.size ? d->rule.data : "",
                       .title = d->node.title_vi,
                       .node = &d->node,
                       .reading = d->reading,
                       .note = &d->note };
  char op[32];
  size_t noted = d->note.size;
  lower(d->op, op, sizeof op);
  bool done = *d->params && strcmp(op, "case") == 0
                  ? read_case(annex, d, &w)
                  : chiso__params_read(&w, op, d->params);
  if (!done) {
    d->n_branches = 0;
    d->note.size = noted;
    w.reading = d->reading;
    chiso__wording_read(&w);
  }
  annex->failed |= w.failed || d->note.failed || d->rule.failed;
  d->reading = w.reading;
}

/* The text of a rule is kept, in one line. */
static void keep_text(chiso__annex *annex, chiso__draft *d) {
  chiso__buffer line = { .allocator = annex->import->allocator };
  for (size_t i = 0; i < d->rule.size; i++) {
    char c = d->rule.data[i];
    bool ends = c == '\n' || c == '\r';
    bool told = line.size && strchr(";:,. ", line.data[line.size - 1]);
    if (!ends)
      chiso__buffer_bytes(&line, &c, 1);
    else if (line.size)
      chiso__buffer_text(&line, told ? " " : "; ");
  }
  annex->failed |= line.failed || d->rule.failed;
  if (line.size > CHISO__MAX_TEXT)
    chiso__remark(&annex->import->remarks, CHISO_BAD_DATA,
                  chiso__annex_place(annex, d->row, CHISO__ROLE_RULE),
                  MSG_MODEL_LONG_TEXT, "rule", CHISO__MAX_TEXT);
  else if (line.size && !annex->failed) {
    d->node.rule =
        chiso__arena_text(&annex->import->arena, line.data, line.size);
    annex->failed |= !d->node.rule;
  }
  chiso__buffer_free(&line);
}

/* Catalogues have one policy for "not applicable" and "nothing to divide by",
 * and name the unit of both sides: "vnd/vnd". */
static void apply_columns(chiso__draft *d, chiso__arena *arena, bool *failed) {
  chiso_node *n = &d->node;
  bool quotient = false;
  for (uint32_t i = 0; i < n->n_inputs; i++)
    quotient |= n->inputs[i].role == CHISO_ROLE_DEN;
  if (quotient)
    n->empty = n->na;
  if (!quotient || strncmp(d->unit, "vnd", 3) != 0)
    return;
  chiso_input *list = chiso__arena_array(arena, n->n_inputs, sizeof *list);
  *failed |= !list;
  for (uint32_t i = 0; list && i < n->n_inputs; i++) {
    list[i] = n->inputs[i];
    if (list[i].role != CHISO_ROLE_X)
      list[i].unit = CHISO_UNIT_VND;
  }
  if (list)
    n->inputs = list;
}

static void read_leaf(chiso__annex *annex, chiso__draft *d) {
  unsigned assessor = assessor_of(annex, d->method);
  read_rule(annex, d);
  apply_columns(d, &annex->import->arena, &annex->failed);
  if (assessor != CHISO_BY_NONE)
    d->node.assessor = (uint8_t)assessor;
  for (size_t i = 0; i < d->n_branches; i++)
    if (d->branches[i].n_inputs)
      d->branches[i].assessor = d->node.assessor;
  if (d->node.op == CHISO_OP_MANUAL && assessor == CHISO_BY_SURVEY &&
      !d->rule.size) {
    d->note.size = 0;
    d->reading = CHISO_READING_UNDERSTOOD;
    chiso__draft_note(annex, d, CHISO_READING_CHECK, MSG_AUTHOR_SURVEY);
  }
}

void chiso__annex_rules(chiso__annex *annex) {
  for (size_t i = 0; i < annex->count; i++)
    if (annex->drafts[i].inner)
      fold_letters(annex, i);
  drop_folded(annex);
  for (size_t i = 0; i < annex->count && !annex->failed; i++) {
    chiso__draft *d = &annex->drafts[i];
    standard_numbers(&d->node);
    keep_text(annex, d);
    if (d->inner)
      d->node.op = CHISO_OP_SUM;
    else if (d->has_max)
      read_leaf(annex, d);
  }
}
