/* SPDX-License-Identifier: Apache-2.0
 * data/value.h - one value as it was written, in a table or in a scoring sheet,
 * and the faults it can have. Each remarks a fault at `place`. */
#ifndef CHISO_DATA_VALUE_H
#define CHISO_DATA_VALUE_H

#include "data/data.h"

/* What a number may look like: digits after its mark, a "%" behind it.
 * `spelled`: by a program, so that a mark is never one between thousands. */
typedef struct chiso__shape {
  unsigned digits;
  bool percent, spelled;
} chiso__shape;

/* Reads a number as raw * 10^-digits. *mark is the decimal mark met before in
 * the column, 0 when none was; another one is a fault. *rounded is set when
 * digits beyond the sixth were rounded. */
bool chiso__value_number(chiso__remarks *remarks, chiso__place place,
                         const char *text, chiso__shape shape, char *mark,
                         bool *rounded, int64_t *out);

/* Place of a step or branch by its key or by one of its titles, or -1. */
int64_t chiso__value_choice(const chiso_methodology *m, uint32_t node,
                            const char *text);
/* The key of a step or branch by its place; NULL when there is none. */
const char *chiso__value_key(const chiso_methodology *m, uint32_t node,
                             int64_t place);
/* Says what there is: the keys, or the titles that people choose from. */
void chiso__value_no_choice(chiso__remarks *remarks, chiso__place place,
                            const chiso_methodology *m, uint32_t node,
                            const char *text, bool titles);

/* Why a node cannot be scored. */
void chiso__value_unscored(chiso__remarks *remarks, chiso__place place,
                           const chiso_node *node, const chiso_trace *trace);

#endif
