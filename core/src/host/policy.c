/* SPDX-License-Identifier: Apache-2.0
 * host/policy.c - whether a plugin is loaded in this process, isolated or
 * refused. The table at the end of this file is the whole of it.
 *
 * A pin or a signature vouches for the bytes that were read, so that where
 * they lay does not matter. Who else could have written them is asked of the
 * others: isolation keeps code away from this process, but not different rules
 * out of a methodology's name. */
#include "host/trust.h"

#include "base/file.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

typedef struct evidence {
  const chiso_trust *trust;
  chiso__arena *arena; /* the store's */
  const chiso__manifest *manifest;
  chiso_plugin_listing *listing;
  const char *text; /* of the manifest */
  size_t size;
  const char *folder;
  bool looked;               /* for a signature */
  bool present, good;        /* there is one; it can be read */
  bool known;                /* a trusted key has its id */
  const chiso_trust_row *by; /* the key that it verifies with */
  chiso__signature signature;
  chiso_status status; /* CHISO_NO_MEMORY, or CHISO_OK */
} evidence;

/* ---- the signature ------------------------------------------------------ */

static bool there(const char *path) {
  struct stat info;
  return lstat(path, &info) == 0 || errno != ENOENT;
}

static void verify(evidence *e) {
  for (size_t i = 0; i < e->trust->count && !e->by; i++) {
    const chiso__trust_row *row = &e->trust->rows[i];
    if (row->row.kind != CHISO_TRUST_KEY ||
        strcmp(row->key.id, e->signature.id) != 0)
      continue;
    e->known = true;
    if (chiso__signature_verify(&e->signature, &row->key, e->text, e->size))
      e->by = &row->row;
  }
}

static chiso_status read_signature(evidence *e) {
  chiso__arena *arena = e->arena;
  chiso_error *why = &e->listing->why;
  size_t a = strlen(e->listing->manifest), b = sizeof CHISO__SIGNATURE_ENDING;
  char *path = chiso__arena_alloc(arena, a + b);
  const char *text;
  size_t size;
  if (!path)
    return CHISO_NO_MEMORY;
  memcpy(path, e->listing->manifest, a);
  memcpy(path + a, CHISO__SIGNATURE_ENDING, b);
  e->present = there(path);
  if (!e->present)
    return CHISO_OK;
  chiso_status status = chiso__file_read(arena, path, CHISO__LIMIT_SIGNATURE,
                                         false, &text, &size, why);
  if (status == CHISO_OK)
    status = chiso__signature_read(arena, path, text, size, &e->signature, why);
  e->good = status == CHISO_OK;
  if (!e->good)
    return status == CHISO_NO_MEMORY ? status : CHISO_OK;
  verify(e);
  e->listing->key_id =
      chiso__arena_text(arena, e->signature.id, strlen(e->signature.id));
  e->listing->comment = e->by ? e->signature.comment : NULL;
  return e->listing->key_id ? CHISO_OK : CHISO_NO_MEMORY;
}

/* Reads it once, and only when a row of the table asks. */
static const evidence *look(evidence *e) {
  if (!e->looked && e->status == CHISO_OK)
    e->status = read_signature(e);
  e->looked = true;
  return e;
}

/* ---- what is asked ------------------------------------------------------ */

static bool is_revoked(evidence *e) {
  e->listing->trust = chiso__trust_revoked(e->trust, e->listing->digest);
  if (!e->listing->trust && e->trust->keys_revoked && look(e)->good)
    e->listing->trust = chiso__trust_revoked(e->trust, e->signature.id);
  return e->listing->trust != NULL;
}

static bool is_pinned(evidence *e) {
  e->listing->trust = chiso__trust_pinned(e->trust, e->listing->digest);
  return e->listing->trust != NULL;
}

static bool is_damaged(evidence *e) {
  return look(e)->present && !e->good;
}

static bool is_changed(evidence *e) {
  return look(e)->known && !e->by;
}

static bool may_sign(const evidence *e) {
  for (uint32_t i = 0; i < e->manifest->n_indices; i++)
    if (!chiso__pattern_match(e->by->patterns, e->manifest->indices[i].id))
      return false;
  return true;
}

static bool is_signed(evidence *e) {
  e->listing->trust = look(e)->by;
  return e->by && may_sign(e);
}

/* The manifest, then the folder. The library needs no look: the manifest has
 * its digest. */
static bool is_exposed(evidence *e, chiso__exposure how) {
  const char *const paths[] = { e->listing->manifest, e->folder };
  for (size_t i = 0; i < 2; i++)
    if (chiso__exposure_of(paths[i]) == how) {
      e->listing->exposed = paths[i];
      return true;
    }
  return false;
}

static bool is_foreign_owner(evidence *e) {
  return is_exposed(e, CHISO__FOREIGN_OWNER);
}

static bool is_writable(evidence *e) {
  return is_exposed(e, CHISO__WRITABLE);
}

static bool is_outside(evidence *e) {
  return look(e)->by != NULL;
}

static bool is_unknown_key(evidence *e) {
  return look(e)->present;
}

static bool always(evidence *e) {
  return e != NULL;
}

/* ---- reasons ------------------------------------------------------------ */

static void say_revoked(const evidence *e) {
  const chiso_trust_row *row = e->listing->trust;
  const char *what = row->key_id ? row->key_id : e->manifest->id;
  chiso__place place = { .file = row->file, .line = row->line };
  if (row->reason)
    chiso__fail(&e->listing->why, CHISO_BAD_DATA, place, MSG_POLICY_REVOKED,
                what, row->date, row->reason);
  else
    chiso__fail(&e->listing->why, CHISO_BAD_DATA, place,
                MSG_POLICY_REVOKED_BARE, what, row->date);
}

static void say_changed(const evidence *e) {
  chiso__fail(&e->listing->why, CHISO_BAD_DATA,
              (chiso__place) { .file = e->listing->manifest },
              MSG_POLICY_CHANGED, e->signature.id);
}

static void say_foreign_owner(const evidence *e) {
  (void)chiso__exposure_refuse(CHISO__FOREIGN_OWNER, e->listing->exposed,
                               &e->listing->why);
}

static void say_writable(const evidence *e) {
  (void)chiso__exposure_refuse(CHISO__WRITABLE, e->listing->exposed,
                               &e->listing->why);
}

static void said(const evidence *e) {
  (void)e; /* by reading the signature */
}

/* ---- the policy --------------------------------------------------------- */

/* The first row that holds decides. What says why refuses; of the others those
 * that are not vouched for are isolated. The order is that of chiso_verdict,
 * and of the table in docs/trust.md. */
static const struct {
  chiso_verdict verdict;
  bool isolate;
  bool (*holds)(evidence *e);
  void (*refuse)(const evidence *e);
} policy[] = {
  { CHISO_VERDICT_REVOKED, false, is_revoked, say_revoked },
  { CHISO_VERDICT_PINNED, false, is_pinned, NULL },
  { CHISO_VERDICT_DAMAGED, false, is_damaged, said },
  { CHISO_VERDICT_CHANGED, false, is_changed, say_changed },
  { CHISO_VERDICT_SIGNED, false, is_signed, NULL },
  { CHISO_VERDICT_FOREIGN_OWNER, false, is_foreign_owner, say_foreign_owner },
  { CHISO_VERDICT_WRITABLE, false, is_writable, say_writable },
  { CHISO_VERDICT_OUTSIDE, true, is_outside, NULL },
  { CHISO_VERDICT_UNKNOWN_KEY, true, is_unknown_key, NULL },
  { CHISO_VERDICT_UNSIGNED, true, always, NULL },
};

chiso_status chiso__policy(chiso_store *store, chiso__host_plugin *plugin,
                           const char *text, size_t size, chiso_error *err) {
  char digest[65];
  chiso_plugin_listing *listing = &plugin->listing;
  evidence e = { .trust = store->trust,
                 .arena = &store->arena,
                 .manifest = &plugin->manifest,
                 .listing = listing,
                 .text = text,
                 .size = size };
  chiso__sha256(text, size, digest);
  listing->digest = chiso__arena_text(e.arena, digest, strlen(digest));
  e.folder = chiso__path_folder(e.arena, listing->manifest);
  if (!listing->digest || !e.folder)
    return chiso__no_memory(err);
  size_t i = 0;
  while (!policy[i].holds(&e))
    i++;
  if (e.status != CHISO_OK)
    return chiso__no_memory(err);
  listing->verdict = policy[i].verdict;
  listing->isolate = store->options.isolate_all ||
                     (policy[i].isolate && !store->options.no_worker);
  if (policy[i].refuse) {
    policy[i].refuse(&e);
    listing->state = CHISO_PLUGIN_REFUSED;
  } else { /* a signature that nobody asked for may have left a reason */
    listing->why = (chiso_error) { .lang = store->lang };
  }
  return CHISO_OK;
}
