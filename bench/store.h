/* SPDX-License-Identifier: Apache-2.0
 * A thousand manifests to list, made from one plugin of the build. */
#ifndef CHISO_BENCH_STORE_H
#define CHISO_BENCH_STORE_H

#include <stdint.h>

#define MANIFESTS 1000

/* Makes them in a new folder, whose path stays valid; 0 when the build has no
 * plugins. */
int store_begin(void);
void store_end(void);

/* Jobs: list all manifests; open the build's plugins and load one. */
uint64_t list_manifests(void *data, uint64_t rounds);
uint64_t load_plugin(void *data, uint64_t rounds);

#endif
