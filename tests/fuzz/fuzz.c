/* SPDX-License-Identifier: Apache-2.0
 *
 * fuzz ROUNDS [SEED] - files of ours, and what a worker sends, with random
 * damage, through the functions that read them. Nothing may crash, hang, ask
 * for memory without bound or keep any; whatever is refused must say why. The
 * seed of each damage is printed when it is found guilty, so that one argument
 * repeats it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "chiso/chiso.h"
#include "fixture.h"
#include "fuzz_author.h"
#include "host/trust.h"
#include "host/worker.h"

#define ROOM        (1u << 20)
#define MOST_MEMORY ((size_t)1 << 30)
#define MOST_TIME   5.0

typedef struct text {
  char *bytes;
  size_t size;
} text;

/* ---- memory that is watched ---------------------------------------------- */

typedef struct watch {
  long live;
  size_t largest;
} watch;

static void *watched(void *user, void *block, size_t size) {
  watch *w = user;
  if (size > w->largest)
    w->largest = size;
  if (size > MOST_MEMORY)
    return NULL;
  w->live += (size > 0 && !block) - (size == 0 && block);
  if (size > 0)
    return realloc(block, size);
  free(block);
  return NULL;
}

/* ---- damage ---------------------------------------------------------------
 */

static size_t below(uint64_t *seed, size_t n) {
  return n ? (size_t)(xorshift(seed) % n) : 0;
}

static void insert(text *t, size_t at, const char *bytes, size_t size) {
  if (t->size + size > ROOM)
    return;
  memmove(t->bytes + at + size, t->bytes + at, t->size - at);
  memcpy(t->bytes + at, bytes, size);
  t->size += size;
}

static void cut(text *t, size_t at, size_t size) {
  size = size > t->size - at ? t->size - at : size;
  memmove(t->bytes + at, t->bytes + at + size, t->size - at - size);
  t->size -= size;
}

/* Words that parsers stumble over. */
static void insert_word(text *t, uint64_t *seed) {
  static const char *const words[] = {
    "\"",
    "\\",
    ",",
    ";",
    "\n",
    "\r",
    "\t",
    "{",
    "}",
    "[",
    "]",
    ":",
    "null",
    "-",
    "9223372036854775807",
    "-9223372036854775808",
    "1e999",
    "\\u0000",
    "\\ud800",
    "\xff",
    "\xef\xbb\xbf",
    "\xcc\x81",
    "NA",
    "index",
    "sum",
    "0.0000001",
    "1.234,56",
    "[plugin]\n",
    "=",
    "#",
    "%s%n",
    "\"\"",
    "../",
  };
  const char *word = words[below(seed, sizeof words / sizeof *words)];
  insert(t, below(seed, t->size + 1), word, strlen(word));
}

static void damage(text *t, uint64_t *seed) {
  size_t at = below(seed, t->size), size = below(seed, 40);
  switch (below(seed, 7)) {
  case 0:
    if (t->size)
      t->bytes[at] = (char)xorshift(seed);
    break;
  case 1:
    if (t->size)
      t->bytes[at] ^= (char)(1 << below(seed, 8));
    break;
  case 2:
    cut(t, at, size);
    break;
  case 3: { /* a piece of the file again, somewhere else */
    char piece[64];
    size = size > t->size - at ? t->size - at : size;
    memcpy(piece, t->bytes + at, size);
    insert(t, below(seed, t->size + 1), piece, size);
    break;
  }
  case 4:
    t->size = at;
    break;
  default:
    insert_word(t, seed);
  }
}

/* ---- subjects --------------------------------------------------------------
 */

typedef struct subject {
  /* below SOURCE_DIR or, from '+', BUILD_DIR; '=': what a worker sends of this
   * library */
  const char *name, *path;
  /* gives the status for a damaged file */
  chiso_status (*read)(const char *path, const chiso_allocator *allocator,
                       chiso_error *err);
} subject;

static chiso_status read_index(const char *path,
                               const chiso_allocator *allocator,
                               chiso_error *err) {
  chiso_methodology *m = NULL;
  chiso_status status = chiso_methodology_read(path, allocator, &m, err);
  if (status != CHISO_OK)
    return status;
  /* what was accepted can be written, and read again */
  char *out = NULL;
  size_t size = 0;
  chiso_methodology *again = NULL;
  status = chiso_methodology_write(m, &out, &size, err);
  if (status == CHISO_OK)
    status =
        chiso_methodology_parse("written", out, size, allocator, &again, err);
  if (status == CHISO_OK &&
      strcmp(chiso_methodology_digest(m), chiso_methodology_digest(again)) != 0)
    status = CHISO_INTERNAL;
  chiso_text_free(allocator, out);
  chiso_methodology_free(again);
  chiso_methodology_free(m);
  return status == CHISO_BAD_DATA ? CHISO_INTERNAL : status;
}

static char folder[] = "/tmp/chiso-fuzz-XXXXXX";

static chiso_status read_manifest(const char *path,
                                  const chiso_allocator *allocator,
                                  chiso_error *err) {
  const char *dirs[] = { folder };
  chiso_store_options options = { .plugin_dirs = dirs,
                                  .n_plugin_dirs = 1,
                                  .share_dir = NULL };
  chiso_store *store = NULL;
  (void)path;
  chiso_status status =
      chiso_store_open(&options, CHISO_LANG_VI, allocator, &store, err);
  for (size_t i = 0; status == CHISO_OK && i < chiso_store_count(store); i++) {
    const chiso_methodology *m;
    chiso_store_load(store, chiso_store_get(store, i), &m, NULL, err);
  }
  for (size_t i = 0; status == CHISO_OK && i < chiso_store_plugins(store); i++)
    if (chiso_store_plugin(store, i)->state == CHISO_PLUGIN_REFUSED &&
        !*chiso_store_plugin(store, i)->why.text)
      status = CHISO_INTERNAL;
  chiso_store_free(store);
  return status;
}

/* A run of its methodology over the damaged table; then against itself. */
static chiso_status run_table(const char *methodology, const char *round,
                              const char *path,
                              const chiso_allocator *allocator,
                              chiso_error *err) {
  const char *dirs[] = { BUILD_DIR "/lib/chiso/plugins" };
  chiso_store_options places = { .plugin_dirs = dirs,
                                 .n_plugin_dirs = 1,
                                 .share_dir = BUILD_DIR "/share/chiso" };
  chiso_run_options options = {
    .methodology = methodology, .round = round, .data = &path, .n_data = 1
  };
  chiso_store *store = NULL;
  chiso_run *run = NULL;
  chiso_status status =
      chiso_store_open(&places, CHISO_LANG_EN, allocator, &store, err);
  if (status == CHISO_OK)
    status = chiso_run_new(store, &options, allocator, &run, err);
  if (status == CHISO_OK) {
    chiso_comparison comparison;
    chiso_error other = { 0 };
    (void)chiso_run_compare(run, path, &comparison, NULL, NULL, &other);
  }
  chiso_run_free(run);
  chiso_store_free(store);
  return status;
}

static chiso_status read_quotients(const char *path,
                                   const chiso_allocator *allocator,
                                   chiso_error *err) {
  return run_table("vn.qd766.province/2026", "2026-09-17", path, allocator,
                   err);
}

static chiso_status read_parts(const char *path,
                               const chiso_allocator *allocator,
                               chiso_error *err) {
  return run_table("vn.par.province/2020", "2020", path, allocator, err);
}

/* An overlay on a shipped index: the whole path from INI to a checked tree. */
static chiso_status read_overlay(const char *path,
                                 const chiso_allocator *allocator,
                                 chiso_error *err) {
  chiso_variant *variant = NULL;
  chiso_status status =
      chiso_variant_read(&path, 1, NULL, allocator, &variant, err);
  for (size_t i = 0; status == CHISO_OK && i < 20; i++) {
    const char *key, *value;
    size_t count;
    (void)chiso_variant_field(variant, 1, i, &key, &value);
    (void)chiso_variant_origins(variant, 0, &count);
  }
  chiso_variant_free(variant);
  return status;
}

/* A round file with its methodologies and units. */
static chiso_status read_round(const char *path,
                               const chiso_allocator *allocator,
                               chiso_error *err) {
  chiso_store_options options = { .no_worker = true };
  chiso_store *store = NULL;
  chiso_round *round = NULL;
  chiso_date on = { 2026, 12, 1 };
  chiso_status status =
      chiso_store_open(&options, err->lang, allocator, &store, err);
  if (status == CHISO_OK)
    status = chiso_round_read(path, on, store, allocator, &round, err);
  bool told = status != CHISO_BAD_DATA || !round ||
              (chiso_round_faults(round) > 0 && chiso_round_fault(round, 0));
  for (size_t i = 0; status == CHISO_OK && i < chiso_round_groups(round); i++)
    (void)chiso_group_assessed(chiso_round_group(round, i));
  chiso_round_free(round);
  chiso_store_free(store);
  return told ? status : CHISO_INTERNAL;
}

static chiso_status read_units(const char *path,
                               const chiso_allocator *allocator,
                               chiso_error *err) {
  chiso_units *units = NULL;
  chiso_status status = chiso_units_read(path, "a/1", allocator, &units, err);
  for (size_t i = 0; status == CHISO_OK && i < chiso_units_count(units); i++)
    if (chiso_units_find(units, chiso_units_get(units, i)->code) != i)
      status = CHISO_INTERNAL;
  chiso_units_free(units);
  return status;
}

/* ---- what a worker sends ------------------------------------------------- */

static chiso_status read_sent(const char *path,
                              const chiso_allocator *allocator,
                              chiso_error *err) {
  chiso__arena arena = { .allocator = allocator };
  const char *bytes;
  size_t size;
  chiso_plugin *plugin = NULL;
  bool has_rule;
  chiso_status status =
      chiso__file_read(&arena, path, ROOM, true, &bytes, &size, err);
  if (status == CHISO_OK)
    status = chiso__tables_read(&arena, path, "x", (const unsigned char *)bytes,
                                size, &plugin, &has_rule, err);
  for (uint32_t i = 0; plugin && plugin->indices && i < plugin->n_indices;
       i++) {
    chiso_methodology *m = NULL;
    if (status == CHISO_OK && plugin->indices[i])
      status =
          chiso_methodology_copy(path, plugin->indices[i], allocator, &m, err);
    chiso_methodology_free(m);
  }
  chiso__arena_free(&arena);
  return status;
}

/* As load(), of the bytes that the worker gives for a library. */
static bool load_sent(const char *library, text *out) {
  char path[4352];
  chiso__arena arena = { 0 };
  const char *bytes;
  const unsigned char *sent;
  size_t size = 0, sent_size = 0;
  chiso_error err = { 0 };
  chiso__worker *w = chiso__worker_new(library, NULL);
  snprintf(path, sizeof path, "%s%s", BUILD_DIR, library);
  bool done = w && chiso__file_read(&arena, path, CHISO__LIMIT_PLUGIN, false,
                                    &bytes, &size, &err) == CHISO_OK;
  const chiso__worker_task task = { .program =
                                        BUILD_DIR "/libexec/chiso/chiso-worker",
                                    .bytes = done ? bytes : NULL,
                                    .size = size };
  done = done &&
         chiso__worker_start(w, &task, &arena, &sent, &sent_size, &err) ==
             CHISO_OK &&
         sent_size <= ROOM;
  if (done) {
    memcpy(out->bytes, sent, sent_size);
    out->size = sent_size;
  }
  chiso__worker_free(w);
  chiso__arena_free(&arena);
  return done;
}

/* What verifies after damage would be a forgery: only the untrusted comment
 * and ends of lines are free. */
static chiso_status read_signature(const char *path,
                                   const chiso_allocator *allocator,
                                   chiso_error *err) {
  static const char key_text[] =
      "RWReaZCeUxfUhLwYGpuMAJpDMWBV86aJbrRJzruef/HUrO0vtKUBafL1";
  chiso__arena arena = { .allocator = allocator };
  const char *bytes, *manifest;
  size_t size, n;
  chiso__signature s;
  chiso__key key;
  chiso_status status = chiso__file_read(&arena, path, CHISO__LIMIT_SIGNATURE,
                                         false, &bytes, &size, err);
  if (status == CHISO_OK)
    status = chiso__signature_read(&arena, path, bytes, size, &s, err);
  if (status == CHISO_OK)
    status =
        chiso__file_read(&arena, SOURCE_DIR "/tests/trust/sample.plugin.ini",
                         CHISO__LIMIT_MANIFEST, false, &manifest, &n, err);
  if (status == CHISO_OK)
    status = chiso__key_read((chiso__place) { 0 }, key_text, strlen(key_text),
                             &key, err);
  if (status == CHISO_OK && chiso__signature_verify(&s, &key, manifest, n) &&
      strcmp(s.comment, "Bộ mẫu, bản 1.0.0") != 0)
    status = CHISO_INTERNAL;
  chiso__arena_free(&arena);
  return status;
}

static chiso_status read_key(const char *path, const chiso_allocator *allocator,
                             chiso_error *err) {
  chiso__arena arena = { .allocator = allocator };
  const char *bytes, *line;
  size_t size;
  chiso__key key;
  chiso_status status = chiso__file_read(&arena, path, CHISO__LIMIT_KEY, false,
                                         &bytes, &size, err);
  if (status == CHISO_OK)
    status = chiso__key_file(&arena, path, bytes, size, &key, &line, err);
  if (status == CHISO_OK && strlen(line) != CHISO__KEY_TEXT)
    status = CHISO_INTERNAL;
  chiso__arena_free(&arena);
  return status;
}

/* What is read can be added to, or the reason is said. */
static chiso_status read_trust(const char *path,
                               const chiso_allocator *allocator,
                               chiso_error *err) {
  const chiso_store_options options = { .trust_file = path };
  const chiso_trust_row row = { .kind = CHISO_TRUST_REVOKED,
                                .key_id = "0123456789ABCDEF",
                                .date = "2026-11-22" };
  chiso_trust *trust = NULL;
  chiso_status status = chiso_trust_open(&options, allocator, &trust, err);
  size_t before = status == CHISO_OK ? chiso_trust_count(trust) : 0;
  chiso_trust_free(trust);
  if (status != CHISO_OK)
    return status;
  status = chiso_trust_append(path, &row, 1, allocator, err);
  if (status != CHISO_OK)
    return status;
  status = chiso_trust_open(&options, allocator, &trust, err);
  if (status == CHISO_OK && chiso_trust_count(trust) != before + 1)
    status = CHISO_INTERNAL;
  chiso_trust_free(trust);
  return status;
}

static const subject subjects[] = {
  { "index.json", "/indices/qd766/province/2026/index.json", read_index },
  { "index.json", "/indices/par/province/2020/index.json", read_index },
  { "manifest", "+/lib/chiso/plugins/qd766-2026.plugin.ini", read_manifest },
  { "quotients",
    "/indices/qd766/province/2026/published/2026-09-17.observations.csv",
    read_quotients },
  { "parts", "/indices/par/province/2020/published/2020.observations.csv",
    read_parts },
  { "results", "/indices/qd766/province/2026/published/2026-09-17.results.csv",
    read_quotients },
  { "overlay", "/tests/docs/internal.ini", read_overlay },
  { "long overlay", "/tests/zoo/overlay/ok-long.ini", read_overlay },
  { "round", "/tests/docs/round/round.ini", read_round },
  { "round with entries", "/tests/fuzz/round.ini", read_round },
  { "units", "/indices/units/vn.provinces-2025.csv", read_units },
  { "signature", "/tests/trust/sample.plugin.ini.minisig", read_signature },
  { "key", "/tests/trust/publisher.pub", read_key },
  { "trust file", "/tests/trust/trust.ini", read_trust },
  { "worker", "=/lib/chiso/plugins/qd766-2026.so", read_sent },
  { "worker", "=/lib/chiso/plugins/par-2020.so", read_sent },
  { "annex", "/tests/fuzz/annex.csv", fuzz_annex },
  { "sheet", "/tests/fuzz/sheet.xml", fuzz_sheet },
  { "scoring sheet", "/tests/fuzz/scoring.txt", fuzz_filled },
  { "composite data", "/tests/docs/compose/data.csv", fuzz_compose_data },
  { "composite metadata", "/tests/docs/compose/meta.csv", fuzz_compose_meta },
  { "weights of replications", "/tests/fuzz/replications.csv",
    fuzz_weights_in },
  { "standard errors", "/tests/fuzz/errors.csv", fuzz_errors },
  { "runs of a design", "/tests/fuzz/design.csv", fuzz_design },
  { "changes", "/indices/units/changes-2025.csv", fuzz_changes },
  { "weights", "/tests/fuzz/weights.csv", fuzz_weights },
  { "exported table", "+/tests/fuzz/form.csv", fuzz_form },
  { "exported workbook", "+/tests/fuzz/form.xlsx", fuzz_form },
};
#define N_SUBJECTS (sizeof subjects / sizeof *subjects)

/* ---- the run ---------------------------------------------------------------
 */

static bool load(const char *path, text *out) {
  char whole[4352];
  if (*path == '=')
    return load_sent(path + 1, out);
  snprintf(whole, sizeof whole, "%s%s", *path == '+' ? BUILD_DIR : SOURCE_DIR,
           *path == '+' ? path + 1 : path);
  FILE *file = fopen(whole, "rb");
  if (!file)
    return false;
  out->size = fread(out->bytes, 1, ROOM, file);
  return fclose(file) == 0 && out->size > 0;
}

static bool save(const char *path, const text *t) {
  FILE *file = fopen(path, "wb");
  if (!file)
    return false;
  bool good = fwrite(t->bytes, 1, t->size, file) == t->size;
  return fclose(file) == 0 && good;
}

/* What overlays and rounds stand on, beside the damaged file. */
static bool lay_base(bool there) {
  static const char *const files[][2] = {
    { "example.json", "/tests/docs/example.json" },
    { "set.json", "/tests/docs/round/set.json" },
    { "units.csv", "/tests/docs/round/units.csv" },
  };
  bool good = true;
  for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
    char path[64], from[4352];
    snprintf(path, sizeof path, "%s/%s", folder, files[i][0]);
    snprintf(from, sizeof from, "%s%s", SOURCE_DIR, files[i][1]);
    good &= (there ? symlink(from, path) : unlink(path)) == 0;
  }
  return good;
}

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* One damaged file; false when something is wrong with how it was taken. */
static bool one(const subject *s, const text *original, text *work,
                const char *path, uint64_t seed) {
  uint64_t state = seed * 0x9e3779b97f4a7c15u + 1;
  memcpy(work->bytes, original->bytes, original->size);
  work->size = original->size;
  for (size_t n = 1 + below(&state, 6); n > 0; n--)
    damage(work, &state);
  if (!save(path, work))
    return false;
  watch w = { 0 };
  chiso_allocator allocator = { watched, &w };
  chiso_error err = { .lang = seed % 2 ? CHISO_LANG_VI : CHISO_LANG_EN };
  double began = seconds();
  chiso_status status = s->read(path, &allocator, &err);
  double took = seconds() - began;
  bool silent = status != CHISO_OK && !*err.text;
  if (status < CHISO_INTERNAL && !silent && w.live == 0 &&
      w.largest <= MOST_MEMORY && took < MOST_TIME)
    return true;
  fprintf(stderr,
          "%s, seed %llu: status %d, %ld blocks left, largest %zu, %.1f s: "
          "%s:%llu:%llu: %s\n",
          s->name, (unsigned long long)seed, (int)status, w.live, w.largest,
          took, err.file, (unsigned long long)err.line,
          (unsigned long long)err.column, err.text);
  return false;
}

static bool all(unsigned long rounds, unsigned long first, text *original,
                text *work) {
  bool good = true;
  char path[64], copy[128];
  for (size_t i = 0; i < N_SUBJECTS; i++) {
    snprintf(path, sizeof path, "%s/x.plugin.ini", folder);
    if (!load(subjects[i].path, original))
      return false;
    for (unsigned long k = 0; k < rounds; k++)
      good &= one(&subjects[i], original, work, path, first + k);
  }
  snprintf(copy, sizeof copy, "%s/x.plugin.ini", folder);
  (void)unlink(copy);
  return good;
}

int main(int argc, char **argv) {
  unsigned long rounds = argc > 1 ? strtoul(argv[1], NULL, 10) : 100;
  unsigned long first = argc > 2 ? strtoul(argv[2], NULL, 10) : 1;
  text original = { malloc(ROOM), 0 }, work = { malloc(ROOM + 64), 0 };
  bool good = original.bytes && work.bytes && mkdtemp(folder) &&
              lay_base(true) && fuzz_make_forms() &&
              all(rounds, first, &original, &work);
  (void)lay_base(false);
  (void)rmdir(folder);
  free(original.bytes);
  free(work.bytes);
  printf("fuzz: %lu rounds of %zu kinds from seed %lu: %s\n", rounds,
         N_SUBJECTS, first, good ? "good" : "FAILED");
  return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
