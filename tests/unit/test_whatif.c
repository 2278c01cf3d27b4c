/* SPDX-License-Identifier: Apache-2.0
 * A changed run against the same tables written and scored anew; one change at
 * a time against both. */
#include "data/value.h"
#include "data_fixture.h"
#include "fill.h"
#include "fixture.h"
#include "table_file.h"

#include "chiso/variant.h"
#include "chiso/whatif.h"

#define PAR         "vn.par.province/2020"
#define EXAMPLE_SET SOURCE_DIR "/tests/docs/example.json"
#define UNITS       7u
#define ROOM        ((size_t)4 << 20)

/* ---- tables of random entries -------------------------------------------- */

typedef struct cell {
  char text[CHISO_DEC_TEXT]; /* "": nothing entered */
} cell;

/* Everything that was entered for all inputs of all units. */
typedef struct book {
  const chiso_methodology *m;
  const chiso_program *p;
  const chiso_index *ix;
  cell *cells; /* [slot * UNITS + unit] */
  char *text;
  cell **lines; /* of the text, from the second on */
  const char *codes[UNITS];
} book;

static void write_value(const book *b, uint32_t node, uint32_t input,
                        int64_t raw, cell *out) {
  const chiso_input *in = &b->ix->nodes[node].inputs[input];
  const char *key =
      in->unit == CHISO_UNIT_CHOICE ? chiso__value_key(b->m, node, raw) : NULL;
  if (key)
    snprintf(out->text, sizeof out->text, "%.31s", key);
  else
    chiso_dec_format(raw * chiso__power10[CHISO_DEC_DIGITS - in->digits],
                     (chiso_dec_style) { '.', in->digits, true }, out->text);
}

/* A value at an input, as a what-if puts it: in place of the other form. */
static cell *put(book *b, uint32_t node, uint32_t input, size_t unit,
                 int64_t raw) {
  const chiso_node *n = &b->ix->nodes[node];
  uint32_t slot = chiso_program_slot(b->p, node);
  bool x = n->inputs[input].role == CHISO_ROLE_X;
  for (uint32_t i = 0; i < n->n_inputs; i++)
    if (n->inputs[input].role != CHISO_ROLE_OTHER &&
        (n->inputs[i].role == CHISO_ROLE_X) != x)
      b->cells[(slot + i) * UNITS + unit].text[0] = '\0';
  cell *c = &b->cells[(slot + input) * UNITS + unit];
  write_value(b, node, input, raw, c);
  return c;
}

static void fill(book *b, uint64_t *seed) {
  for (uint32_t i = 0; i < b->ix->n_nodes; i++) {
    const chiso_node *n = &b->ix->nodes[i];
    for (size_t u = 0; u < UNITS; u++)
      for (uint32_t k = 0; k < n->n_inputs; k++) {
        bool last = n->inputs[k].role == CHISO_ROLE_X && k > 0;
        if (!last && xorshift(seed) % 60)
          (void)put(b, i, k, u, fill_value(n, &n->inputs[k], seed));
      }
  }
}

static const char *written(book *b) {
  size_t used = (size_t)snprintf(b->text, ROOM, "unit,node,input,value\n");
  size_t line = 0;
  for (uint32_t i = 0; i < b->ix->n_nodes; i++) {
    const chiso_node *n = &b->ix->nodes[i];
    for (uint32_t k = 0; k < n->n_inputs; k++)
      for (size_t u = 0; u < UNITS; u++) {
        cell *c = &b->cells[(chiso_program_slot(b->p, i) + k) * UNITS + u];
        if (!c->text[0])
          continue;
        b->lines[line++] = c;
        used +=
            (size_t)snprintf(b->text + used, ROOM - used, "%s,%s,%s,\"%s\"\n",
                             b->codes[u], n->id, n->inputs[k].key, c->text);
      }
  }
  return b->text;
}

/* ---- one run against another --------------------------------------------- */

static bool same_runs(const chiso_run *a, const chiso_run *b) {
  const chiso_scores *x = chiso_run_scores(a), *y = chiso_run_scores(b);
  uint32_t nodes = chiso_methodology_index(chiso_run_methodology(a))->n_nodes;
  bool same = x->n == y->n;
  for (size_t i = 0; same && i < nodes * x->n; i++)
    same = x->points[i] == y->points[i] && x->max[i] == y->max[i] &&
           x->state[i] == y->state[i];
  for (uint32_t i = 0; same && i < nodes; i++)
    for (size_t u = 0; same && u < x->n; u++)
      same = chiso_run_rank(a, i, u) == chiso_run_rank(b, i, u);
  for (size_t u = 0; same && u < x->n; u++)
    same = x->raw[u] == y->raw[u] &&
           chiso_run_grade(a, u) == chiso_run_grade(b, u) &&
           chiso_run_provenance(a, 0, u) == chiso_run_provenance(b, 0, u);
  return same;
}

typedef struct made {
  chiso_entry_change changes[8];
  char values[8][32];
  uint32_t slot[8];
  int64_t raw[8];
  size_t unit[8], count;
} made;

static bool taken(const book *b, const made *m, uint32_t node, size_t unit) {
  for (size_t i = 0; i < m->count; i++)
    if (m->unit[i] == unit &&
        strcmp(m->changes[i].node, b->ix->nodes[node].id) == 0)
      return true;
  return false;
}

/* Changes into the book and into a list. */
static void change(book *b, made *m, size_t count, uint64_t *seed) {
  m->count = 0;
  while (m->count < count) {
    uint32_t node = (uint32_t)(xorshift(seed) % b->ix->n_nodes);
    const chiso_node *n = &b->ix->nodes[node];
    size_t unit = xorshift(seed) % UNITS, at = m->count;
    if (n->n_inputs == 0 || taken(b, m, node, unit))
      continue;
    uint32_t k = (uint32_t)(xorshift(seed) % n->n_inputs);
    uint32_t slot = chiso_program_slot(b->p, node) + k;
    m->raw[at] = fill_value(n, &n->inputs[k], seed);
    cell *c = put(b, node, k, unit, m->raw[at]);
    if (count > 1 && xorshift(seed) % 7 == 0)
      c->text[0] = '\0';
    snprintf(m->values[at], sizeof m->values[at], "%s", c->text);
    m->unit[at] = unit;
    m->slot[at] = slot;
    m->changes[m->count++] = (chiso_entry_change) { .unit = b->codes[unit],
                                                    .node = n->id,
                                                    .input = n->inputs[k].key,
                                                    .value = m->values[at],
                                                    .said = "--set" };
  }
}

/* The same as a table of changes. */
static bool put_changes(const folder *where, const made *m, char *path,
                        size_t size) {
  char text[2000];
  size_t used = (size_t)snprintf(text, sizeof text, "unit,node,input,value\n");
  for (size_t i = 0; i < m->count; i++)
    used +=
        (size_t)snprintf(text + used, sizeof text - used, "%s,%s,%s,\"%s\"\n",
                         m->changes[i].unit, m->changes[i].node,
                         m->changes[i].input, m->changes[i].value);
  snprintf(path, size, "%s/changes.csv", where->path);
  return put_text(where, "changes.csv", text);
}

/* One unit's change, in its place among units that stay. */
static void probe(const chiso_run *before, const chiso_run *after,
                  const made *m) {
  chiso_probe *p;
  chiso_error err = { 0 };
  size_t unit = m->unit[0];
  uint32_t node = 0;
  const chiso_index *ix =
      chiso_methodology_index(chiso_run_methodology(before));
  const chiso_entries *e = chiso_run_entries(after);
  if (!chiso_run_rank(before, 0, unit)) {
    CU_ASSERT_EQUAL(chiso_probe_new(before, unit, NULL, &p, &err), CHISO_USAGE);
    return;
  }
  MUST(chiso_probe_new(before, unit, NULL, &p, &err) == CHISO_OK);
  /* the other form, when there was one, is not taken away by a probe */
  while (strcmp(ix->nodes[node].id, m->changes[0].node) != 0)
    node++;
  uint32_t slot = chiso_program_slot(chiso_run_program(before), node);
  bool whole = true;
  for (uint32_t i = 0; i < ix->nodes[node].n_inputs; i++)
    whole =
        whole && e->have[(slot + i) * e->n + unit] >=
                     chiso_run_entries(before)->have[(slot + i) * e->n + unit];
  chiso_probe_set(p, m->slot[0], m->raw[0]);
  const chiso_scores *s = chiso_run_scores(after);
  if (whole) {
    CU_ASSERT_EQUAL(chiso_probe_points(p), chiso_has_points(s->state[unit])
                                               ? s->points[unit]
                                               : CHISO_NONE);
    CU_ASSERT_EQUAL(chiso_probe_rank(p), chiso_run_rank(after, 0, unit));
  }
  chiso_probe_free(p);
}

static bool has_best(const chiso_index *ix) {
  for (uint32_t i = 0; i < ix->n_nodes; i++)
    if (ix->nodes[i].op == CHISO_OP_BEST)
      return true;
  return false;
}

/* A run before, the changed one, and the changed tables scored anew. */
static size_t try_once(book *b, const char *methodology, const char *round,
                       const char *units, size_t count, uint64_t *seed) {
  sample before = { .units = units }, after = { .units = units };
  made m;
  chiso_whatif *w = NULL, *by_table = NULL;
  char path[128];
  size_t scored = 0;
  before.tables[0] = written(b);
  /* values that the rules refuse are left out */
  for (int i = 0; begin(&before, methodology, round) != CHISO_OK; i++) {
    for (size_t k = 0; before.run && k < chiso_run_remarks(before.run); k++)
      if (chiso_run_remark(before.run, k)->status != CHISO_OK &&
          chiso_run_remark(before.run, k)->line > 1)
        b->lines[chiso_run_remark(before.run, k)->line - 2]->text[0] = '\0';
    end(&before);
    if (i == 9)
      return 0;
    before.tables[0] = written(b);
  }
  change(b, &m, count, seed);
  after.tables[0] = written(b);
  chiso_status want = begin(&after, methodology, round);
  chiso_whatif_options o = { .changes = m.changes, .n_changes = m.count };
  chiso_error err = { 0 };
  chiso_status got =
      chiso_whatif_new(before.run, before.store, &o, NULL, &w, &err);
  CU_ASSERT_EQUAL(got, want);
  if (got != want) {
    show(&after);
    fprintf(stderr, "\n   %s: %s\n", err.file, err.text);
  }
  const char *tables[] = { path };
  CU_ASSERT(put_changes(&before.where, &m, path, sizeof path));
  chiso_whatif_options t = { .tables = tables, .n_tables = 1 };
  CU_ASSERT_EQUAL(
      chiso_whatif_new(before.run, before.store, &t, NULL, &by_table, &err),
      want);
  if (got == CHISO_OK && want == CHISO_OK && by_table) {
    CU_ASSERT(same_runs(chiso_whatif_run(w), after.run));
    CU_ASSERT(same_runs(chiso_whatif_run(by_table), after.run));
    if (count == 1 && !has_best(b->ix))
      probe(before.run, after.run, &m);
    scored = 1;
  }
  chiso_whatif_free(w);
  chiso_whatif_free(by_table);
  end(&after);
  end(&before);
  return scored;
}

static void as_scored_anew(const char *methodology, const char *round,
                           const char *units, uint64_t seed) {
  /* a first run, for the rules alone */
  sample s = { .tables = { "unit,node,value\n" }, .units = units };
  const chiso_listing *listing;
  chiso_rule rule;
  s.tables[0] = "unit,node,points\nu1,index,1\n";
  (void)begin(&s, methodology, round);
  MUST(s.store != NULL);
  MUST((chiso_is_methodology_file(methodology)
            ? chiso_store_read(s.store, methodology, &listing, &s.err)
            : chiso_store_find(s.store, methodology, &listing, &s.err)) ==
       CHISO_OK);
  book b = { 0 };
  MUST(chiso_store_load(s.store, listing, &b.m, &rule, &s.err) == CHISO_OK);
  chiso_program *p;
  MUST(chiso_program_new(b.m, rule, NULL, &p, &s.err) == CHISO_OK);
  b.p = p;
  b.ix = chiso_methodology_index(b.m);
  static const char *const codes[UNITS] = { "u1", "u2", "u3", "u4",
                                            "u5", "u6", "u7" };
  memcpy(b.codes, codes, sizeof codes);
  b.text = malloc(ROOM);
  b.lines = calloc((size_t)chiso_program_slots(p) * UNITS + 1, sizeof *b.lines);
  b.cells = calloc((size_t)chiso_program_slots(p) * UNITS + 1, sizeof *b.cells);
  size_t done = 0;
  if (b.text && b.cells && b.lines)
    for (size_t i = 0; i < 60; i++) {
      memset(b.cells, 0,
             (size_t)chiso_program_slots(p) * UNITS * sizeof *b.cells);
      fill(&b, &seed);
      done += try_once(&b, methodology, round, units,
                       i % 2 ? 1 : 1 + xorshift(&seed) % 8, &seed);
    }
  CU_ASSERT(done > 5);
  if (done <= 5)
    fprintf(stderr, "\n    %s: %zu\n", methodology, done);
  free(b.text);
  free(b.lines);
  free(b.cells);
  chiso_program_free(p);
  end(&s);
}

static const char seven[] =
    "unit,name_vi\nu1,Sở A\nu2,Sở B\nu3,Sở C\nu4,Sở D\nu5,Sở E\nu6,Sở G\n"
    "u7,Sở H\n";

static void test_anew(void) {
  as_scored_anew(PAR, "2020", seven, 3);
  as_scored_anew("vn.par.ministry/2022", "2022", seven, 4);
  as_scored_anew("vn.qd766.province/2026", "2026", seven, 5);
  as_scored_anew("vn.sipas.province/2017", "2019", seven, 6);
  as_scored_anew("vn.papi.province/2018", "2018", seven, 7);
  as_scored_anew(EXAMPLE_SET, "2026", seven, 8);
}

/* ---- units --------------------------------------------------------------- */

#define PAPI "vn.papi.province/2011"

/* Points at dimensions; those who stay keep their scores and close ranks. */
static void test_units(void) {
  sample s = { .tables = { "unit,node,points\nu1,D1,4\nu1,D2,5\nu1,D3,6\n"
                           "u1,D4,7\nu1,D5,8\nu1,D6,9\nu2,D1,5\nu2,D2,5\n"
                           "u2,D3,6\nu2,D4,7\nu2,D5,8\nu2,D6,9\nu3,D1,6\n"
                           "u3,D2,5\nu3,D3,6\nu3,D4,7\nu3,D5,8\nu3,D6,9\n" },
               .units = "unit,name_vi\nu1,A\nu2,B\nu3,C\n" };
  static const char *const last[] = { "C" }, *const all[] = { "u1", "B", "u3" };
  chiso_whatif *w;
  chiso_error err = { 0 };
  if (begin(&s, PAPI, "2012") != CHISO_OK)
    show(&s);
  MUST(s.run != NULL);
  chiso_whatif_options o = { .without = last, .n_without = 1 };
  MUST(chiso_whatif_new(s.run, s.store, &o, NULL, &w, &err) == CHISO_OK);
  const chiso_run *run = chiso_whatif_run(w);
  CU_ASSERT_EQUAL(chiso_run_scored(run), 2);
  CU_ASSERT_EQUAL(chiso_run_rank(s.run, 0, 1), 2);
  CU_ASSERT_EQUAL(chiso_run_rank(run, 0, 1), 1);
  CU_ASSERT_EQUAL(chiso_whatif_after(w, 2), SIZE_MAX);
  CU_ASSERT_EQUAL(chiso_whatif_before(w, 1), 1);
  chiso_whatif_free(w);
  o = (chiso_whatif_options) { .without = all, .n_without = 3 };
  CU_ASSERT_EQUAL(chiso_whatif_new(s.run, s.store, &o, NULL, &w, &err),
                  CHISO_USAGE);
  CU_ASSERT_PTR_NULL(w);
  o = (chiso_whatif_options) { .only = last, .n_only = 1 };
  MUST(chiso_whatif_new(s.run, s.store, &o, NULL, &w, &err) == CHISO_OK);
  CU_ASSERT_EQUAL(chiso_run_scored(chiso_whatif_run(w)), 1);
  chiso_whatif_free(w);
  end(&s);
}

/* A third of the whole for the first dimension: 60 points, of which 20 are
 * shared out as 4/10, and 40 as (5+6+7+8+9)/50. */
static void test_weights(void) {
  sample s = { .tables = { "unit,node,points\nu1,D1,4\nu1,D2,5\nu1,D3,6\n"
                           "u1,D4,7\nu1,D5,8\nu1,D6,9\n" },
               .units = "unit,name_vi\nu1,A\nu2,B\n" };
  static const chiso_new_weight third[] = { { "D1", "20" } };
  static const chiso_new_weight every[] = { { "D1", "1" },   { "D2", "1" },
                                            { "D3", "1" },   { "D4", "0" },
                                            { "D5", "0,5" }, { "D6", "0.5" } };
  chiso_whatif *w;
  chiso_error err = { 0 };
  MUST(begin(&s, PAPI, "2012") == CHISO_OK);
  chiso_whatif_options o = { .weights = third, .n_weights = 1 };
  MUST(chiso_whatif_new(s.run, s.store, &o, NULL, &w, &err) == CHISO_OK);
  const chiso_scores *scores = chiso_run_scores(chiso_whatif_run(w));
  CU_ASSERT_EQUAL(scores->points[0], 36 * CHISO_DEC_ONE);
  CU_ASSERT_EQUAL(scores->max[0], 60 * CHISO_DEC_ONE);
  CU_ASSERT_EQUAL(chiso_whatif_max(w, 1), 20 * CHISO_DEC_ONE);
  chiso_whatif_free(w);
  o = (chiso_whatif_options) { .weights = every, .n_weights = 6 };
  MUST(chiso_whatif_new(s.run, s.store, &o, NULL, &w, &err) == CHISO_OK);
  scores = chiso_run_scores(chiso_whatif_run(w));
  CU_ASSERT_EQUAL(scores->points[0], 2350000); /* .4+.5+.6+.4+.45 */
  CU_ASSERT_EQUAL(scores->max[0], 4 * CHISO_DEC_ONE);
  chiso_whatif_free(w);
  end(&s);
}

/* ---- moves --------------------------------------------------------------- */

static void test_moves(void) {
  static const uint32_t a[] = { 1, 2, 3, 4, 0, 5 }, b[] = { 2, 1, 3, 5, 4, 0 };
  chiso_moves m;
  MUST(chiso_moves_of(a, b, 6, NULL, &m, NULL) == CHISO_OK);
  CU_ASSERT_EQUAL(m.compared, 4);
  CU_ASSERT_EQUAL(m.moved, 3);
  CU_ASSERT_EQUAL(m.largest, 1);
  CU_ASSERT_EQUAL(m.unit, 0);
  CU_ASSERT_DOUBLE_EQUAL(m.mean, 0.75, 0);
  CU_ASSERT_DOUBLE_EQUAL(m.tau, 4.0 / 6, 1e-15);
  MUST(chiso_moves_of(a, b, 0, NULL, &m, NULL) == CHISO_OK);
  CU_ASSERT(m.compared == 0 && m.unit == SIZE_MAX && m.mean != m.mean);
}

/* ---- memory -------------------------------------------------------------- */

static void test_short_memory(void) {
  static const char *const last[] = { "C" };
  static const chiso_new_weight third[] = { { "D1", "20" } };
  static const chiso_entry_change changes[] = {
    { "*", "D2", "", "3,5", true, "--give" },
    { "u1", "D1", "", "", false, "--set" },
  };
  sample s = { .tables = { "unit,node,points\nu1,D1,4\nu1,D2,5\nu2,D3,6\n" },
               .units = "unit,name_vi\nu1,A\nu2,B\nu3,C\n" };
  MUST(begin(&s, PAPI, "2012") == CHISO_OK);
  char path[128];
  const char *tables[] = { path };
  CU_ASSERT(put_text(&s.where, "c.csv", "unit,node,points\nu2,D3,7\n"));
  CU_ASSERT(put_text(&s.where, "new.csv", "unit,name_vi\nu9,Mới\n"));
  snprintf(path, sizeof path, "%s/c.csv", s.where.path);
  char added[128];
  snprintf(added, sizeof added, "%s/new.csv", s.where.path);
  const chiso_whatif_options o = { .changes = changes,
                                   .n_changes = 2,
                                   .tables = tables,
                                   .n_tables = 1,
                                   .weights = third,
                                   .n_weights = 1,
                                   .without = last,
                                   .n_without = 1,
                                   .added = added };
  chiso_status status = CHISO_NO_MEMORY;
  long n = 0;
  for (; n < 3000 && status == CHISO_NO_MEMORY; n++) {
    counting c = { .left = n };
    chiso_allocator a = counting_allocator(&c);
    chiso_whatif *w;
    chiso_error err = { 0 };
    status = chiso_whatif_new(s.run, s.store, &o, &a, &w, &err);
    if (status == CHISO_OK)
      CU_ASSERT_EQUAL(chiso_run_scored(chiso_whatif_run(w)), 3);
    chiso_whatif_free(w);
    CU_ASSERT_EQUAL(c.live, 0);
  }
  CU_ASSERT_EQUAL(status, CHISO_OK);
  CU_ASSERT(n > 20);
  for (n = 0, status = CHISO_NO_MEMORY; n < 100 && status == CHISO_NO_MEMORY;
       n++) {
    static const uint32_t ranks[] = { 1, 2, 3 };
    counting c = { .left = n };
    chiso_allocator a = counting_allocator(&c);
    chiso_moves m;
    status = chiso_moves_of(ranks, ranks, 3, &a, &m, NULL);
    CU_ASSERT_EQUAL(c.live, 0);
  }
  CU_ASSERT_EQUAL(status, CHISO_OK);
  end(&s);
}

/* ---- composite indices --------------------------------------------------- */

#define DATA                                                                   \
  "uCode,uName,a,b\nU1,Một,1,10\nU2,Hai,2,30\nU3,Ba,3,20\nU4,Bốn,,40\n"
#define META                                                                   \
  "Level,iCode,Parent,Direction,Weight\n1,a,I,1,1\n1,b,I,1,1\n2,I,,1,1\n"

static chiso_status suppose(const chiso_allocator *a, double *last) {
  static const char *const gone[] = { "Hai" };
  static const chiso_new_weight weights[] = { { "a", "3" }, { "b", "1,0" } };
  chiso_composite *c = NULL;
  chiso_error err = { 0 };
  size_t changed = 0;
  chiso_status status = chiso_composite_read(table_file("data.csv", DATA),
                                             table_file("meta.csv", META),
                                             CHISO_LANG_EN, a, &c, &err);
  if (status == CHISO_OK)
    status = chiso_composite_set(c, "U4", "a", "5", &changed, &err);
  if (status == CHISO_OK)
    status = chiso_composite_keep(c, gone, 1, false, &err);
  if (status == CHISO_OK)
    status = chiso_composite_normalise(c, "none", &err);
  if (status == CHISO_OK)
    status = chiso_composite_reweigh(c, weights, 2, &err);
  if (status == CHISO_OK)
    status = chiso_composite_aggregate(c, "arithmetic", NULL, &err);
  if (status == CHISO_OK) {
    CU_ASSERT_EQUAL(changed, 1);
    CU_ASSERT_EQUAL(chiso_composite_rows(c), 3);
    *last = chiso_composite_values(c, 2)[2];
  }
  chiso_composite_free(c);
  return status;
}

static void test_composite(void) {
  chiso_status status = CHISO_NO_MEMORY;
  double last = 0;
  MUST(mkdtemp(table_folder) != NULL);
  for (long n = 0; n < 500 && status == CHISO_NO_MEMORY; n++) {
    counting counts = { .left = n };
    chiso_allocator a = counting_allocator(&counts);
    status = suppose(&a, &last);
    CU_ASSERT_EQUAL(counts.live, 0);
  }
  CU_ASSERT_EQUAL(status, CHISO_OK);
  CU_ASSERT_DOUBLE_EQUAL(last, (3 * 5 + 40) / 4.0, 1e-15);
  folder where;
  snprintf(where.path, sizeof where.path, "%s", table_folder);
  folder_remove(&where);
}

SUITE_MAIN({ "as scored anew", test_anew }, { "units", test_units },
           { "weights", test_weights }, { "moves", test_moves },
           { "short memory", test_short_memory },
           { "composite", test_composite })
