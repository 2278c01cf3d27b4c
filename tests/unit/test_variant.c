/* SPDX-License-Identifier: Apache-2.0
 * Overlays: what each verb does, layers, who set what, another base, and short
 * memory. */
#include "variant_fixture.h"

/* ---- what the verbs do -------------------------------------------------- */

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

/* In the order of the file: what was removed or added before is no part of what
 * is weighed anew, and the node may keep its old maximum. */
static void scale_rest(void) {
  desk d = desk_open();
  size_t count;
  chiso_variant *v = vary(
      &d, "", "[remove 1]\nid = A1\n" L "[reweight 1]\nid = A\nmax = 6\n" L);
  MUST(v != NULL);
  CU_ASSERT_EQUAL(node_of(v, "A")->max, 6000000);
  CU_ASSERT_EQUAL(node_of(v, "A2")->max, 6000000);
  CU_ASSERT_EQUAL(node_of(v, "A2")->steps[1].points, 3000000);
  const chiso_field_origin *o = chiso_variant_origins(v, 1, &count);
  for (size_t i = 0; i < count; i++)
    CU_ASSERT_STRING_NOT_EQUAL(o[i].field, "max"); /* it is what it was */
  chiso_variant_free(v);
  v = vary(&d, "max = 8\n",
           "[add 1]\nid = A3\nparent = A\nkind = criterion\n"
           "title_vi = Mới\nop = manual\nmax = 2\n" L
           "[reweight 1]\nid = A\nmax = 4\n" L);
  MUST(v != NULL);
  CU_ASSERT_EQUAL(node_of(v, "A1")->max, 1000000);
  CU_ASSERT_EQUAL(node_of(v, "A2")->max, 2000000);
  CU_ASSERT_EQUAL(node_of(v, "A3")->max, 1000000);
  o = chiso_variant_origins(v, 1, &count);
  MUST(count > 0 && strcmp(o[0].field, "max") == 0);
  CU_ASSERT_STRING_EQUAL(o[0].before, "6");
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
           { "a scale of what is left", scale_rest },
           { "another op", another_op }, { "translations", translations },
           { "grades", grades }, { "parts and days", parts_and_days },
           { "layers", layers }, { "the flattened file", flat },
           { "another base", rebases }, { "in a store", in_a_store },
           { "short memory", short_memory },
           { "short of faults", short_of_faults })
