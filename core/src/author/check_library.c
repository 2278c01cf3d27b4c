/* SPDX-License-Identifier: Apache-2.0
 * author/check_library.c - checks E01 to E07 and A01 to A07. */
#include "author/check.h"

#include "base/buffer.h"
#include "base/crypto.h"
#include "base/text.h"

#include <string.h>

/* ---- the file ----------------------------------------------------------- */

/* The reader stops at the first thing it refuses: what comes after is not
 * known. */
static void ask_libraries(chiso__checking *k) {
  bool any = false, good = false;
  CHISO__EACH_PLUGIN(k, p) {
    any |= p->bytes != NULL;
    good |= p->good_elf;
  }
  if (good) {
    chiso__check_applied(k);
    return;
  }
  for (size_t i = 0; i < k->n_faults; i++) {
    chiso__check_id check = k->faults[i].check;
    if (check == k->now || (any && check < CHECK_E01) ||
        (check > CHECK_E07 && check != CHECK_T10))
      continue;
    size_t count;
    chiso__check_skip(k, MSG_CHECK_SEE, chiso_checks(&count)[check].id);
    return;
  }
  if (k->n_faults > 0) {
    size_t count;
    chiso__check_skip(k, MSG_CHECK_SEE,
                      chiso_checks(&count)[k->faults[0].check].id);
  } else {
    k->skip = k->no_plugin;
    k->skipped = true;
  }
}

void chiso__check_E01(chiso__checking *k) {
  ask_libraries(k);
}
void chiso__check_E02(chiso__checking *k) {
  ask_libraries(k);
}
void chiso__check_E03(chiso__checking *k) {
  ask_libraries(k);
}
void chiso__check_E04(chiso__checking *k) {
  ask_libraries(k);
}
void chiso__check_E05(chiso__checking *k) {
  ask_libraries(k);
}
void chiso__check_E06(chiso__checking *k) {
  chiso__check_applied(k);
}

void chiso__check_E07(chiso__checking *k) {
  bool built = false;
  CHISO__EACH_PLUGIN(k, p)
  built |= p->built;
  if (built)
    chiso__check_applied(k);
  else if (k->n_plugins > 0)
    chiso__check_skip(k, MSG_CHECK_IS_BUILT);
  else
    ask_libraries(k);
}

/* ---- the first page ----------------------------------------------------- */

void chiso__check_A01(chiso__checking *k) {
  CHISO__EACH_PLUGIN(k, p) {
    chiso_error why = { .lang = k->lang };
    if (p->loaded != CHISO__CHECK_GOOD || !p->tables)
      continue;
    chiso__check_applied(k);
    if (chiso__abi_check(p->library_path, p->manifest.id, p->tables->abi_major,
                         p->tables->abi_minor, &why) != CHISO_OK)
      chiso__check_find_error(k, &why);
  }
  chiso__check_skip(k, MSG_CHECK_SEE, "A05");
}

void chiso__check_A05(chiso__checking *k) {
  CHISO__EACH_PLUGIN(k, p) {
    chiso__place place = { .file = p->library_path };
    if (p->loaded != CHISO__CHECK_GOOD)
      continue;
    chiso__check_applied(k);
    if (!p->tables)
      chiso__check_find(k, place, MSG_LIBRARY_EMPTY, "chiso_plugin");
    else if (p->entry() != p->tables)
      chiso__check_find(k, place, MSG_CHECK_TWO_CALLS);
  }
}

void chiso__check_A02(chiso__checking *k) {
  CHISO__EACH_PLUGIN(k, p) {
    chiso__check_array fault;
    chiso__place place = { .file = p->library_path };
    if (p->loaded != CHISO__CHECK_GOOD || !p->tables ||
        p->tables->abi_major != CHISO_ABI_MAJOR ||
        p->tables->abi_minor > CHISO_ABI_MINOR)
      continue;
    chiso__check_applied(k);
    if (chiso__check_walkable(p->tables, &fault))
      continue;
    if (fault.least == 0 && strcmp(fault.where, "chiso_plugin") == 0)
      chiso__check_find(k, place, MSG_LIBRARY_SIZE, (unsigned)p->tables->size,
                        CHISO_ABI_MAJOR, CHISO_ABI_MINOR,
                        (unsigned)sizeof *p->tables);
    else if (fault.least == 0)
      chiso__check_find(k, place, MSG_LIBRARY_EMPTY, fault.where);
    else
      chiso__check_find(k, place, MSG_CHECK_ARRAY, fault.where,
                        (unsigned)fault.count, (unsigned)fault.most,
                        fault.stride, fault.least);
  }
  chiso__check_skip(k, MSG_CHECK_SEE, "A01");
}

/* ---- the tables --------------------------------------------------------- */

typedef struct inspection {
  chiso__checking *k;
  const char *file;
} inspection;

static void inspect_reserved(void *user, const char *where) {
  const inspection *in = user;
  chiso__check_find(in->k, (chiso__place) { .file = in->file },
                    MSG_CHECK_RESERVED, where);
}

static void inspect_text(void *user, const char *where, const char *text) {
  const inspection *in = user;
  chiso__place place = { .file = in->file };
  size_t size = strnlen(text, CHISO__MAX_TEXT + 1);
  if (size > CHISO__MAX_TEXT) {
    chiso__check_find(in->k, place, MSG_CHECK_TEXT_LONG, where,
                      CHISO__MAX_TEXT);
    return;
  }
  if (chiso__utf8_check(text, size) != size) {
    chiso__check_find(in->k, place, MSG_CHECK_TEXT_UTF8, where);
    return;
  }
  const char *composed = chiso__nfc(&in->k->arena, text, size);
  if (!composed)
    in->k->short_memory = true;
  else if (strcmp(composed, text) != 0)
    chiso__check_find(in->k, place, MSG_CHECK_TEXT_NFC, where, text);
}

/* Walks every plugin that can be walked. */
static void inspect(chiso__checking *k, chiso__check_walker walker) {
  CHISO__EACH_PLUGIN(k, p) {
    chiso__check_array fault;
    inspection in = { k, p->library_path };
    if (p->loaded != CHISO__CHECK_GOOD ||
        !chiso__check_walkable(p->tables, &fault))
      continue;
    chiso__check_applied(k);
    walker.user = &in;
    chiso__check_walk(p->tables, &walker);
  }
}

void chiso__check_A03(chiso__checking *k) {
  inspect(k, (chiso__check_walker) { .reserved = inspect_reserved });
}

void chiso__check_A04(chiso__checking *k) {
  inspect(k, (chiso__check_walker) { .text = inspect_text });
}

/* The copy refuses what no index.json can say. */
void chiso__check_A07(chiso__checking *k) {
  CHISO__EACH_PLUGIN(k, p)
  if (p->loaded == CHISO__CHECK_GOOD) {
    size_t before = k->n_faults;
    chiso__check_applied(k);
    if (p->copied == CHISO__CHECK_UNTRIED && !chiso__check_copy(k, p))
      for (size_t i = before; i < k->n_faults; i++)
        if (k->faults[i].check == CHECK_A07)
          chiso__check_find_error(k, &k->faults[i].error);
  }
}

/* ---- 10,000 scores later ------------------------------------------------ */

#define SCORES_A06 10000u
#define BATCH_A06  100u

static void take_bytes(void *user, const void *bytes, size_t size) {
  chiso__buffer_bytes(user, bytes, size);
}

static void take_text(void *user, const char *where, const char *text) {
  (void)where;
  chiso__buffer_bytes(user, text, strlen(text) + 1);
}

/* SHA-256 of all that the tables hold; false when memory is short. */
static bool picture(const chiso__checking *k, const chiso_plugin *tables,
                    char out[65]) {
  chiso__buffer all = { .allocator = k->allocator };
  chiso__check_walker walker = { .text = take_text,
                                 .bytes = take_bytes,
                                 .user = &all };
  chiso__check_walk(tables, &walker);
  if (!all.failed)
    chiso__sha256(all.data, all.size, out);
  bool good = !all.failed;
  chiso__buffer_free(&all);
  return good;
}

static bool score_often(chiso__checking *k, const chiso__check_subject *s) {
  chiso_entries entries = { 0 };
  chiso_scores scores = { 0 };
  bool good = chiso_entries_new(s->program, BATCH_A06, k->allocator, &entries,
                                NULL) == CHISO_OK &&
              chiso_scores_new(s->program, BATCH_A06, k->allocator, &scores,
                               NULL) == CHISO_OK;
  for (uint32_t done = 0; good && done < SCORES_A06; done += BATCH_A06) {
    for (uint32_t i = 0; i < s->index->n_nodes; i++)
      for (uint32_t j = 0; j < s->index->nodes[i].n_inputs; j++)
        for (uint32_t u = 0; u < BATCH_A06; u++)
          chiso_entries_set(
              &entries, chiso_program_slot(s->program, i) + j, u,
              chiso__check_draw(&s->index->nodes[i], j,
                                chiso__check_random(i * 64 + j, done + u)));
    chiso_score(s->program, &entries, &scores);
    chiso__check_stage_begin(k, CHISO__STAGE_NONE); /* time for each */
  }
  chiso_entries_free(&entries);
  chiso_scores_free(&scores);
  return good;
}

void chiso__check_A06(chiso__checking *k) {
  CHISO__EACH_PLUGIN(k, p) {
    chiso__check_array fault;
    char before[65], after[65];
    if (p->loaded != CHISO__CHECK_GOOD ||
        !chiso__check_walkable(p->tables, &fault))
      continue;
    chiso__check_applied(k);
    bool good = picture(k, p->tables, before);
    CHISO__EACH_SUBJECT(k, s)
    good = good && (!s->program || score_often(k, s));
    (void)p->entry();
    good = good && picture(k, p->tables, after);
    k->short_memory |= !good;
    if (good && strcmp(before, after) != 0)
      chiso__check_find(k, (chiso__place) { .file = p->library_path },
                        MSG_CHECK_CHANGED);
  }
}
