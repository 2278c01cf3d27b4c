/* SPDX-License-Identifier: Apache-2.0 */
#include "data/library.h"

#include <dlfcn.h>
#include <string.h>

bool chiso__library_open(const char *soname, const chiso__symbol *symbols,
                         size_t count) {
  void *library = dlopen(soname, RTLD_NOW | RTLD_LOCAL);
  for (size_t i = 0; library && i < count; i++) {
    /* A function's address goes through memcpy(): ISO C has no cast for it. */
    void *symbol = dlsym(library, symbols[i].name);
    if (!symbol)
      return false;
    memcpy(symbols[i].function, &symbol, sizeof symbol);
  }
  return library != NULL;
}
