/* SPDX-License-Identifier: Apache-2.0
 * whatif_method.h - chiso whatif --method. */
#ifndef CHISO_CLI_WHATIF_METHOD_H
#define CHISO_CLI_WHATIF_METHOD_H

#include "cli.h"

/* The round of the operand under the edition that --method names, as a table.
 * Takes --method, --what units|areas|leaves, --unit, --round, --data, --units,
 * --stage and --strict. */
int whatif_method(cli *c);

#endif
