/* SPDX-License-Identifier: Apache-2.0
 * A plugin with code that attacks in its constructor (PLACE 0), in the entry
 * function (1), in rule() (2), or not at all (3). Its tables are those of
 * another source, whose entry function is renamed to attack_tables(). */
#include "attack.h"
#include "chiso/plugin.h"

const chiso_plugin *attack_tables(void);

#if PLACE == 0
__attribute__((constructor)) static void begin(void) {
  attack();
}
#endif

const chiso_plugin *chiso_plugin_v1(void) {
#if PLACE == 1
  attack();
#endif
  return attack_tables();
}

int chiso_rule(const chiso_host *host, const chiso_call *call, uint32_t number,
               chiso_dec *points) {
  int64_t done = 0;
#if PLACE == 2
  attack();
#endif
  if (number != 1 || host->input(call, "done", &done) != 0)
    return -1;
  *points = done * CHISO_DEC_ONE;
  return 0;
}
