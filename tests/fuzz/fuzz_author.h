/* SPDX-License-Identifier: Apache-2.0
 * Damaged annexes, sheets and exported tables. */
#ifndef CHISO_TESTS_FUZZ_AUTHOR_H
#define CHISO_TESTS_FUZZ_AUTHOR_H

#include "chiso/chiso.h"

/* Writes the exported tables that are damaged, into the build. */
bool fuzz_make_forms(void);
chiso_status fuzz_annex(const char *path, const chiso_allocator *allocator,
                        chiso_error *err);
/* The file is the sheet of an otherwise good workbook. */
chiso_status fuzz_sheet(const char *path, const chiso_allocator *allocator,
                        chiso_error *err);
chiso_status fuzz_form(const char *path, const chiso_allocator *allocator,
                       chiso_error *err);

/* A workbook of parts, and a sheet as xl/worksheets/sheet1.xml. */
typedef struct fuzz_part {
  const char *name, *text;
} fuzz_part;
bool fuzz_make_book(const char *path, const fuzz_part *list, size_t count,
                    const char *sheet, size_t size);

/* The cells of a filled scoring sheet, a row in each line, '|' between them
 * (fuzz_sheets.c). */
chiso_status fuzz_filled(const char *path, const chiso_allocator *allocator,
                         chiso_error *err);

/* Data and metadata of a composite index, the other one whole
 * (fuzz_compose.c). */
chiso_status fuzz_compose_data(const char *path,
                               const chiso_allocator *allocator,
                               chiso_error *err);
chiso_status fuzz_compose_meta(const char *path,
                               const chiso_allocator *allocator,
                               chiso_error *err);
/* What a simulation reads, the composite whole: weights of replications,
 * standard errors, runs of a design. */
chiso_status fuzz_weights_in(const char *path, const chiso_allocator *allocator,
                             chiso_error *err);
chiso_status fuzz_errors(const char *path, const chiso_allocator *allocator,
                         chiso_error *err);
chiso_status fuzz_design(const char *path, const chiso_allocator *allocator,
                         chiso_error *err);

/* Tables of changes, and of weights, of the provinces (fuzz_bridge.c). */
chiso_status fuzz_changes(const char *path, const chiso_allocator *allocator,
                          chiso_error *err);
chiso_status fuzz_weights(const char *path, const chiso_allocator *allocator,
                          chiso_error *err);

#endif
