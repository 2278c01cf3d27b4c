/* SPDX-License-Identifier: Apache-2.0
 * analysis/normal.h - normal random numbers, the same on every machine. */
#ifndef CHISO_ANALYSIS_NORMAL_H
#define CHISO_ANALYSIS_NORMAL_H

/* The standard normal quantile of p, 2^-33 <= p <= 1 - 2^-33. Nothing of the
 * C library's mathematics but sqrt(), which rounds correctly everywhere: the
 * same bits with every library. Off by less than 1e-15 of the value. */
double chiso__normal(double p);

#endif
