/* SPDX-License-Identifier: Apache-2.0 */
#include "data/xlsx_library.h"

#include "data/library.h"

chiso_status chiso__xlsx_open(chiso__xlsx *out, chiso_error *err) {
  const chiso__symbol symbols[] = {
#define SYMBOL(name) { #name, &out->name },
    CHISO__XLSX_FUNCTIONS(SYMBOL)
#undef SYMBOL
  };
  if (chiso__library_open(CHISO_XLSX_LIBRARY, symbols,
                          sizeof symbols / sizeof *symbols))
    return CHISO_OK;
  return CHISO__FAIL(err, CHISO_IO, MSG_TABLE_XLSX_LIBRARY, CHISO_XLSX_LIBRARY);
}
