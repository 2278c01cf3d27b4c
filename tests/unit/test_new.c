/* SPDX-License-Identifier: Apache-2.0
 * chiso new: what is copied and what is not, and that a folder appears whole or
 * not at all. Which folders build and score is tested in e2e/sdk.sh. */
#include "chiso/author.h"
#include "fixture.h"
#include "host_fixture.h"

#define SHARE BUILD_DIR "/share/chiso"
#define PAR   SOURCE_DIR "/indices/par/province/2020/index.json"
#define PAPI  SOURCE_DIR "/indices/papi/province/2021/index.json"

static chiso_methodology *read_index(const char *path) {
  chiso_methodology *m = NULL;
  chiso_error err = { 0 };
  if (chiso_methodology_read(path, NULL, &m, &err) != CHISO_OK)
    fprintf(stderr, "%s: %s\n", path, err.text);
  return m;
}

static chiso_new_options options_for(const chiso_methodology *base,
                                     const folder *out) {
  return (chiso_new_options) {
    .name = "own-2026", .base = base, .out_dir = out->path, .share_dir = SHARE
  };
}

/* The files that were made, and the folder. */
static void remove_made(const folder *out, const char *round) {
  static const char *const files[] = {
    "index.json",
    "README.md",
    "CMakeLists.txt",
    "Makefile",
    "ci.sh",
    ".gitignore",
    "golden/units.csv",
    "golden/%s.observations.csv",
    "golden/%s.results.csv",
    ".github/workflows/check.yml",
    ".github/workflows",
    ".github",
    "golden",
    "",
  };
  char path[PATH_ROOM];
  for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
    const char *mark = strstr(files[i], "%s");
    snprintf(path, sizeof path, "%s/own-2026/%.*s%s%s", out->path,
             mark ? (int)(mark - files[i]) : (int)strlen(files[i]), files[i],
             mark ? round : "", mark ? mark + 2 : "");
    CU_ASSERT(remove(path) == 0);
  }
  folder_remove(out);
}

static void check_nodes(const chiso_index *old, const chiso_index *made) {
  MUST(old->n_nodes == made->n_nodes);
  for (uint32_t i = 0; i < old->n_nodes; i++) {
    const chiso_node *a = &old->nodes[i], *b = &made->nodes[i];
    CU_ASSERT(strcmp(a->id, b->id) == 0 && a->max == b->max && a->op == b->op);
    CU_ASSERT(b->n_was == 1 && strcmp(b->was[0], a->id) == 0);
    CU_ASSERT(b->prov_name == CHISO_PROV_RECONSTRUCTED);
    CU_ASSERT(b->prov_points == CHISO_PROV_RECONSTRUCTED);
    CU_ASSERT(strstr(b->source, "vn.par.province/2020") != NULL);
    CU_ASSERT(b->residual == a->residual);
  }
}

static void test_copy(void) {
  folder out = folder_make();
  chiso_methodology *base = read_index(PAR), *made = NULL;
  chiso_change *changes = NULL;
  chiso_error err = { 0 };
  size_t count = 0;
  MUST(base != NULL);
  chiso_new_options options = options_for(base, &out);
  MUST(good(chiso_new(&options, NULL, &made, &err), &err));
  const chiso_index *ix = chiso_methodology_index(made);
  check_nodes(chiso_methodology_index(base), ix);
  CU_ASSERT(strcmp(chiso_methodology_name(made), "vn.par.province/2026") == 0);
  CU_ASSERT(ix->n_supersedes == 1 &&
            strcmp(ix->supersedes[0], "vn.par.province/2020") == 0);
  CU_ASSERT(ix->first == 2026 && ix->last == 0);
  CU_ASSERT(strcmp(ix->unit_set, "vn.provinces/2025") == 0);
  CU_ASSERT(strcmp(ix->legal[0].instrument, "…/QĐ-BNV") == 0);
  CU_ASSERT(ix->legal[0].issued.year == 0 && ix->legal[0].in_force.year == 0);
  CU_ASSERT(ix->n_deadlines == 0 && ix->note != NULL);
  /* by diff nothing changed */
  MUST(good(chiso_changes(base, made, &changes, &count, &err), &err));
  for (size_t i = 0; i < count; i++)
    CU_ASSERT(changes[i].kind == CHISO_CHANGE_SAME);
  chiso_changes_free(NULL, changes);
  chiso_methodology_free(made);
  chiso_methodology_free(base);
  remove_made(&out, "2026");
}

/* What the file says is what was returned, and a copy of the copy is one. */
static void test_file(void) {
  folder out = folder_make(), again = folder_make();
  char path[PATH_ROOM];
  chiso_methodology *base = read_index(PAPI), *made = NULL, *second = NULL;
  chiso_error err = { 0 };
  MUST(base != NULL);
  chiso_new_options options = options_for(base, &out);
  options.lang = CHISO_LANG_VI;
  MUST(good(chiso_new(&options, NULL, &made, &err), &err));
  chiso_methodology *file =
      read_index(in_folder(&out, "own-2026/index.json", path));
  MUST(file != NULL);
  CU_ASSERT(strcmp(chiso_methodology_digest(file),
                   chiso_methodology_digest(made)) == 0);
  const chiso_index *ix = chiso_methodology_index(file);
  CU_ASSERT(strstr(ix->note, "chép từ vn.papi.province/2021") == ix->note);
  /* of three gradings the last serves on */
  CU_ASSERT(ix->n_gradings == 1 && ix->gradings[0].first == 2026 &&
            ix->gradings[0].last == 0);
  CU_ASSERT(
      strcmp(ix->legal[0].instrument, "… PAPI (UNDP, CECODES, VFF-CRT)") == 0);
  options = options_for(file, &again);
  options.edition = "2027";
  MUST(good(chiso_new(&options, NULL, &second, &err), &err));
  CU_ASSERT(strcmp(chiso_methodology_index(second)->legal[0].instrument,
                   ix->legal[0].instrument) == 0);
  chiso_methodology_free(second);
  chiso_methodology_free(file);
  chiso_methodology_free(made);
  chiso_methodology_free(base);
  remove_made(&again, "2027");
  remove_made(&out, "2026");
}

static void test_other_id(void) {
  folder out = folder_make();
  chiso_methodology *base = read_index(PAR), *made = NULL;
  chiso_error err = { 0 };
  MUST(base != NULL);
  chiso_new_options options = options_for(base, &out);
  options.id = "org.par";
  MUST(good(chiso_new(&options, NULL, &made, &err), &err));
  const chiso_index *ix = chiso_methodology_index(made);
  CU_ASSERT(strcmp(chiso_methodology_name(made), "org.par/2026") == 0);
  CU_ASSERT(ix->n_supersedes == 0 && ix->nodes[3].n_was == 0);
  chiso_methodology_free(made);
  chiso_methodology_free(base);
  remove_made(&out, "2026");
}

static void refuse(const chiso_new_options *options, chiso_status status,
                   const char *text) {
  for (int lang = 0; lang < 2; lang++) {
    chiso_error err = { .lang = (chiso_lang)lang };
    CU_ASSERT(chiso_new(options, NULL, NULL, &err) == status);
    bool named = strstr(err.text, text) || strstr(err.file, text);
    if (!named)
      fprintf(stderr, "%s: %s\n", err.file, err.text);
    CU_ASSERT(named);
  }
}

static void test_refusals(void) {
  folder out = folder_make();
  chiso_methodology *base = read_index(PAR);
  chiso_methodology *call = read_index(EXAMPLE "/index.json");
  char path[PATH_ROOM];
  MUST(base && call);
  chiso_new_options options = options_for(base, &out);
  static const char *const names[] = {
    "", "../x", "a b", ".x", "đ2026", "a/b"
  };
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    options.name = names[i];
    refuse(&options, CHISO_USAGE, names[i]);
  }
  options.name = "own";
  refuse(&options, CHISO_USAGE, "--edition");
  options.edition = "1.0";
  refuse(&options, CHISO_USAGE, "1.0");
  options.edition = "2026/1";
  refuse(&options, CHISO_BAD_DATA, "2026/1");
  options.edition = "2020";
  refuse(&options, CHISO_USAGE, "vn.par.province/2020");
  options = options_for(call, &out);
  options.edition = "2027";
  refuse(&options, CHISO_USAGE, "rule.c");
  options = options_for(base, &out);
  options.id = "a b";
  refuse(&options, CHISO_BAD_DATA, "a b");
  options = options_for(base, &out);
  options.share_dir = "/nowhere";
  refuse(&options, CHISO_IO, "sdk/template");
  options.share_dir = SHARE;
  options.out_dir = "/nowhere/at/all";
  refuse(&options, CHISO_IO, "/nowhere/at/all");
  CU_ASSERT(folder_count(&out) == 0);
  /* whatever has the name stays: a file, an empty folder, a dangling link */
  options = options_for(base, &out);
  in_folder(&out, "own-2026", path);
  MUST(put_text(&out, "own-2026", "x"));
  refuse(&options, CHISO_USAGE, "own-2026");
  MUST(unlink(path) == 0 && mkdir(path, 0700) == 0);
  refuse(&options, CHISO_USAGE, "own-2026");
  MUST(rmdir(path) == 0 && symlink("/nowhere", path) == 0);
  refuse(&options, CHISO_USAGE, "own-2026");
  CU_ASSERT(folder_count(&out) == 1);
  chiso_methodology_free(call);
  chiso_methodology_free(base);
  folder_remove(&out);
}

/* A template that asks for what chiso does not know. */
static void test_template(void) {
  folder out = folder_make(), share = folder_make();
  chiso_methodology *base = read_index(PAR);
  char path[PATH_ROOM];
  MUST(base != NULL);
  chiso_new_options options = options_for(base, &out);
  options.share_dir = share.path;
  MUST(mkdir(in_folder(&share, "sdk", path), 0700) == 0);
  MUST(mkdir(in_folder(&share, "sdk/template", path), 0700) == 0);
  MUST(put_text(&share, "sdk/template/README.md", "a@b @ @NAME@ @NOBODY@"));
  refuse(&options, CHISO_BAD_DATA, "@NOBODY@");
  CU_ASSERT(folder_count(&out) == 0);
  CU_ASSERT(remove(in_folder(&share, "sdk/template/README.md", path)) == 0);
  CU_ASSERT(remove(in_folder(&share, "sdk/template", path)) == 0);
  CU_ASSERT(remove(in_folder(&share, "sdk", path)) == 0);
  chiso_methodology_free(base);
  folder_remove(&share);
  folder_remove(&out);
}

/* A value that the rule refuses is left out, and that unit is incomplete. */
static void test_unscorable(void) {
  static const char text[] =
      "{\"format\": 1, \"id\": \"t\", \"edition\": \"2020\","
      "\"level\": \"province\", \"title\": {\"vi\": \"t\"},"
      "\"rounds\": {\"first\": 2020}, \"units\": \"none/1\", \"digits\": 2,"
      "\"rank\": {\"by\": \"points\", \"ties\": \"shared\"},"
      "\"legal\": [{\"key\": \"k\", \"instrument\": \"i\"}],"
      "\"nodes\": [{\"id\": \"index\", \"kind\": \"index\","
      "\"title\": {\"vi\": \"t\"}, \"max\": \"1\", \"weight\": \"1\","
      "\"op\": \"linear\", \"inputs\": [{\"key\": \"n\", \"role\": \"x\","
      "\"unit\": \"count\"}], \"steps\": [{\"at\": \"-20\", \"points\": \"0\"},"
      "{\"at\": \"0\", \"points\": \"1\"}], \"provenance\":"
      "{\"name\": \"official\", \"points\": \"official\"}, \"source\": "
      "\"s\"}]}";
  folder out = folder_make();
  chiso_methodology *base = NULL;
  chiso_error err = { 0 };
  size_t size = 0;
  MUST(good(
      chiso_methodology_parse("t", text, sizeof text - 1, NULL, &base, &err),
      &err));
  chiso_new_options options = options_for(base, &out);
  MUST(good(chiso_new(&options, NULL, NULL, &err), &err));
  char *results = get_bytes(&out, "own-2026/golden/2026.results.csv", &size);
  MUST(results != NULL);
  CU_ASSERT(strcmp(results, "unit,node,points\na,index,1.000000\n"
                            "b,index,\nc,index,\n") == 0);
  free(results);
  chiso_methodology_free(base);
  remove_made(&out, "2026");
}

/* Every request for memory fails once: no folder, no leak. */
static void test_memory(void) {
  folder out = folder_make();
  chiso_methodology *base =
      read_index(SOURCE_DIR "/indices/par/province/2017/index.json");
  MUST(base != NULL);
  chiso_new_options options = options_for(base, &out);
  chiso_status status = CHISO_NO_MEMORY;
  for (long n = 0; status == CHISO_NO_MEMORY && n < 5000; n++) {
    counting c = { .left = n };
    chiso_allocator allocator = counting_allocator(&c);
    chiso_error err = { 0 };
    status = chiso_new(&options, &allocator, NULL, &err);
    CU_ASSERT(c.live == 0);
    if (status != CHISO_OK)
      CU_ASSERT(folder_count(&out) == 0);
  }
  CU_ASSERT(status == CHISO_OK);
  chiso_methodology_free(base);
  remove_made(&out, "2026");
}

SUITE_MAIN({ "rows, links and trust", test_copy },
           { "the file and a copy of it", test_file },
           { "another id", test_other_id }, { "refusals", test_refusals },
           { "an unknown name in a template", test_template },
           { "what cannot be scored", test_unscorable },
           { "memory", test_memory })
