/* SPDX-License-Identifier: Apache-2.0
 * host/trust.h - what is trusted, and what follows for a plugin. */
#ifndef CHISO_HOST_TRUST_H
#define CHISO_HOST_TRUST_H

#include "base/map.h"
#include "host/host.h"
#include "host/minisign.h"

#define CHISO__TRUST_FILE   "trust.ini"
#define CHISO__TRUST_FORMAT "1"
#define CHISO__LIMIT_TRUST  ((size_t)1024 * 1024) /* bytes of a trust file */

typedef struct chiso__trust_row {
  chiso_trust_row row;
  chiso__key key; /* of CHISO_TRUST_KEY */
} chiso__trust_row;

struct chiso_trust {
  const chiso_allocator *allocator;
  chiso__arena arena;
  chiso__trust_row *rows;
  size_t count, capacity;
  chiso__map pinned, revoked; /* by digest, or by id of a key, to the row */
  bool keys_revoked;
};

void chiso__trust_begin(chiso_trust *trust, const chiso_allocator *allocator);
void chiso__trust_clear(chiso_trust *trust);
/* Adds the rows of one file's text. `file` must outlive the result. */
chiso_status chiso__trust_read(chiso_trust *trust, const char *file,
                               bool shipped, const char *text, size_t size,
                               chiso_error *err);
/* The row that pins, or revokes, a digest or the id of a key; or NULL. */
const chiso_trust_row *chiso__trust_pinned(const chiso_trust *trust,
                                           const char *digest);
const chiso_trust_row *chiso__trust_revoked(const chiso_trust *trust,
                                            const char *digest_or_id);

/* Whether a name matches one of the patterns (NULL: any name does). */
bool chiso__pattern_match(const char *patterns, const char *name);

/* ---- owner and mode ----------------------------------------------------- */

typedef enum chiso__exposure {
  CHISO__SAFE,
  CHISO__FOREIGN_OWNER, /* neither root, the user nor the program's owner */
  CHISO__WRITABLE       /* by others; a folder with the sticky bit is safe */
} chiso__exposure;

/* A file's or a folder's; what cannot be looked at is SAFE, as nothing can be
 * read there either. */
chiso__exposure chiso__exposure_of(const char *path);
/* Refuses with the path, and what would be right. */
chiso_status chiso__exposure_refuse(chiso__exposure which, const char *path,
                                    chiso_error *err);
/* The folder of a path: "." when it has none. In the arena; NULL: no memory. */
const char *chiso__path_folder(chiso__arena *arena, const char *path);

/* ---- policy ------------------------------------------------------------- */

/* Decides on a plugin whose manifest was read from these bytes: fills verdict,
 * isolate and what led to them, or the reason of a refusal. Only short memory
 * is an error. */
chiso_status chiso__policy(chiso_store *store, chiso__host_plugin *plugin,
                           const char *text, size_t size, chiso_error *err);

#endif
