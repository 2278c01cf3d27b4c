/* SPDX-License-Identifier: Apache-2.0 */
#include "author/import.h"
chiso_status chiso__annex_import(chiso_import *import,
                                 const chiso__grids *grids, chiso_error *err) {
  (void)import;
  return chiso__fail(err, CHISO_BAD_DATA,
                     (chiso__place) { grids->sheets->file, 0, 0 },
                     MSG_XLSX_EMPTY);
}
