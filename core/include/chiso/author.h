/* SPDX-License-Identifier: Apache-2.0
 *
 * chiso/author.h - tools for the author of a methodology.
 */
#ifndef CHISO_AUTHOR_H
#define CHISO_AUTHOR_H

#include "chiso/data.h"

#endif
