/* SPDX-License-Identifier: Apache-2.0
 * A suite's work under an allocator that fails. */
#ifndef CHISO_TESTS_SHORT_MEMORY_H
#define CHISO_TESTS_SHORT_MEMORY_H

#include "fixture.h"
#include "suite.h"

/* Every request for memory fails once: an error, nothing lost. */
static inline void
fail_each_request(chiso_status (*everything)(const chiso_allocator *),
                  long most) {
  for (long left = 0; left < most; left++) {
    counting counts = { .left = left };
    chiso_allocator a = counting_allocator(&counts);
    chiso_status status = everything(&a);
    CU_ASSERT_EQUAL(counts.live, 0);
    if (status == CHISO_OK)
      return;
    CU_ASSERT_EQUAL(status, CHISO_NO_MEMORY);
  }
  CU_FAIL("still short of memory after all requests");
}

#endif
