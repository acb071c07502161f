// Random variates, computed with + - * / sqrt and comparisons only: the last bits of Math.log, exp and pow differ
// between platforms, and one bit would change the market. The distributions are exact.

import { microseconds } from '../../time-units.ts'
import { exp } from './deterministic-exp.ts'
import type { Random } from './random.ts'

/**
 * Exponential with mean 1, by von Neumann's comparison method (1951): a descending run of draws of odd length accepts
 * its first draw as the fraction, a run of even length adds one to the whole part.
 */
export function exponential(random: Random): number {
  for (let whole = 0; ; whole++) {
    const first = random.unit()
    let last = first
    let length = 1
    for (let draw = random.unit(); draw < last; draw = random.unit()) {
      last = draw
      length++
    }
    if (length % 2 === 1) return whole + first
  }
}

/**
 * Standard normal: Marsaglia's polar method, with an exponential variate in place of -log(s). The direction of a point
 * in the disc is independent of its distance, so that the two may come from different draws.
 */
export function normal(random: Random): number {
  for (;;) {
    const x = random.unit() * 2 - 1
    const y = random.unit() * 2 - 1
    const square = x * x + y * y
    if (square < 1 && square > 0) return x * Math.sqrt((2 * exponential(random)) / square)
  }
}

/** Pareto from 1 upwards: the probability of more than x is x^-tail. */
export function pareto(random: Random, tail: number): number {
  return exp(exponential(random) / tail)
}

/** An exponential delay in whole microseconds, at least 1. */
export function delayUs(random: Random, meanMs: number): number {
  return Math.max(1, microseconds(exponential(random) * meanMs))
}

/** The part of a gap that closes in `elapsedMs`: 1 - exp(-t/tau), approximated by t/(t+tau). */
export function decay(elapsedMs: number, tauMs: number): number {
  return elapsedMs / (elapsedMs + tauMs)
}

/** Rounded so that saved state is short. Round before use: a restored market must compute with the same value. */
export function round4(value: number): number {
  return Math.round(value * 10_000) / 10_000
}

export function round6(value: number): number {
  return Math.round(value * 1_000_000) / 1_000_000
}
