/* SPDX-License-Identifier: Apache-2.0
 * Overlays: each law of composition broken once, and all that is wrong with a
 * file. */
#include "variant_fixture.h"

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

SUITE_MAIN({ "what is refused", refuses }, { "all faults", all_faults },
           { "heads that are refused", refuses_heads })
