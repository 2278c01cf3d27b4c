/* SPDX-License-Identifier: Apache-2.0
 * Overlays: what each verb does, each law of composition broken once, layers,
 * who set what, another base, and short memory. */
#include "chiso/engine.h"
#include "chiso/variant.h"
#include "fixture.h"
#include "host_fixture.h"
#include "hostile.h"
#include "small.h"

#define LEAF(id, parent, max, op, more)                                        \
  "," SMALL_NODE(id, parent, "criterion", max, "1", op, more) "\n"
#define BASE(version, a2)                                                      \
  "{\"format\": 1, \"id\": \"t.base\", \"edition\": \"" version "\", "         \
  "\"level\": \"province\", " SMALL_TITLE                                      \
  ", \"rounds\": {\"first\": 2020}, \"units\": \"u/1\", \"digits\": 2, "       \
  "\"rank\": {\"by\": \"points\", \"ties\": \"shared\"}, "                     \
  "\"legal\": [{\"key\": \"b\", \"instrument\": \"9/QĐ\"}], \"counts\": "     \
  "{\"area\": 1}, \"nodes\": [" SMALL_ROOT("10", "sum", "") "\n," SMALL_NODE(  \
      "A", "index", "area", "6", "1", "sum", "\"concept\": \"a\", ")           \
      LEAF("A1", "A", "2", "manual",                                           \
           "\"evidence\": \"Biên bản\", \"assessor\": \"survey\", "         \
           "\"concept\": \"a.one\", ")                                         \
          LEAF(a2, "A", "4", "step",                                           \
               "\"steps\": [{\"at\": \"1\", \"points\": \"4\"}, {\"at\": "     \
               "\"0.5\", \"points\": \"2\"}], \"inputs\": [{\"key\": \"n\", "  \
               "\"role\": \"num\", \"unit\": \"count\"}, {\"key\": \"d\", "    \
               "\"role\": \"den\", \"unit\": \"count\"}], \"concept\": "       \
               "\"a.two\", ")                                                  \
              LEAF("B", "index", "4", "ratio",                                 \
                   "\"target\": \"0.8\", \"concept\": \"b\", ") "]}"

typedef struct desk {
  folder at;
  char path[PATH_ROOM], digest[65];
  chiso_error err;
} desk;

static const char *under(desk *d, const char *name) {
  snprintf(d->path, sizeof d->path, "%s/%s", d->at.path, name);
  return d->path;
}

static void base_digest(desk *d, const char *name) {
  chiso_methodology *m = NULL;
  if (chiso_methodology_read(under(d, name), NULL, &m, &d->err) != CHISO_OK) {
    fprintf(stderr, "%s\n", d->err.text);
    abort();
  }
  snprintf(d->digest, sizeof d->digest, "%s", chiso_methodology_digest(m));
  chiso_methodology_free(m);
}

static desk desk_open(void) {
  desk d = { .at = folder_make() };
  put_text(&d.at, "base.json", BASE("1", "A2"));
  base_digest(&d, "base.json");
  return d;
}

/* The sections of an overlay begin in line 9. */
static void put_overlay(desk *d, const char *name, const char *more,
                        const char *sections) {
  char text[8192];
  snprintf(text, sizeof text,
           "[overlay]\nid = t.internal\nedition = 1\nbase = base.json\n"
           "base_sha256 = %s\ntitle_vi = Bộ nội bộ\n[legal q]\n"
           "instrument = 1/QĐ\n%s",
           d->digest, sections);
  if (*more) { /* more keys of [overlay], after line 6 */
    char *at = strstr(text, "[legal q]");
    size_t n = strlen(more);
    memmove(at + n, at, strlen(at) + 1);
    memcpy(at, more, n);
  }
  put_text(&d->at, name, text);
}

static chiso_variant *read_one(desk *d, const char *name) {
  chiso_variant *v = NULL;
  const char *path = under(d, name);
  d->err = (chiso_error) { 0 };
  if (chiso_variant_read(&path, 1, NULL, NULL, &v, &d->err) != CHISO_OK)
    return NULL;
  return v;
}

static chiso_variant *vary(desk *d, const char *more, const char *sections) {
  put_overlay(d, "o.ini", more, sections);
  chiso_variant *v = read_one(d, "o.ini");
  if (!v)
    fprintf(stderr, "%u:%u: %s\n", (unsigned)d->err.line,
            (unsigned)d->err.column, d->err.text);
  return v;
}

static const chiso_node *node_of(const chiso_variant *v, const char *id) {
  const chiso_methodology *m = chiso_variant_methodology(v);
  uint32_t place = chiso_methodology_find(m, id);
  return place == CHISO_NO_NODE ? NULL
                                : &chiso_methodology_index(m)->nodes[place];
}

/* ---- what the verbs do -------------------------------------------------- */

#define L "legal = q\n"

static void verbs(void) {
  desk d = desk_open();
  chiso_variant *v = vary(
      &d, "max = 11\nlevel = commune\nrank = percent\nnote = x\n",
      "[change 1]\nid = A2\nsteps = \">=100%: 4; > 60%: 1,5; else: 0,25\"\n"
      "round = 1 cut_off\n" L
      "[add 1]\nid = A3\nparent = A\nbefore = A2\nkind = criterion\n"
      "title_vi = Mới\nop = choice\nmax = 1\n"
      "steps = \"co (Có / Yes): 1; khong (Không): 0\"\n" L
      "[reweight 1]\nid = B\nmax = 3\n" L "[move 1]\nid = B\nbefore = A\n" L
      "[reweight 2]\nid = A1\nmax = 3\n" L);
  MUST(v != NULL);
  const chiso_index *ix = chiso_methodology_index(chiso_variant_methodology(v));
  CU_ASSERT_EQUAL(ix->scope, CHISO_SCOPE_INTERNAL);
  CU_ASSERT_STRING_EQUAL(ix->variant_of, "t.base/1");
  CU_ASSERT_EQUAL(ix->level, CHISO_LEVEL_COMMUNE);
  CU_ASSERT_EQUAL(ix->rank_by, CHISO_RANK_PERCENT);
  CU_ASSERT_EQUAL(ix->n_counts, 0);
  CU_ASSERT_STRING_EQUAL(ix->legal[0].key, "q");
  CU_ASSERT_EQUAL(ix->nodes[0].max, 11000000);
  CU_ASSERT_STRING_EQUAL(ix->nodes[0].title_vi, "Bộ nội bộ");
  CU_ASSERT_STRING_EQUAL(ix->nodes[1].id, "B");
  CU_ASSERT_EQUAL(ix->nodes[1].max, 3000000);
  CU_ASSERT_EQUAL(node_of(v, "A")->max, 8000000); /* follows */
  const chiso_node *n = node_of(v, "A2");
  MUST(n != NULL && n->n_steps == 2);
  CU_ASSERT_EQUAL(n->steps[0].at, 1000000);
  CU_ASSERT_EQUAL(n->steps[1].at, 600000);
  CU_ASSERT_EQUAL(n->steps[1].cmp, CHISO_CMP_GT);
  CU_ASSERT_EQUAL(n->steps[1].points, 1500000);
  CU_ASSERT_EQUAL(n->otherwise, 250000);
  CU_ASSERT_EQUAL(n->digits, 1);
  CU_ASSERT_EQUAL(n->round, CHISO_ROUND_CUT_OFF);
  CU_ASSERT_PTR_EQUAL(n - 1, node_of(v, "A3"));
  CU_ASSERT_STRING_EQUAL(n[-1].steps[0].title_en, "Yes");
  CU_ASSERT_EQUAL(n[-1].prov_points, CHISO_PROV_RECONSTRUCTED);
  CU_ASSERT_STRING_EQUAL(n[-1].source, "1/QĐ");
  const chiso_layer *l = chiso_variant_layer(v, 0);
  CU_ASSERT(l->added == 1 && l->changed == 1 && l->moved == 1 &&
            l->reweighted == 2 && l->removed == 0);
  chiso_variant_free(v);
  folder_remove(&d.at);
}

/* A whole tree in proportion: what a rule says in points follows. */
static void scale_60(void) {
  desk d = desk_open();
  chiso_variant *v =
      vary(&d, "max = 6\n", "[reweight all]\nid = index\nmax = 6\n" L);
  MUST(v != NULL);
  CU_ASSERT_EQUAL(node_of(v, "A")->max, 3600000);
  CU_ASSERT_EQUAL(node_of(v, "A2")->steps[0].points, 2400000);
  CU_ASSERT_EQUAL(node_of(v, "A2")->steps[1].points, 1200000);
  CU_ASSERT_EQUAL(node_of(v, "A2")->steps[1].at, 500000);
  CU_ASSERT_EQUAL(node_of(v, "B")->max, 2400000);
  chiso_variant_free(v);
  folder_remove(&d.at);
}

/* Another op begins the rule anew. */
static void another_op(void) {
  desk d = desk_open();
  chiso_variant *v = vary(&d, "",
                          "[change 1]\nid = B\nop = linear\n"
                          "steps = \"0: 0; 10,5: 4\"\n" L);
  MUST(v != NULL);
  const chiso_node *n = node_of(v, "B");
  CU_ASSERT_EQUAL(n->op, CHISO_OP_LINEAR);
  CU_ASSERT_EQUAL(n->target, 0);
  CU_ASSERT_EQUAL(n->n_inputs, 1);
  CU_ASSERT_EQUAL(n->steps[1].at, 10500000);
  chiso_variant_free(v);
  v = vary(&d, "",
           "[change 1]\nid = A1\nclear = evidence\nweakens = yes\n"
           "assessor = self\n" L);
  MUST(v != NULL);
  CU_ASSERT_PTR_NULL(node_of(v, "A1")->evidence);
  chiso_variant_free(v);
  /* more evidence is not weaker */
  v = vary(&d, "", "[change 1]\nid = A1\nevidence = Biên bản và ảnh\n" L);
  CU_ASSERT_PTR_NOT_NULL(v);
  chiso_variant_free(v);
  folder_remove(&d.at);
}

/* A new title takes its translation away, unless that is said: as it was, too.
 */
static void translations(void) {
  desk d = desk_open();
  chiso_variant *v =
      vary(&d, "",
           "[change 1]\nid = A1\ntitle_vi = Mới\n" L
           "[change 2]\nid = B\ntitle_vi = Mới\ntitle_en = Name\n" L);
  MUST(v != NULL);
  CU_ASSERT_PTR_NULL(node_of(v, "A1")->title_en);
  CU_ASSERT_STRING_EQUAL(node_of(v, "B")->title_en, "Name");
  CU_ASSERT_STRING_EQUAL(node_of(v, "B")->title_vi, "Mới");
  chiso_variant_free(v);
  folder_remove(&d.at);
}

static void grades(void) {
  desk d = desk_open();
  chiso_variant *v = vary(&d, "",
                          "[grading 1]\nkind = bands\n" L
                          "grades = \"t (Tốt): >8; k (Khá / Fair): >=7; y: "
                          "else\"\n");
  MUST(v != NULL);
  const chiso_index *ix = chiso_methodology_index(chiso_variant_methodology(v));
  MUST(ix->n_gradings == 1 && ix->gradings[0].n_grades == 3);
  CU_ASSERT_EQUAL(ix->gradings[0].grades[0].cmp, CHISO_CMP_GT);
  CU_ASSERT_EQUAL(ix->gradings[0].grades[1].at_least, 7000000);
  CU_ASSERT_EQUAL(ix->gradings[0].grades[2].at_least, CHISO_NONE);
  CU_ASSERT_STRING_EQUAL(ix->gradings[0].grades[2].title_vi, "y");
  /* 8 belongs to the second: the first is above it */
  const chiso_dec figures[] = { 8000000, 8010000, 7000000, 6990000 };
  uint32_t of[4];
  MUST(chiso_grade_units(&ix->gradings[0], figures, 4, of, NULL, NULL,
                         &d.err) == CHISO_OK);
  CU_ASSERT(of[0] == 1 && of[1] == 0 && of[2] == 1 && of[3] == 2);
  chiso_variant_free(v);
  folder_remove(&d.at);
}

/* ---- what is refused ---------------------------------------------------- */

static const bad laws[] = {
  /* a typo is an error, never nothing */
  { "[chnage 1]\nid = B\nmax = 4\n" L, 9, 0, MSG_VARIANT_SECTION },
  { "[change 1]\nid = B1\nnote = x\n" L, 10, 6, MSG_VARIANT_NODE_NEAR },
  { "[change 1]\nid = b\nnote = x\n" L, 10, 6, MSG_VARIANT_NODE_NEAR },
  { "[change 1]\nid = XYZW\nnote = x\n" L, 10, 6, MSG_VARIANT_NODE },
  { "[change 1]\nid = B\nnoet = x\n" L, 11, 0, MSG_KEY_NEAR },
  { "[change 1]\nid = B\nop = ration\n" L, 11, 6, MSG_MODEL_BAD_KEY },
  { "[change 1]\nid = B\nsteps = \">=1: 4\"\n" L, 11, 10, MSG_MODEL_OTHER_OP },
  { "[change 1]\nid = B\nnote = x\nlegal = z\n", 12, 9, MSG_VARIANT_LEGAL },
  { "[change 1]\nid = B\nnote = x\n", 9, 0, MSG_VARIANT_ABSENT },
  { "[change 1]\nnote = x\n" L, 9, 0, MSG_VARIANT_ABSENT },
  { "[remove 1]\nid = B\nnote = x\n" L, 11, 0, MSG_KEY_UNKNOWN },
  /* a change that changes nothing */
  { "[change 1]\nid = B\nmax = 4,0\n" L, 11, 7, MSG_VARIANT_SAME },
  { "[change 1]\nid = B\ntitle_en = Name\n" L, 11, 12, MSG_VARIANT_SAME },
  { "[change 1]\nid = B\n" L, 9, 0, MSG_VARIANT_NOTHING },
  { "[change 1]\nid = B\nclear = note\n" L, 11, 9, MSG_VARIANT_SAME },
  { "[reweight 1]\nid = B\nmax = 4\n" L, 11, 7, MSG_VARIANT_SAME },
  { "[move 1]\nid = B\n" L, 9, 0, MSG_VARIANT_NOT_MOVED },
  { "[move 1]\nid = B\nafter = A\n" L, 9, 0, MSG_VARIANT_NOT_MOVED },
  { "[change 1]\nid = B\nnote = x\n" L "[change 2]\nid = B\nnote = y\n" L, 15,
    8, MSG_VARIANT_TWICE },
  /* exactly one node, or none */
  { "[add 1]\nid = a1\nparent = A\nkind = criterion\ntitle_vi = x\nmax = 1\n"
    "op = manual\n" L,
    10, 6, MSG_VARIANT_TAKEN },
  { "[remove 1]\nid = A1\n" L "[add 1]\nid = A1\nparent = A\nkind = "
    "criterion\ntitle_vi = x\nmax = 2\nop = manual\n" L,
    13, 6, MSG_VARIANT_TAKEN },
  { "[remove 1]\nid = A1\n" L "[remove 2]\nid = A1\n" L, 13, 6,
    MSG_VARIANT_GONE },
  { "[remove 1]\nid = A\n" L "[change 2]\nid = A1\nnote = x\n" L, 13, 6,
    MSG_VARIANT_GONE },
  { "[remove 1]\nid = index\n" L, 10, 6, MSG_VARIANT_ROOT },
  { "[add 1]\nid = C\nparent = A\nkind = criterion\ntitle_vi = x\n"
    "op = manual\n" L,
    9, 0, MSG_VARIANT_ABSENT },
  { "[add 1]\nid = C\nparent = A\nbefore = B\nkind = criterion\ntitle_vi = "
    "x\nmax = 1\nop = manual\n" L,
    12, 10, MSG_VARIANT_BESIDE },
  { "[move 1]\nid = A\nparent = A1\n" L, 11, 10, MSG_VARIANT_UNDER_ITSELF },
  /* totals */
  { "[change 1]\nid = B\nmax = 5\n" L, 9, 0, MSG_VARIANT_NEW_TOTAL },
  { "[remove 1]\nid = B\n" L, 9, 0, MSG_VARIANT_NEW_TOTAL },
  { "[change 1]\nid = A\nmax = 5\n" L "[change 2]\nid = B\nmax = 5\n" L, 9, 0,
    MSG_MODEL_BALANCE },
  { "[change 1]\nid = index\nmax = 12\n" L, 11, 7, MSG_VARIANT_ROOT_MAX },
  { "[remove 1]\nid = A1\n" L "[remove 2]\nid = A2\n" L, 12, 0,
    MSG_MODEL_INNER_ALONE },
  { "[change 1]\nid = A2\nmax = 3\n" L "[change 2]\nid = A1\nmax = 3\n" L, 9, 0,
    MSG_MODEL_BEST_POINTS },
  /* concepts, code, evidence */
  { "[change 1]\nid = B\nconcept = c\n" L, 11, 11, MSG_VARIANT_CONCEPT },
  { "[change 1]\nid = B\nparent = A\n" L, 11, 10, MSG_VARIANT_PARENT },
  { "[change 1]\nid = B\nop = call\n" L, 11, 6, MSG_VARIANT_CALL },
  { "[change 1]\nid = B\ncall = 1\n" L, 11, 8, MSG_VARIANT_CALL },
  { "[add 1]\nid = C\nparent = A\nkind = criterion\ntitle_vi = x\nmax = 1\n"
    "op = manual\nconcept = b\n" L,
    16, 11, MSG_VARIANT_CONCEPT_TAKEN },
  { "[change 1]\nid = A1\nclear = evidence\n" L, 9, 0, MSG_VARIANT_WEAKER },
  { "[change 1]\nid = A1\nevidence = Ảnh\n" L, 9, 0, MSG_VARIANT_WEAKER },
  { "[change 1]\nid = A1\nassessor = self\n" L, 9, 0, MSG_VARIANT_WEAKER },
  { "[change 1]\nid = A1\nnote = x\nweakens = yes\n" L, 12, 11,
    MSG_VARIANT_NOT_WEAKER },
  { "[change 1]\nid = A1\nclear = evidence\nweakens = true\n" L, 12, 11,
    MSG_VARIANT_WEAKENS_WORD },
  { "[change 1]\nid = B\nclear = title_vi\n" L, 11, 9, MSG_VARIANT_CLEAR },
  { "[change 1]\nid = B\nclear = note\nnote = x\n" L, 11, 9,
    MSG_VARIANT_CLEAR_AND_SET },
  /* values */
  { "[change 1]\nid = B\nmax = 4.000,5\n" L, 11, 7, MSG_VARIANT_NUMBER },
  { "[change 1]\nid = B\nmax = 4,1234567\n" L, 11, 7, MSG_VARIANT_NUMBER },
  { "[change 1]\nid = B\nmax = 4,5\ntarget = 0.7\n" L, 12, 10,
    MSG_VARIANT_MARKS },
  { "[change 1]\nid = B\nround = 7\n" L, 11, 9, MSG_VARIANT_ROUND },
  { "[change 1]\nid = B\nround = 2 up\n" L, 11, 9, MSG_VARIANT_ROUND },
  { "[change 1]\nid = B\nnote =\n" L, 11, 7, MSG_VARIANT_EMPTY },
  { "[change 1]\nid = B\nwas = 1,,2\n" L, 11, 9, MSG_VARIANT_EMPTY_ITEM },
  { "[change 1]\nid = A2\nsteps = \">=1: 4; 0,5: 2\"\n" L, 11, 18,
    MSG_VARIANT_STEP },
  { "[change 1]\nid = A2\nsteps = \">=1: 4; else: 0; >=0,5: 2\"\n" L, 11, 18,
    MSG_VARIANT_ELSE_LAST },
  { "[change 1]\nid = A2\ninputs = \"v: x count\"\nsteps = \">=90%: 4\"\n" L,
    12, 12, MSG_VARIANT_PERCENT },
  { "[change 1]\nid = A2\ninputs = \"v: x cuont\"\n" L, 11, 11,
    MSG_VARIANT_INPUT },
  { "[grading 1]\nkind = bands\ngrades = \"a: >=1; b\"\n" L, 11, 19,
    MSG_VARIANT_GRADE },
  { "[grading 1]\nkind = quantile\ngrades = \"a; b: >=1\"\n" L, 11, 14,
    MSG_VARIANT_QUANTILE },
  { "[grading 1]\nkind = bands\ngrades = \"a: >=1; b: >=2\"\n" L, 11, 11,
    MSG_MODEL_GRADING },
  { "[legal b]\ninstrument = x\n", 9, 0, MSG_VARIANT_LEGAL_TAKEN },
  /* parts of the total, days */
  { "[partition p]\ntitle_vi = x\nparts = \"p1: 6; p2: 5\"\n" L, 11, 10,
    MSG_MODEL_BALANCE },
  { "[partition p]\ntitle_vi = x\nparts = \"p1: 6; B: 4\"\n" L, 11, 10,
    MSG_VARIANT_TAKEN },
  { "[partition p]\ntitle_vi = x\nparts = \"p1: 6; p1: 4\"\n" L, 11, 10,
    MSG_VARIANT_TAKEN },
  { "[partition p]\ntitle_vi = x\nparts = \"p1: 10; p2: 0\"\n" L, 11, 10,
    MSG_VARIANT_PART },
  { "[partition p]\ntitle_vi = x\nparts = \"p1: 6; p2\"\n" L, 11, 17,
    MSG_VARIANT_PART },
  { "[partition a b]\ntitle_vi = x\nparts = \"p1: 10\"\n" L, 9, 0,
    MSG_VARIANT_PARTITION_ID },
  { "[partition p]\nparts = \"p1: 10\"\n" L, 9, 0, MSG_VARIANT_ABSENT },
  { "[partition p]\ntitle_vi =\nparts = \"p1: 10\"\n" L, 10, 11,
    MSG_MODEL_EMPTY_TEXT },
  { "[partition p]\ntitle_vi = x\nparts = \"p1: 10\"\n", 9, 0,
    MSG_VARIANT_ABSENT },
  { "[deadline 1]\nwhat = self\ndate = 31/02/2026\n", 11, 8, MSG_VARIANT_DATE },
  { "[deadline 1]\ndate = 01/02/2026\n", 9, 0, MSG_VARIANT_ABSENT },
  { "[deadline 1]\nwhat = self\ndate = 01/02/2026\n"
    "[deadline 2]\nwhat = self\ndate = 02/02/2026\n",
    13, 8, MSG_VARIANT_TWICE_IN_LIST },
  { "[deadline 1]\nwhat = self\ndate = 01/02/2026\nlegal = z\n", 12, 9,
    MSG_VARIANT_LEGAL },
};

static void refuses(void) {
  desk d = desk_open();
  for (size_t i = 0; i < sizeof laws / sizeof *laws; i++) {
    put_overlay(&d, "o.ini", "", laws[i].text);
    chiso_variant *v = read_one(&d, "o.ini");
    CU_ASSERT_PTR_NULL(v);
    expect_bad(&laws[i], &d.err);
    CU_ASSERT(strstr(d.err.file, "o.ini") != NULL);
    chiso_variant_free(v);
  }
  folder_remove(&d.at);
}

/* How many faults an overlay has; 0 too when none of them could be kept. */
static size_t faults_of(desk *d, const char *text) {
  chiso_variant *v = NULL;
  const char *path = under(d, "o.ini");
  put_overlay(d, "o.ini", "", text);
  d->err = (chiso_error) { 0 };
  (void)chiso_variant_read_all(&path, 1, NULL, NULL, &v, &d->err);
  size_t n = v ? chiso_variant_faults(v) : 0;
  bool first =
      n > 0 && strcmp(chiso_variant_fault(v, 0)->text, d->err.text) == 0;
  bool ends = n > 0 && !chiso_variant_fault(v, n);
  chiso_variant_free(v);
  return first && ends ? n : 0;
}

/* Every law broken once is one fault and nothing that follows; what else
 * stands in the file is told beside it. */
static void all_faults(void) {
  desk d = desk_open();
  static const char other[] = "[change 900]\nid = nowhere\nnote = x\n" L;
  for (size_t i = 0; i < sizeof laws / sizeof *laws; i++) {
    char text[2048];
    size_t n = faults_of(&d, laws[i].text);
    CU_ASSERT_EQUAL(n, 1);
    if (n != 1)
      fprintf(stderr, "%zu faults: %s\n", n, laws[i].text);
    snprintf(text, sizeof text, "%s%s", laws[i].text, other);
    n = faults_of(&d, text);
    /* what the tree is as a whole is only asked of sections without faults */
    chiso__message m = laws[i].message;
    bool tree = m == MSG_VARIANT_NEW_TOTAL || m == MSG_MODEL_BALANCE ||
                m == MSG_MODEL_INNER_ALONE || m == MSG_MODEL_BEST_POINTS ||
                (m == MSG_VARIANT_TAKEN && strstr(laws[i].text, "partition"));
    CU_ASSERT_EQUAL(n, tree ? 1 : 2);
    if (n != (tree ? 1 : 2))
      fprintf(stderr, "%zu faults: %s\n", n, text);
  }
  folder_remove(&d.at);
}

/* Whole files, and keys of [overlay]. */
static void refuses_heads(void) {
  desk d = desk_open();
  static const struct {
    const char *more;
    unsigned line, column;
    chiso__message message;
  } heads[] = {
    { "max = 11\n", 7, 0, MSG_VARIANT_TOTAL },
    { "lvel = commune\n", 7, 0, MSG_KEY_NEAR },
    { "level = comune\n", 7, 9, MSG_MODEL_BAD_KEY },
    { "digits = 7\n", 7, 10, MSG_MODEL_WANT_INTEGER },
    { "counts = 2 criterions\n", 7, 10, MSG_VARIANT_COUNTS },
    { "counts = 2 area\n", 0, 0, MSG_MODEL_COUNT },
    { "gradings = none\n", 7, 12, MSG_VARIANT_GRADINGS },
    { "max = none\n", 7, 7, MSG_VARIANT_NUMBER },
    { "first = 2030\nlast = 2020\n", 8, 8, MSG_VARIANT_YEARS },
  };
  for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
    bad b = { heads[i].more, heads[i].line, heads[i].column, heads[i].message };
    put_overlay(&d, "o.ini", heads[i].more, "");
    CU_ASSERT_PTR_NULL(read_one(&d, "o.ini"));
    expect_bad(&b, &d.err);
  }
  static const struct {
    const char *text;
    chiso__message message;
  } files[] = {
    { "[change 1]\nid = B\n", MSG_VARIANT_NO_OVERLAY },
    { "[overlay]\nid = x\n", MSG_VARIANT_ABSENT },
    { "[overlay]\nid = x\nedition = 1\ntitle_vi = x\nbase = base.json\n"
      "[legal q]\ninstrument = 1/QĐ\n",
      MSG_VARIANT_NO_PIN },
    { "[overlay]\nbase = base.json\nbase_sha256 = 12\n", MSG_VARIANT_PIN },
    { "[overlay]\nbase = o.ini\n", MSG_VARIANT_LAYERS },
    { "[overlay]\nbase = none.json\n", MSG_FILE_ABSENT },
    { "[overlay]\nbase = t.base/1\n", MSG_STORE_UNKNOWN },
  };
  for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
    const char *want = chiso__message_text(files[i].message, CHISO_LANG_EN);
    put_text(&d.at, "o.ini", files[i].text);
    CU_ASSERT_PTR_NULL(read_one(&d, "o.ini"));
    CU_ASSERT_EQUAL(strncmp(d.err.text, want, strcspn(want, "%")), 0);
  }
  folder_remove(&d.at);
}

/* Parts and days are of the file: they are in the result, and stay there when
 * it is flattened. */
static void parts_and_days(void) {
  desk d = desk_open();
  chiso_variant *v = vary(
      &d, "",
      "[partition how]\ntitle_vi = Cách chấm\ntitle_en = Ways\n"
      "parts = \"by.us (Thẩm định / Appraisal): 6,5; dt (Điều tra): 3,5\"\n" L
      "[deadline 1]\nwhat = self_score\ndate = 26/02/2021\n"
      "[deadline 2]\nwhat = appraisal\ndate = 2021-04-15\n" L);
  MUST(v != NULL);
  const chiso_index *ix = chiso_methodology_index(chiso_variant_methodology(v));
  CU_ASSERT_EQUAL(ix->n_partitions, 1);
  CU_ASSERT_STRING_EQUAL(ix->partitions[0].id, "how");
  CU_ASSERT_STRING_EQUAL(ix->partitions[0].source, "1/QĐ");
  CU_ASSERT_EQUAL(ix->partitions[0].n_parts, 2);
  CU_ASSERT_EQUAL(ix->partitions[0].parts[1].max, 3500000);
  CU_ASSERT_STRING_EQUAL(ix->partitions[0].parts[0].title_en, "Appraisal");
  CU_ASSERT_EQUAL(ix->n_deadlines, 2);
  CU_ASSERT_EQUAL(ix->deadlines[0].date.day, 26);
  CU_ASSERT_EQUAL(ix->deadlines[1].date.month, 4);
  size_t count;
  const chiso_field_origin *o = chiso_variant_origins(v, CHISO_NO_NODE, &count);
  bool seen[2] = { false, false };
  for (size_t i = 0; i < count; i++) {
    seen[0] |= strcmp(o[i].field, "partitions") == 0 && o[i].line == 9;
    seen[1] |= strcmp(o[i].field, "deadlines") == 0 && o[i].line == 17;
  }
  CU_ASSERT(seen[0] && seen[1]);
  chiso_variant_free(v);
  folder_remove(&d.at);
}

/* ---- layers ------------------------------------------------------------- */

static chiso_variant *stack_of(desk *d, const char *const *names, size_t n) {
  char paths[CHISO_MAX_LAYERS + 1][PATH_ROOM];
  const char *list[CHISO_MAX_LAYERS + 1];
  chiso_variant *v = NULL;
  for (size_t i = 0; i < n; i++) {
    snprintf(paths[i], sizeof paths[i], "%s/%s", d->at.path, names[i]);
    list[i] = paths[i];
  }
  d->err = (chiso_error) { 0 };
  return chiso_variant_read(list, n, NULL, NULL, &v, &d->err) == CHISO_OK
             ? v
             : NULL;
}

static void put_upper(desk *d, const char *name, const char *base,
                      const char *digest, const char *id) {
  char text[1024];
  snprintf(text, sizeof text,
           "[overlay]\nid = %s\nedition = 1\nbase = %s\nbase_sha256 = %s\n"
           "title_vi = Trên\n[legal %s]\ninstrument = 2/QĐ\n[change 1]\nid = "
           "B\nnote = %s\nlegal = %s\n",
           id, base, digest, id, id, id);
  put_text(&d->at, name, text);
}

static void layers(void) {
  desk d = desk_open();
  static const char *const both[] = { "o.ini", "p.ini" },
                           *const turned[] = { "p.ini", "o.ini" },
                           *const by_path[] = { "p.ini" };
  char first[65];
  chiso_variant *v =
      vary(&d, "", "[change 1]\nid = B\nnote = dưới\nrule = r\n" L);
  MUST(v != NULL);
  snprintf(first, sizeof first, "%s",
           chiso_methodology_digest(chiso_variant_methodology(v)));
  chiso_variant_free(v);
  put_upper(&d, "p.ini", "t.internal/1", first, "upper");
  v = stack_of(&d, both, 2);
  MUST(v != NULL);
  CU_ASSERT_STRING_EQUAL(node_of(v, "B")->note, "upper"); /* later wins */
  CU_ASSERT_STRING_EQUAL(node_of(v, "B")->rule, "r");
  CU_ASSERT_STRING_EQUAL(
      chiso_methodology_index(chiso_variant_methodology(v))->variant_of,
      "t.base/1");
  /* each field has who set it last */
  uint32_t b = chiso_methodology_find(chiso_variant_methodology(v), "B");
  size_t count = 0;
  const chiso_field_origin *o = chiso_variant_origins(v, b, &count);
  bool note = false, rule = false;
  for (size_t i = 0; i < count; i++) {
    if (strcmp(o[i].field, "note") == 0)
      note = o[i].layer == 1 && o[i].line == 11 &&
             strcmp(o[i].instrument, "2/QĐ") == 0 &&
             strcmp(o[i].before, "dưới") == 0;
    if (strcmp(o[i].field, "rule") == 0)
      rule = o[i].layer == 0 && o[i].line == 12;
  }
  CU_ASSERT(note && rule);
  char digest[65];
  snprintf(digest, sizeof digest, "%s",
           chiso_methodology_digest(chiso_variant_methodology(v)));
  chiso_variant_free(v);
  CU_ASSERT_PTR_NULL(stack_of(&d, turned, 2));
  /* the same by a path in the overlay itself */
  put_upper(&d, "p.ini", "o.ini", first, "upper");
  v = stack_of(&d, by_path, 1);
  MUST(v != NULL);
  CU_ASSERT_EQUAL(chiso_variant_layers(v), 2);
  CU_ASSERT_STRING_EQUAL(chiso_methodology_digest(chiso_variant_methodology(v)),
                         digest);
  chiso_variant_free(v);
  CU_ASSERT_PTR_NULL(stack_of(&d, both, 2)); /* and not twice */
  folder_remove(&d.at);
}

/* ---- the flattened file ------------------------------------------------- */

static void flat(void) {
  desk d = desk_open();
  chiso_variant *v =
      vary(&d, "", "[remove 1]\nid = A1\n" L "[change 1]\nid = B\nmax = 6\n" L);
  MUST(v != NULL);
  const chiso_methodology *m = chiso_variant_methodology(v);
  char *text = NULL;
  size_t size = 0;
  MUST(chiso_methodology_write(m, &text, &size, &d.err) == CHISO_OK);
  put_bytes(&d.at, "flat.json", text, size);
  chiso_text_free(NULL, text);
  chiso_methodology *again = NULL;
  MUST(chiso_methodology_read(under(&d, "flat.json"), NULL, &again, &d.err) ==
       CHISO_OK);
  CU_ASSERT_STRING_EQUAL(chiso_methodology_digest(m),
                         chiso_methodology_digest(again));
  CU_ASSERT_EQUAL(chiso_variant_n_removed(v), 1);
  CU_ASSERT_STRING_EQUAL(chiso_variant_removed(v, 0)->id, "A1");
  CU_ASSERT_PTR_NULL(chiso_variant_removed(v, 1));
  /* it is compared with its base by id */
  chiso_change *rows = NULL;
  size_t count = 0, same = 0;
  MUST(chiso_changes(chiso_variant_base(v), again, &rows, &count, &d.err) ==
       CHISO_OK);
  for (size_t i = 0; i < count; i++)
    same += rows[i].before != CHISO_NO_NODE && rows[i].after != CHISO_NO_NODE;
  CU_ASSERT_EQUAL(same, 4);
  chiso_changes_free(NULL, rows);
  chiso_methodology_free(again);
  chiso_variant_free(v);
  folder_remove(&d.at);
}

/* ---- another base ------------------------------------------------------- */

static void rebases(void) {
  desk d = desk_open();
  chiso_variant *v = NULL;
  chiso_rebase *r = NULL;
  char path[PATH_ROOM], to[PATH_ROOM];
  put_text(&d.at, "next.json", BASE("2", "A9"));
  put_overlay(&d, "o.ini", "",
              "# lời\n[change 1]\nid = A2\nnote = x\n" L
              "[move 1]\nid = A1\nafter = A2\n" L);
  const char *file = path;
  snprintf(path, sizeof path, "%s", under(&d, "o.ini"));
  snprintf(to, sizeof to, "%s", under(&d, "next.json"));
  MUST(chiso_rebase_new(&file, 1, to, NULL, NULL, &r, &d.err) == CHISO_OK);
  CU_ASSERT_EQUAL(chiso_rebase_open(r), 0);
  MUST(chiso_rebase_rows(r) == 3);
  CU_ASSERT_EQUAL(chiso_rebase_row_at(r, 0)->kind, CHISO_REBASE_REWRITTEN);
  CU_ASSERT_STRING_EQUAL(chiso_rebase_row_at(r, 0)->after, "A9");
  CU_ASSERT_EQUAL(chiso_rebase_row_at(r, 1)->kind, CHISO_REBASE_KEPT);
  size_t size;
  const char *text = chiso_rebase_text(r, &size);
  CU_ASSERT(strstr(text, "# lời\n[change 1]\nid = A9\n") != NULL);
  put_bytes(&d.at, "n.ini", text, size);
  chiso_rebase_free(r);
  v = read_one(&d, "n.ini");
  CU_ASSERT_PTR_NOT_NULL(v);
  chiso_variant_free(v);
  /* what the base changed too, and what went */
  char later[8192];
  snprintf(later, sizeof later, "%s", BASE("3", "A2"));
  char *b = strstr(later, "\"target\": \"0.8\"");
  memcpy(b, "\"target\": \"0.9\"", 15);
  char *one = strstr(later, "\"concept\": \"a.one\"");
  memcpy(one, "\"concept\": \"a.new\"", 18);
  put_text(&d.at, "next.json", later);
  put_overlay(&d, "o.ini", "",
              "[change 1]\nid = B\ntarget = 0.7\n" L
              "[change 2]\nid = A1\nnote = x\n" L);
  MUST(chiso_rebase_new(&file, 1, to, NULL, NULL, &r, &d.err) == CHISO_OK);
  CU_ASSERT_EQUAL(chiso_rebase_open(r), 2);
  CU_ASSERT_EQUAL(chiso_rebase_row_at(r, 0)->kind, CHISO_REBASE_REVIEW);
  CU_ASSERT_EQUAL(chiso_rebase_row_at(r, 1)->kind, CHISO_REBASE_LOST);
  chiso_rebase_free(r);
  folder_remove(&d.at);
}

/* ---- in a store --------------------------------------------------------- */

static void in_a_store(void) {
  desk d = desk_open();
  chiso_store_options none = { 0 };
  chiso_store *store = NULL;
  const chiso_listing *l = NULL, *again = NULL;
  const chiso_methodology *m = NULL;
  put_overlay(&d, "o.ini", "", "[change 1]\nid = B\nnote = x\n" L);
  MUST(chiso_store_open(&none, CHISO_LANG_EN, NULL, &store, &d.err) ==
       CHISO_OK);
  MUST(chiso_store_read(store, under(&d, "o.ini"), &l, &d.err) == CHISO_OK);
  CU_ASSERT_EQUAL(l->scope, CHISO_SCOPE_INTERNAL);
  CU_ASSERT_STRING_EQUAL(l->variant_of, "t.base/1");
  CU_ASSERT_PTR_NOT_NULL(chiso_store_variant(store, l));
  CU_ASSERT(chiso_store_read(store, d.path, &again, &d.err) == CHISO_OK);
  CU_ASSERT_PTR_EQUAL(l, again);
  CU_ASSERT(chiso_store_find(store, "t.internal/1", &again, &d.err) ==
            CHISO_OK);
  CU_ASSERT_PTR_EQUAL(l, again);
  CU_ASSERT(chiso_store_load(store, l, &m, NULL, &d.err) == CHISO_OK);
  CU_ASSERT_STRING_EQUAL(chiso_methodology_name(m), "t.internal/1");
  CU_ASSERT(chiso_store_read(store, under(&d, "base.json"), &again, &d.err) ==
            CHISO_OK);
  CU_ASSERT_PTR_NULL(chiso_store_variant(store, again));
  CU_ASSERT(chiso_is_methodology_file("a.ini") &&
            chiso_is_methodology_file("b/index.json") &&
            !chiso_is_methodology_file("vn.par.province/2020"));
  chiso_store_free(store);
  folder_remove(&d.at);
}

/* ---- short memory ------------------------------------------------------- */

static void short_memory(void) {
  desk d = desk_open();
  put_overlay(&d, "o.ini", "max = 11\n",
              "[add 1]\nid = C\nparent = A\nkind = criterion\ntitle_vi = x\n"
              "max = 1\nop = step\nsteps = \">=1: 1\"\ninputs = \"n: num "
              "count; d: den count\"\n" L "[remove 1]\nid = A1\n" L
              "[reweight 1]\nid = B\nmax = 6\n" L);
  const char *path = under(&d, "o.ini");
  bool done = false;
  for (long left = 0; left < 2000 && !done; left++) {
    counting c = { .left = left };
    chiso_allocator allocator = counting_allocator(&c);
    chiso_variant *v = NULL;
    chiso_status status =
        chiso_variant_read(&path, 1, NULL, &allocator, &v, &d.err);
    CU_ASSERT(status == CHISO_OK || status == CHISO_NO_MEMORY);
    done = status == CHISO_OK;
    chiso_variant_free(v);
    CU_ASSERT_EQUAL(c.live, 0);
  }
  CU_ASSERT(done);
  folder_remove(&d.at);
}

/* A fault that cannot be kept is memory that is short, not one fault fewer. */
static void short_of_faults(void) {
  desk d = desk_open();
  put_overlay(&d, "o.ini", "levle = commune\n",
              "[change 1]\nid = B\nnote = a; b\n" L
              "[remove 1]\nid = nowhere\n" L);
  const char *path = under(&d, "o.ini");
  bool done = false;
  for (long left = 0; left < 2000 && !done; left++) {
    counting c = { .left = left };
    chiso_allocator allocator = counting_allocator(&c);
    chiso_variant *v = NULL;
    d.err = (chiso_error) { 0 };
    chiso_status status =
        chiso_variant_read_all(&path, 1, NULL, &allocator, &v, &d.err);
    done = status == CHISO_BAD_DATA;
    CU_ASSERT(done || status == CHISO_NO_MEMORY);
    if (done)
      CU_ASSERT_EQUAL(chiso_variant_faults(v), 3);
    chiso_variant_free(v);
    CU_ASSERT_EQUAL(c.live, 0);
  }
  CU_ASSERT(done);
  folder_remove(&d.at);
}

SUITE_MAIN({ "what the verbs do", verbs }, { "a scale of 60", scale_60 },
           { "another op", another_op }, { "translations", translations },
           { "grades", grades }, { "what is refused", refuses },
           { "all faults", all_faults }, { "parts and days", parts_and_days },
           { "heads that are refused", refuses_heads }, { "layers", layers },
           { "the flattened file", flat }, { "another base", rebases },
           { "in a store", in_a_store }, { "short memory", short_memory },
           { "short of faults", short_of_faults })
