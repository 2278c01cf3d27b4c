/* SPDX-License-Identifier: Apache-2.0
 *
 * sheet-filled INDEX.json PREFIX SEED [MORE.ini]
 *
 * Sheets with random entries, and what the engine gives for the same:
 * PREFIX.xlsx with a sheet for each of six units, and PREFIX.expected.csv with
 * the rows sheet,stage,row,what,value. MORE.ini is added to the round file:
 * bonus, penalty. SEED 0 enters nothing. sheets.py has a spreadsheet calculate
 * the workbook and compares. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../unit/fill.h"
#include "base/file.h"
#include "chiso/round.h"
#include "data/data.h"
#include "sheet/make_book.h"

#define UNITS                                                                  \
  6u /* whole; with NA; with holes; exempt; faulty; nearly empty               \
      */
enum { WHOLE, CLAIMS, HOLES, EXEMPT, FAULTY, SPARSE };

typedef struct cell {
  bool there, na;
  int64_t raw;
} cell;

typedef struct sample {
  const chiso_group *group;
  const chiso_methodology *m;
  const chiso_index *ix;
  chiso_program *program;
  chiso__sheet_plan plan;
  cell *cells; /* [unit][stage][slot] */
  uint32_t slots;
  uint64_t seed;
  FILE *expected;
} sample;

static void must(bool good, const char *what, const chiso_error *err) {
  char text[1024] = "";
  if (good)
    return;
  if (err)
    chiso_error_format(err, text, sizeof text);
  fprintf(stderr, "sheet-filled: %s %s\n", what, text);
  exit(1);
}

static cell *cell_at(const sample *s, size_t unit, unsigned stage,
                     uint32_t slot) {
  return &s->cells[(unit * CHISO_SHEET_STAGES + stage) * s->slots + slot];
}

static unsigned chance(sample *s, unsigned of) {
  return (unsigned)((xorshift(&s->seed) >> 11) % of);
}

/* ---- entries ---------------------------------------------------------------
 */

/* A value that lies on a threshold of its leaf where that can be. */
static int64_t boundary(sample *s, const chiso_node *n, const chiso_input *in,
                        int64_t value) {
  if (in->role != CHISO_ROLE_X || in->unit == CHISO_UNIT_CHOICE ||
      n->n_steps == 0 || chance(s, 2))
    return value;
  chiso_dec at = n->steps[chance(s, n->n_steps)].at;
  static const int64_t power[] = { 1000000, 100000, 10000, 1000, 100, 10, 1 };
  return at < 0 ? value : at / power[in->digits];
}

static void enter_leaf(sample *s, size_t unit, unsigned stage, uint32_t node) {
  const chiso_node *n = &s->ix->nodes[node];
  uint32_t slot = chiso_program_slot(s->program, node);
  bool has_x = false, has_num = false, by_x = chance(s, 2);
  bool claim = unit != WHOLE && n->na != CHISO_POLICY_FORBIDDEN &&
               chance(s, unit == CLAIMS ? 3 : 12) == 0;
  bool zero =
      unit != WHOLE && n->empty != CHISO_POLICY_FORBIDDEN && chance(s, 8) == 0;
  for (uint32_t k = 0; k < n->n_inputs; k++) {
    has_x |= n->inputs[k].role == CHISO_ROLE_X;
    has_num |= n->inputs[k].role == CHISO_ROLE_NUM;
  }
  for (uint32_t k = 0; k < n->n_inputs; k++) {
    const chiso_input *in = &n->inputs[k];
    cell *c = cell_at(s, unit, stage, slot + k);
    if (claim) {
      *c = (cell) { .there = true, .na = true };
      continue;
    }
    if (has_x && has_num && (in->role == CHISO_ROLE_X) != by_x &&
        !(unit == FAULTY && chance(s, 10) == 0))
      continue;
    if (unit == HOLES && chance(s, 6) == 0)
      continue;
    uint32_t choices = n->op == CHISO_OP_CASE ? 0 : n->n_steps;
    for (uint32_t b = chiso_methodology_first_child(s->m, node);
         n->op == CHISO_OP_CASE && b != CHISO_NO_NODE;
         b = chiso_methodology_next(s->m, b))
      choices++;
    int64_t value = in->unit == CHISO_UNIT_CHOICE ? (int64_t)chance(s, choices)
                                                  : fill_value(n, in, &s->seed);
    value = boundary(s, n, in, value);
    if (zero && in->role != CHISO_ROLE_X)
      value = 0;
    if (unit == FAULTY && in->unit != CHISO_UNIT_CHOICE && chance(s, 6) == 0)
      value = chance(s, 2) ? -1 - value : value * 1000;
    *c = (cell) { .there = true, .raw = value };
  }
}

static void enter(sample *s, size_t unit) {
  static const unsigned rarely[CHISO_SHEET_STAGES] = { 1, 1, 3, 4 };
  for (unsigned stage = 0; stage < CHISO_SHEET_STAGES; stage++)
    for (uint32_t i = 0; i < s->ix->n_nodes; i++) {
      const chiso_node *n = &s->ix->nodes[i];
      bool skip = (unit == SPARSE && chance(s, 10)) ||
                  (stage > CHISO_SHEET_APPRAISED_1 && chance(s, rarely[stage]));
      if (n->n_inputs > 0 && !skip &&
          (stage != CHISO_SHEET_SELF || n->assessor <= CHISO_BY_SELF))
        enter_leaf(s, unit, stage, i);
    }
}

static void fill(const void *user, const chiso__sheet_job *job,
                 chiso__tally *tally) {
  static const char *const words[] = { "NA", "na", "Không áp dụng", "n/a" };
  const sample *s = user;
  for (uint32_t node = 0; node < s->ix->n_nodes; node++)
    for (uint32_t k = 0; k < s->ix->nodes[node].n_inputs; k++)
      for (unsigned stage = 0; stage < CHISO_SHEET_STAGES; stage++) {
        const cell *c = cell_at(s, job->unit, stage,
                                chiso_program_slot(s->program, node) + k);
        *chiso__typed(tally, node, k, stage) = (chiso__sheet_entry) {
          .is = !c->there ? CHISO__ENTRY_IS_EMPTY
                : c->na   ? CHISO__ENTRY_IS_NA
                          : CHISO__ENTRY_IS_RAW,
          .raw = c->raw,
          .spelled = words[(node + stage) % 4],
        };
      }
}

/* ---- what the engine gives --------------------------------------------------
 */

/* The entry that counts under a stage. */
static const cell *effective(const sample *s, size_t unit, unsigned stage,
                             uint32_t slot) {
  const cell *c = cell_at(s, unit, stage, slot);
  while (!c->there && stage > CHISO_SHEET_APPRAISED_1)
    c = cell_at(s, unit, --stage, slot);
  return c;
}

/* False: some of its inputs claim it and others have values; no table says
 * what that is. */
static bool put_node(const sample *s, size_t unit, unsigned stage,
                     uint32_t node, chiso_entries *e) {
  const chiso_node *n = &s->ix->nodes[node];
  uint32_t slot = chiso_program_slot(s->program, node);
  unsigned claims = 0, values = 0;
  bool leaf = chiso_methodology_first_child(s->m, node) == CHISO_NO_NODE;
  if (chiso_group_exempt(s->group, node, unit) ||
      (leaf && stage == CHISO_SHEET_SELF && n->assessor > CHISO_BY_SELF)) {
    chiso_entries_leave_out(e, node, 0);
    return true;
  }
  for (uint32_t k = 0; k < n->n_inputs; k++) {
    const cell *c = effective(s, unit, stage, slot + k);
    claims += c->na;
    values += c->there && !c->na;
    if (c->there && !c->na)
      chiso_entries_set(e, slot + k, 0, c->raw);
  }
  if (claims && !values)
    chiso_entries_not_applicable(e, node, 0);
  return !claims || !values;
}

static void expect(const sample *s, size_t unit, unsigned stage,
                   const char *row, const char *what, const char *value) {
  fprintf(s->expected, "%zu,%u,%s,%s,%s\n", unit, stage, row, what, value);
}

static const char *dec(chiso_dec value, char out[CHISO_DEC_TEXT]) {
  chiso_dec_format(value, (chiso_dec_style) { '.', CHISO_DEC_DIGITS, false },
                   out);
  return out;
}

/* A bonus with a fault in it is not known. */
static bool any_fault(const sample *s, const chiso_scores *scores) {
  for (size_t i = 0; i < s->group->rules.n_extras; i++)
    if (scores->state[s->group->rules.extras[i].node] == CHISO_STATE_ERROR)
      return true;
  return false;
}

static chiso_dec so_far(const sample *s, const chiso_scores *scores,
                        uint32_t node) {
  chiso_dec sum = 0;
  if (chiso_has_points(scores->state[node]))
    return scores->points[node];
  if (scores->state[node] == CHISO_STATE_INCOMPLETE)
    for (uint32_t c = chiso_methodology_first_child(s->m, node);
         c != CHISO_NO_NODE; c = chiso_methodology_next(s->m, c))
      sum += so_far(s, scores, c);
  return sum;
}

static chiso_dec capped(chiso_dec value, chiso_dec most) {
  return most != CHISO_NONE && value > most ? most : value;
}

static void expect_total(const sample *s, size_t unit, unsigned stage,
                         const chiso_scores *scores) {
  const chiso_run_rules *rules = &s->group->rules;
  const chiso_node *root = &s->ix->nodes[0];
  char text[CHISO_DEC_TEXT];
  chiso_dec extra[2] = { 0, 0 };
  for (size_t i = 0; i < rules->n_extras; i++) {
    const chiso_extra *x = &rules->extras[i];
    extra[x->penalty] +=
        capped(so_far(s, scores, x->node),
               x->most != CHISO_NONE ? x->most : s->ix->nodes[x->node].max);
  }
  extra[0] = capped(extra[0], rules->bonus_most);
  extra[1] = capped(extra[1], rules->penalty_most);
  if (rules->n_extras) {
    expect(s, unit, stage, "head", "bonus", dec(extra[0], text));
    expect(s, unit, stage, "head", "penalty", dec(extra[1], text));
  }
  if (scores->state[0] != CHISO_STATE_SCORED)
    return;
  chiso_dec total = capped(scores->raw[0] + extra[0] - extra[1], rules->most);
  if (rules->least != CHISO_NONE && total < rules->least)
    total = rules->least;
  scores->raw[0] = total;
  expect(s, unit, stage, "head", "total",
         dec(chiso_dec_round(total, root->digits, root->round), text));
  expect(s, unit, stage, "head", "max", dec(scores->max[0], text));
  expect(s, unit, stage, "head", "todo", "0");
  chiso_dec percent = chiso_percent(s->program, scores, 0, 0);
  if (percent != CHISO_NONE)
    expect(s, unit, stage, "head", "percent", dec(percent, text));
}

static void expect_stage(const sample *s, size_t unit, unsigned stage) {
  chiso_entries e;
  chiso_scores scores;
  chiso_error err = { 0 };
  char text[CHISO_DEC_TEXT];
  must(chiso_entries_new(s->program, 1, NULL, &e, &err) == CHISO_OK &&
           chiso_scores_new(s->program, 1, NULL, &scores, &err) == CHISO_OK,
       "entries", &err);
  bool *known = calloc(s->ix->n_nodes, sizeof *known);
  must(known, "memory", NULL);
  for (uint32_t i = 0; i < s->ix->n_nodes; i++)
    known[i] = true;
  for (uint32_t i = 0; i < s->ix->n_nodes; i++)
    if (!put_node(s, unit, stage, i, &e))
      for (uint32_t k = i; k != CHISO_NO_NODE;
           k = chiso_methodology_parent(s->m, k))
        known[k] = false;
  chiso_score(s->program, &e, &scores);
  for (uint32_t i = 0; i < s->ix->n_nodes; i++) {
    const chiso_node *n = &s->ix->nodes[i];
    bool leaf = chiso_methodology_first_child(s->m, i) == CHISO_NO_NODE;
    unsigned state = scores.state[i];
    if (!known[i])
      continue;
    if (n->op == CHISO_OP_BEST) {
      expect(s, unit, stage, n->id, "points", "chiso");
    } else if (state == CHISO_STATE_SCORED) {
      expect(s, unit, stage, n->id, "points", dec(scores.points[i], text));
      expect(s, unit, stage, n->id, "max", dec(scores.max[i], text));
    } else if (state == CHISO_STATE_NOT_APPLICABLE) {
      expect(s, unit, stage, n->id, "points", "–");
      expect(s, unit, stage, n->id, "max", "0");
    } else if (leaf) {
      expect(s, unit, stage, n->id, "points",
             state == CHISO_STATE_ERROR ? "!" : "");
    }
  }
  if (known[0] && scores.state[0] != CHISO_STATE_ERROR &&
      !any_fault(s, &scores))
    expect_total(s, unit, stage, &scores);
  free(known);
  chiso_entries_free(&e);
  chiso_scores_free(&scores);
}

/* ---- the round
 * --------------------------------------------------------------- */

static void put_file(const char *prefix, const char *end, const char *text) {
  char path[512];
  chiso_error err = { 0 };
  snprintf(path, sizeof path, "%s%s", prefix, end);
  must(chiso__file_write(path, text, strlen(text), &err) == CHISO_OK, path,
       &err);
}

/* Nodes that a unit is exempt from: below the root, not the nodes of bonus. */
static void put_round(const char *prefix, const char *index, const char *more,
                      uint64_t *seed) {
  static char text[65536], extra[32768];
  chiso_methodology *m = NULL;
  chiso_error err = { 0 };
  must(chiso_methodology_read(index, NULL, &m, &err) == CHISO_OK, index, &err);
  const chiso_index *ix = chiso_methodology_index(m);
  const char *nodes[2] = { "", "" };
  for (unsigned k = 0, tries = 0; k < 2 && tries < 1000; tries++) {
    uint32_t i = (uint32_t)(xorshift(seed) % ix->n_nodes);
    bool leaf = chiso_methodology_first_child(m, i) == CHISO_NO_NODE;
    bool below = chiso_methodology_parent(m, i) == 0 && k == 1;
    bool same = k == 1 && strncmp(nodes[0], ix->nodes[i].id,
                                  strlen(ix->nodes[i].id)) == 0;
    if (i != 0 && ix->nodes[i].weight != 0 && (leaf == (k == 0)) && !below &&
        !same)
      nodes[k++] = ix->nodes[i].id;
  }
  if (more) {
    FILE *f = fopen(more, "r");
    must(f, more, NULL);
    size_t n = fread(extra, 1, sizeof extra - 1, f);
    extra[n] = '\0';
    fclose(f);
  }
  snprintf(
      text, sizeof text,
      "[round]\nid = t\nround = %u\ntitle_vi = Thử\n"
      "[legal a]\ninstrument = 1/QĐ\nissued = 01/01/2020\n"
      "[group g]\ntitle_vi = Khối\nmethodology = %s\nunits = %s.units.csv\n"
      "[exempt 1]\ngroup = g\nunits = u4\nnodes = %s%s%s\n"
      "reason = Không có\nlegal = a\n%s",
      ix->first, index, strrchr(prefix, '/') + 1, nodes[0],
      nodes[1][0] ? ", " : "", nodes[1], extra);
  put_file(prefix, ".ini", text);
  put_file(prefix, ".units.csv",
           "unit,name_vi\nu1,Sở Một\nu2,Sở Hai\nu3,Sở Ba\nu4,Sở Bốn\nu5,Sở "
           "Năm\nu6,Sở Sáu\n");
  chiso_methodology_free(m);
}

int main(int argc, char **argv) {
  chiso_error err = { 0 };
  chiso_store *store = NULL;
  chiso_round *round = NULL;
  chiso_store_options places = { .share_dir = BUILD_DIR "/share/chiso",
                                 .no_worker = true };
  char path[512];
  must(argc >= 4, "INDEX.json PREFIX SEED [MORE.ini]", NULL);
  sample s = { .seed = strtoull(argv[3], NULL, 10) * 0x9e3779b97f4a7c15u + 1 };
  put_round(argv[2], argv[1], argc > 4 ? argv[4] : NULL, &s.seed);
  snprintf(path, sizeof path, "%s.ini", argv[2]);
  must(chiso_store_open(&places, CHISO_LANG_EN, NULL, &store, &err) == CHISO_OK,
       "store", &err);
  must(chiso_round_read(path, (chiso_date) { 0 }, store, NULL, &round, &err) ==
           CHISO_OK,
       "round", &err);
  s.group = chiso_round_group(round, 0);
  s.m = s.group->methodology;
  s.ix = chiso_methodology_index(s.m);
  must(chiso_program_new(s.m, (chiso_rule) { 0 }, NULL, &s.program, &err) ==
           CHISO_OK,
       "program", &err);
  s.slots = chiso_program_slots(s.program);
  s.cells = calloc((size_t)UNITS * CHISO_SHEET_STAGES * (s.slots + 1),
                   sizeof *s.cells);
  must(s.cells, "memory", NULL);
  must(chiso__plan_make(s.group, CHISO_LANG_VI, CHISO_SHEET_ALL_STAGES,
                        CHISO__NA_WORDS, &s.plan, &err) == CHISO_OK,
       "plan", &err);
  chiso__sheet_job jobs[UNITS];
  for (size_t u = 0; u < UNITS; u++) {
    jobs[u] = (chiso__sheet_job) { &s.plan, u };
    if (strcmp(argv[3], "0") != 0)
      enter(&s, u);
  }
  chiso__sheet_entries entries = { fill, NULL, &s };
  chiso__book book = { round, CHISO_LANG_VI, jobs, UNITS, &entries, 0 };
  chiso__buffer bytes = { 0 };
  must(chiso__book_make(&book, NULL, &bytes, &err) == CHISO_OK, "book", &err);
  snprintf(path, sizeof path, "%s.xlsx", argv[2]);
  must(chiso__file_write(path, bytes.data, bytes.size, &err) == CHISO_OK, path,
       &err);
  chiso__buffer_free(&bytes);
  snprintf(path, sizeof path, "%s.expected.csv", argv[2]);
  s.expected = fopen(path, "w");
  must(s.expected, path, NULL);
  for (size_t u = 0; u < UNITS; u++)
    for (unsigned stage = 0; stage < CHISO_SHEET_STAGES; stage++)
      expect_stage(&s, u, stage);
  must(fclose(s.expected) == 0, path, NULL);
  free(s.cells);
  chiso__plan_free(&s.plan);
  chiso_program_free(s.program);
  chiso_round_free(round);
  chiso_store_free(store);
  return 0;
}
