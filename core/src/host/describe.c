/* SPDX-License-Identifier: Apache-2.0
 * host/describe.c - what a manifest says of a methodology. Building writes it;
 * loading makes it again and compares, so that a manifest cannot announce one
 * thing and its library hold another. */
#include "host/host.h"

#include <string.h>

static const char *keep(chiso__arena *arena, chiso__buffer *text) {
  const char *kept =
      text->failed
          ? NULL
          : chiso__arena_text(arena, text->data ? text->data : "", text->size);
  chiso__buffer_free(text);
  return kept;
}

/* "8 area, 43 criterion": kinds as the tree has them, without the root and
 * without branches, which no instrument counts. */
static const char *counts_of(chiso__arena *arena,
                             const chiso_methodology *methodology) {
  chiso__buffer out = { .allocator = arena->allocator };
  for (unsigned kind = CHISO_KIND_AREA; kind < CHISO_KIND_BRANCH; kind++) {
    uint32_t count = chiso_methodology_count(methodology, kind);
    if (count > 0)
      chiso__buffer_print(&out, "%s%u %s", out.size ? ", " : "",
                          (unsigned)count, chiso_key(CHISO_FAMILY_KIND, kind));
  }
  if (out.size == 0)
    chiso__buffer_text(&out, "-");
  return keep(arena, &out);
}

/* "published 3, reconstructed 111": leaves that count, best first. */
static const char *provenance_of(chiso__arena *arena,
                                 const chiso_methodology *methodology) {
  const chiso_index *index = chiso_methodology_index(methodology);
  uint32_t counts[CHISO_PROV_OFFICIAL + 1] = { 0 };
  for (uint32_t i = 0; i < index->n_nodes; i++) {
    const chiso_node *node = &index->nodes[i];
    if (chiso_methodology_first_child(methodology, i) == CHISO_NO_NODE &&
        node->weight != 0 && node->prov_points <= CHISO_PROV_OFFICIAL)
      counts[node->prov_points]++;
  }
  chiso__buffer out = { .allocator = arena->allocator };
  for (unsigned value = CHISO_PROV_OFFICIAL + 1; value-- > 0;)
    if (counts[value] > 0)
      chiso__buffer_print(&out, "%s%s %u", out.size ? ", " : "",
                          chiso_key(CHISO_FAMILY_PROVENANCE, value),
                          (unsigned)counts[value]);
  if (out.size == 0)
    chiso__buffer_text(&out, "-");
  return keep(arena, &out);
}

/* "1149/QĐ-BNV, 30/12/2020": the instrument that the index rests on, which is
 * the first of its list. */
static const char *legal_of(chiso__arena *arena, const chiso_index *index) {
  const chiso_legal *legal = &index->legal[0];
  chiso__buffer out = { .allocator = arena->allocator };
  chiso__buffer_text(&out, legal->instrument);
  const chiso_date *date = &legal->issued;
  if (date->year) {
    chiso__buffer_text(&out, ", ");
    if (date->month && date->day)
      chiso__buffer_print(&out, "%02u/", (unsigned)date->day);
    if (date->month)
      chiso__buffer_print(&out, "%02u/", (unsigned)date->month);
    chiso__buffer_print(&out, "%04u", (unsigned)date->year);
  }
  return keep(arena, &out);
}

chiso_status chiso__manifest_describe(chiso__arena *arena,
                                      const chiso_methodology *methodology,
                                      chiso__manifest_index *out,
                                      chiso_error *err) {
  const chiso_index *index = chiso_methodology_index(methodology);
  bool legal = index->n_legal > 0 && index->legal[0].instrument;
  *out =
      (chiso__manifest_index) { .id = index->id,
                                .edition = index->edition,
                                .title_vi = index->title_vi,
                                .title_en = index->title_en,
                                .unit_set = index->unit_set,
                                .variant_of = index->variant_of,
                                .scope = index->scope,
                                .counts = counts_of(arena, methodology),
                                .provenance = provenance_of(arena, methodology),
                                .legal = legal ? legal_of(arena, index) : NULL,
                                .digest = chiso_methodology_digest(methodology),
                                .max = index->nodes[0].max,
                                .first = index->first,
                                .last = index->last,
                                .level = index->level };
  return out->counts && out->provenance && (!legal || out->legal)
             ? CHISO_OK
             : chiso__no_memory(err);
}

/* ---- comparing ---------------------------------------------------------- */

static bool same(const char *a, const char *b) {
  return a && b ? strcmp(a, b) == 0 : a == b;
}

static chiso_status differs(const char *file, const char *key, const char *has,
                            const char *says, chiso_error *err) {
  return chiso__fail(err, CHISO_BAD_DATA, (chiso__place) { .file = file },
                     MSG_LIBRARY_DIFFERS, key, has ? has : "-",
                     says ? says : "-");
}

chiso_status chiso__manifest_compare(const char *file,
                                     const chiso__manifest_index *has,
                                     const chiso__manifest_index *says,
                                     chiso_error *err) {
  const struct {
    const char *key, *has, *says;
  } texts[] = { { "id", has->id, says->id },
                { "edition", has->edition, says->edition },
                { "title_vi", has->title_vi, says->title_vi },
                { "title_en", has->title_en, says->title_en },
                { "units", has->unit_set, says->unit_set },
                { "scope", chiso_key(CHISO_FAMILY_SCOPE, has->scope),
                  chiso_key(CHISO_FAMILY_SCOPE, says->scope) },
                { "variant_of", has->variant_of, says->variant_of },
                { "counts", has->counts, says->counts },
                { "provenance", has->provenance, says->provenance },
                { "legal", has->legal, says->legal },
                { "level", chiso_key(CHISO_FAMILY_LEVEL, has->level),
                  chiso_key(CHISO_FAMILY_LEVEL, says->level) } };
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
    if (!same(texts[i].has, texts[i].says))
      return differs(file, texts[i].key, texts[i].has, texts[i].says, err);
  const struct {
    const char *key;
    int64_t has, says;
  } numbers[] = { { "max (1e-6)", has->max, says->max },
                  { "first", has->first, says->first },
                  { "last", has->last, says->last } };
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
    char found[32], expected[32];
    if (numbers[i].has == numbers[i].says)
      continue;
    snprintf(found, sizeof found, "%lld", (long long)numbers[i].has);
    snprintf(expected, sizeof expected, "%lld", (long long)numbers[i].says);
    return differs(file, numbers[i].key, found, expected, err);
  }
  return CHISO_OK;
}
