/* SPDX-License-Identifier: Apache-2.0
 * One attack a file; place.c says where in a plugin it happens. */
#ifndef CHISO_TESTS_ATTACK_H
#define CHISO_TESTS_ATTACK_H

void attack(void);

#endif
