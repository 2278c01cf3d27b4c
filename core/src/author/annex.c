/* SPDX-License-Identifier: Apache-2.0
 * author/annex.c - an annex from its sheet to a methodology, step by step. */
#include "author/annex.h"

#include "author/import.h"

/* The first sheet with a header. */
static chiso_status find_sheet(chiso__annex *annex, const chiso__grids *grids,
                               chiso_error *err) {
  chiso_import *import = annex->import;
  bool short_memory = false;
  for (size_t i = 0; i < grids->count; i++) {
    annex->sheet = &grids->sheets[i];
    if (chiso__header_find(&import->arena, annex->sheet, &annex->header,
                           &short_memory)) {
      if (grids->count > 1)
        chiso__remark(&import->remarks, CHISO_OK,
                      (chiso__place) { annex->sheet->file, 0, 0 },
                      MSG_XLSX_OTHER_SHEETS, grids->count - 1);
      return CHISO_OK;
    }
    if (short_memory)
      return chiso__no_memory(err);
  }
  return chiso__fail(err, CHISO_BAD_DATA,
                     (chiso__place) { grids->sheets[0].file,
                                      grids->sheets[0].rows[0].row + 1, 1 },
                     MSG_AUTHOR_NO_HEADER);
}

static chiso_status run(chiso__annex *annex, chiso_error *err) {
  void (*const steps[])(chiso__annex *) = {
    chiso__annex_head, chiso__annex_rows, chiso__annex_rules,
    chiso__annex_ids,  chiso__annex_sums, chiso__annex_base,
  };
  for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
    steps[i](annex);
    if (annex->failed)
      return chiso__no_memory(err);
  }
  if (annex->import->remarks.faults > 0)
    return CHISO_OK; /* all of them are told at once */
  return chiso__annex_build(annex, err);
}

chiso_status chiso__annex_import(chiso_import *import,
                                 const chiso__grids *grids, chiso_error *err) {
  chiso__annex annex = { .import = import };
  CHISO__TRY(find_sheet(&annex, grids, err));
  chiso_status status = run(&annex, err);
  for (size_t i = 0; i < annex.count; i++) {
    chiso__buffer_free(&annex.drafts[i].rule);
    chiso__buffer_free(&annex.drafts[i].note);
  }
  chiso__free(import->allocator, annex.drafts);
  return status;
}
