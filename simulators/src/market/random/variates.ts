// Random variates of known distributions, made of + - * / sqrt and comparisons alone: Math.log, exp and pow give
// different last bits on different platforms, and one bit is another market. Exact, not approximate. For the agents.

import { exp } from './deterministic-exp.ts'
import type { Random } from './random.ts'

/**
 * Exponential with mean 1, by von Neumann's comparison game (1951): draws that fall and fall again; a run of odd length
 * accepts its first draw as the fraction, a run of even length adds one to the whole part.
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
 * Standard normal: the polar method of Marsaglia, with its radius, -2 log(s), taken from an exponential variate. The
 * direction of a point in the disc is independent of its distance, so that the two may come from different draws.
 */
export function normal(random: Random): number {
  for (;;) {
    const x = random.unit() * 2 - 1
    const y = random.unit() * 2 - 1
    const square = x * x + y * y
    if (square < 1 && square > 0) return x * Math.sqrt((2 * exponential(random)) / square)
  }
}

/** Pareto from 1 upwards: the share above x is x^-tail. */
export function pareto(random: Random, tail: number): number {
  return exp(exponential(random) / tail)
}

/** Whole milliseconds, at least 1, exponential around a mean: the time between two wakes of an agent. */
export function delay(random: Random, meanMs: number): number {
  return Math.max(1, Math.round(exponential(random) * meanMs))
}

/** The part of a gap that closes in `elapsedMs`: 1 - exp(-t/tau) by its rational approximation t/(t+tau). */
export function decay(elapsedMs: number, tauMs: number): number {
  return elapsedMs / (elapsedMs + tauMs)
}

/** To so many decimals, so that saved state is short; what is saved is what is used. */
export function round4(value: number): number {
  return Math.round(value * 10_000) / 10_000
}

export function round6(value: number): number {
  return Math.round(value * 1_000_000) / 1_000_000
}
