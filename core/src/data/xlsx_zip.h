/* SPDX-License-Identifier: Apache-2.0
 * data/xlsx_zip.h - the parts of a workbook, inflated under limits. */
#ifndef CHISO_DATA_XLSX_ZIP_H
#define CHISO_DATA_XLSX_ZIP_H

#include "base/arena.h"
#include "base/error.h"

typedef struct chiso__zip chiso__zip;

/* Refuses: what is no zip, truncated archives, names that are repeated or lead
 * out of the archive, encrypted parts, more parts than a workbook has. `bytes`
 * are borrowed. `file` names the workbook in errors. */
chiso_status chiso__zip_open(chiso__arena *arena, const char *file,
                             const char *bytes, size_t size, chiso__zip **out,
                             chiso_error *err);
void chiso__zip_close(chiso__zip *zip);
bool chiso__zip_has(const chiso__zip *zip, const char *part);
/* Whether a part's name begins so. */
bool chiso__zip_has_below(const chiso__zip *zip, const char *folder);
const char *chiso__zip_file(const chiso__zip *zip);

/* Hands a part over in pieces. Stops with an error when the part or all parts
 * together inflate beyond the limits. */
typedef chiso_status (*chiso__zip_take)(void *user, const char *bytes,
                                        size_t size, bool last,
                                        chiso_error *err);
chiso_status chiso__zip_stream(chiso__zip *zip, const char *part,
                               chiso__zip_take take, void *user,
                               chiso_error *err);

#endif
