/* SPDX-License-Identifier: Apache-2.0
 * data/library.h - libraries that are opened when they are needed. What most
 * commands never use costs them nothing to start, and is not in every
 * process's reach. */
#ifndef CHISO_DATA_LIBRARY_H
#define CHISO_DATA_LIBRARY_H

#include "base/error.h"

/* A function by name; `function` is the address of the pointer to fill. */
typedef struct chiso__symbol {
  const char *name;
  void *function;
} chiso__symbol;

/* Opens a library by its SONAME and fills every pointer; false when it or one
 * of the functions is not there. The library stays open: dlopen() counts, and
 * closing one that others may use gains nothing. */
bool chiso__library_open(const char *soname, const chiso__symbol *symbols,
                         size_t count);

#endif
