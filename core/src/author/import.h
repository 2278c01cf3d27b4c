/* SPDX-License-Identifier: Apache-2.0
 * author/import.h - what the steps of an import share. */
#ifndef CHISO_AUTHOR_IMPORT_H
#define CHISO_AUTHOR_IMPORT_H

#include "author/form.h"
#include "data/data.h"

struct chiso_import {
  const chiso_allocator *allocator;
  chiso__arena arena;
  chiso_import_options options;
  chiso_lang lang;
  const char *file; /* the path */
  bool exact;
  chiso_methodology *methodology;
  chiso_import_row *rows;
  size_t n_rows;
  const char *lacks;
  chiso__remarks remarks;
};

/* An annex: finds header and rows, proposes rules, builds the methodology.
 * Faults become remarks. */
chiso_status chiso__annex_import(chiso_import *import,
                                 const chiso__grids *grids, chiso_error *err);

#endif
