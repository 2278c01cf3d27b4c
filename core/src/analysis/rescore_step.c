/* SPDX-License-Identifier: Apache-2.0
 * analysis/rescore_step.c - one unit from one edition to the next: nodes, and
 * sums of tops. docs/manual/whatif-method.md has the formulas. */
#include <string.h>

#include "analysis/rescore.h"

/* ---- the first edition --------------------------------------------------- */

static bool leads(const chiso__edition *e, uint32_t node) {
  return e->top_of[node] == CHISO_NO_NODE && e->place[node] == 1;
}

static unsigned depth_of(const chiso__edition *e, uint32_t node) {
  unsigned depth = 0;
  for (; (node = chiso_methodology_parent(e->m, node)) != CHISO_NO_NODE;)
    depth++;
  return depth < 63 ? depth : 63;
}

/* Half of what a printed sum was rounded by; points of a leaf are what they
 * are. */
static chiso_dec blur(const chiso_rescore *r, uint32_t node) {
  if (!leads(&r->editions[0], node))
    return 0;
  return chiso__half_unit(r->printed[depth_of(&r->editions[0], node)]);
}

static chiso__know open_at(const chiso__edition *e, uint32_t node,
                           uint8_t carry) {
  return (chiso__know) { .lo = e->least[node],
                         .hi = e->most[node],
                         .carry = carry };
}

static chiso__know figure_at(const chiso_rescore *r, uint32_t node,
                             size_t unit) {
  const chiso__edition *e = &r->editions[0];
  const chiso_run *run = r->figures->run;
  chiso__know k = open_at(e, node, CHISO_CARRY_SAME);
  if (unit == SIZE_MAX) {
    k.known = CHISO__KNOWN;
    return k;
  }
  chiso_figure f = chiso_figures_get(r->figures, node, unit);
  if (f.from != CHISO_FIGURE_NONE)
    return (chiso__know) {
      .lo = f.points, .hi = f.points, .v = f.points, .known = CHISO__KNOWN
    };
  if (run && r->scored[unit] != SIZE_MAX) {
    const chiso_scores *s = chiso_run_scores(run);
    if (s->state[node * s->n + r->scored[unit]] == CHISO_STATE_NOT_APPLICABLE)
      k = (chiso__know) { .known = CHISO__GONE };
  }
  return k;
}

/* A known figure is no longer open in the sum above it. */
static void take_off(chiso__state *out, uint32_t block, chiso_dec points,
                     chiso_dec blur) {
  chiso__block *b = &out->blocks[block];
  if (block == 0)
    return;
  b->v -= points;
  b->hi += blur; /* the width, until the block is closed */
}

/* Sums that are known less the known of their parts: what the others have
 * together. */
static void find_blocks(const chiso_rescore *r, size_t unit,
                        chiso__state *out) {
  const chiso__edition *e = &r->editions[0];
  for (uint32_t i = 0; i < e->ix->n_nodes; i++) {
    uint32_t up = chiso_methodology_parent(e->m, i);
    uint32_t above = up == CHISO_NO_NODE ? 0 : out->nodes[up].block;
    bool top = e->top_of[i] == i;
    if (!top && !leads(e, i))
      continue;
    out->nodes[i].block = above;
    if (top && out->nodes[i].known != CHISO__OPEN) {
      take_off(out, above, out->nodes[i].v, blur(r, i));
      out->nodes[i].block = 0;
    }
    if (top)
      continue;
    chiso_figure f = chiso_figures_get(r->figures, i, unit);
    if (f.from == CHISO_FIGURE_NONE) {
      if (above)
        out->blocks[above].hi += chiso__half_unit(e->ix->nodes[i].digits);
      continue;
    }
    take_off(out, above, f.points, blur(r, i));
    out->nodes[i].block = ++out->n_blocks;
    out->blocks[out->n_blocks] =
        (chiso__block) { .v = f.points, .hi = blur(r, i), .firm = true };
  }
}

/* Keeps a sum within what its members can have; false where they contradict. */
static bool fit(chiso__block *b, chiso_dec lo, chiso_dec hi) {
  if (b->hi < lo || b->lo > hi)
    return false;
  b->lo = b->lo < lo ? lo : b->lo;
  b->hi = b->hi > hi ? hi : b->hi;
  b->v = b->v < b->lo ? b->lo : b->v > b->hi ? b->hi : b->v;
  b->used = true;
  return true;
}

/* Sums of the members' bounds, by block. */
static void add_members(const chiso__edition *e, const chiso__state *of,
                        chiso_dec *lo, chiso_dec *hi, uint8_t *any) {
  for (uint32_t b = 0; b <= of->n_blocks; b++)
    lo[b] = hi[b] = any[b] = 0;
  for (size_t t = 0; t < e->n_tops; t++) {
    const chiso__know *k = &of->nodes[e->tops[t]];
    lo[k->block] += k->lo;
    hi[k->block] += k->hi;
    any[k->block] = 1;
  }
}

/* Drops the blocks without members and those that contradict them. */
static bool close_blocks(const chiso_rescore *r, const chiso__edition *e,
                         chiso__state *of) {
  const chiso__work *w = &r->work;
  bool good = true;
  add_members(e, of, w->lo, w->hi, w->uneven);
  for (uint32_t b = 1; b <= of->n_blocks; b++)
    good = (!w->uneven[b] || fit(&of->blocks[b], w->lo[b], w->hi[b])) && good;
  for (size_t t = 0; t < e->n_tops; t++) {
    chiso__know *k = &of->nodes[e->tops[t]];
    if (!of->blocks[k->block].used)
      k->block = 0;
  }
  return good;
}

void chiso__rescore_begin(chiso_rescore *r, size_t unit, chiso__state *out,
                          bool *contradicted) {
  const chiso__edition *e = &r->editions[0];
  memset(out->nodes, 0, e->ix->n_nodes * sizeof *out->nodes);
  out->n_blocks = 0;
  *contradicted = false;
  for (uint32_t i = 0; i < e->ix->n_nodes; i++)
    if (e->top_of[i] != CHISO_NO_NODE)
      out->nodes[i] = figure_at(r, i, unit);
  if (unit == SIZE_MAX)
    return;
  find_blocks(r, unit, out);
  for (uint32_t b = 1; b <= out->n_blocks; b++) {
    chiso__block *k = &out->blocks[b];
    k->lo = k->v - k->hi;
    k->hi = k->v + k->hi;
  }
  *contradicted = !close_blocks(r, e, out);
}

/* ---- one node ------------------------------------------------------------ */

static uint8_t worse(uint8_t a, uint8_t b) {
  return a > b ? a : b;
}

/* Points that were rounded after a division stand for more than themselves. */
static chiso_dec width_of(const chiso_node *n) {
  bool whole = n->op == CHISO_OP_STEP || n->op == CHISO_OP_CHOICE ||
               n->op == CHISO_OP_MANUAL;
  chiso_dec half = chiso__half_unit(n->digits);
  if (whole)
    return 0;
  /* what was cut off lost up to a whole unit */
  return n->round == CHISO_ROUND_CUT_OFF ? 2 * half + 1 : half + 1;
}

static chiso_dec rounded(const chiso__edition *e, uint32_t node,
                         chiso_dec points) {
  const chiso_node *n = &e->ix->nodes[node];
  return chiso_dec_round(points, n->digits, n->round);
}

/* In proportion to the maxima; `width` is what the points were rounded by. */
static chiso__know convert(const chiso__step *s, uint32_t from, uint32_t to,
                           const chiso__know *k, chiso_dec width) {
  chiso_dec a = s->e->ix->nodes[from].max, b = s->f->ix->nodes[to].max;
  chiso__know out = *k;
  if (a <= 0 || k->known == CHISO__GONE)
    return out;
  int64_t v = 0;
  chiso__wide_div((chiso__wide)k->v * b, a, CHISO_ROUND_HALF_UP, &v);
  out.v = rounded(s->f, to, v);
  out.lo = rounded(s->f, to, chiso__scale_down(k->lo - width, b, a));
  out.hi = rounded(s->f, to, chiso__scale_up(k->hi + width, b, a));
  out.block = 0;
  /* a figure may lie outside what its rule gives, and then stays */
  out.lo = out.lo < s->f->least[to] ? s->f->least[to] : out.lo;
  out.hi = out.hi > s->f->most[to] ? s->f->most[to] : out.hi;
  if (k->known == CHISO__KNOWN) {
    out.lo = out.lo > out.v ? out.v : out.lo;
    out.hi = out.hi < out.v ? out.v : out.hi;
    if (width == 0)
      out.lo = out.hi = out.v;
  }
  return out;
}

static bool on_inputs(const chiso_rescore *r, const chiso__edition *f,
                      uint32_t node, size_t unit, chiso__know *out) {
  if (f->source[node] == CHISO_NO_NODE ||
      f->ix->nodes[node].residual != CHISO_NONE)
    return false;
  *out = (chiso__know) { .known = CHISO__KNOWN, .carry = f->kin[node] };
  if (unit == SIZE_MAX)
    return true;
  if (!f->program || r->scored[unit] == SIZE_MAX)
    return false;
  size_t at = node * f->scores.n + r->scored[unit];
  if (f->scores.state[at] == CHISO_STATE_NOT_APPLICABLE)
    out->known = CHISO__GONE;
  else if (f->scores.state[at] != CHISO_STATE_SCORED)
    return false;
  out->lo = out->hi = out->v = f->scores.points[at];
  return true;
}

/* What the pair of a node gives it. */
static chiso__know by_pair(const chiso__step *s, uint32_t node,
                           const chiso__state *from) {
  uint32_t old = s->pair[node];
  chiso__know k = open_at(s->f, node, CHISO_CARRY_NEW);
  if (old == CHISO_NO_NODE)
    return k;
  const chiso__know *e = &from->nodes[old];
  k.carry = worse(e->carry, s->carry[node] == CHISO_CARRY_RESCORED
                                ? (uint8_t)CHISO_CARRY_BROKEN
                                : s->carry[node]);
  uint8_t carry = k.carry;
  if (s->carry[node] == CHISO_CARRY_SAME) {
    k = *e;
    k.block = 0;
  } else if (s->carry[node] == CHISO_CARRY_SCALED) {
    k = convert(s, old, node, e, width_of(&s->e->ix->nodes[old]));
  }
  k.carry = carry;
  return k;
}

static const chiso__bond *bond_of(const chiso__step *s, uint32_t top) {
  return &s->bonds[s->bond_f[s->f->place[top]]];
}

/* A node that became one with parts, or lost them: its share carries. */
static chiso__know by_share(const chiso__step *s, uint32_t top,
                            const chiso__state *from, chiso__know k) {
  const chiso__bond *b = bond_of(s, top);
  if (b->kind != CHISO__BOND_PAIR || b->carry != CHISO_CARRY_TOGETHER)
    return k;
  const chiso__know *e = &from->nodes[b->e];
  chiso__know out = convert(s, b->e, top, e, 0);
  out.carry = worse(e->carry, CHISO_CARRY_TOGETHER);
  return out;
}

static bool may_leave(const chiso_node *n) {
  return n->na == CHISO_POLICY_LEAVE_OUT || n->empty == CHISO_POLICY_LEAVE_OUT;
}

/* lo + (hi - lo) * sum(w x) / sum(w), as the engine rounds it. */
static chiso_dec mean_of(const chiso_node *n, chiso__wide sum,
                         chiso__wide weight) {
  chiso_dec lo = n->op == CHISO_OP_SCALE ? n->lo : 0;
  chiso_dec hi = n->op == CHISO_OP_SCALE ? n->hi : CHISO_DEC_ONE;
  chiso__wide unit = n->digits == CHISO_DEC_DIGITS
                         ? 1
                         : (chiso__wide)chiso__half_unit(n->digits) * 2;
  int64_t units = 0;
  chiso__wide_div((hi - lo) * sum + (chiso__wide)lo * weight * CHISO_DEC_ONE,
                  weight * CHISO_DEC_ONE * unit, n->round, &units);
  return (chiso_dec)(units * unit);
}

/* A sum or mean below a top from its parts; the rule of an approximate one
 * proves nothing. */
static chiso__know by_parts(const chiso__step *s, uint32_t node,
                            const chiso__state *to, chiso__know k) {
  const chiso_node *n = &s->f->ix->nodes[node];
  chiso__wide lo = 0, hi = 0, v = 0, weight = 0;
  bool known = n->residual == CHISO_NONE, bound = known, any = false;
  uint8_t carry = 0, best = CHISO_CARRY_NEW;
  for (uint32_t c = chiso_methodology_first_child(s->f->m, node);
       c != CHISO_NO_NODE; c = chiso_methodology_next(s->f->m, c)) {
    const chiso_node *part = &s->f->ix->nodes[c];
    const chiso__know *at = &to->nodes[c];
    if (part->weight == 0)
      continue;
    known = known && at->known != CHISO__OPEN && part->residual == CHISO_NONE;
    bound = bound && (at->known != CHISO__OPEN || !may_leave(part)) &&
            part->residual == CHISO_NONE;
    carry = worse(carry, at->carry);
    best = at->carry < best ? at->carry : best;
    any = any || at->known != CHISO__OPEN || at->lo > s->f->least[c] ||
          at->hi < s->f->most[c];
    if (at->known == CHISO__GONE)
      continue;
    weight += part->weight;
    lo += (chiso__wide)at->lo * part->weight;
    hi += (chiso__wide)at->hi * part->weight;
    v += (chiso__wide)at->v * part->weight;
  }
  /* some of it is new: nothing compares, and yet not all is new */
  k.carry = carry == CHISO_CARRY_NEW && best < carry
                ? (uint8_t)CHISO_CARRY_BROKEN
                : carry;
  /* where nothing is known below, it may have been printed as anything */
  if (!bound || !any || weight == 0)
    return k;
  bool sum = n->op == CHISO_OP_SUM;
  chiso__wide one = CHISO_DEC_ONE;
  chiso_dec least =
      sum ? rounded(s->f, node, (chiso_dec)(lo / one)) : mean_of(n, lo, weight);
  chiso_dec most =
      sum ? rounded(s->f, node, (chiso_dec)(hi / one)) : mean_of(n, hi, weight);
  k.lo = known || k.lo < least ? least : k.lo;
  k.hi = known || k.hi > most ? most : k.hi;
  if (known) {
    k.known = CHISO__KNOWN;
    k.v =
        sum ? rounded(s->f, node, (chiso_dec)(v / one)) : mean_of(n, v, weight);
  }
  return k;
}

static void settle_nodes(const chiso_rescore *r, const chiso__step *s,
                         size_t unit, const chiso__state *from,
                         chiso__state *to) {
  const chiso__edition *f = s->f;
  for (uint32_t i = f->ix->n_nodes; i-- > 0;) {
    chiso__know *k = &to->nodes[i];
    *k = (chiso__know) { 0 };
    if (f->top_of[i] == CHISO_NO_NODE || on_inputs(r, f, i, unit, k))
      continue;
    *k = by_pair(s, i, from);
    if (k->known == CHISO__OPEN && f->top_of[i] == i)
      *k = by_share(s, i, from, *k);
    if (k->known == CHISO__OPEN && !chiso__is_measure(f->m, i))
      *k = by_parts(s, i, to, *k);
    /* it goes back to something, and yet nothing of that comes over */
    if (f->top_of[i] == i && k->carry == CHISO_CARRY_NEW &&
        bond_of(s, i)->before > 0)
      k->carry = CHISO_CARRY_BROKEN;
  }
}

/* ---- sums ---------------------------------------------------------------- */

/* Of what was split or merged: what it has together. */
static void add_totals(const chiso_rescore *r, const chiso__step *s,
                       const chiso__state *from) {
  chiso__total *totals = r->work.totals;
  for (size_t b = 0; b < s->n_bonds; b++)
    totals[b] = (chiso__total) { .known = true, .carry = CHISO_CARRY_TOGETHER };
  for (size_t i = 0; i < s->e->n_tops; i++) {
    const chiso__know *k = &from->nodes[s->e->tops[i]];
    chiso__total *t = &totals[s->bond_e[i]];
    t->lo += k->lo;
    t->hi += k->hi;
    t->v += k->v;
    t->known = t->known && k->known == CHISO__KNOWN;
    t->gone = t->gone || k->known == CHISO__GONE;
    t->carry = worse(t->carry, k->carry);
  }
  for (size_t i = 0; i < s->f->n_tops; i++) {
    totals[s->bond_f[i]].least += s->f->least[s->f->tops[i]];
    totals[s->bond_f[i]].most += s->f->most[s->f->tops[i]];
  }
}

/* Each part has what the others leave of the sum. */
static void share_out(const chiso__edition *f, uint32_t node,
                      const chiso__total *t, bool alone, chiso__know *k) {
  k->carry = t->carry;
  chiso_dec lo = t->lo - (t->most - f->most[node]);
  chiso_dec hi = t->hi - (t->least - f->least[node]);
  if (lo <= k->hi && hi >= k->lo) { /* else a figure out of the range */
    k->lo = lo > k->lo ? lo : k->lo;
    k->hi = hi < k->hi ? hi : k->hi;
  }
  if (!t->known || !alone)
    return;
  k->known = CHISO__KNOWN;
  k->v = t->v;
  k->lo = t->lo;
  k->hi = t->hi;
}

static void settle_bonds(const chiso_rescore *r, const chiso__step *s,
                         const chiso__state *from, chiso__state *to) {
  add_totals(r, s, from);
  for (uint32_t b = 0; b < s->n_bonds; b++) {
    const chiso__bond *bond = &s->bonds[b];
    r->work.dead[b] = bond->kind == CHISO__BOND_NONE ||
                      (bond->kind == CHISO__BOND_SUM && r->work.totals[b].gone);
    if (bond->kind == CHISO__BOND_PAIR)
      r->work.dead[b] = to->nodes[bond->f].known != CHISO__OPEN;
  }
  for (size_t i = 0; i < s->f->n_tops; i++) {
    uint32_t b = s->bond_f[i], node = s->f->tops[i];
    if (s->bonds[b].kind == CHISO__BOND_SUM && !r->work.dead[b])
      share_out(s->f, node, &r->work.totals[b], s->bonds[b].after == 1,
                &to->nodes[node]);
  }
}

static uint32_t root_of(uint32_t *up, uint32_t i) {
  while (up[i] != i)
    i = up[i] = up[up[i]];
  return i;
}

/* What a top gives for each of its points. */
typedef struct slope {
  chiso_dec num, den;
  bool rounds; /* by a rule, so that its points are rounded twice */
} slope;

static slope slope_of(const chiso_rescore *r, const chiso__step *s,
                      uint32_t top) {
  uint32_t at = s->bond_e[top];
  const chiso__bond *b = &s->bonds[at];
  bool share =
      b->carry == CHISO_CARRY_SCALED ||
      (b->kind == CHISO__BOND_PAIR && b->carry == CHISO_CARRY_TOGETHER);
  bool same = b->kind == CHISO__BOND_SUM || b->carry == CHISO_CARRY_SAME;
  if (r->work.dead[at] || (share && b->max_before <= 0) || !(share || same))
    return (slope) { 0, 1, false };
  return same ? (slope) { 1, 1, false }
              : (slope) { b->max_after, b->max_before,
                          b->carry == CHISO_CARRY_SCALED };
}

/* Binds the blocks of e and the bonds that their members have. */
static void bind(const chiso_rescore *r, const chiso__step *s,
                 const chiso__state *from, chiso__state *to) {
  const chiso__work *w = &r->work;
  uint32_t all = from->n_blocks + 1 + (uint32_t)s->n_bonds;
  for (uint32_t i = 0; i < all; i++) {
    w->group[i] = i;
    w->target[i] = 0;
    w->carry[i] = CHISO_CARRY_TOGETHER;
  }
  for (uint32_t t = 0; t < s->e->n_tops; t++) {
    uint32_t block = from->nodes[s->e->tops[t]].block;
    if (block && slope_of(r, s, t).num != 0)
      w->group[root_of(w->group, block)] =
          root_of(w->group, from->n_blocks + 1 + s->bond_e[t]);
  }
  to->n_blocks = 0;
  for (uint32_t t = 0; t < s->e->n_tops; t++) {
    uint32_t block = from->nodes[s->e->tops[t]].block;
    const chiso__bond *b = &s->bonds[s->bond_e[t]];
    bool split =
        b->kind == CHISO__BOND_SUM && b->after > 1 && !w->dead[s->bond_e[t]];
    if (!split && !(block && slope_of(r, s, t).num != 0))
      continue;
    uint32_t at = root_of(w->group, from->n_blocks + 1 + s->bond_e[t]);
    if (!w->target[at]) {
      w->target[at] = ++to->n_blocks;
      to->blocks[to->n_blocks] = (chiso__block) { .firm = true };
    }
  }
}

static uint32_t group_of_bond(const chiso_rescore *r, const chiso__state *from,
                              uint32_t bond) {
  return root_of(r->work.group, from->n_blocks + 1 + bond);
}

/* Points of the open members of each block go where they become fewest, or
 * most, first: the least and most that the sum can become. */
static void pour(const chiso_rescore *r, const chiso__step *s,
                 const chiso__state *from, chiso__state *to, bool most) {
  const chiso__work *w = &r->work;
  size_t n = s->e->n_tops;
  for (uint32_t b = 1; b <= from->n_blocks; b++)
    w->room[b] = (most ? from->blocks[b].hi : from->blocks[b].lo) - w->lo[b];
  /* what becomes nothing takes first, so that the others get least */
  for (unsigned pass = most ? 1 : 0; pass < 2; pass++)
    for (size_t i = 0; i < n; i++) {
      uint32_t t = s->order[most ? n - 1 - i : i];
      const chiso__know *k = &from->nodes[s->e->tops[t]];
      slope to_f = slope_of(r, s, t);
      if (!k->block || (to_f.num == 0) != (pass == 0))
        continue;
      chiso_dec here = k->hi - k->lo;
      here = here > w->room[k->block] ? w->room[k->block] : here;
      w->room[k->block] -= here;
      if (to_f.num == 0)
        continue;
      chiso__block *into =
          &to->blocks[w->target[group_of_bond(r, from, s->bond_e[t])]];
      chiso_dec slack =
          to_f.rounds
              ? chiso__scale_up(width_of(&s->e->ix->nodes[s->e->tops[t]]),
                                to_f.num, to_f.den) +
                    width_of(&s->f->ix->nodes[s->bonds[s->bond_e[t]].f])
              : 0;
      if (most)
        into->hi += chiso__scale_up(k->lo + here, to_f.num, to_f.den) + slack;
      else
        into->lo += chiso__scale_down(k->lo + here, to_f.num, to_f.den) - slack;
    }
}

/* Whether all members of a block become points alike: then its sum does. */
static void find_uneven(const chiso_rescore *r, const chiso__step *s,
                        const chiso__state *from) {
  const chiso__work *w = &r->work;
  for (uint32_t b = 0; b <= from->n_blocks; b++) {
    w->first[b] = UINT32_MAX;
    w->uneven[b] = 0;
  }
  for (uint32_t t = 0; t < s->e->n_tops; t++) {
    uint32_t b = from->nodes[s->e->tops[t]].block;
    if (b && w->first[b] == UINT32_MAX)
      w->first[b] = t;
    slope x = slope_of(r, s, t), y = slope_of(r, s, b ? w->first[b] : t);
    if (x.num == 0 || (chiso__wide)x.num * y.den != (chiso__wide)y.num * x.den)
      w->uneven[b] = 1;
  }
}

static void add_blocks(const chiso_rescore *r, const chiso__step *s,
                       const chiso__state *from, chiso__state *to) {
  const chiso__work *w = &r->work;
  find_uneven(r, s, from);
  for (uint32_t b = 1; b <= from->n_blocks; b++) {
    uint32_t target = w->target[root_of(w->group, b)];
    if (!target || w->first[b] == UINT32_MAX)
      continue;
    chiso__block *into = &to->blocks[target];
    slope x = slope_of(r, s, w->first[b]);
    int64_t v = 0;
    into->firm = into->firm && from->blocks[b].firm && !w->uneven[b];
    if (into->firm) {
      chiso__wide_div((chiso__wide)from->blocks[b].v * x.num, x.den,
                      CHISO_ROUND_HALF_UP, &v);
      into->v += v;
    }
  }
}

/* Members of the bonds that no sum binds. */
static void add_free(const chiso_rescore *r, const chiso__step *s,
                     const chiso__state *from, chiso__state *to) {
  for (uint32_t t = 0; t < s->e->n_tops; t++) {
    const chiso__know *k = &from->nodes[s->e->tops[t]];
    uint32_t group = group_of_bond(r, from, s->bond_e[t]);
    uint32_t target = r->work.target[group];
    if (!target)
      continue;
    r->work.carry[group] = worse(r->work.carry[group], k->carry);
    if (k->block || slope_of(r, s, t).num == 0)
      continue;
    chiso__block *into = &to->blocks[target];
    into->lo += k->lo;
    into->hi += k->hi;
    into->v += k->v;
    into->firm = into->firm && k->known == CHISO__KNOWN;
  }
}

static void join_blocks(const chiso_rescore *r, const chiso__step *s,
                        const chiso__state *from, chiso__state *to) {
  for (size_t t = 0; t < s->f->n_tops; t++) {
    chiso__know *k = &to->nodes[s->f->tops[t]];
    uint32_t bond = s->bond_f[t];
    uint32_t group = group_of_bond(r, from, bond);
    if (k->known != CHISO__OPEN || r->work.dead[bond] || !r->work.target[group])
      continue;
    k->block = r->work.target[group];
    k->carry = worse(k->carry, r->work.carry[group]);
  }
}

void chiso__rescore_step(chiso_rescore *r, size_t step, size_t unit,
                         const chiso__state *from, chiso__state *to) {
  const chiso__step *s = &r->steps[step];
  settle_nodes(r, s, unit, from, to);
  settle_bonds(r, s, from, to);
  bind(r, s, from, to);
  add_members(s->e, from, r->work.lo, r->work.hi, r->work.uneven);
  pour(r, s, from, to, false);
  pour(r, s, from, to, true);
  add_blocks(r, s, from, to);
  add_free(r, s, from, to);
  join_blocks(r, s, from, to);
  (void)close_blocks(r, s->f, to);
}
