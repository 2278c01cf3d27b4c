/* SPDX-License-Identifier: Apache-2.0
 * author/new_worked.c - three worked units for the golden test.
 *
 * The first unit has full points everywhere, the second is good, the third weak
 * and with one leaf that does not apply to it. Inputs are worked out backwards
 * from the rules, and stand on a boundary where there is one; the engine gives
 * the points. */
#include <string.h>

#include "author/new.h"
#include "base/csv.h"
#include "base/dec.h"
#include "base/text.h"

#define WORKED 3

/* What of a leaf each unit reaches: all, most, too little for many rules. */
static const chiso_dec reach[WORKED] = { CHISO_DEC_ONE, 850000, 450000 };

typedef struct worked {
  chiso__new *n;
  const chiso_index *index;
  chiso_program *program;
  chiso_entries entries;
  chiso_scores scores;
  chiso_units *units;
  const char *codes[WORKED];
  size_t count; /* units */
  bool gives;   /* some points are given at a node */
} worked;

/* ---- values -------------------------------------------------------------- */

static chiso_dec part(chiso_dec whole, chiso_dec share) {
  int64_t out = 0;
  return chiso_muldiv(whole, share, CHISO_DEC_ONE, &out) ? out : 0;
}

static int64_t power10(unsigned digits) {
  int64_t power = 1;
  while (digits-- > 0)
    power *= 10;
  return power;
}

/* A decimal as an input holds it, to the side that `up` says. */
static int64_t raw_of(chiso_dec value, unsigned digits, bool up) {
  int64_t step = power10(CHISO_DEC_DIGITS - digits), rest = value % step;
  int64_t raw = value / step;
  if (rest != 0 && up && value > 0)
    raw++;
  if (rest != 0 && !up && value < 0)
    raw--;
  return raw;
}

static const chiso_input *input_of(const chiso_node *node, unsigned role) {
  for (uint32_t i = 0; i < node->n_inputs; i++)
    if (node->inputs[i].role == role)
      return &node->inputs[i];
  return NULL;
}

static void set(worked *w, uint32_t at, const chiso_input *input, size_t unit,
                int64_t raw) {
  const chiso_node *node = &w->index->nodes[at];
  uint32_t slot = chiso_program_slot(w->program, at);
  chiso_entries_set(&w->entries, slot + (uint32_t)(input - node->inputs), unit,
                    raw);
}

/* Enters an argument of `value`: over a plausible denominator where the leaf
 * takes a quotient, else as x. `nudge` raw units are added. */
static void enter(worked *w, uint32_t at, size_t unit, chiso_dec value, bool up,
                  int64_t nudge) {
  const chiso_node *node = &w->index->nodes[at];
  const chiso_input *num = input_of(node, CHISO_ROLE_NUM);
  const chiso_input *den = input_of(node, CHISO_ROLE_DEN);
  const chiso_input *x = input_of(node, CHISO_ROLE_X);
  if (!num || !den) {
    if (x)
      set(w, at, x, unit, raw_of(value, x->digits, up) + nudge);
    return;
  }
  /* At most 1e12 millionths over at most 2e6: within 64 bits. */
  int64_t below = den->unit == CHISO_UNIT_VND ? 2000000 : 200;
  set(w, at, den, unit, below * power10(den->digits));
  set(w, at, num, unit, raw_of(value * below, num->digits, up) + nudge);
}

/* On the side of a threshold where it holds, as near as the input allows. */
static void reach_threshold(worked *w, uint32_t at, size_t unit,
                            chiso_dec value, unsigned cmp) {
  switch (cmp) {
  case CHISO_CMP_GE:
    enter(w, at, unit, value, true, 0);
    break;
  case CHISO_CMP_GT:
    enter(w, at, unit, value, false, 1);
    break;
  case CHISO_CMP_LE:
    enter(w, at, unit, value, false, 0);
    break;
  default:
    enter(w, at, unit, value, true, -1);
  }
}

/* Where a threshold does not hold, and so none before it either. */
static void miss_threshold(worked *w, uint32_t at, size_t unit, chiso_dec value,
                           unsigned cmp) {
  bool high = cmp == CHISO_CMP_GE || cmp == CHISO_CMP_GT;
  enter(w, at, unit, high ? value / 2 : value + value / 2, !high, 0);
}

/* Points as an assessor would give them: all, or to the hundredth. */
static chiso_dec some_points(const chiso_node *n, size_t unit) {
  chiso_dec lo = n->op == CHISO_OP_MANUAL ? n->lo : 0;
  chiso_dec points = lo + part(n->max - lo, reach[unit]);
  return unit == 0 ? n->max : chiso_dec_round(points, 2, CHISO_ROUND_HALF_UP);
}

/* ---- leaves -------------------------------------------------------------- */

static void enter_step(worked *w, uint32_t at, size_t unit) {
  const chiso_node *n = &w->index->nodes[at];
  if (n->n_steps == 0)
    return;
  const chiso_step *last = &n->steps[n->n_steps - 1];
  const chiso_step *step = unit == 0 ? n->steps : &n->steps[n->n_steps / 2];
  if (unit == 2)
    miss_threshold(w, at, unit, last->at, last->cmp);
  else
    reach_threshold(w, at, unit, step->at, step->cmp);
}

static void enter_linear(worked *w, uint32_t at, size_t unit) {
  const chiso_node *n = &w->index->nodes[at];
  const chiso_step *best = n->steps, *worst = n->steps;
  for (uint32_t i = 1; i < n->n_steps; i++) {
    best = n->steps[i].points > best->points ? &n->steps[i] : best;
    worst = n->steps[i].points < worst->points ? &n->steps[i] : worst;
  }
  enter(w, at, unit, worst->at + part(best->at - worst->at, reach[unit]),
        best->at > worst->at, 0);
}

/* The key with most points, one between, the last. */
static void enter_choice(worked *w, uint32_t at, size_t unit) {
  const chiso_node *n = &w->index->nodes[at];
  uint32_t best = 0;
  for (uint32_t i = 1; i < n->n_steps; i++)
    best = n->steps[i].points > n->steps[best].points ? i : best;
  uint32_t key = unit == 0 ? best : unit == 1 ? n->n_steps / 2 : n->n_steps - 1;
  set(w, at, n->inputs, unit, key);
}

static void enter_survey(worked *w, uint32_t at, size_t unit) {
  const chiso_node *n = &w->index->nodes[at];
  bool x_alone = unit == 1 && input_of(n, CHISO_ROLE_X);
  chiso_dec value = n->from + part(n->to - n->from, reach[unit]);
  if (x_alone)
    set(w, at, input_of(n, CHISO_ROLE_X), unit,
        raw_of(value, input_of(n, CHISO_ROLE_X)->digits, false));
  else
    enter(w, at, unit, value, false, 0);
}

static void enter_share(worked *w, uint32_t at, size_t unit) {
  const chiso_input *x = input_of(&w->index->nodes[at], CHISO_ROLE_X);
  chiso_dec scale = x && x->unit == CHISO_UNIT_SHARE ? 1 : 100;
  if (x && unit == 1)
    set(w, at, x, unit, raw_of(reach[unit] * scale, x->digits, false));
  else if (input_of(&w->index->nodes[at], CHISO_ROLE_NUM))
    enter(w, at, unit, reach[unit], false, 0);
  else
    enter(w, at, unit, reach[unit] * scale, false, 0);
}

static void enter_leaf(worked *w, uint32_t at, size_t unit) {
  const chiso_node *n = &w->index->nodes[at];
  chiso_dec some = reach[unit];
  switch (n->op) {
  case CHISO_OP_MANUAL:
    enter(w, at, unit, some_points(n, unit), false, 0);
    break;
  case CHISO_OP_STEP:
    enter_step(w, at, unit);
    break;
  case CHISO_OP_LINEAR:
    enter_linear(w, at, unit);
    break;
  case CHISO_OP_RATIO:
    enter(w, at, unit, part(part(n->target, n->cap), some), unit == 0, 0);
    break;
  case CHISO_OP_PENALTY:
    set(w, at, n->inputs, unit, (int64_t)unit * power10(n->inputs[0].digits));
    break;
  case CHISO_OP_CHOICE:
    enter_choice(w, at, unit);
    break;
  case CHISO_OP_SURVEY:
    enter_survey(w, at, unit);
    break;
  case CHISO_OP_SHARE:
    enter_share(w, at, unit);
    break;
  case CHISO_OP_NORM:
    enter(w, at, unit, n->from + part(n->to - n->from, some), false, 0);
    break;
  case CHISO_OP_BEST:
    enter(w, at, unit, some, false, 0);
    break;
  default: /* INDEX */
    enter(w, at, unit, part(n->scale, some), false, 0);
  }
}

/* ---- the tree ------------------------------------------------------------ */

/* The branch of a CASE that a unit takes: the one with most points, then the
 * second, then the third or last. Enters what chooses it. */
static uint32_t enter_case(worked *w, uint32_t at, size_t unit) {
  const chiso_methodology *m = w->n->index;
  const chiso_node *nodes = w->index->nodes;
  uint32_t before = CHISO_NO_NODE, taken = chiso_methodology_first_child(m, at);
  uint32_t place = 0, k = 0;
  for (uint32_t c = taken, last = CHISO_NO_NODE; c != CHISO_NO_NODE;
       last = c, c = chiso_methodology_next(m, c), k++)
    if (k > 0 && (unit == 0 ? nodes[c].max > nodes[taken].max : k <= unit)) {
      before = last;
      taken = c;
      place = k;
    }
  const chiso_node *branch = &nodes[taken];
  if (branch->when)
    set(w, at, nodes[at].inputs, unit, place);
  else if (branch->at != CHISO_NONE)
    reach_threshold(w, at, unit, branch->at, branch->cmp);
  else if (before != CHISO_NO_NODE) /* the branch for all that is left */
    miss_threshold(w, at, unit, nodes[before].at, nodes[before].cmp);
  return taken;
}

/* Whether nothing below a node counts: then its points can only be given. */
static bool only_given(const worked *w, uint32_t at) {
  const chiso_methodology *m = w->n->index;
  for (uint32_t c = chiso_methodology_first_child(m, at); c != CHISO_NO_NODE;
       c = chiso_methodology_next(m, c))
    if (w->index->nodes[c].weight != 0 ||
        w->index->nodes[c].kind == CHISO_KIND_BRANCH)
      return false;
  return true;
}

/* Nodes in the order of the table, parents first; `skip` is set for those
 * below a branch that was not taken. */
static void enter_unit(worked *w, size_t unit, bool *skip) {
  const chiso_methodology *m = w->n->index;
  memset(skip, 0, w->index->n_nodes * sizeof *skip);
  for (uint32_t i = 0; i < w->index->n_nodes; i++) {
    const chiso_node *n = &w->index->nodes[i];
    uint32_t child = chiso_methodology_first_child(m, i);
    uint32_t parent = chiso_methodology_parent(m, i);
    if (i > 0 && skip[parent])
      skip[i] = true;
    if (skip[i])
      continue;
    if (child == CHISO_NO_NODE) {
      enter_leaf(w, i, unit);
    } else if (n->op == CHISO_OP_CASE) {
      uint32_t taken = enter_case(w, i, unit);
      for (; child != CHISO_NO_NODE; child = chiso_methodology_next(m, child))
        skip[child] = child != taken;
    } else if (only_given(w, i)) {
      chiso_entries_give(&w->entries, i, unit, some_points(n, unit));
      for (; child != CHISO_NO_NODE; child = chiso_methodology_next(m, child))
        skip[child] = true; /* points, or data below: never both */
      w->gives = true;
    }
  }
}

static void clear_leaf(worked *w, uint32_t at, size_t unit) {
  uint32_t slot = chiso_program_slot(w->program, at);
  for (uint32_t k = 0; k < w->index->nodes[at].n_inputs; k++)
    w->entries.have[(slot + k) * w->entries.n + unit] = 0;
}

/* The first counted leaf that need not apply does not apply to the third. */
static void leave_one_out(worked *w) {
  for (uint32_t i = 0; i < w->index->n_nodes && w->count == WORKED; i++) {
    const chiso_node *n = &w->index->nodes[i];
    if (n->n_inputs == 0 || n->na == CHISO_POLICY_FORBIDDEN || n->weight == 0 ||
        chiso_methodology_first_child(w->n->index, i) != CHISO_NO_NODE ||
        n->kind == CHISO_KIND_BRANCH)
      continue;
    clear_leaf(w, i, 2);
    chiso_entries_not_applicable(&w->entries, i, 2);
    return;
  }
}

/* A value worked out backwards that the rule refuses is left out: the unit is
 * then incomplete, and its author sees where. */
static void drop_errors(worked *w) {
  for (uint32_t i = 0; i < w->index->n_nodes; i++)
    for (size_t u = 0; u < w->count; u++)
      if (w->scores.state[i * w->scores.n + u] == CHISO_STATE_ERROR)
        clear_leaf(w, i, u);
}

/* ---- the tables ---------------------------------------------------------- */

static void print_raw(chiso__buffer *out, const chiso_node *node,
                      const chiso_input *input, const chiso_methodology *m,
                      uint32_t at, int64_t raw) {
  char digits[40];
  if (input->unit == CHISO_UNIT_CHOICE) {
    const char *key = node->n_steps ? node->steps[raw].key : NULL;
    uint32_t c = chiso_methodology_first_child(m, at);
    for (int64_t k = 0; !key && k < raw && c != CHISO_NO_NODE; k++)
      c = chiso_methodology_next(m, c);
    if (!key && c != CHISO_NO_NODE)
      key = chiso_methodology_index(m)->nodes[c].when;
    chiso__csv_write(out, false, key ? key : "");
    return;
  }
  chiso_dec_style style = { '.', CHISO_DEC_DIGITS, false };
  int64_t step = power10(CHISO_DEC_DIGITS - input->digits);
  if (input->digits == 0)
    snprintf(digits, sizeof digits, "%lld", (long long)raw);
  else
    chiso_dec_format(raw * step, style, digits);
  chiso__csv_write(out, false, digits);
}

/* One row: value at an input, "NA", or points given at the node. */
static void put_row(const worked *w, chiso__buffer *out, size_t unit,
                    uint32_t at, const chiso_input *input, int64_t raw) {
  const chiso_node *n = &w->index->nodes[at];
  uint8_t entry = w->entries.entry[at * w->entries.n + unit];
  char points[CHISO_DEC_TEXT] = "";
  chiso_dec_style style = { '.', CHISO_DEC_DIGITS, false };
  chiso__csv_write(out, true, w->codes[unit]);
  chiso__csv_write(out, false, n->id);
  chiso__csv_write(out, false, input && n->n_inputs > 1 ? input->key : "");
  if (input)
    print_raw(out, n, input, w->n->index, at, raw);
  else
    chiso__csv_write(out, false,
                     entry == CHISO_ENTRY_NOT_APPLICABLE ? "NA" : "");
  if (w->gives) {
    if (entry == CHISO_ENTRY_GIVEN)
      chiso_dec_format(w->entries.given[at * w->entries.n + unit], style,
                       points);
    chiso__csv_write(out, false, points);
  }
  chiso__csv_write(out, false, n->title_vi);
  chiso__buffer_text(out, "\n");
}

static void write_observations(const worked *w, chiso__buffer *out) {
  chiso__buffer_text(out, w->gives ? "unit,node,input,value,points,label\n"
                                   : "unit,node,input,value,label\n");
  for (size_t u = 0; u < w->count; u++)
    for (uint32_t i = 0; i < w->index->n_nodes; i++) {
      const chiso_node *n = &w->index->nodes[i];
      uint32_t slot = chiso_program_slot(w->program, i);
      if (w->entries.entry[i * w->entries.n + u] != CHISO_ENTRY_NONE)
        put_row(w, out, u, i, NULL, 0);
      for (uint32_t k = 0; k < n->n_inputs; k++) {
        size_t cell = (slot + k) * w->entries.n + u;
        if (w->entries.have[cell])
          put_row(w, out, u, i, &n->inputs[k], w->entries.value[cell]);
      }
    }
}

/* The columns that `chiso score --exact --format csv` has, of which
 * `cut -d, -f3,4,6` leaves these. */
static void write_results(const worked *w, chiso__buffer *out) {
  chiso__buffer_text(out, "unit,node,points\n");
  for (size_t u = 0; u < w->count; u++)
    for (uint32_t i = 0; i < w->index->n_nodes; i++) {
      char points[CHISO_DEC_TEXT] = "";
      chiso_dec_style style = { '.', CHISO_DEC_DIGITS, true };
      size_t at = i * w->scores.n + u;
      if (chiso_has_points(w->scores.state[at]))
        chiso_dec_format(w->scores.points[at], style, points);
      chiso__csv_write(out, true, w->codes[u]);
      chiso__csv_write(out, false, w->index->nodes[i].id);
      chiso__csv_write(out, false, points);
      chiso__buffer_text(out, "\n");
    }
}

static void put_unit(worked *w, chiso__buffer *out, const char *code,
                     const char *vi, const char *en) {
  chiso__csv_write(out, true, code);
  chiso__csv_write(out, false, vi);
  chiso__csv_write(out, false, en ? en : "");
  chiso__buffer_text(out, "\n");
  w->codes[w->count++] = code;
}

/* The first units that are assessed and ranked in the first round; without the
 * set, units of no place. */
static chiso_status choose_units(worked *w, chiso__buffer *out) {
  static const char *const made_up[WORKED][3] = { { "a", "Đơn vị A", "Unit A" },
                                                  { "b", "Đơn vị B", "Unit B" },
                                                  { "c", "Đơn vị C",
                                                    "Unit C" } };
  chiso__new *n = w->n;
  chiso__buffer_text(out, "unit,name_vi,name_en\n");
  if (n->units_path)
    CHISO__TRY(chiso_units_read(n->units_path, n->unit_set, n->allocator,
                                &w->units, n->err));
  size_t all = w->units ? chiso_units_count(w->units) : 0;
  for (size_t u = 0; u < all && w->count < WORKED; u++) {
    const chiso_unit *unit = chiso_units_get(w->units, u);
    if (chiso_unit_assessed(unit, n->year) && chiso_unit_ranked(unit, n->year))
      put_unit(w, out, unit->code, unit->name_vi, unit->name_en);
  }
  for (size_t u = 0; all == 0 && u < WORKED; u++)
    put_unit(w, out, made_up[u][0], made_up[u][1], made_up[u][2]);
  return CHISO_OK;
}

static chiso_status work(worked *w, chiso__worked *out) {
  chiso__new *n = w->n;
  CHISO__TRY(choose_units(w, &out->units));
  CHISO__TRY(chiso_program_new(n->index, (chiso_rule) { 0 }, n->allocator,
                               &w->program, n->err));
  CHISO__TRY(chiso_entries_new(w->program, w->count, n->allocator, &w->entries,
                               n->err));
  CHISO__TRY(
      chiso_scores_new(w->program, w->count, n->allocator, &w->scores, n->err));
  bool *skip = chiso__arena_array(&n->arena, w->index->n_nodes, sizeof *skip);
  if (!skip)
    return chiso__no_memory(n->err);
  for (size_t u = 0; u < w->count && u < WORKED; u++)
    enter_unit(w, u, skip);
  leave_one_out(w);
  chiso_score(w->program, &w->entries, &w->scores);
  drop_errors(w);
  chiso_score(w->program, &w->entries, &w->scores);
  write_observations(w, &out->observations);
  write_results(w, &out->results);
  return out->units.failed || out->observations.failed || out->results.failed
             ? chiso__no_memory(n->err)
             : CHISO_OK;
}

chiso_status chiso__new_worked(chiso__new *n, chiso__worked *out) {
  worked w = { .n = n, .index = chiso_methodology_index(n->index) };
  chiso_status status = work(&w, out);
  chiso_scores_free(&w.scores);
  chiso_entries_free(&w.entries);
  chiso_program_free(w.program);
  chiso_units_free(w.units);
  return status;
}
