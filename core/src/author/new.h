/* SPDX-License-Identifier: Apache-2.0
 * author/new.h - what the files of chiso_new() share. */
#ifndef CHISO_AUTHOR_NEW_H
#define CHISO_AUTHOR_NEW_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"
#include "chiso/author.h"

/* The first instrument of a new edition begins with this mark until somebody
 * writes the number of the decision: "…/QĐ-BNV". */
#define CHISO__TO_FILL "…"

/* What the folder is made from; texts are in the arena. */
typedef struct chiso__new {
  const chiso_new_options *options;
  const chiso_allocator *allocator;
  chiso__arena arena;
  const char *id, *edition, *name; /* "vn.par.province/2026" */
  const char *round;               /* "2026" */
  uint16_t year;
  const char *unit_set;
  const char *units_path;   /* NULL: the share folder has no such set */
  chiso_methodology *index; /* the new edition */
  chiso_error *err;
} chiso__new;

/* new_index.c: the new edition, copied from the base. */
chiso_status chiso__new_index(chiso__new *n);

/* new_worked.c: three worked units, as the golden test reads them. */
typedef struct chiso__worked {
  chiso__buffer units, observations, results;
} chiso__worked;
chiso_status chiso__new_worked(chiso__new *n, chiso__worked *out);

/* new_template.c: the text of a file of sdk/template with its names filled in.
 * `file` is below that folder. */
chiso_status chiso__new_template(chiso__new *n, const char *file,
                                 chiso__buffer *out);

#endif
