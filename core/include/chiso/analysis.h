/* SPDX-License-Identifier: Apache-2.0
 *
 * chiso/analysis.h - statistics on indices: one header for each part.
 *
 * Unlike points, what is computed here is a double: means, correlations,
 * intervals. Sums run in a fixed order, so that the same input gives the same
 * bytes on every machine with IEEE 754 arithmetic. A missing value is NaN
 * inside and absent in every output.
 */
#ifndef CHISO_ANALYSIS_H
#define CHISO_ANALYSIS_H

#include "chiso/audit.h"
#include "chiso/bridge.h"
#include "chiso/compare.h"
#include "chiso/composite.h"
#include "chiso/path.h"
#include "chiso/rescore.h"
#include "chiso/sensitivity.h"
#include "chiso/uncertainty.h"
#include "chiso/whatif.h"

#endif
