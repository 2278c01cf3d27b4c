/* SPDX-License-Identifier: Apache-2.0
 * author/check_manifest.c - checks M01 to M07. */
#include "author/check.h"

#include <string.h>

/* A manifest that an author wrote: not the one of a plugin built here. */
#define EACH_MANIFEST(k, p)                                                    \
  CHISO__EACH_PLUGIN(k, p)                                                     \
  if (p->good_manifest && !p->built)

static void ask_manifests(chiso__checking *k) {
  bool any = false;
  CHISO__EACH_PLUGIN(k, p)
  any |= !p->built;
  if (any)
    chiso__check_applied(k);
  else
    chiso__check_skip(k, MSG_CHECK_NO_MANIFEST);
}

/* What these refuse is a fault of the reader; nothing is left to ask. */
void chiso__check_M01(chiso__checking *k) {
  ask_manifests(k);
}

/* A manifest that cannot be read has told nothing else. */
static bool readable(chiso__checking *k) {
  ask_manifests(k);
  bool any = false;
  EACH_MANIFEST(k, p) {
    any = true;
  }
  if (!any && k->applied) {
    k->applied = false;
    chiso__check_skip(k, MSG_CHECK_SEE, "M01");
  }
  return any;
}

void chiso__check_M02(chiso__checking *k) {
  (void)readable(k);
}

/* Semantic versions have no leading zeros. */
static bool leading_zero(const char *version) {
  for (const char *at = version; *at && *at != '-'; at++)
    if (*at == '0' && at[1] >= '0' && at[1] <= '9' &&
        (at == version || at[-1] == '.'))
      return true;
  return false;
}

void chiso__check_M03(chiso__checking *k) {
  if (!readable(k))
    return;
  EACH_MANIFEST(k, p) {
    if (leading_zero(p->manifest.version))
      chiso__check_find(k, (chiso__place) { .file = p->manifest_path },
                        MSG_CHECK_VERSION, p->manifest.version);
  }
}

static bool licence_known(const char *name, size_t size) {
  static const char *const known[] = { "0BSD",
                                       "AGPL-3.0-only",
                                       "AGPL-3.0-or-later",
                                       "Apache-2.0",
                                       "BSD-2-Clause",
                                       "BSD-3-Clause",
                                       "BSL-1.0",
                                       "CC-BY-4.0",
                                       "CC-BY-SA-4.0",
                                       "CC0-1.0",
                                       "EPL-2.0",
                                       "EUPL-1.2",
                                       "GPL-2.0-only",
                                       "GPL-2.0-or-later",
                                       "GPL-3.0-only",
                                       "GPL-3.0-or-later",
                                       "ISC",
                                       "LGPL-2.1-only",
                                       "LGPL-2.1-or-later",
                                       "LGPL-3.0-only",
                                       "LGPL-3.0-or-later",
                                       "MIT",
                                       "MPL-2.0",
                                       "ODC-By-1.0",
                                       "ODbL-1.0",
                                       "PDDL-1.0",
                                       "Unlicense",
                                       "Zlib" };
  static const char own[] = "LicenseRef-";
  if (size > sizeof own - 1 && memcmp(name, own, sizeof own - 1) == 0)
    return true;
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    if (strlen(known[i]) == size && memcmp(known[i], name, size) == 0)
      return true;
  return false;
}

/* "MIT OR Apache-2.0", "MIT AND CC-BY-4.0": names with words between them. */
static bool licences_known(const char *text) {
  for (bool name = true;; name = !name) {
    size_t size = strcspn(text, " ");
    bool word = (size == 2 && memcmp(text, "OR", 2) == 0) ||
                (size == 3 && memcmp(text, "AND", 3) == 0);
    if (name ? !licence_known(text, size) : !word)
      return false;
    if (text[size] == '\0')
      return name;
    text += size + 1;
  }
}

void chiso__check_M04(chiso__checking *k) {
  if (!readable(k))
    return;
  EACH_MANIFEST(k, p) {
    if (!licences_known(p->manifest.license))
      chiso__check_find(k, (chiso__place) { .file = p->manifest_path },
                        MSG_CHECK_LICENCE, p->manifest.license);
  }
}

void chiso__check_M05(chiso__checking *k) {
  (void)readable(k);
}

/* ---- the manifest and the library --------------------------------------- */

static chiso_status compare(chiso__checking *k, const chiso__check_plugin *p,
                            uint32_t i, chiso_error *why) {
  const chiso_methodology *copy = p->copies[i];
  const chiso__manifest_index *says = &p->manifest.indices[i];
  chiso__manifest_index has;
  const char *digest = chiso_methodology_digest(copy);
  CHISO__TRY(chiso__manifest_describe(&k->arena, copy, &has, why));
  CHISO__TRY(chiso__manifest_compare(p->library_path, &has, says, why));
  if (strcmp(digest, says->digest) == 0)
    return CHISO_OK;
  return chiso__fail(why, CHISO_BAD_DATA,
                     (chiso__place) { .file = p->library_path },
                     MSG_DEFINITION_DIGEST, chiso_methodology_name(copy),
                     digest, says->digest);
}

void chiso__check_M06(chiso__checking *k) {
  ask_manifests(k);
  CHISO__EACH_PLUGIN(k, p) {
    chiso_error why = { .lang = k->lang };
    if (p->built || p->loaded != CHISO__CHECK_GOOD)
      continue;
    if (chiso__tables_check(p->library_path, p->tables, p->tables->rule != NULL,
                            &p->manifest, &why) != CHISO_OK) {
      if (chiso__check_of(&why, CHISO__READING_LIBRARY) == CHECK_M06)
        chiso__check_find_error(k, &why);
      continue;
    }
    (void)chiso__check_copy(k, p);
    for (uint32_t i = 0; p->copies && i < p->manifest.n_indices; i++)
      if (p->copies[i] && compare(k, p, i, &why) == CHISO_BAD_DATA)
        chiso__check_find_error(k, &why);
  }
}

void chiso__check_M07(chiso__checking *k) {
  EACH_MANIFEST(k, p)
  for (uint32_t i = 0; i < p->manifest.n_indices; i++) {
    const chiso__manifest_index *index = &p->manifest.indices[i];
    for (size_t s = 0; s < k->n_sources; s++) {
      const chiso_methodology *m = k->sources[s].methodology;
      if (!m || strcmp(m->index.id, index->id) != 0 ||
          strcmp(m->index.edition, index->edition) != 0)
        continue;
      chiso__check_applied(k);
      if (strcmp(m->digest, index->digest) != 0)
        chiso__check_find(k, (chiso__place) { .file = p->manifest_path },
                          MSG_CHECK_STALE, m->name);
    }
  }
  chiso__check_skip(k, MSG_CHECK_NOT_BOTH);
}
