/* SPDX-License-Identifier: Apache-2.0
 * analysis/rescore_links.c - what of an edition becomes what of the next, and
 * which leaves can be scored on the older inputs. */
#include <stdlib.h>
#include <string.h>

#include "analysis/rescore.h"

/* ---- arithmetic ---------------------------------------------------------- */

chiso_dec chiso__scale_down(chiso_dec a, chiso_dec b, chiso_dec c) {
  chiso__wide n = (chiso__wide)a * b;
  chiso__wide q = n / c;
  return (chiso_dec)(q - (n % c < 0));
}

chiso_dec chiso__scale_up(chiso_dec a, chiso_dec b, chiso_dec c) {
  return -chiso__scale_down(-a, b, c);
}

chiso_dec chiso__half_unit(unsigned digits) {
  chiso_dec unit = 1;
  for (; digits < CHISO_DEC_DIGITS; digits++)
    unit *= 10;
  return unit / 2;
}

/* ---- links --------------------------------------------------------------- */

/* Whether edition b comes after edition a: links are made from older to newer,
 * and read in either direction. */
static bool is_later(const chiso_methodology *a, const chiso_methodology *b) {
  const chiso_index *x = chiso_methodology_index(a);
  const chiso_index *y = chiso_methodology_index(b);
  if (x->variant_of && strcmp(x->variant_of, b->name) == 0)
    return false;
  if (y->variant_of && strcmp(y->variant_of, a->name) == 0)
    return true;
  for (uint32_t i = 0; i < x->n_supersedes; i++)
    if (strcmp(x->supersedes[i], b->name) == 0)
      return false;
  for (uint32_t i = 0; i < y->n_supersedes; i++)
    if (strcmp(y->supersedes[i], a->name) == 0)
      return true;
  return strcmp(x->edition, y->edition) <= 0;
}

static void keep(chiso__step *s, uint32_t *at, const chiso__links *links,
                 bool forward) {
  for (uint32_t i = 0; i < links->after->index.n_nodes; i++)
    for (uint32_t k = links->first[i]; k < links->first[i + 1]; k++) {
      uint32_t f = forward ? i : links->origins[k];
      uint32_t e = forward ? links->origins[k] : i;
      s->from[at[f]++] = e;
      s->heirs[e]++;
    }
}

static chiso_status take_links(chiso_rescore *r, chiso__step *s,
                               const chiso__links *links, bool forward,
                               chiso_error *err) {
  uint32_t n_f = s->f->ix->n_nodes, n_after = links->after->index.n_nodes;
  size_t total = links->first[n_after];
  uint32_t *at = chiso__arena_array(&r->arena, n_f, sizeof *at);
  s->first = chiso__arena_array(&r->arena, (size_t)n_f + 1, sizeof *s->first);
  s->from = chiso__arena_array(&r->arena, total, sizeof *s->from);
  s->heirs = chiso__arena_array(&r->arena, s->e->ix->n_nodes, sizeof *s->heirs);
  if (!at || !s->first || !s->from || !s->heirs)
    return chiso__no_memory(err);
  for (uint32_t i = 0; i < n_after; i++)
    for (uint32_t k = links->first[i]; k < links->first[i + 1]; k++)
      s->first[(forward ? i : links->origins[k]) + 1]++;
  for (uint32_t f = 0; f < n_f; f++) {
    s->first[f + 1] += s->first[f];
    at[f] = s->first[f];
  }
  keep(s, at, links, forward);
  return CHISO_OK;
}

static chiso_status make_links(chiso_rescore *r, chiso__step *s,
                               chiso_error *err) {
  bool forward = is_later(s->e->m, s->f->m);
  chiso__links links;
  chiso_status status =
      chiso__links_make(forward ? s->e->m : s->f->m,
                        forward ? s->f->m : s->e->m, r->allocator, &links, err);
  if (status == CHISO_OK)
    status = take_links(r, s, &links, forward, err);
  chiso__links_free(r->allocator, &links);
  return status;
}

/* ---- pairs --------------------------------------------------------------- */

/* Two editions, for what carry.c asks of two nodes. */
static chiso__links two(const chiso__edition *e, const chiso__edition *f) {
  return (chiso__links) { .before = e->m, .after = f->m };
}

static uint8_t measure_carry(const chiso__edition *e, uint32_t a,
                             const chiso__edition *f, uint32_t b) {
  chiso__links l = two(e, f);
  if (chiso__same_rule(&l, a, b, CHISO__SAME_CARRY))
    return e->ix->nodes[a].max == f->ix->nodes[b].max ? CHISO_CARRY_SAME
                                                      : CHISO_CARRY_SCALED;
  return chiso__same_data(&l, a, b) ? CHISO_CARRY_RESCORED : CHISO_CARRY_BROKEN;
}

static uint32_t counted_children(const chiso__edition *e, uint32_t node) {
  uint32_t count = 0;
  for (uint32_t k = chiso_methodology_first_child(e->m, node);
       k != CHISO_NO_NODE; k = chiso_methodology_next(e->m, k))
    count += e->ix->nodes[k].weight != 0;
  return count;
}

/* A mean of the same parts by the same rule. The children's pairs are done. */
static uint8_t mean_carry(const chiso__step *s, uint32_t a, uint32_t b) {
  chiso__links l = two(s->e, s->f);
  if (!chiso__same_rule(&l, a, b, CHISO__SAME_CARRY) ||
      counted_children(s->e, a) != counted_children(s->f, b))
    return CHISO_CARRY_BROKEN;
  for (uint32_t k = chiso_methodology_first_child(s->f->m, b);
       k != CHISO_NO_NODE; k = chiso_methodology_next(s->f->m, k)) {
    uint32_t old = s->pair[k];
    if (s->f->ix->nodes[k].weight == 0)
      continue;
    if (old == CHISO_NO_NODE || s->carry[k] != CHISO_CARRY_SAME ||
        chiso_methodology_parent(s->e->m, old) != a ||
        s->e->ix->nodes[old].weight != s->f->ix->nodes[k].weight)
      return CHISO_CARRY_BROKEN;
  }
  return s->e->ix->nodes[a].max == s->f->ix->nodes[b].max ? CHISO_CARRY_SAME
                                                          : CHISO_CARRY_SCALED;
}

static void find_pairs(chiso__step *s) {
  for (uint32_t i = s->f->ix->n_nodes; i-- > 0;) {
    s->pair[i] = CHISO_NO_NODE;
    s->carry[i] = CHISO_CARRY_NEW;
    if (s->first[i + 1] - s->first[i] != 1 || s->f->top_of[i] == CHISO_NO_NODE)
      continue;
    uint32_t old = s->from[s->first[i]];
    if (s->heirs[old] != 1 || s->e->top_of[old] == CHISO_NO_NODE)
      continue;
    bool before = chiso__is_measure(s->e->m, old);
    bool after = chiso__is_measure(s->f->m, i);
    s->pair[i] = old;
    s->carry[i] = before && after     ? measure_carry(s->e, old, s->f, i)
                  : !before && !after ? mean_carry(s, old, i)
                                      : (uint8_t)CHISO_CARRY_BROKEN;
  }
}

/* ---- tops that belong together ------------------------------------------- */

static uint32_t root_of(uint32_t *up, uint32_t i) {
  while (up[i] != i)
    i = up[i] = up[up[i]];
  return i;
}

static void unite(const chiso__step *s, uint32_t *up) {
  uint32_t n = (uint32_t)s->e->n_tops;
  for (uint32_t i = 1; i < s->f->ix->n_nodes; i++)
    for (uint32_t k = s->first[i]; k < s->first[i + 1]; k++) {
      uint32_t a = s->e->top_of[s->from[k]], b = s->f->top_of[i];
      if (a == CHISO_NO_NODE || b == CHISO_NO_NODE)
        continue;
      up[root_of(up, s->e->place[a])] = root_of(up, n + s->f->place[b]);
    }
}

static void gather(const chiso__step *s, uint32_t *up, bool *plain) {
  size_t n = s->e->n_tops;
  for (size_t t = 0; t < n + s->f->n_tops; t++) {
    bool old = t < n;
    const chiso__edition *of = old ? s->e : s->f;
    uint32_t node = of->tops[old ? t : t - n];
    uint32_t at = root_of(up, (uint32_t)t);
    chiso__bond *b = &s->bonds[at];
    *(old ? &b->before : &b->after) += 1;
    *(old ? &b->max_before : &b->max_after) += of->ix->nodes[node].max;
    *(old ? &b->e : &b->f) = node;
    *(old ? &s->bond_e[t] : &s->bond_f[t - n]) = at;
    plain[at] = plain[at] && chiso__is_measure(of->m, node);
  }
}

/* A node that became a node with parts, or the other way round: the two stand
 * for each other only when the link is theirs, not that of a part. */
static bool linked(const chiso__step *s, uint32_t e, uint32_t f) {
  for (uint32_t k = s->first[f]; k < s->first[f + 1]; k++)
    if (s->from[k] == e)
      return true;
  return false;
}

static void judge(const chiso__step *s, chiso__bond *b, bool plain,
                  bool strict) {
  chiso_dec off = b->max_after - b->max_before;
  bool even = (off < 0 ? -off : off) <= (chiso_dec)(b->before + b->after);
  b->carry = b->before ? CHISO_CARRY_BROKEN : CHISO_CARRY_NEW;
  if (b->before == 0 || b->after == 0)
    return;
  if (b->before > 1 || b->after > 1) {
    if (plain && even && !strict) {
      b->kind = CHISO__BOND_SUM;
      b->carry = CHISO_CARRY_TOGETHER;
    }
    return;
  }
  b->kind = CHISO__BOND_PAIR;
  if (s->pair[b->f] == b->e &&
      chiso__is_measure(s->e->m, b->e) == chiso__is_measure(s->f->m, b->f))
    b->carry = s->carry[b->f];
  else if (!strict && linked(s, b->e, b->f) &&
           chiso__is_measure(s->e->m, b->e) != chiso__is_measure(s->f->m, b->f))
    b->carry = CHISO_CARRY_TOGETHER;
}

/* What a top of e gives for each of its points; 0: nothing that is known. */
static void slope_of(const chiso__step *s, uint32_t top, chiso_dec *num,
                     chiso_dec *den) {
  const chiso__bond *b = &s->bonds[s->bond_e[top]];
  bool same = b->kind == CHISO__BOND_SUM || b->carry == CHISO_CARRY_SAME;
  bool share =
      b->kind == CHISO__BOND_PAIR &&
      (b->carry == CHISO_CARRY_SCALED || b->carry == CHISO_CARRY_TOGETHER);
  *den = share ? b->max_before : 1;
  *num = b->kind == CHISO__BOND_NONE ? 0 : share ? b->max_after : same ? 1 : 0;
  if (*den <= 0)
    *num = 0, *den = 1;
}

/* By slope, by insertion into runs of a merge: qsort() has no room for `s`. */
static bool steeper(const chiso__step *s, uint32_t x, uint32_t y) {
  chiso_dec a, b, c, d;
  slope_of(s, x, &a, &b);
  slope_of(s, y, &c, &d);
  return (chiso__wide)a * d > (chiso__wide)c * b;
}

static void sort_tops(const chiso__step *s, uint32_t *list, uint32_t *room,
                      size_t n) {
  if (n < 2)
    return;
  size_t half = n / 2, i = 0, k = half;
  sort_tops(s, list, room, half);
  sort_tops(s, list + half, room, n - half);
  for (size_t at = 0; at < n; at++)
    room[at] = k == n || (i < half && !steeper(s, list[i], list[k]))
                   ? list[i++]
                   : list[k++];
  memcpy(list, room, n * sizeof *list);
}

static chiso_status bond(chiso_rescore *r, chiso__step *s, chiso_error *err) {
  size_t n = s->e->n_tops, all = n + s->f->n_tops;
  uint32_t *up = chiso__arena_array(&r->arena, all, sizeof *up);
  bool *plain = chiso__arena_array(&r->arena, all, sizeof *plain);
  s->bonds = chiso__arena_array(&r->arena, all, sizeof *s->bonds);
  s->bond_e = chiso__arena_array(&r->arena, n, sizeof *s->bond_e);
  s->bond_f = chiso__arena_array(&r->arena, s->f->n_tops, sizeof *s->bond_f);
  s->order = chiso__arena_array(&r->arena, n, sizeof *s->order);
  if (!up || !plain || !s->bonds || !s->bond_e || !s->bond_f || !s->order)
    return chiso__no_memory(err);
  s->n_bonds = all;
  for (uint32_t i = 0; i < all; i++) {
    up[i] = i;
    plain[i] = true;
  }
  unite(s, up);
  gather(s, up, plain);
  for (size_t i = 0; i < all; i++)
    judge(s, &s->bonds[i], plain[i], r->strict);
  for (uint32_t t = 0; t < n; t++)
    s->order[t] = t;
  sort_tops(s, s->order, up, n);
  return CHISO_OK;
}

/* ---- origins ------------------------------------------------------------- */

static void mark_origins(const chiso__step *s, uint32_t top, uint8_t *marks) {
  for (uint32_t i = top; i < s->f->ix->n_nodes; i++) {
    if (s->f->top_of[i] != top)
      continue;
    for (uint32_t k = s->first[i]; k < s->first[i + 1]; k++) {
      uint32_t old = s->e->top_of[s->from[k]];
      if (old == CHISO_NO_NODE)
        continue;
      uint32_t t = s->e->place[old];
      for (size_t j = 0; j < s->e->n_origins[t]; j++)
        marks[s->e->origins[t][j]] = 1;
    }
  }
}

static bool retitled(const chiso__step *s, uint32_t top) {
  for (uint32_t k = s->first[top]; k < s->first[top + 1]; k++) {
    uint32_t old = s->from[k], above = s->e->top_of[old];
    if (strcmp(s->e->ix->nodes[old].title_vi, s->f->ix->nodes[top].title_vi) !=
            0 ||
        (above == old && s->e->renamed[s->e->place[old]]))
      return true;
  }
  return false;
}

static chiso_status trace(chiso_rescore *r, chiso__step *s, chiso__edition *f,
                          chiso_error *err) {
  const chiso__edition *first = &r->editions[0];
  uint8_t *marks = chiso__arena_array(&r->arena, first->ix->n_nodes, 1);
  if (!marks)
    return chiso__no_memory(err);
  for (size_t t = 0; t < f->n_tops; t++) {
    size_t count = 0, at = 0;
    mark_origins(s, f->tops[t], marks);
    for (uint32_t i = 0; i < first->ix->n_nodes; i++)
      count += marks[i];
    f->origins[t] = chiso__arena_array(&r->arena, count, sizeof **f->origins);
    if (!f->origins[t])
      return chiso__no_memory(err);
    for (uint32_t i = 0; i < first->ix->n_nodes; i++)
      if (marks[i])
        f->origins[t][at++] = i;
    f->n_origins[t] = count;
    memset(marks, 0, first->ix->n_nodes);
    f->renamed[t] = retitled(s, f->tops[t]);
  }
  return CHISO_OK;
}

/* One leaf of the first edition after another, whatever its rule became. */
static void find_sources(const chiso_rescore *r, const chiso__step *s,
                         chiso__edition *f) {
  for (uint32_t i = 0; i < f->ix->n_nodes; i++) {
    uint32_t old = s->pair[i];
    uint32_t source = old == CHISO_NO_NODE ? old : s->e->source[old];
    f->source[i] = source;
    if (source != CHISO_NO_NODE)
      f->kin[i] = measure_carry(&r->editions[0], source, f, i);
  }
}

chiso_status chiso__rescore_link(chiso_rescore *r, size_t step,
                                 chiso_error *err) {
  chiso__step *s = &r->steps[step];
  chiso__edition *f = &r->editions[step + 1];
  *s = (chiso__step) { .e = &r->editions[step], .f = f };
  CHISO__TRY(make_links(r, s, err));
  s->pair = chiso__arena_array(&r->arena, f->ix->n_nodes, sizeof *s->pair);
  s->carry = chiso__arena_array(&r->arena, f->ix->n_nodes, sizeof *s->carry);
  if (!s->pair || !s->carry)
    return chiso__no_memory(err);
  find_pairs(s);
  CHISO__TRY(bond(r, s, err));
  find_sources(r, s, f);
  return trace(r, s, f, err);
}

/* ---- scoring on the older inputs ----------------------------------------- */

static const chiso_run *run_of(const chiso_rescore *r) {
  return r->figures->run;
}

/* One input of all units, in the digits that the leaf asks for; what has more
 * digits than that is not there. */
static void copy_input(const chiso_entries *from, uint32_t slot,
                       unsigned digits, chiso_entries *to, uint32_t into,
                       unsigned asked) {
  int64_t power = 1;
  for (unsigned d = digits < asked ? digits : asked;
       d < (digits < asked ? asked : digits); d++)
    power *= 10;
  for (size_t u = 0; u < from->n; u++) {
    int64_t value = from->value[slot * from->n + u];
    if (!from->have[slot * from->n + u] ||
        (digits <= asked ? __builtin_mul_overflow(value, power, &value)
                         : value % power != 0))
      continue;
    chiso_entries_set(to, into, u, digits <= asked ? value : value / power);
  }
}

static void copy_leaf(const chiso_rescore *r, chiso__edition *f,
                      uint32_t node) {
  const chiso_entries *from = chiso_run_entries(run_of(r));
  const chiso_node *b = &f->ix->nodes[node];
  const chiso_node *a = &r->editions[0].ix->nodes[f->source[node]];
  uint32_t slot =
      chiso_program_slot(chiso_run_program(run_of(r)), f->source[node]);
  uint32_t into = chiso_program_slot(f->program, node);
  for (uint32_t i = 0; i < b->n_inputs; i++)
    for (uint32_t k = 0; k < a->n_inputs; k++)
      if (strcmp(a->inputs[k].key, b->inputs[i].key) == 0)
        copy_input(from, slot + k, a->inputs[k].digits, &f->entries, into + i,
                   b->inputs[i].digits);
  for (size_t u = 0; u < from->n; u++) {
    unsigned entry = from->entry[f->source[node] * from->n + u];
    if (entry == CHISO_ENTRY_NOT_APPLICABLE)
      chiso_entries_not_applicable(&f->entries, node, u);
    else if (entry == CHISO_ENTRY_LEFT_OUT)
      chiso_entries_leave_out(&f->entries, node, u);
  }
}

/* Whether a leaf is scored here on inputs: points that carry as they are need
 * not be, and those of a case or an entered figure are of their own rule. */
static bool scores_here(const chiso__edition *f, uint32_t node) {
  unsigned op = f->ix->nodes[node].op;
  return f->source[node] != CHISO_NO_NODE &&
         (f->kin[node] == CHISO_CARRY_SCALED ||
          f->kin[node] == CHISO_CARRY_RESCORED) &&
         op != CHISO_OP_CASE && op != CHISO_OP_MANUAL;
}

chiso_status chiso__rescore_inputs(chiso_rescore *r, size_t edition,
                                   chiso_error *err) {
  chiso__edition *f = &r->editions[edition];
  bool any = false, lacks = false, served = f->rule.here || f->rule.elsewhere;
  for (uint32_t i = 0; i < f->ix->n_nodes; i++) {
    /* code that nobody can ask scores nothing */
    if (f->ix->nodes[i].op == CHISO_OP_CALL && !served)
      f->source[i] = CHISO_NO_NODE;
    lacks = lacks || (f->ix->nodes[i].op == CHISO_OP_CALL && !served);
    if (!scores_here(f, i))
      f->source[i] = CHISO_NO_NODE;
    any = any || f->source[i] != CHISO_NO_NODE;
  }
  if (!any || lacks || !run_of(r))
    return CHISO_OK;
  size_t n = chiso_run_scored(run_of(r));
  CHISO__TRY(chiso_program_new(f->m, f->rule, r->allocator, &f->program, err));
  CHISO__TRY(chiso_entries_new(f->program, n, r->allocator, &f->entries, err));
  CHISO__TRY(chiso_scores_new(f->program, n, r->allocator, &f->scores, err));
  for (uint32_t i = 0; i < f->ix->n_nodes; i++)
    if (f->source[i] != CHISO_NO_NODE)
      copy_leaf(r, f, i);
  chiso_score(f->program, &f->entries, &f->scores);
  return CHISO_OK;
}
