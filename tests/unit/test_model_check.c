/* SPDX-License-Identifier: Apache-2.0
 * One small good text and what breaks it: each check of a methodology with
 * the line it names. */
#include "chiso/model.h"
#include "small.h"
#include "suite.h"

typedef struct mutation {
  const char *from, *to; /* the first `from` becomes `to` */
  const char *found;     /* part of the message */
  unsigned line;
} mutation;

#define LINE(node) (SMALL_FIRST_LINE + (node))

/* The small text with its first `from` replaced; free() it. */
static char *mutated(const mutation *m) {
  char *text = small_good(), *at = strstr(text, m->from);
  if (!at) {
    free(text);
    return NULL;
  }
  size_t size = strlen(text) + strlen(m->to) + 1;
  char *out = malloc(size);
  if (!out)
    abort();
  snprintf(out, size, "%.*s%s%s", (int)(at - text), text, m->to,
           at + strlen(m->from));
  free(text);
  return out;
}

static void try_one(const mutation *m) {
  char *text = mutated(m);
  chiso_methodology *methodology = NULL;
  chiso_error err = { 0 };
  if (!text)
    fprintf(stderr, "not in the text: %s\n", m->from);
  MUST(text != NULL);
  chiso_status status = chiso_methodology_parse("t.json", text, strlen(text),
                                                NULL, &methodology, &err);
  bool right = status == CHISO_BAD_DATA && err.status == CHISO_BAD_DATA &&
               strcmp(err.file, "t.json") == 0 && err.line == m->line &&
               strstr(err.text, m->found) != NULL;
  if (!right)
    fprintf(stderr, "%s -> %s\n  wanted line %u: %s\n  got %d line %u: %s\n",
            m->from, m->to, m->line, m->found, (int)status, (unsigned)err.line,
            err.text);
  CU_ASSERT(right);
  if (status == CHISO_OK)
    chiso_methodology_free(methodology);
  free(text);
}
#define TRY_ALL(list)                                                          \
  for (size_t i = 0; i < sizeof(list) / sizeof *(list); i++)                   \
  try_one(&(list)[i])

static void heads(void) {
  static const mutation list[] = {
    { "\"format\": 1", "\"format\": 2", "\"format\" is not a whole", 1 },
    { "\"format\": 1, ", "", "\"format\" is missing", 1 },
    { "{\"format\"", "[{\"format\"", "too early", 30 },
    { "\"vn.test\"", "\"vn test\"", "\"vn test\" is not an id", 1 },
    { "\"vn.test\"", "\"\"", "\"id\" is empty", 1 },
    { "\"vn.test\"", "7", "\"id\" is not a text", 1 },
    { "\"edition\": \"2020\"", "\"edition\": \"20/20\"", "20/20", 1 },
    { "\"province\"", "\"provinces\"", "write one of: province", 1 },
    { "{\"vi\": \"Tên\", \"en\"", "{\"en\"", "\"vi\" is missing", 1 },
    { "{\"vi\": \"Tên\", \"en\"", "{\"vi\": \"Tên\", \"fr\"", "\"fr\"", 1 },
    { "\"first\": 2020", "\"first\": 20", "\"first\" is not a whole", 2 },
    { "\"last\": 2021", "\"last\": 2019", "from 2020 to 2999", 2 },
    { "\"digits\": 2", "\"digits\": 7", "from 0 to 6", 2 },
    { "\"digits\": 2", "\"digits\": \"2\"", "not a whole number", 2 },
    { "\"by\": \"percent\"", "\"by\": \"score\"", "points percent", 3 },
    { "\"shared\"", "\"dense\"", "write one of: shared", 3 },
    { "\"note\": \"n\"", "\"notes\": \"n\"", "write \"note\"", 3 },
    { "\"note\": \"n\"", "\"note\": \"n\", \"note\": \"m\"", "note", 3 },
    { "[\"vn.test/2019\"]", "\"vn.test/2019\"", "is not a list", 3 },
    { "\"units\": \"vn.p/2008\", ", "", "\"units\" is missing", 1 },
  };
  TRY_ALL(list);
}

static void lists(void) {
  static const mutation list[] = {
    { "\"key\": \"a\", \"instrument\"", "\"instrument\"", "\"key\" is missing",
      4 },
    { "{\"key\": \"b\"",
      "{\"key\": \"a\", \"instrument\": \"3\"}, {\"key\": \"b\"",
      "a is used twice", 4 },
    { "\"2020-12-30\"", "\"30/12/2020\"", "write yyyy, yyyy-mm", 4 },
    { "\"2020-12-30\"", "\"2020-13-30\"", "write yyyy, yyyy-mm", 4 },
    { "\"2020-12-30\"", "\"2020-02-30\"", "write yyyy, yyyy-mm", 4 },
    { "\"area\": 1", "\"area\": 2", "has 1 of kind area; the instrument", 5 },
    { "\"area\": 1", "\"areas\": 1", "\"areas\" is not a kind", 5 },
    { "\"area\": 1", "\"branch\": 2", "\"branch\" is not a kind", 5 },
    { "\"area\": 1", "\"area\": -1", "not a whole number", 5 },
    { "\"what\"", "\"whats\"", "write \"what\"", 6 },
    { "\"2021-02-26\"", "20210226", "\"date\" is not a text", 6 },
    { "\"bands\"", "\"band\"", "write one of: bands quantile", 7 },
    { "\"at_least\": \"90\"", "\"at_least\": 90", "not a decimal", 7 },
    { "\"at_least\": \"90\"", "\"at_least\": \"9,5\"", "with a point", 7 },
    { ", \"at_least\": \"90\"", "", "bands have falling bounds", 7 },
    { "{\"key\": \"C\", \"title\"",
      "{\"key\": \"C\", \"at_least\": \"1\", "
      "\"title\"",
      "quantiles have none", 7 },
    { "\"missing\": \"zero\"", "\"missing\": \"0\"", "leave_out zero", 8 },
    { "\"id\": \"published\"", "\"id\": 1", "\"id\" is not a text", 9 },
    { "\"id\": \"p1\"", "\"id\": \"p 1\"", "\"p 1\" is not an id", 9 },
    { "\"id\": \"p1\"", "\"id\": \"11.A\"", "11.A is used twice", 9 },
    { "\"id\": \"p1\"", "\"id\": \"P2\"", "p2 is used twice", 9 },
    { "\"max\": \"18\"", "\"max\": \"-18\"", "\"max\" is below zero", 9 },
    { "\"max\": \"18\"", "\"max\": \"17.999999\"",
      "published: its parts add up to 21.999999, but its maximum is 22", 9 },
  };
  TRY_ALL(list);
}

static void trees(void) {
  static const mutation list[] = {
    { "{\"id\": \"index\"", "{\"id\": \"root\"", "must be \"index\"", LINE(0) },
    { "\"kind\": \"index\"", "\"kind\": \"area\"", "belongs to the root",
      LINE(0) },
    { "\"parent\": \"index\", \"kind\": \"area\"", "\"kind\": \"area\"",
      "node 1 has no parent", LINE(1) },
    { "\"kind\": \"area\"", "\"kind\": \"index\"", "and to it alone", LINE(1) },
    { "\"id\": \"1.1\", \"parent\": \"1\"",
      "\"id\": \"1.1\", \"parent\": "
      "\"1.2\"",
      "parents stand before", LINE(2) },
    { "\"id\": \"11.b\"", "\"id\": \"11.A\"", "11.A is used twice", LINE(17) },
    { "\"id\": \"2\"", "\"id\": \"2 \"", "\"2 \" is not an id", LINE(6) },
    { "\"id\": \"2\"",
      "\"id\": \"0123456789012345678901234567890123456789"
      "01234567890123456789012345\"",
      "at most 64", LINE(6) },
    { "\"kind\": \"area\"", "\"kind\": \"areas\"", "write one of: index area",
      LINE(1) },
    { "\"max\": \"22\"", "\"max\": \"23\"",
      "index: its parts add up to 22, but its maximum is 23", LINE(0) },
    { "\"max\": \"10\"", "\"max\": \"-10\"", "1: \"max\" is below", LINE(1) },
    { "\"max\": \"10\"", "\"max\": \"1000000.5\"", "within 1000000", LINE(1) },
    { "\"weight\": \"0.25\"", "\"weight\": \"-0.25\"", "\"weight\" is below",
      LINE(2) },
    { "\"max\": \"10\", \"weight\": \"1\"",
      "\"max\": \"10\", \"weight\": "
      "\"0.5\"",
      "under a sum the weight", LINE(1) },
    { "\"op\": \"scale\", \"lo\": \"1\"", "\"op\": \"scale\", \"lo\": \"10\"",
      "\"lo\" < \"hi\" <= \"max\"", LINE(1) },
    { "\"hi\": \"10\"", "\"hi\": \"11\"", "\"lo\" < \"hi\" <= \"max\"",
      LINE(1) },
    { "\"hi\": \"10\", ", "", "\"hi\" is missing", LINE(1) },
    { "\"max\": \"1\", \"weight\": \"2\"",
      "\"max\": \"1.5\", \"weight\": "
      "\"2\"",
      "over what its parent 1.2", LINE(5) },
    { "\"op\": \"scale\", \"lo\": \"1\", \"hi\": \"10\"", "\"op\": \"share\"",
      "has children, but op \"share\"", LINE(1) },
    { "\"op\": \"share\"", "\"op\": \"sum\"", "has no children", LINE(12) },
    { "\"op\": \"share\"", "\"op\": \"percent\"", "write one of: sum mean",
      LINE(12) },
    { "\"concept\": \"a.b\"", "\"concept\": \"a b\"", "the concept \"a b\"",
      LINE(15) },
    { "\"legal\": \"b\"", "\"legal\": \"c\"", "\"c\" is not a key", LINE(15) },
    { "\"approximate\": \"0.5\"", "\"approximate\": \"-0.5\"",
      "floor, at, approximate", LINE(15) },
    { "\"points\": \"recalled\"}, \"source\": \"s\"}", "\"points\": \"no\"}}",
      "write one of: reconstructed", LINE(0) },
    { "\"points\": \"recalled\"}, \"source\": \"s\"}",
      "\"points\": \"recalled\"}}", "\"source\" is missing", LINE(0) },
    { "\"mode\": \"half_even\"", "\"mode\": \"even\"", "half_up cut_off",
      LINE(0) },
    { "\"round\": {\"digits\": 2", "\"round\": {\"digits\": 8", "from 0 to 6",
      LINE(0) },
  };
  TRY_ALL(list);
}

static void cases(void) {
  static const mutation list[] = {
    { "\"kind\": \"branch\"", "\"kind\": \"criterion\"", "belong under op",
      LINE(16) },
    { "\"op\": \"share\", ", "\"op\": \"share\", \"when\": \"a\", ",
      "belong under op", LINE(12) },
    { "\"when\": \"a\", ", "", "a choice needs \"when\"", LINE(16) },
    { "\"when\": \"a\", ", "\"at\": \"1\", ", "a choice needs \"when\"",
      LINE(16) },
    { "\"when\": \"b\"", "\"when\": \"a\"", "\"a\" is used twice", LINE(17) },
    { "\"max\": \"3\", \"weight\": \"1\", \"op\": \"manual\"",
      "\"max\": \"2\", \"weight\": \"1\", \"op\": \"manual\"",
      "does not give exactly its maximum", LINE(15) },
    { "\"concept\": \"a.b\"",
      "\"inputs\": [{\"key\": \"v\", \"role\": \"x\", \"unit\": \"number\"}]",
      "a number needs \"at\"", LINE(16) },
  };
  TRY_ALL(list);
}

static void leaves(void) {
  static const mutation list[] = {
    { "\"from\": \"5\", \"to\": \"1\"", "\"from\": \"5\", \"to\": \"5\"",
      "a parameter of op \"norm\"", LINE(2) },
    { "\"from\": \"5\", ", "", "\"from\" is missing", LINE(2) },
    { "\"max\": \"1\", \"weight\": \"0.25\"",
      "\"max\": \"0.5\", \"weight\": \"0.25\"", "has the maximum \"1\"",
      LINE(2) },
    { "\"lo\": \"-1\"", "\"lo\": \"1.5\"", "a parameter of op \"manual\"",
      LINE(4) },
    { "\"cmp\": \">\", \"points\": \"1\"",
      "\"cmp\": \">\", \"points\": "
      "\"1.5\"",
      "2, step 1: its points", LINE(6) },
    { "\"points\": \"0.5\"}", "\"points\": \"-0.5\"}", "2, step 2: its points",
      LINE(6) },
    { "\"at\": \"50\"", "\"at\": \"80\", \"cmp\": \">\"",
      "step 2 is never reached", LINE(6) },
    { "\"at\": \"50\"", "\"at\": \"90\"", "step 2 is never reached", LINE(6) },
    { "\"at\": \"50\"", "\"at\": \"50\", \"cmp\": \"<\"", "rise under <= and <",
      LINE(6) },
    { "\"at\": \"80\", \"cmp\": \">\"", "\"at\": \"80\", \"cmp\": \"=\"",
      "write one of: >= > <= <", LINE(6) },
    { "\"otherwise\": \"0.1\"", "\"otherwise\": \"1.1\"",
      "2, step 0: its points", LINE(6) },
    { "\"points\": \"1\"}, {\"at\": \"50\"",
      "\"points\": \"0.9\"}, {\"at\": \"50\"", "does not give exactly",
      LINE(6) },
    { "\"digits\": 2, \"title\"", "\"digits\": 7, \"title\"", "from 0 to 6",
      LINE(6) },
    { "\"key\": \"v\"", "\"key\": \"v:1\"", "\"v:1\" has a bad key", LINE(6) },
    { "\"unit\": \"percent\", \"digits\": 2", "\"unit\": \"choice\"",
      "do not fit op \"step\"", LINE(6) },
    { "{\"at\": \"0\", \"points\": \"0\"}, ", "", "two or more corners",
      LINE(7) },
    { "{\"at\": \"0\", \"points\": \"0\"}",
      "{\"at\": \"1\", \"points\": "
      "\"0\"}",
      "rising \"at\"", LINE(7) },
    { "{\"at\": \"0\", \"points\": \"0\"}",
      "{\"at\": \"0\", \"cmp\": \">\", \"points\": \"0\"}", "\"cmp\"",
      LINE(7) },
    { "{\"at\": \"1\", \"points\": \"1\"}",
      "{\"at\": \"1\", \"points\": "
      "\"0.5\"}",
      "does not give exactly", LINE(7) },
  };
  TRY_ALL(list);
}

static void leaves_by_formula(void) {
  static const mutation list[] = {
    { "\"target\": \"0.9\"", "\"target\": \"0\"", "parameter of op \"ratio\"",
      LINE(8) },
    { "\"floor\": \"0.5\"", "\"floor\": \"-0.5\"", "parameter of op", LINE(8) },
    { "\"cap\": \"0.8\"", "\"cap\": \"1.1\"", "parameter of op", LINE(8) },
    { "\"na\": \"leave_out\"", "\"na\": \"skip\"", "forbidden zero full",
      LINE(8) },
    { "\"target\": \"0.9\"", "\"per\": \"0.9\"",
      "\"per\" does not belong to op \"ratio\"", LINE(8) },
    { "\"per\": \"0.25\"", "\"per\": \"0\"", "parameter of op \"penalty\"",
      LINE(9) },
    { "\"lo\": \"0.2\"", "\"lo\": \"2\"", "parameter of op \"penalty\"",
      LINE(9) },
    { "{\"key\": \"no\", \"points\": \"0\"}",
      "{\"key\": \"yes\", \"points\": \"0\"}", "\"yes\" is used twice",
      LINE(10) },
    { ", {\"key\": \"no\", \"points\": \"0\"}", "", "two or more keys",
      LINE(10) },
    { "\"from\": \"1\", \"to\": \"5\"", "\"from\": \"1\", \"to\": \"1\"",
      "parameter of op \"survey\"", LINE(11) },
    { "\"of\": \"vn.other/1\"", "\"of\": \"vn.other\"",
      "write index id and node", LINE(13) },
    { "\"of\": \"vn.other/1\"", "\"of\": \"vn.test/1\"",
      "a value of its own index", LINE(13) },
    { "\"scale\": \"100\"", "\"scale\": \"0\"", "parameter of op \"index\"",
      LINE(13) },
    { "\"call\": 7", "\"call\": -7", "not a whole number", LINE(14) },
    { "\"call\": 7", "\"calls\": 7", "write \"call\"", LINE(14) },
    { "\"role\": \"other\"", "\"role\": \"y\"", "x num den other", LINE(14) },
  };
  TRY_ALL(list);
}

/* Both languages, and lengths that a message must survive. */
static void errors_in_vietnamese(void) {
  static const mutation m = { "\"area\": 1", "\"area\": 2", "", 0 };
  char *text = mutated(&m);
  chiso_methodology *methodology = NULL;
  chiso_error err = { .lang = CHISO_LANG_VI };
  MUST(text != NULL);
  CU_ASSERT_EQUAL(chiso_methodology_parse("t.json", text, strlen(text), NULL,
                                          &methodology, &err),
                  CHISO_BAD_DATA);
  CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "văn bản nêu 2"));
  free(text);
}

static void absent_files(void) {
  chiso_methodology *m = NULL;
  chiso_error err = { 0 };
  CU_ASSERT_EQUAL(chiso_methodology_read("/nowhere/index.json", NULL, &m, &err),
                  CHISO_IO);
  CU_ASSERT_STRING_EQUAL(err.file, "/nowhere/index.json");
  CU_ASSERT_EQUAL(chiso_methodology_parse("e", "", 0, NULL, &m, &err),
                  CHISO_BAD_DATA);
}

/* ---- tables of a plugin ------------------------------------------------- */

static void expect_refused(const chiso_index *tables, const char *found) {
  chiso_methodology *m = NULL;
  chiso_error err = { 0 };
  chiso_status status = chiso_methodology_copy("a.so", tables, NULL, &m, &err);
  if (status != CHISO_BAD_DATA || !strstr(err.text, found))
    fprintf(stderr, "wanted %s\n  got %d: %s\n", found, (int)status, err.text);
  CU_ASSERT_EQUAL(status, CHISO_BAD_DATA);
  CU_ASSERT_STRING_EQUAL(err.file, "a.so");
  CU_ASSERT_PTR_NOT_NULL(strstr(err.text, found));
  chiso_methodology_free(m);
}

/* The tables with one node changed. */
#define WITH_NODE(place, found, ...)                                           \
  do {                                                                         \
    chiso_index tables = *chiso_methodology_index(base);                       \
    chiso_node nodes[18];                                                      \
    memcpy(nodes, tables.nodes, sizeof nodes);                                 \
    tables.nodes = nodes;                                                      \
    chiso_node *n = &nodes[place];                                             \
    __VA_ARGS__;                                                               \
    expect_refused(&tables, found);                                            \
  } while (0)
/* The tables with one entry of a list changed. */
#define WITH_ENTRY(type, list, found, ...)                                     \
  do {                                                                         \
    chiso_index tables = *chiso_methodology_index(base);                       \
    type entry = tables.list[0];                                               \
    __VA_ARGS__;                                                               \
    tables.list = &entry;                                                      \
    tables.n_##list = 1;                                                       \
    expect_refused(&tables, found);                                            \
  } while (0)

static void bad_nodes_of_plugins(void) {
  static const char *const nothing[] = { NULL };
  chiso_methodology *base = NULL;
  char *text = small_good();
  MUST(chiso_methodology_parse("t", text, strlen(text), NULL, &base, NULL) ==
       CHISO_OK);
  free(text);
  WITH_NODE(1, "\"id\" is missing", n->id = NULL);
  WITH_NODE(1, "\"id\" is missing", n->id = "");
  WITH_NODE(0, "must be \"index\"", n->parent = "1");
  WITH_NODE(1, "\"title\" is missing", n->title_vi = NULL);
  WITH_NODE(1, "not UTF-8", n->title_vi = "\xff");
  WITH_NODE(1, "is not a value", n->kind = 200);
  WITH_NODE(1, "is not a value", n->op = 99);
  WITH_NODE(1, "is not a value", n->digits = 7);
  WITH_NODE(1, "is not a value", n->round = 3);
  WITH_NODE(1, "is not a key of the list", n->legal = 2);
  WITH_NODE(1, "hi is outside", n->hi = CHISO_DEC_LIMIT + 1);
  WITH_NODE(8, "floor", n->floor = INT64_MAX);
  WITH_NODE(15, "nodes.was", n->was = nothing; n->n_was = 1);
  WITH_NODE(1, "in steps of", n->n_was = 5; n->was = NULL);
  WITH_NODE(1, "at most 16", n->n_inputs = 17);
  WITH_NODE(1, "nodes.inputs", n->inputs = nodes[2].inputs; n->n_inputs = 1);
  WITH_NODE(2, "nodes.steps", n->steps = nodes[6].steps; n->n_steps = 1);
  WITH_NODE(13, "nodes.of", n->ref_index = "a/b");
  WITH_NODE(13, "parameter of op", n->ref_node = NULL);
  WITH_NODE(14, "nodes.call", n->call = 1000001);
  chiso_step steps[] = { { .at = 0, .points = 0, .cmp = CHISO_CMP_LT },
                         { .at = 1, .points = CHISO_DEC_ONE } };
  WITH_NODE(7, "nodes.steps.cmp", n->steps = steps);
  steps[0] = (chiso_step) { .at = CHISO_DEC_LIMIT + 1, .points = 1 };
  WITH_NODE(6, "nodes.steps.at", n->steps = steps);
  steps[0] = (chiso_step) { .at = 2, .points = CHISO_DEC_ONE, .cmp = 9 };
  WITH_NODE(6, "step 1: its points", n->steps = steps);
  WITH_NODE(10, "step 1: its points", steps[0] = (chiso_step) { .points = 1 };
            n->steps = steps);
  chiso_input input = { .key = "k", .role = 9 };
  WITH_NODE(14, "nodes.inputs.role", n->inputs = &input);
  input = (chiso_input) { .role = CHISO_ROLE_OTHER };
  WITH_NODE(14, "has a bad key", n->inputs = &input);
  input = (chiso_input) { .key = "k", .unit = 99 };
  WITH_NODE(14, "has a bad key", n->inputs = &input);
  chiso_methodology_free(base);
}

static void bad_lists_of_plugins(void) {
  static const char *const nothing[] = { NULL };
  chiso_methodology *base = NULL;
  char *text = small_good();
  MUST(chiso_methodology_parse("t", text, strlen(text), NULL, &base, NULL) ==
       CHISO_OK);
  free(text);
  WITH_ENTRY(chiso_legal, legal, "legal.key", entry.key = NULL);
  WITH_ENTRY(chiso_legal, legal, "legal.issued", entry.issued.month = 13);
  WITH_ENTRY(chiso_legal, legal, "legal.issued", entry.repealed.day = 1);
  WITH_ENTRY(chiso_legal, legal, "legal.issued", entry.checked_on.month = 2);
  WITH_ENTRY(chiso_count, counts, "counts", entry.kind = 77);
  WITH_ENTRY(chiso_deadline, deadlines, "deadlines", entry.what = NULL);
  WITH_ENTRY(chiso_deadline, deadlines, "deadlines", entry.date.year = 0);
  WITH_ENTRY(chiso_grading, gradings, "gradings", entry.source = NULL);
  WITH_ENTRY(chiso_grading, gradings, "gradings", entry.first = 1);
  WITH_ENTRY(chiso_grading, gradings, "two or more", entry.n_grades = 1);
  WITH_ENTRY(chiso_grading, gradings, "two or more", entry.kind = 9);
  WITH_ENTRY(chiso_partition, partitions, "partitions", entry.id = NULL);
  WITH_ENTRY(chiso_partition, partitions, "parts",
             chiso_part parts[2] = { entry.parts[0] };
             entry.parts = parts);
  chiso_index tables = *chiso_methodology_index(base);
  tables.supersedes = nothing;
  expect_refused(&tables, "supersedes");
  tables = *chiso_methodology_index(base);
  tables.node_stride = 8;
  expect_refused(&tables, "in steps of 8");
  tables = *chiso_methodology_index(base);
  tables.n_nodes = 0;
  expect_refused(&tables, "\"nodes\" is empty");
  tables = *chiso_methodology_index(base);
  tables.n_nodes = 20001;
  expect_refused(&tables, "at most 20000");
  tables = *chiso_methodology_index(base);
  tables.level = 99;
  expect_refused(&tables, "level, digits, rank");
  tables = *chiso_methodology_index(base);
  tables.first = 12;
  expect_refused(&tables, "rounds");
  tables = *chiso_methodology_index(base);
  tables.id = NULL;
  expect_refused(&tables, "is not an id");
  chiso_methodology_free(base);
}

SUITE_MAIN({ "heads", heads }, { "lists", lists }, { "trees", trees },
           { "cases", cases }, { "leaves", leaves },
           { "leaves by formula", leaves_by_formula },
           { "errors in Vietnamese", errors_in_vietnamese },
           { "absent files", absent_files },
           { "bad nodes of plugins", bad_nodes_of_plugins },
           { "bad lists of plugins", bad_lists_of_plugins })
