/* SPDX-License-Identifier: Apache-2.0
 * chiso audit: what a composite index rests on. */
#include "audit.h"

#include <math.h>
#include <string.h>

#define NEEDS_AGGREGATE 1u
#define NEEDS_NORMALISE 2u
#define TAKES_DSET      4u
#define RAW             8u  /* by default of the data */
#define AS_READ         16u /* before any step */
#define THREADED        32u

typedef struct item {
  const char *name, *forms;
  unsigned flags;
  size_t levels; /* most that --levels gives */
  int (*run)(audit *a);
} item;

static int effective_weights(audit *a) {
  return *a->rest ? audit_unknown(a) : cli_composite_weights(a->c);
}

static const item items[] = {
  { "alpha", "alpha", 0, 0, audit_alpha },
  { "correlation", "correlation:pearson|spearman|kendall",
    TAKES_DSET | THREADED, 2, audit_correlation },
  { "pvalues", "pvalues[:pearson|spearman|kendall]", TAKES_DSET | THREADED, 1,
    audit_pvalues },
  { "pca", "pca[:all][:variance]", TAKES_DSET, 1, audit_pca },
  { "effective-weights", "effective-weights", 0, 0, effective_weights },
  { "stats", "stats", TAKES_DSET | RAW, 1, audit_stats },
  { "availability", "availability[:groups]", AS_READ, 0, audit_availability },
  { "remove", "remove:LEVEL:scores|ranks|mean-abs-rank-diff", NEEDS_AGGREGATE,
    0, audit_remove },
  { "reversal", "reversal", NEEDS_AGGREGATE | NEEDS_NORMALISE, 0,
    audit_reversal },
  { "strengths", "strengths:N", TAKES_DSET | RAW, 0, audit_strengths },
  { "summary", "summary[:UNIT]", NEEDS_AGGREGATE, AUDIT_LEVELS, audit_summary },
  { "peers", "peers:N", NEEDS_NORMALISE, 0, audit_peers },
  { "outranking", "outranking[:dominance|copeland]", 0, 1, audit_outranking },
  { "trend", "trend[:YEARS]", 0, 0, audit_trend },
  { "compare", "compare:scores|ranks", NEEDS_AGGREGATE, 0, audit_compare },
};
#define ITEMS (sizeof items / sizeof *items)

/* ---- what is asked ------------------------------------------------------- */

static const item *find(const char *name) {
  for (size_t i = 0; i < ITEMS; i++)
    if (strcmp(items[i].name, name) == 0)
      return &items[i];
  return NULL;
}

static const char *all_forms(cli *c) {
  const char *text = "";
  for (size_t i = 0; i < ITEMS; i++)
    text = cli_join(c, text, ", ", items[i].forms);
  return text;
}

int audit_unknown(const audit *a) {
  const item *known = find(a->name);
  return cli_usage(a->c, TXT_ERR_AUDIT_WHAT, a->c->value[OPT_WHAT],
                   known ? known->forms : all_forms(a->c));
}

size_t audit_number(const char *text, char end) {
  size_t n = 0;
  while (*text >= '0' && *text <= '9' && n < 100000000)
    n = n * 10 + (size_t)(*text++ - '0');
  return *text == end ? n : 0;
}

static int read_levels(audit *a, const item *what) {
  cli *c = a->c;
  const char *text = c->value[OPT_LEVELS];
  for (const char *at = text; at && at[0]; a->levels++) {
    size_t size = strcspn(at, ","), n = audit_number(at, at[size]);
    if (n < 1 || n > AUDIT_LEVELS || a->levels == AUDIT_LEVELS ||
        (at[size] && !at[size + 1]))
      return cli_usage(c, TXT_ERR_AUDIT_LEVELS, text);
    a->level[a->levels] = (uint32_t)n;
    at += size + (at[size] != '\0');
  }
  if (text && what->levels == 0)
    return cli_usage(c, TXT_ERR_AUDIT_OPTION, what->name, "--levels");
  if (text && a->levels == 0)
    return cli_usage(c, TXT_ERR_AUDIT_LEVELS, text);
  if (a->levels > what->levels)
    return cli_usage(c, TXT_ERR_AUDIT_LEVELS_COUNT, what->name,
                     cli_print(c, "%zu", what->levels));
  return EXIT_DONE;
}

static int check(audit *a, const item *what) {
  cli *c = a->c;
  const char *dset = c->value[OPT_DSET];
  if ((what->flags & NEEDS_AGGREGATE) && !c->value[OPT_AGGREGATE])
    return cli_usage(c, TXT_ERR_AUDIT_AGGREGATE, what->name);
  if ((what->flags & NEEDS_NORMALISE) && !c->value[OPT_NORMALISE])
    return cli_usage(c, TXT_ERR_AUDIT_NORMALISE, what->name);
  if (dset && !(what->flags & TAKES_DSET))
    return cli_usage(c, TXT_ERR_AUDIT_OPTION, what->name, "--dset");
  if (c->value[OPT_THREADS] && !(what->flags & THREADED))
    return cli_usage(c, TXT_ERR_AUDIT_OPTION, what->name, "--threads");
  if ((strcmp(what->name, "compare") == 0) !=
      (c->value[OPT_AUDIT_AGAINST] != NULL))
    return cli_usage(c, TXT_ERR_AUDIT_AGAINST);
  bool computed = c->value[OPT_NORMALISE] || c->value[OPT_AGGREGATE];
  a->raw = dset ? strcmp(dset, "raw") == 0
                : (what->flags & RAW) || (what->flags & AS_READ) || !computed;
  return read_levels(a, what);
}

/* ---- columns ------------------------------------------------------------- */

int audit_take(audit *a, uint32_t level, audit_columns *out) {
  cli *c = a->c;
  size_t codes = chiso_composite_codes(a->k);
  size_t leaves = chiso_composite_indicators(a->k);
  const char *text = cli_print(c, "%u", (unsigned)level);
  *out = (audit_columns) { 0 };
  out->codes = cli_alloc(c, (codes + 1) * sizeof *out->codes);
  out->x = cli_alloc(c, (codes + 1) * sizeof *out->x);
  if (!out->codes || !out->x)
    return EXIT_BUG;
  for (size_t i = 0; i < codes; i++) {
    if (level ? chiso_composite_code_at(a->k, i).level != level : i >= leaves)
      continue;
    if (i >= leaves && c->value[OPT_DSET] && a->raw)
      return cli_usage(c, TXT_ERR_AUDIT_RAW, text);
    if (i >= leaves && !c->value[OPT_AGGREGATE])
      return cli_usage(c, TXT_ERR_AUDIT_AGGREGATE, a->name);
    bool data = a->raw && i < leaves;
    out->codes[out->count] = i;
    out->x[out->count++] =
        data ? chiso_composite_data(a->k, i) : chiso_composite_values(a->k, i);
  }
  return out->count > 0 ? EXIT_DONE
                        : cli_usage(c, TXT_ERR_AUDIT_NO_LEVEL, text);
}

void audit_rank(sheet *s, double rank) {
  sheet_integer(s, isnan(rank) ? INT64_MIN : (int64_t)rank);
}

const char *audit_word(const audit *a, const char *word, text_id text) {
  return cli_people(a->c) ? cli_text(a->c, text) : word;
}

/* ---- the command --------------------------------------------------------- */

int cmd_audit(cli *c) {
  const char *text = c->value[OPT_WHAT];
  if (!text)
    return cli_usage(c, TXT_ERR_AUDIT_WHAT_NONE, all_forms(c));
  size_t size = strcspn(text, ":");
  audit a = { .c = c, .name = cli_copy(c, text, size) };
  a.rest = text + size + (text[size] != '\0');
  const item *what = find(a.name);
  if (!what || (text[size] && !*a.rest))
    return audit_unknown(&a);
  int code = check(&a, what);
  if (code == EXIT_DONE)
    code = cli_composite_open(c);
  if (code != EXIT_DONE)
    return code;
  a.k = c->composite;
  chiso_status status = CHISO_OK;
  cli_progress_begin();
  if (!(what->flags & AS_READ)) {
    status = cli_composite_change(c);
    if (status == CHISO_OK)
      status = cli_composite_compute(c);
  }
  cli_progress_end();
  cli_composite_remarks(c, c->composite);
  return status == CHISO_OK ? what->run(&a) : cli_fail(c, status);
}
