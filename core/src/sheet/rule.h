/* SPDX-License-Identifier: Apache-2.0
 * sheet/rule.h - programs that score sheets: what a plugin's own code gives is
 * not asked for, it is left to scoring. */
#ifndef CHISO_SHEET_RULE_H
#define CHISO_SHEET_RULE_H

#include "chiso/engine.h"

static inline int chiso__not_asked(const chiso_host *host,
                                   const chiso_call *call, uint32_t number,
                                   chiso_dec *points) {
  (void)host, (void)call, (void)number, (void)points;
  return 1;
}

#endif
