/* SPDX-License-Identifier: Apache-2.0
 * chiso whatif: what another edition would make of a round. */
#include "whatif_method.h"

int cmd_whatif(cli *c) {
  if (c->value[OPT_METHOD])
    return whatif_method(c);
  return cli_usage(c, TXT_ERR_WHATIF);
}
