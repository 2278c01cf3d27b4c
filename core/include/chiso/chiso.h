/* SPDX-License-Identifier: Apache-2.0
 * chiso/chiso.h - everything a program that embeds chiso needs. */
#ifndef CHISO_CHISO_H
#define CHISO_CHISO_H

#include "chiso/analysis.h"
#include "chiso/author.h"
#include "chiso/base.h"
#include "chiso/data.h"
#include "chiso/engine.h"
#include "chiso/host.h"
#include "chiso/model.h"
#include "chiso/round.h"
#include "chiso/sheet.h"
#include "chiso/sheet_read.h"
#include "chiso/sheet_summary.h"
#include "chiso/variant.h"

#endif
