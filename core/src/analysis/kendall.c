/* SPDX-License-Identifier: Apache-2.0
 * analysis/kendall.c - Knight 1966, A computer method for calculating
 * Kendall's tau with ungrouped data, JASA 61: rows in the order of x and then
 * of y; the pairs that change places when y is sorted are the discordant ones.
 * The order of x is found once for all pairs of columns. */
#include "analysis/kendall.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define RUN 8u /* sorted by insertion */

/* ---- one column ---------------------------------------------------------- */

static int by_value(const void *a, const void *b) {
  const chiso__valued *x = a, *y = b;
  if (x->value != y->value)
    return x->value < y->value ? -1 : 1;
  return x->row < y->row ? -1 : x->row > y->row;
}

bool chiso__ordered_take(size_t rows, chiso__arena *arena,
                         chiso__ordered *out) {
  *out = (chiso__ordered) { 0 };
  out->rows = chiso__arena_raw(arena, rows + 1, sizeof *out->rows);
  out->rank = chiso__arena_raw(arena, rows + 1, sizeof *out->rank);
  out->same = chiso__arena_raw(arena, rows + 1, sizeof *out->same);
  return out->rows && out->rank && out->same && rows < CHISO__NO_RANK;
}

void chiso__order_column(const double *x, size_t rows, chiso__valued *scratch,
                         chiso__ordered *out) {
  out->n = out->ranks = 0;
  for (size_t r = 0; r < rows; r++) {
    out->rank[r] = CHISO__NO_RANK;
    if (!isnan(x[r]))
      scratch[out->n++] = (chiso__valued) { x[r], (uint32_t)r };
  }
  qsort(scratch, out->n, sizeof *scratch, by_value);
  for (uint32_t i = 0; i < out->n; i++) {
    if (i == 0 || scratch[i].value != scratch[i - 1].value)
      out->ranks++;
    out->rows[i] = scratch[i].row;
    out->rank[scratch[i].row] = out->ranks - 1;
  }
  for (uint32_t i = out->n; i-- > 0;)
    out->same[i] = i + 1 < out->n && scratch[i].value == scratch[i + 1].value
                       ? out->same[i + 1]
                       : i;
}

/* ---- two columns --------------------------------------------------------- */

bool chiso__pairing_take(size_t rows, bool partners, chiso__arena *arena,
                         chiso__pairing *out) {
  *out = (chiso__pairing) { 0 };
  out->line = chiso__arena_raw(arena, rows + 1, sizeof *out->line);
  out->spare = chiso__arena_raw(arena, rows + 1, sizeof *out->spare);
  if (partners)
    out->discordant = chiso__arena_raw(arena, rows + 1, sizeof(uint32_t));
  return out->line && out->spare && (out->discordant || !partners);
}

static void tie(chiso__tied *to, double t) {
  to->two += t * (t - 1);
  to->three += t * (t - 1) * (t - 2);
}

/* ---- sorting y ----------------------------------------------------------- */

/* A place is never above an equal y that stands after it, so that whole words
 * compare as y does. */
static uint64_t insert(uint64_t *line, uint32_t n, uint32_t *discordant) {
  uint64_t swapped = 0;
  for (uint32_t i = 1; i < n; i++) {
    uint64_t here = line[i];
    uint32_t k = i;
    for (; k > 0 && line[k - 1] > here; k--) {
      line[k] = line[k - 1];
      if (discordant)
        discordant[(uint32_t)line[k]]++;
    }
    line[k] = here;
    swapped += i - k;
    if (discordant)
      discordant[(uint32_t)here] += i - k;
  }
  return swapped;
}

/* Two neighbours into one: what comes from the right passes all that is left of
 * the other. Without a branch on what is larger: nobody could foretell it. */
static uint64_t merge(const uint64_t *left, uint32_t n_left,
                      const uint64_t *right, uint32_t n_right, uint64_t *to) {
  uint64_t swapped = 0;
  uint32_t a = 0, b = 0;
  while (a < n_left && b < n_right) {
    uint64_t l = left[a], r = right[b];
    uint32_t from_right = r < l, mask = 0 - from_right;
    *to++ = from_right ? r : l;
    swapped += mask & (n_left - a);
    b += from_right;
    a += 1 - from_right;
  }
  memcpy(to, left + a, (n_left - a) * sizeof *to);
  memcpy(to + (n_left - a), right + b, (n_right - b) * sizeof *to);
  return swapped;
}

/* The same for two of one length, from both ends at once: two chains of work
 * that do not wait for each other, and neither can run out. From above, what
 * comes from the left is passed by all that is left of the right, which the
 * lower half has counted for what it took itself. */
static uint64_t merge_even(const uint64_t *left, const uint64_t *right,
                           uint32_t n, uint64_t *to) {
  uint64_t low = 0, high = 0;
  const uint64_t *a = left, *b = right; /* the lowest that are left */
  const uint64_t *y = left + n - 1, *z = right + n - 1; /* the highest */
  for (uint32_t i = 0; i < n; i++) {
    uint64_t l = *a, r = *b, m = *y, s = *z;
    uint64_t from_right = r < l, from_left = s < m;
    to[i] = from_right ? r : l;
    to[2 * n - 1 - i] = from_left ? m : s;
    low += (0 - from_right) & (uint64_t)(left + n - a);
    high += (0 - from_left) & (uint64_t)(z - right + 1);
    b += from_right;
    a += 1 - from_right;
    y -= from_left;
    z -= 1 - from_left;
  }
  return low + high - (uint64_t)(left + n - a) * (uint64_t)(b - right);
}

/* What each of the two is to the other's. */
static void count_each(const uint64_t *left, uint32_t n_left,
                       const uint64_t *right, uint32_t n_right,
                       uint32_t *discordant) {
  uint32_t b = 0;
  for (uint32_t a = 0; a < n_left; a++) {
    for (; b < n_right && right[b] < left[a]; b++)
      discordant[(uint32_t)right[b]] += n_left - a;
    discordant[(uint32_t)left[a]] += b;
  }
}

/* Sorts *lines by means of *spares and returns how many pairs changed places;
 * the two change theirs as often as runs are merged. */
static uint64_t sort_up(uint64_t **lines, uint64_t **spares, uint32_t n,
                        uint32_t *discordant) {
  uint64_t swapped = 0;
  for (uint32_t from = 0; from < n; from += RUN)
    swapped +=
        insert(*lines + from, n - from < RUN ? n - from : RUN, discordant);
  for (uint64_t width = RUN; width < n; width *= 2) {
    for (uint64_t from = 0; from < n; from += 2 * width) {
      const uint64_t *left = *lines + from;
      uint32_t rest = n - (uint32_t)from;
      uint32_t n_left = rest < width ? rest : (uint32_t)width;
      uint32_t n_right = rest - n_left < width ? rest - n_left : n_left;
      if (discordant)
        count_each(left, n_left, left + n_left, n_right, discordant);
      uint64_t *to = *spares + from;
      swapped += n_right == n_left
                     ? merge_even(left, left + n_left, n_left, to)
                     : merge(left, n_left, left + n_left, n_right, to);
    }
    uint64_t *line = *lines;
    *lines = *spares;
    *spares = line;
  }
  return swapped;
}

static void tie_y(const uint64_t *line, uint32_t n, chiso__tied *tied,
                  chiso__partners *each) {
  for (uint32_t i = 0, next; i < n; i = next) {
    for (next = i + 1; next < n && line[next] >> 32 == line[i] >> 32;)
      next++;
    if (next - i > 1)
      tie(tied, next - i);
    for (uint32_t k = i; each && k < next; k++)
      each[(uint32_t)line[k]].same_y = next - i;
  }
}

/* ---- the order of x and then of y --------------------------------------- */

/* One group of equal x, from `first` to `n`: sorted by y, and what is the same
 * in both counted. Sets same_x where partners are wanted. */
static double one_group(chiso__pairing *room, uint32_t first, uint32_t n,
                        chiso__partners *each) {
  double two = 0;
  uint64_t *line = room->line + first, *spare = room->spare + first;
  (void)sort_up(&line, &spare, n - first, NULL);
  for (uint32_t i = first, next; i < n; i = next) {
    uint64_t y = line[i - first] >> 32;
    for (next = i; next < n && line[next - first] >> 32 == y; next++)
      spare[next - first] = y << 32 | next;
    double t = next - i;
    two += t * (t - 1);
    for (uint32_t k = i; each && k < next; k++)
      each[k] = (chiso__partners) { .same_x = n - first, .balance = next - i };
  }
  if (spare != room->line + first)
    memcpy(room->line + first, spare, (n - first) * sizeof *spare);
  return two;
}

/* y's rank above, the place below. Returns twice the pairs that are the same in
 * both. */
static double lay_out(const chiso__ordered *x, const chiso__ordered *y,
                      chiso__pairing *room, chiso__partners *each,
                      chiso__kendall *k) {
  double both = 0;
  uint32_t n = 0;
  for (uint32_t i = 0, first; i < x->n; i++) {
    uint32_t end = x->same[i];
    for (first = n; i <= end; i++) {
      uint32_t rank = y->rank[x->rows[i]];
      room->line[n] = (uint64_t)rank << 32 | n;
      n += rank != CHISO__NO_RANK;
    }
    i = end;
    if (n - first > 1) {
      tie(&k->x, n - first);
      both += one_group(room, first, n, each);
    } else if (each && n > first) {
      each[first] = (chiso__partners) { .same_x = 1, .balance = 1 };
    }
  }
  k->n = n;
  return both;
}

chiso__kendall chiso__kendall_count(const chiso__ordered *x,
                                    const chiso__ordered *y,
                                    chiso__pairing *room,
                                    chiso__partners *each) {
  chiso__kendall k = { 0 };
  double both = lay_out(x, y, room, each, &k);
  uint32_t *discordant = each ? room->discordant : NULL;
  if (each)
    memset(discordant, 0, k.n * sizeof *discordant);
  k.discordant = (double)sort_up(&room->line, &room->spare, k.n, discordant);
  tie_y(room->line, k.n, &k.y, each);
  double n = k.n, all = n * (n - 1) / 2;
  double tied = (k.x.two + k.y.two - both) / 2;
  k.balance = all - tied - 2 * k.discordant;
  for (uint32_t i = 0; each && i < k.n; i++) {
    int64_t same = (int64_t)each[i].same_x + each[i].same_y - each[i].balance;
    each[i].balance = (int64_t)k.n - same - 2 * (int64_t)room->discordant[i];
  }
  return k;
}

double chiso__kendall_tau(const chiso__kendall *k) {
  double n = k->n, all = n * (n - 1);
  double x = all - k->x.two, y = all - k->y.two;
  if (!(x > 0 && y > 0))
    return NAN;
  double tau = 2 * k->balance / (sqrt(x) * sqrt(y));
  return tau > 1 ? 1 : tau < -1 ? -1 : tau;
}
