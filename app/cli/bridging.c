/* SPDX-License-Identifier: Apache-2.0
 * What chiso bridge and chiso compare share: the options of a bridge. */
#include "cli.h"

#include <string.h>
#include <unistd.h>

/* FILE[:COLUMN]; a file may have the mark in its own name. */
static void split_weights(cli *c, const char *text, chiso_bridge_options *o) {
  const char *mark = strrchr(text, ':');
  o->weights = text;
  if (!mark || mark == text || !mark[1] || access(text, F_OK) == 0)
    return;
  o->weights = cli_copy(c, text, (size_t)(mark - text));
  o->column = mark + 1;
}

chiso_bridge_options cli_bridge_options(cli *c, const char *to) {
  const char *weights = c->value[OPT_BRIDGE_WEIGHTS];
  chiso_bridge_options o = { .changes = c->value[OPT_CHANGES],
                             .from_file = c->value[OPT_UNITS] != NULL };
  if (to) {
    size_t size = strcspn(to, "=");
    o.to = cli_copy(c, to, size);
    o.to_units = to[size] ? to + size + 1 : NULL;
  }
  o.equal = weights && strcmp(weights, "equal") == 0;
  if (weights && !o.equal)
    split_weights(c, weights, &o);
  return o;
}

const char *cli_bridge_rule(cli *c, const chiso_bridge *bridge) {
  chiso_bridge_options o = cli_bridge_options(c, NULL);
  const char *column = chiso_bridge_column(bridge);
  if (!column)
    return NULL;
  return o.equal ? cli_text(c, TXT_BRIDGE_EQUAL)
                 : cli_say(c, TXT_BRIDGE_MEAN, column, o.weights);
}
