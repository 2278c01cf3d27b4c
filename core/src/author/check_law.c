/* SPDX-License-Identifier: Apache-2.0
 * author/check_law.c - checks L01 to L07: instruments, editions, provenance,
 * internal sets. */
#include "author/check.h"
#include "author/new.h"

#include <string.h>

/* Whether a text says anything: a letter or a digit, of any script. */
static bool says_something(const char *text) {
  for (const unsigned char *c = (const unsigned char *)text; *c; c++)
    if (*c >= 0x80 || (*c >= '0' && *c <= '9') || (*c >= 'A' && *c <= 'Z') ||
        (*c >= 'a' && *c <= 'z'))
      return true;
  return false;
}

void chiso__check_L01(chiso__checking *k) {
  CHISO__EACH_SUBJECT(k, s)
  for (uint32_t i = 0; i < s->index->n_nodes; i++) {
    const chiso_node *n = &s->index->nodes[i];
    chiso__check_applied(k);
    if (!says_something(n->source) || strcmp(n->source, "TODO") == 0)
      chiso__check_find(k, chiso__node_place(s->methodology, i),
                        MSG_CHECK_SOURCE, n->id, n->source);
  }
}

/* ---- L02: in force ------------------------------------------------------ */

static chiso__place legal_place(const chiso__check_subject *s) {
  return (chiso__place) { s->file, s->methodology->at.legal, 0 };
}

/* An instrument may be issued in the year after the round that it scores, as
 * scoring follows the round; not later. The last one may be repealed once the
 * last round is over. */
void chiso__check_L02(chiso__checking *k) {
  CHISO__EACH_SUBJECT(k, s) {
    const chiso_index *ix = s->index;
    unsigned start = UINT16_MAX, end = 0;
    bool dated = false, open = false;
    for (uint32_t i = 0; i < ix->n_legal; i++) {
      const chiso_legal *l = &ix->legal[i];
      unsigned from = l->in_force.year ? l->in_force.year : l->issued.year;
      dated |= from != 0;
      if (from != 0 && from < start)
        start = from;
      open |= l->repealed.year == 0;
      if (l->repealed.year > end)
        end = l->repealed.year;
    }
    if (!dated) {
      chiso__check_skip(k, MSG_CHECK_NO_DATES, s->methodology->name);
      continue;
    }
    chiso__check_applied(k);
    if (start > ix->first + 1u)
      chiso__check_find(k, legal_place(s), MSG_CHECK_STARTS, start,
                        (unsigned)ix->first);
    if (!open && (ix->last == 0 || ix->last > end))
      chiso__check_find(k, legal_place(s), MSG_CHECK_REPEALED, end,
                        (unsigned)ix->last);
  }
}

/* ---- L03: editions ------------------------------------------------------ */

static void check_editions(chiso__checking *k, const chiso_store *store,
                           const chiso__check_subject *s) {
  const chiso_index *ix = s->index;
  chiso__place place = { s->file, s->methodology->at.supersedes, 0 };
  for (uint32_t i = 0; i < ix->n_supersedes; i++) {
    const chiso_listing *before = NULL;
    for (size_t j = 0; j < chiso_store_count(store); j++)
      if (strcmp(chiso_store_get(store, j)->name, ix->supersedes[i]) == 0)
        before = chiso_store_get(store, j);
    if (!before) {
      chiso__check_skip(k, MSG_CHECK_NOT_INSTALLED, ix->supersedes[i]);
      continue;
    }
    if (strcmp(before->id, ix->id) != 0)
      continue; /* another index: its years are its own */
    chiso__check_applied(k);
    /* An open edition ends where the one that supersedes it begins. */
    if (before->first >= ix->first ||
        (before->last != 0 && before->last >= ix->first))
      chiso__check_find(k, place, MSG_CHECK_OVERLAP, before->name,
                        (unsigned)(before->last ? before->last : before->first),
                        (unsigned)ix->first);
    else if (before->last != 0 && before->last + 1u < ix->first)
      chiso__check_find(k, place, MSG_CHECK_GAP, before->name,
                        (unsigned)before->last, (unsigned)ix->first);
  }
}

void chiso__check_L03(chiso__checking *k) {
  chiso_store *store = NULL;
  bool any = false;
  CHISO__EACH_SUBJECT(k, s)
  any |= s->index->n_supersedes > 0;
  if (!any) {
    chiso__check_skip(k, MSG_CHECK_FIRST_EDITION);
    return;
  }
  if (!k->options->installed) {
    chiso__check_skip(k, MSG_CHECK_NO_STORE);
    return;
  }
  if (chiso_store_open(k->options->installed, k->lang, k->allocator, &store,
                       NULL) != CHISO_OK) {
    chiso__check_skip(k, MSG_CHECK_NO_STORE);
    return;
  }
  CHISO__EACH_SUBJECT(k, s)
  check_editions(k, store, s);
  chiso_store_free(store);
}

/* ---- L04: looked at ----------------------------------------------------- */

/* A day as a number that grows with time; unknown parts count as their last. */
static unsigned day_of(chiso_date d) {
  return d.year * 512u + (d.month ? d.month : 12u) * 32u +
         (d.day ? d.day : 31u);
}

void chiso__check_L04(chiso__checking *k) {
  chiso_date today = k->options->today;
  if (today.year == 0) {
    chiso__check_skip(k, MSG_CHECK_NO_TODAY);
    return;
  }
  CHISO__EACH_SUBJECT(k, s)
  for (uint32_t i = 0; i < s->index->n_legal; i++) {
    const chiso_legal *l = &s->index->legal[i];
    char date[16], now[16];
    chiso_date year_later = l->checked_on;
    year_later.year++;
    if (l->checked_on.year == 0) {
      chiso__check_skip(k, MSG_CHECK_NOT_LOOKED, l->instrument);
      continue;
    }
    chiso__check_applied(k);
    chiso_round_format(l->checked_on, date);
    chiso_round_format(today, now);
    if (day_of(year_later) < day_of(today))
      chiso__check_find(k, legal_place(s), MSG_CHECK_LOOKED_OLD, l->instrument,
                        date, now);
    else if (l->checked_on.year > today.year ||
             (l->checked_on.day && day_of(l->checked_on) > day_of(today)))
      chiso__check_find(k, legal_place(s), MSG_CHECK_LOOKED_LATER,
                        l->instrument, date, now);
  }
}

/* ---- L05: official ------------------------------------------------------ */

void chiso__check_L05(chiso__checking *k) {
  if (!k->options->official) {
    chiso__check_skip(k, MSG_CHECK_NOT_OFFICIAL);
    return;
  }
  CHISO__EACH_SUBJECT(k, s)
  if (s->index->scope == CHISO_SCOPE_INTERNAL)
    chiso__check_find(k, (chiso__place) { s->file, 0, 0 }, MSG_CHECK_INTERNAL,
                      s->methodology->name);
  CHISO__EACH_SUBJECT(k, s)
  for (uint32_t i = 0; i < s->index->n_nodes; i++) {
    const chiso_node *n = &s->index->nodes[i];
    unsigned least =
        n->prov_name < n->prov_points ? n->prov_name : n->prov_points;
    chiso__check_applied(k);
    if (least < CHISO_PROV_PUBLISHED)
      chiso__check_find(k, chiso__node_place(s->methodology, i),
                        MSG_CHECK_PROVENANCE, n->id,
                        chiso_title(CHISO_FAMILY_PROVENANCE, least, k->lang));
  }
}

/* ---- L06: numbers to fill in -------------------------------------------- */

void chiso__check_L06(chiso__checking *k) {
  CHISO__EACH_SUBJECT(k, s)
  for (uint32_t i = 0; i < s->index->n_legal; i++) {
    const char *instrument = s->index->legal[i].instrument;
    chiso__check_applied(k);
    if (strncmp(instrument, CHISO__TO_FILL, strlen(CHISO__TO_FILL)) == 0)
      chiso__check_find(k, legal_place(s), MSG_CHECK_TO_FILL, instrument);
  }
}

/* ---- L07: internal sets ------------------------------------------------- */

/* Reading refuses what is wrong; here is only whether there was anything to
 * look at. */
void chiso__check_L07(chiso__checking *k) {
  CHISO__EACH_SUBJECT(k, s)
  if (s->index->scope == CHISO_SCOPE_INTERNAL)
    chiso__check_applied(k);
  else
    chiso__check_skip(k, MSG_CHECK_NATIONAL, s->methodology->name);
}
