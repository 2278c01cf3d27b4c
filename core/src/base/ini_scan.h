/* SPDX-License-Identifier: Apache-2.0
 * base/ini_scan.h - the strict pass before iniparser; for ini.c only. */
#ifndef CHISO_BASE_INI_SCAN_H
#define CHISO_BASE_INI_SCAN_H

#include "base/ini.h"

/* iniparser's own table is searched linearly */
#define CHISO__INI_ENTRIES 20000

/* Fills *out (out->file is set) or says what is wrong with the text: the first
 * fault, and with `faults` (may be NULL) every one there, and then `err`
 * must be given. Values are as
 * iniparser should read them, not yet in NFC. */
chiso_status chiso__scan_ini(chiso__arena *arena, const char *text, size_t size,
                             chiso__remarks *faults, chiso__ini *out,
                             chiso_error *err);

#endif
