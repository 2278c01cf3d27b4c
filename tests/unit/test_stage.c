/* SPDX-License-Identifier: Apache-2.0
 * Stages of a score: words, which stands before which, and what units do not
 * score themselves. */
#include "stage_fixture.h"

/* ---- words --------------------------------------------------------------- */

static void test_words(void) {
  static const struct {
    const char *text;
    int stage;
  } words[] = {
    { "self", CHISO_STAGE_SELF },
    { "SELF", CHISO_STAGE_SELF },
    { "Tự chấm", CHISO_STAGE_SELF },
    { "tự chấm điểm", CHISO_STAGE_SELF },
    { "TU CHAM", CHISO_STAGE_SELF },
    { "tu\xcc\xa3\xcc\x9b cha\xcc\x82\xcc\x81m", CHISO_STAGE_SELF }, /* NFD */
    { "appraised", CHISO_STAGE_APPRAISED_1 },
    { "appraised_1", CHISO_STAGE_APPRAISED_1 },
    { "Appraised 1", CHISO_STAGE_APPRAISED_1 },
    { "thẩm định", CHISO_STAGE_APPRAISED_1 },
    { "Thẩm định lần 1", CHISO_STAGE_APPRAISED_1 },
    { "appraised_2", CHISO_STAGE_APPRAISED_2 },
    { "THẨM ĐỊNH LẦN 2", CHISO_STAGE_APPRAISED_2 },
    { "final", CHISO_STAGE_FINAL },
    { "Chính thức", CHISO_STAGE_FINAL },
    { "kết quả", CHISO_STAGE_FINAL },
    { "", -1 },
    { "draft", -1 },
    { "appraised_3", -1 },
    { "thẩm định lần", -1 },
    { "self,final", -1 },
    { "\xff", -1 },
  };
  for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
    chiso_stage stage = CHISO_STAGE_NONE;
    bool read = chiso_stage_parse(words[i].text, &stage);
    CU_ASSERT_EQUAL(read, words[i].stage >= 0);
    CU_ASSERT_EQUAL((int)stage, words[i].stage < 0 ? 0 : words[i].stage);
    if (read != (words[i].stage >= 0))
      fprintf(stderr, "\n    %s\n", words[i].text);
  }
  for (unsigned i = CHISO_STAGE_SELF; i <= CHISO_N_STAGES; i++) {
    chiso_stage stage;
    CU_ASSERT(chiso_stage_parse(chiso_stage_key((chiso_stage)i), &stage) &&
              stage == i);
    MUST(chiso_stage_parse(chiso_stage_title((chiso_stage)i, CHISO_LANG_VI),
                           &stage));
    CU_ASSERT_EQUAL(stage, i);
  }
  sample s = { .tables = { HEAD "a,B.1,,1,,\n" } };
  CU_ASSERT_EQUAL(run(&s, "draft"), CHISO_USAGE);
  CU_ASSERT_PTR_NULL(s.run);
  end(&s);
}

/* ---- which stands before which ------------------------------------------- */

/* Where a stage stands in a run at another; 0: it does not count. Written down
 * stage by stage, and not as the library does it. */
static unsigned standing_of(unsigned stage, unsigned wanted) {
  static const unsigned char table[5][5] = {
    /* none self a1 a2 final: of the row; wanted below */
    { 0, 0, 0, 0, 0 }, /* none is never wanted */
    { 0, 1, 0, 0, 0 }, /* self */
    { 4, 0, 2, 0, 0 }, /* appraised_1 */
    { 4, 0, 2, 3, 0 }, /* appraised_2 */
    { 4, 0, 2, 3, 4 }, /* final */
  };
  return table[wanted][stage];
}

/* What a node may be told: an input, points, NA. */
enum { INPUT, POINTS, NOT, N_KINDS };

static int put_row(char *out, size_t size, unsigned kind, unsigned stage,
                   const char *value) {
  return snprintf(out, size, "a,B.1,,%s,%s,%s\n",
                  kind == INPUT ? value
                  : kind == NOT ? "NA"
                                : "",
                  kind == POINTS ? value : "", stage_words[stage]);
}

/* What node B.1 must be when only row `kind` with `value` is left. */
static bool is_told(const sample *s, int kind, chiso_dec value) {
  unsigned state = state_of(s, "a", "B.1");
  if (kind < 0)
    return state == CHISO_STATE_MISSING;
  if (kind == NOT)
    return state == CHISO_STATE_NOT_APPLICABLE;
  return state == (kind == INPUT ? CHISO_STATE_SCORED : CHISO_STATE_GIVEN) &&
         points_of(s, "a", "B.1") == value;
}

/* One pair of rows, at one stage asked for. */
static void try_pair(unsigned wanted, unsigned s1, unsigned k1, unsigned s2,
                     unsigned k2) {
  char table[200] = HEAD;
  size_t used = strlen(table);
  unsigned a = standing_of(s1, wanted), b = standing_of(s2, wanted);
  used += (size_t)put_row(table + used, sizeof table - used, k1, s1, "1");
  (void)put_row(table + used, sizeof table - used, k2, s2, "2");
  sample s = { .tables = { table } };
  chiso_status status = run(&s, stage_words[wanted]);
  bool both = a && a == b && (k1 != NOT || k2 != NOT);
  bool right = status == (both ? CHISO_BAD_DATA : CHISO_OK) && s.run;
  if (right && !both)
    right = is_told(&s,
                    a > b   ? (int)k1
                    : b > a ? (int)k2
                    : a     ? NOT
                            : -1,
                    a > b ? ONE : 2 * ONE);
  CU_ASSERT(right);
  if (!right) {
    fprintf(stderr, "\n    at %s: %s", stage_words[wanted], table);
    show(&s);
  }
  end(&s);
}

/* Every pair of stages and of what a node may be told, in both orders of the
 * rows, at every stage that may be asked for. */
static void test_pairs(void) {
  for (unsigned wanted = 1; wanted <= CHISO_N_STAGES; wanted++)
    for (unsigned s1 = 0; s1 <= CHISO_N_STAGES; s1++)
      for (unsigned s2 = 0; s2 <= CHISO_N_STAGES; s2++)
        for (unsigned kinds = 0; kinds < N_KINDS * N_KINDS; kinds++)
          try_pair(wanted, s1, kinds / N_KINDS, s2, kinds % N_KINDS);
}

/* A value that is repeated at its own stage is a fault though a later stage
 * stands before both, wherever its row is. */
static void test_repeated(void) {
  static const char *const rows[] = { "a,B.1,,1,,appraised\n",
                                      "a,B.1,,2,,thẩm định lần 1\n",
                                      "a,B.1,,3,,final\n" };
  static const unsigned char orders[][3] = { { 0, 1, 2 }, { 0, 2, 1 },
                                             { 2, 0, 1 }, { 1, 2, 0 },
                                             { 2, 1, 0 }, { 1, 0, 2 } };
  for (size_t i = 0; i < sizeof orders / sizeof *orders; i++) {
    char table[300];
    snprintf(table, sizeof table, HEAD "%s%s%s", rows[orders[i][0]],
             rows[orders[i][1]], rows[orders[i][2]]);
    sample s = { .tables = { table } };
    CU_ASSERT_EQUAL(run(&s, NULL), CHISO_BAD_DATA);
    MUST(s.run != NULL);
    CU_ASSERT_EQUAL(chiso_run_faults(s.run), 1);
    CU_ASSERT_PTR_NOT_NULL(strstr(s.err.text, "before"));
    end(&s);
  }
}

/* Inputs stand before each other one by one. */
static void test_inputs(void) {
  sample s = { .tables = { HEAD "a,A.1,num,1,,appraised\n"
                                "a,A.1,den,4,,appraised\n"
                                "a,A.1,num,2,,appraised_2\n"
                                "b,A.1,num,1,,appraised\n"
                                "b,A.1,den,4,,appraised\n"
                                "b,A.1,,NA,,appraised_2\n"
                                "b,A.1,den,8,,final\n",
                           HEAD "c,A.1,num,3,,\nc,A.1,den,4,,self\n"
                                "c,A.1,den,3,,appraised\n" } };
  MUST(run(&s, "final") == CHISO_OK);
  CU_ASSERT_EQUAL(points_of(&s, "a", "A.1"), 2 * ONE);
  /* what NA replaced does not come back */
  CU_ASSERT_EQUAL(state_of(&s, "b", "A.1"), CHISO_STATE_MISSING);
  CU_ASSERT_EQUAL(points_of(&s, "c", "A.1"), 4 * ONE);
  CU_ASSERT_EQUAL(chiso_run_remarks(s.run), 0);
  CU_ASSERT_EQUAL(chiso_run_stages(s.run), 31);
  chiso_origin o;
  uint32_t node = chiso_methodology_find(chiso_run_methodology(s.run), "A.1");
  MUST(chiso_run_origin(s.run, node, 0, 0, &o));
  CU_ASSERT(o.stage == CHISO_STAGE_APPRAISED_2 && o.line == 4);
  MUST(chiso_run_origin(s.run, node, 1, 0, &o));
  CU_ASSERT(o.stage == CHISO_STAGE_APPRAISED_1 && o.line == 3);
  CU_ASSERT(!chiso_run_origin(s.run, node, 0, 1, &o));
  end(&s);
}

/* ---- random rows against one stage after another ------------------------- */

enum { N_UNITS = 3, N_LEAVES = 3, MOST_ROWS = 200 };
static const char *const leaf_ids[N_LEAVES] = { "A.1", "A.2", "B.1" };

/* What a unit is told of a leaf at one stage. */
typedef struct told {
  bool said;
  int kind;      /* INPUT, POINTS, NOT */
  bool input[2]; /* INPUT */
  int64_t value[2];
} told;

/* At most one of final and none: they stand together. */
static void tell(told out[5], uint64_t *seed, bool two) {
  unsigned last = xorshift(seed) & 1 ? 0 : CHISO_STAGE_FINAL;
  memset(out, 0, 5 * sizeof *out);
  for (unsigned i = 0; i < 5; i++) {
    uint64_t r = xorshift(seed) >> 16;
    if ((i == 0 || i == CHISO_STAGE_FINAL) && i != last)
      continue;
    out[i].said = r & 1;
    out[i].kind = (int)(r >> 1 & 3) % N_KINDS;
    out[i].input[0] = !two || (r >> 3 & 1);
    out[i].input[1] = two && (!out[i].input[0] || (r >> 4 & 1));
    out[i].value[0] = (int64_t)(r >> 5 & 1);
    out[i].value[1] = 1 + (int64_t)(r >> 6 & 3);
  }
}

/* One stage after another, as the manual says it. */
static told model_of(const told all[5], unsigned wanted) {
  told now = { .kind = -1 };
  for (unsigned level = 1; level <= 4; level++)
    for (unsigned stage = 0; stage < 5; stage++) {
      const told *t = &all[stage];
      if (!t->said || standing_of(stage, wanted) != level)
        continue;
      if (t->kind != INPUT || now.kind != INPUT)
        memset(now.input, 0, sizeof now.input);
      now.kind = t->kind;
      for (int i = 0; i < 2; i++)
        if (t->kind != INPUT ? i == 0 : t->input[i]) {
          now.input[i] = true;
          now.value[i] = t->value[i];
        }
    }
  return now;
}

typedef struct lines {
  char list[MOST_ROWS][64];
  size_t n;
} lines;

static void add_rows(lines *out, size_t unit, size_t leaf, unsigned stage,
                     const told *t) {
  char u = (char)('a' + unit);
  const char *id = leaf_ids[leaf], *word = stage_words[stage];
  for (int i = 0; t->said && i < 2; i++) {
    char *line = out->list[out->n];
    if (t->kind == NOT && i == 0)
      snprintf(line, 64, "%c,%s,,NA,,%s\n", u, id, word);
    else if (t->kind == POINTS && i == 0)
      snprintf(line, 64, "%c,%s,,,%d,%s\n", u, id, (int)t->value[0], word);
    else if (t->kind == INPUT && t->input[i])
      snprintf(line, 64, "%c,%s,%s,%d,,%s\n", u, id,
               leaf ? ""
               : i  ? "den"
                    : "num",
               (int)t->value[i], word);
    else
      continue;
    out->n++;
  }
}

/* Two tables of the rows in a random order. */
static void deal(lines *rows, uint64_t *seed, char *first, char *second,
                 size_t size) {
  size_t used[2] = { strlen(HEAD), strlen(HEAD) };
  char *out[2] = { first, second };
  memcpy(first, HEAD, sizeof HEAD);
  memcpy(second, HEAD, sizeof HEAD);
  for (size_t i = rows->n; i > 1; i--) {
    char keep[64];
    size_t j = xorshift(seed) % i;
    memcpy(keep, rows->list[j], 64);
    memcpy(rows->list[j], rows->list[i - 1], 64);
    memcpy(rows->list[i - 1], keep, 64);
  }
  for (size_t i = 0; i < rows->n; i++) {
    int t = (int)(xorshift(seed) >> 8 & 1);
    used[t] +=
        (size_t)snprintf(out[t] + used[t], size - used[t], "%s", rows->list[i]);
  }
  for (int t = 0; t < 2; t++) /* a table of nothing is a fault of its own */
    snprintf(out[t] + used[t], size - used[t], "%c,B.3,,1,,\n", 'a' + t);
}

static bool same_as_model(const sample *s, size_t unit, size_t leaf,
                          const told *want) {
  const chiso_entries *e = chiso_run_entries(s->run);
  uint32_t node =
      chiso_methodology_find(chiso_run_methodology(s->run), leaf_ids[leaf]);
  uint32_t slot = chiso_program_slot(chiso_run_program(s->run), node);
  size_t at = node * e->n + unit;
  uint8_t entry = want->kind == POINTS ? CHISO_ENTRY_GIVEN
                  : want->kind == NOT  ? CHISO_ENTRY_NOT_APPLICABLE
                                       : CHISO_ENTRY_NONE;
  bool same = e->entry[at] == entry &&
              (want->kind != POINTS || e->given[at] == want->value[0] * ONE);
  const chiso_node *n =
      &chiso_methodology_index(chiso_run_methodology(s->run))->nodes[node];
  for (uint32_t i = 0; i < n->n_inputs; i++) {
    /* a ratio's inputs: num, den */
    size_t cell = (slot + i) * e->n + unit;
    bool has = want->kind == INPUT && i < 2 && want->input[i];
    same = same && e->have[cell] == has &&
           (!has || leaf || e->value[cell] == want->value[i]);
    same = same && (!has || !leaf || e->value[cell] == want->value[i] * ONE);
  }
  return same;
}

static void test_random(void) {
  uint64_t seed = 20260214;
  for (int round = 0; round < 250; round++) {
    static char first[16384], second[16384];
    static lines rows;
    told all[N_UNITS][N_LEAVES][5];
    unsigned wanted = 1 + (unsigned)(xorshift(&seed) >> 9) % CHISO_N_STAGES;
    rows.n = 0;
    for (size_t u = 0; u < N_UNITS; u++)
      for (size_t l = 0; l < N_LEAVES; l++) {
        tell(all[u][l], &seed, l == 0);
        for (unsigned st = 0; st < 5; st++)
          add_rows(&rows, u, l, st, &all[u][l][st]);
      }
    deal(&rows, &seed, first, second, sizeof first);
    sample s = { .tables = { first, second } };
    if (run(&s, stage_words[wanted]) != CHISO_OK)
      show(&s);
    MUST(s.status == CHISO_OK);
    for (size_t u = 0; u < N_UNITS; u++)
      for (size_t l = 0; l < N_LEAVES; l++) {
        told want = model_of(all[u][l], wanted);
        bool same = same_as_model(&s, u, l, &want);
        CU_ASSERT(same);
        if (!same)
          fprintf(stderr, "\n    %s of %c at %s\n%s%s", leaf_ids[l],
                  (char)('a' + (int)u), stage_words[wanted], first, second);
      }
    end(&s);
  }
}

/* ---- what units score themselves ----------------------------------------- */

static void test_self(void) {
  sample s = { .tables = { HEAD "a,A.1,num,1,,self\na,A.1,den,2,,self\n"
                                "a,A.2,,2,,self\na,B.1,,3,,self\n"
                                "a,B.2,,3,,self\nb,B.2,,3,,self\n"
                                "a,B.2,,1,,\na,B.3,,NA,,\n" } };
  MUST(run(&s, "tự chấm") == CHISO_OK);
  CU_ASSERT_EQUAL(chiso_run_stage(s.run), CHISO_STAGE_SELF);
  CU_ASSERT_EQUAL(points_of(&s, "a", "index"), 7 * ONE);
  CU_ASSERT_EQUAL(chiso_run_scores(s.run)->max[at_of(&s, "a", "index")],
                  9 * ONE);
  CU_ASSERT_EQUAL(chiso_run_scores(s.run)->max[at_of(&s, "a", "B")], 3 * ONE);
  CU_ASSERT_EQUAL(state_of(&s, "a", "B.2"), CHISO_STATE_NOT_APPLICABLE);
  CU_ASSERT_EQUAL(state_of(&s, "b", "index"), CHISO_STATE_MISSING);
  CU_ASSERT_EQUAL(chiso_run_not_self(s.run, 7), CHISO_BY_STATISTICS);
  for (uint32_t i = 0; i < 7; i++)
    CU_ASSERT_EQUAL(chiso_run_not_self(s.run, i),
                    i >= 6 ? CHISO_BY_SURVEY : CHISO_BY_NONE);
  /* two notices: the survey's leaf, and rows of other stages */
  MUST(chiso_run_remarks(s.run) == 2 && chiso_run_faults(s.run) == 0);
  const chiso_error *aside = chiso_run_remark(s.run, 1);
  CU_ASSERT(aside->line == 6 && aside->column == 4);
  CU_ASSERT_PTR_NOT_NULL(strstr(aside->text, "units: 2"));
  end(&s);
  sample t = { .tables = { s.tables[0] } };
  MUST(run(&t, "appraised") == CHISO_OK);
  CU_ASSERT(!chiso_run_not_self(t.run, 6));
  CU_ASSERT_EQUAL(state_of(&t, "a", "A"), CHISO_STATE_MISSING);
  CU_ASSERT_EQUAL(points_of(&t, "a", "B.2"), ONE);
  end(&t);
  /* a survey has nothing of anybody's own, and points of a whole dimension are
   * not either */
  sample u = { .options.stage = "self",
               .tables = { "unit,node,points,stage\n66,D1,5,self\n" } };
  MUST(begin(&u, "vn.papi.province", "2018") == CHISO_OK);
  CU_ASSERT_EQUAL(state_of(&u, "66", "D1"), CHISO_STATE_NOT_APPLICABLE);
  CU_ASSERT_EQUAL(state_of(&u, "66", "index"), CHISO_STATE_NOT_APPLICABLE);
  CU_ASSERT_EQUAL(chiso_run_remarks(u.run), 1);
  end(&u);
}

SUITE_MAIN({ "words", test_words }, { "pairs", test_pairs },
           { "repeated", test_repeated }, { "inputs", test_inputs },
           { "random rows", test_random }, { "self", test_self })
