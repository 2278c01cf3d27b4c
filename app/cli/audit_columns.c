/* SPDX-License-Identifier: Apache-2.0
 * chiso audit: figures of indicators and aggregates. */
#include <math.h>
#include <string.h>

#include "audit.h"

#define DIGITS CLI_REAL_DIGITS

static const char *code_of(const audit *a, size_t code) {
  return chiso_composite_code_at(a->k, code).code;
}

/* ---- correlations -------------------------------------------------------- */

static int write_matrix(audit *a, const audit_columns *x, const double *m) {
  sheet s = sheet_new(a->c);
  if (cli_people(a->c))
    sheet_column(&s, "iCode", TXT_COL_AUDIT_CODE, CHISO_CELL_TEXT, 0);
  for (size_t i = 0; i < x->count; i++)
    sheet_code_column(&s, x->codes[i], CHISO_CELL_REAL);
  for (size_t i = 0; i < x->count; i++) {
    if (cli_people(a->c))
      sheet_text(&s, code_of(a, x->codes[i]));
    for (size_t k = 0; k < x->count; k++)
      sheet_real(&s, m[i * x->count + k]);
  }
  return sheet_write(&s);
}

/* Two levels: one row for each pair, the codes of the upper one changing
 * fastest. */
static int write_pairs(audit *a, const audit_columns *upper,
                       const audit_columns *lower, const double *m) {
  sheet s = sheet_new(a->c);
  sheet_column(&s, "Var1", TXT_COL_AUDIT_VAR1, CHISO_CELL_TEXT, 0);
  sheet_column(&s, "Var2", TXT_COL_AUDIT_VAR2, CHISO_CELL_TEXT, 0);
  sheet_column(&s, "Correlation", TXT_COL_AUDIT_CORRELATION, CHISO_CELL_REAL,
               DIGITS);
  for (size_t k = 0; k < lower->count; k++)
    for (size_t i = 0; i < upper->count; i++) {
      sheet_text(&s, code_of(a, upper->codes[i]));
      sheet_text(&s, code_of(a, lower->codes[k]));
      sheet_real(&s, m[i * lower->count + k]);
    }
  return sheet_write(&s);
}

/* The coefficients, or their p-values. */
static int correlate(audit *a, chiso_correlation kind, const audit_columns *x,
                     const audit_columns *y, bool p_values, double **out) {
  uint64_t threads;
  size_t count = x->count * y->count;
  double *r = cli_alloc(a->c, 2 * count * sizeof *r);
  if (!r)
    return EXIT_BUG;
  int code = cli_whole(a->c, OPT_THREADS, 1, 64, 0, &threads);
  if (code != EXIT_DONE)
    return code;
  chiso_correlation_spec spec = { .kind = kind,
                                  .threads = (unsigned)threads,
                                  .x = x->x,
                                  .y = y->x,
                                  .n_x = x->count,
                                  .n_y = y->count,
                                  .rows = chiso_composite_rows(a->k),
                                  .r = r,
                                  .p = p_values ? r + count : NULL };
  *out = p_values ? spec.p : r;
  chiso_status status = chiso_correlate(&spec, NULL, &a->c->err);
  return status == CHISO_OK ? EXIT_DONE : cli_fail(a->c, status);
}

/* 0..2, or 3. */
static size_t kind_named(const char *name) {
  static const char *const names[] = { "pearson", "spearman", "kendall" };
  size_t kind = 0;
  while (kind < 3 && strcmp(names[kind], name) != 0)
    kind++;
  return kind;
}

int audit_correlation(audit *a) {
  size_t kind = kind_named(a->rest);
  audit_columns x, y;
  double *m;
  if (kind == 3)
    return audit_unknown(a);
  bool two = a->levels == 2, down = two && a->level[1] > a->level[0];
  int code = audit_take(a, a->levels ? a->level[down] : 0, &x);
  if (code == EXIT_DONE && two)
    code = audit_take(a, a->level[!down], &y);
  if (code != EXIT_DONE)
    return code;
  const audit_columns *other = two ? &y : &x;
  code = correlate(a, (chiso_correlation)kind, &x, other, false, &m);
  if (code != EXIT_DONE)
    return code;
  return two ? write_pairs(a, &x, &y, m) : write_matrix(a, &x, m);
}

int audit_pvalues(audit *a) {
  size_t kind = *a->rest ? kind_named(a->rest) : CHISO_PEARSON;
  audit_columns x;
  double *m;
  if (kind == 3)
    return audit_unknown(a);
  int code = audit_take(a, a->levels ? a->level[0] : 0, &x);
  if (code == EXIT_DONE)
    code = correlate(a, (chiso_correlation)kind, &x, &x, true, &m);
  if (code != EXIT_DONE)
    return code;
  for (size_t i = 0; i < x.count; i++)
    m[i * x.count + i] = 0;
  return write_matrix(a, &x, m);
}

/* ---- Cronbach's alpha ---------------------------------------------------- */

static void alpha_row(audit *a, sheet *s, const char *set,
                      const double *const *x, size_t count) {
  if (count < 2)
    return;
  sheet_text(s, set);
  sheet_real(s, chiso_cronbach(x, count, chiso_composite_rows(a->k)));
}

static void alpha_below(audit *a, sheet *s, size_t parent, const double **x) {
  size_t leaves = chiso_composite_indicators(a->k), count = 0;
  for (size_t i = 0; i < parent; i++) {
    if (chiso_composite_code_at(a->k, i).parent != parent)
      continue;
    if (i >= leaves && !a->c->value[OPT_AGGREGATE])
      return;
    x[count++] = chiso_composite_values(a->k, i);
  }
  alpha_row(a, s, code_of(a, parent), x, count);
}

static void alpha_level(audit *a, sheet *s, size_t first, const double **x) {
  uint32_t level = chiso_composite_code_at(a->k, first).level;
  size_t count = 0;
  for (size_t i = first; i < chiso_composite_codes(a->k) &&
                         chiso_composite_code_at(a->k, i).level == level;
       i++)
    x[count++] = chiso_composite_values(a->k, i);
  const char *number = cli_print(a->c, "%u", (unsigned)level);
  alpha_row(a, s,
            cli_people(a->c) ? cli_say(a->c, TXT_AUDIT_LEVEL, number)
                             : cli_print(a->c, "level %s", number),
            x, count);
}

static void alpha_computed(audit *a, sheet *s, const double **x) {
  size_t leaves = chiso_composite_indicators(a->k);
  size_t codes = chiso_composite_codes(a->k);
  for (size_t i = 0; i < leaves; i++)
    x[i] = chiso_composite_values(a->k, i);
  alpha_row(
      a, s,
      audit_word(a, "all indicators; normalised", TXT_AUDIT_ALL_NORMALISED), x,
      leaves);
  for (size_t i = leaves; i < codes; i++)
    alpha_below(a, s, i, x);
  for (size_t i = leaves; i < codes && a->c->value[OPT_AGGREGATE]; i++)
    if (i == leaves || chiso_composite_code_at(a->k, i).level !=
                           chiso_composite_code_at(a->k, i - 1).level)
      alpha_level(a, s, i, x);
}

int audit_alpha(audit *a) {
  size_t leaves = chiso_composite_indicators(a->k);
  const double **x =
      cli_alloc(a->c, (chiso_composite_codes(a->k) + 1) * sizeof *x);
  if (*a->rest)
    return audit_unknown(a);
  if (!x)
    return EXIT_BUG;
  sheet s = sheet_new(a->c);
  sheet_column(&s, "Set", TXT_COL_AUDIT_SET, CHISO_CELL_TEXT, 0);
  sheet_column_named(&s, "alpha", "alpha", CHISO_CELL_REAL, DIGITS);
  if (!a->raw)
    alpha_computed(a, &s, x);
  for (size_t i = 0; i < leaves; i++)
    x[i] = chiso_composite_data(a->k, i);
  alpha_row(a, &s, audit_word(a, "all indicators; raw", TXT_AUDIT_ALL_RAW), x,
            leaves);
  return sheet_write(&s);
}

/* ---- principal components ------------------------------------------------ */

typedef struct pca {
  audit *a;
  audit_columns of; /* one group */
  double *rotation, *sd;
  size_t components;
} pca;

static int pca_compute(pca *p) {
  cli *c = p->a->c;
  chiso_status status =
      chiso_components(p->of.x, p->of.count, chiso_composite_rows(p->a->k),
                       NULL, p->rotation, p->sd, &p->components, &c->err);
  return status == CHISO_OK ? EXIT_DONE : cli_fail(c, status);
}

static const char *pca_name(const pca *p, size_t component) {
  return cli_print(p->a->c, "PC%zu", component + 1);
}

static void pca_variance_rows(pca *p, sheet *s, const char *group) {
  for (size_t i = 0; i < p->components; i++) {
    if (group)
      sheet_text(s, group);
    sheet_text(s, pca_name(p, i));
    sheet_real(s, p->sd[i]);
  }
}

static void pca_variance_columns(sheet *s) {
  sheet_column(s, "PC", TXT_COL_AUDIT_COMPONENT, CHISO_CELL_TEXT, 0);
  sheet_column(s, "sdev", TXT_COL_AUDIT_SD, CHISO_CELL_REAL, DIGITS);
}

static int pca_all(pca *p, bool variance) {
  int code = pca_compute(p);
  if (code != EXIT_DONE)
    return code;
  sheet s = sheet_new(p->a->c);
  if (variance) {
    pca_variance_columns(&s);
    pca_variance_rows(p, &s, NULL);
    return sheet_write(&s);
  }
  sheet_column(&s, "iCode", TXT_COL_AUDIT_CODE, CHISO_CELL_TEXT, 0);
  for (size_t i = 0; i < p->components; i++)
    sheet_column_named(&s, pca_name(p, i), pca_name(p, i), CHISO_CELL_REAL,
                       DIGITS);
  for (size_t k = 0; k < p->of.count; k++) {
    sheet_text(&s, code_of(p->a, p->of.codes[k]));
    for (size_t i = 0; i < p->components; i++)
      sheet_real(&s, p->rotation[i * p->of.count + k]);
  }
  return sheet_write(&s);
}

/* One group: the codes of `all` below one parent. */
static int pca_group(pca *p, const audit_columns *all, uint32_t parent) {
  p->of.count = p->components = 0;
  for (size_t i = 0; i < all->count; i++)
    if (chiso_composite_code_at(p->a->k, all->codes[i]).parent == parent) {
      p->of.codes[p->of.count] = all->codes[i];
      p->of.x[p->of.count++] = all->x[i];
    }
  return p->of.count > 0 ? pca_compute(p) : EXIT_DONE;
}

static int pca_groups(pca *p, const audit_columns *all, bool variance) {
  audit *a = p->a;
  sheet s = sheet_new(a->c);
  sheet_column(&s, "Group", TXT_COL_AUDIT_GROUP, CHISO_CELL_TEXT, 0);
  if (variance) {
    pca_variance_columns(&s);
  } else {
    sheet_column(&s, "iCode", TXT_COL_AUDIT_CODE, CHISO_CELL_TEXT, 0);
    sheet_column_named(&s, "PC1", "PC1", CHISO_CELL_REAL, DIGITS);
  }
  for (size_t g = chiso_composite_indicators(a->k);
       g < chiso_composite_codes(a->k); g++) {
    int code = pca_group(p, all, (uint32_t)g);
    if (code != EXIT_DONE) {
      sheet_free(&s);
      return code;
    }
    if (variance) {
      pca_variance_rows(p, &s, code_of(a, g));
      continue;
    }
    for (size_t i = 0; i < p->of.count; i++) {
      sheet_text(&s, code_of(a, g));
      sheet_text(&s, code_of(a, p->of.codes[i]));
      sheet_real(&s, p->components ? p->rotation[i] : (double)NAN);
    }
  }
  return sheet_write(&s);
}

int audit_pca(audit *a) {
  bool all = strncmp(a->rest, "all", 3) == 0;
  const char *after = a->rest + (all ? 3 : 0);
  bool variance = strcmp(after, all ? ":variance" : "variance") == 0;
  audit_columns x;
  if (!variance && *after)
    return audit_unknown(a);
  int code = audit_take(a, a->levels ? a->level[0] : 0, &x);
  if (code != EXIT_DONE)
    return code;
  pca p = { .a = a, .of = x };
  p.rotation = cli_alloc(a->c, x.count * x.count * sizeof *p.rotation);
  p.sd = cli_alloc(a->c, x.count * sizeof *p.sd);
  if (!p.rotation || !p.sd)
    return EXIT_BUG;
  if (all)
    return pca_all(&p, variance);
  p.of.codes = cli_alloc(a->c, x.count * sizeof *p.of.codes);
  p.of.x = cli_alloc(a->c, x.count * sizeof *p.of.x);
  return p.of.codes && p.of.x ? pca_groups(&p, &x, variance) : EXIT_BUG;
}

/* ---- statistics ---------------------------------------------------------- */

static const struct {
  const char *key;
  text_id title;
} stats_reals[] = { { "Min", TXT_COL_STAT_MIN },
                    { "Max", TXT_COL_STAT_MAX },
                    { "Mean", TXT_COL_STAT_MEAN },
                    { "Median", TXT_COL_STAT_MEDIAN },
                    { "Std", TXT_COL_AUDIT_SD },
                    { "Skew", TXT_COL_STAT_SKEW },
                    { "Kurt", TXT_COL_STAT_KURT } },
  stats_counts[] = { { "Avail", TXT_COL_STAT_N },
                     { "NonZero", TXT_COL_STAT_NONZERO },
                     { "Unique", TXT_COL_STAT_UNIQUE },
                     { "Same", TXT_COL_STAT_SAME } };

static void stats_columns(sheet *s) {
  cli *c = s->c;
  sheet_column(s, "iCode", TXT_COL_AUDIT_CODE, CHISO_CELL_TEXT, 0);
  for (size_t i = 0; i < 7; i++)
    sheet_column(s, stats_reals[i].key, stats_reals[i].title, CHISO_CELL_REAL,
                 DIGITS);
  for (size_t i = 0; i < 4; i++)
    sheet_column(s, cli_print(c, "N.%s", stats_counts[i].key),
                 stats_counts[i].title, CHISO_CELL_INTEGER, 0);
  for (size_t i = 0; i < 4; i++)
    sheet_column_named(
        s, cli_print(c, "Frc.%s", stats_counts[i].key),
        cli_say(c, TXT_COL_STAT_SHARE, cli_text(c, stats_counts[i].title)),
        CHISO_CELL_REAL, DIGITS);
  for (size_t i = 0; i < 3; i++)
    sheet_column_named(
        s, cli_print(c, "Flag.%s", stats_counts[i].key),
        cli_say(c, TXT_COL_STAT_FLAG, cli_text(c, stats_counts[i].title)),
        CHISO_CELL_TEXT, 0);
  sheet_column_named(
      s, "Flag.SkewKurt",
      cli_say(c, TXT_COL_STAT_FLAG, cli_text(c, TXT_COL_STAT_SHAPE)),
      CHISO_CELL_TEXT, 0);
}

static void stats_cells(sheet *s, const chiso_description *d) {
  const double reals[] = { d->min, d->max,  d->mean, d->median,
                           d->sd,  d->skew, d->kurt };
  const size_t counts[] = { d->available, d->nonzero, d->unique, d->same };
  double n = (double)d->available;
  chiso_description_flags flags = chiso_describe_flags(d);
  for (size_t i = 0; i < 7; i++)
    sheet_real(s, reals[i]);
  for (size_t i = 0; i < 4; i++)
    sheet_integer(s, (int64_t)counts[i]);
  sheet_real(s, n / (double)d->rows);
  for (size_t i = 1; i < 4; i++)
    sheet_real(s, d->available ? (double)counts[i] / n : (double)NAN);
  sheet_text(s, flags.available ? "LOW" : "ok");
  sheet_text(s, flags.nonzero ? "LOW" : "ok");
  sheet_text(s, flags.unique ? "LOW" : "ok");
  sheet_text(s, isnan(d->skew) ? "" : flags.outliers ? "OUT" : "ok");
}

int audit_stats(audit *a) {
  audit_columns x;
  if (*a->rest)
    return audit_unknown(a);
  int code = audit_take(a, a->levels ? a->level[0] : 0, &x);
  if (code != EXIT_DONE)
    return code;
  sheet s = sheet_new(a->c);
  stats_columns(&s);
  for (size_t i = 0; i < x.count; i++) {
    chiso_description d;
    chiso_status status = chiso_describe(x.x[i], chiso_composite_rows(a->k),
                                         NULL, &d, &a->c->err);
    if (status != CHISO_OK) {
      sheet_free(&s);
      return cli_fail(a->c, status);
    }
    sheet_text(&s, code_of(a, x.codes[i]));
    stats_cells(&s, &d);
  }
  return sheet_write(&s);
}
