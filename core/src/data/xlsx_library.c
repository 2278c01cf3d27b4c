/* SPDX-License-Identifier: Apache-2.0 */
#include "data/xlsx_library.h"

#include <dlfcn.h>
#include <string.h>

/* A function's address goes through memcpy(): ISO C has no cast for it. */
static bool find(void *library, const char *name, void *function) {
  void *symbol = dlsym(library, name);
  memcpy(function, &symbol, sizeof symbol);
  return symbol != NULL;
}

chiso_status chiso__xlsx_open(chiso__xlsx *out, chiso_error *err) {
  void *library = dlopen(CHISO_XLSX_LIBRARY, RTLD_NOW | RTLD_LOCAL);
  bool good = library != NULL;
#define FIND(name) good = good && find(library, #name, &out->name);
  CHISO__XLSX_FUNCTIONS(FIND)
#undef FIND
  if (good)
    return CHISO_OK;
  return CHISO__FAIL(err, CHISO_IO, MSG_TABLE_XLSX_LIBRARY, CHISO_XLSX_LIBRARY);
}
