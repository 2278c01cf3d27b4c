/* SPDX-License-Identifier: Apache-2.0
 *
 * chiso/author.h - tools for the author of a methodology.
 */
#ifndef CHISO_AUTHOR_H
#define CHISO_AUTHOR_H

#include "chiso/data.h"

/* ---- a new edition ------------------------------------------------------- */

typedef struct chiso_new_options {
  /* Of the folder and of the plugin: letters, digits, '.', '_' and '-', first
   * a letter or digit, at most 64. */
  const char *name;
  const chiso_methodology *base; /* borrowed */
  /* Begins with the year of its first round, 1900 to 2999; NULL: the four
   * digits that `name` ends with. */
  const char *edition;
  const char *id;        /* NULL: the base's */
  const char *out_dir;   /* where the folder is put; NULL: the current one */
  const char *share_dir; /* with sdk/template and units */
  chiso_lang lang;       /* of the notes in index.json */
} chiso_new_options;

/* Makes out_dir/name with everything that a plugin of the next edition needs:
 * index.json copied from the base, with links back to it and every row marked
 * as not yet checked; build files, a golden test with three worked units, a
 * README. Refuses to touch what is there (CHISO_USAGE), an edition that is not
 * later than the base's at the same id, and a base with CALL nodes, because a
 * plugin does not hold their source. The folder appears whole or not at all.
 * *made (may be NULL) is the new edition; free it with
 * chiso_methodology_free(). */
CHISO_API chiso_status chiso_new(const chiso_new_options *options,
                                 const chiso_allocator *allocator,
                                 chiso_methodology **made, chiso_error *err);

#endif
