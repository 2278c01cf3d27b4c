/* SPDX-License-Identifier: Apache-2.0
 * data/real.h - numbers of statistics as text. Points stay exact decimals;
 * what an analysis computes is a double. */
#ifndef CHISO_DATA_REAL_H
#define CHISO_DATA_REAL_H

#include "base/dec.h"

/* Longest text: "-1.2345678901234567e-308" and zero. */
#define CHISO__REAL_TEXT 32

/* Reads [+-]digits[(.|,)digits][e[+-]digits], the double nearest to it;
 * blanks around are skipped. `*mark`: '.', ',' or 0. No grouping, no words
 * such as "inf". Independent of the locale. */
chiso__number_fault chiso__real_read(const char *text, size_t size,
                                     double *value, char *mark);

/* Finite values only. The shortest text that reads back as the same double;
 * `digits` (1..17) significant ones; or `after` the decimal mark, where that
 * shows the value at all. */
void chiso__real_exact(double value, char mark, char out[CHISO__REAL_TEXT]);
void chiso__real_print(double value, int digits, char mark,
                       char out[CHISO__REAL_TEXT]);
void chiso__real_fixed(double value, int after, char mark,
                       char out[CHISO__REAL_TEXT]);

#endif
