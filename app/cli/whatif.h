/* SPDX-License-Identifier: Apache-2.0
 * whatif.h - what the files of chiso whatif share. */
#ifndef CHISO_CLI_WHATIF_H
#define CHISO_CLI_WHATIF_H

#include "cli.h"

/* What the options change, taken apart. Texts live as long as the command. */
typedef struct whatif_changes {
  chiso_entry_change *entries;
  chiso_new_weight *weights;
  const char **tables;
  const char **without, **only;
  size_t n_entries, n_weights, n_tables, n_without, n_only;
} whatif_changes;

/* whatif_changes.c: reads --set, --give, --changes, --weight, --without and
 * --only. */
int whatif_read(cli *c, whatif_changes *out);
/* whatif_composite.c: of a composite index. */
int whatif_composite(cli *c, const whatif_changes *changes);
/* Marks whatever is written from here on as no result. */
void whatif_mark(cli *c);
/* The one row of --what summary. */
int whatif_summary(sheet *s, const chiso_moves *moves, const char *unit,
                   size_t before, size_t after, size_t scores, size_t grades);
/* A note that nothing moved. */
void whatif_note(sheet *s, size_t moved);

#endif
