// The heap of the page over minutes, after a garbage collection each time: what grows is never released.

import { setTimeout as sleep } from 'node:timers/promises'
import type { PageMeter } from './chromium.ts'

const HEAP_EVERY_MS = 15_000

export interface HeapRun {
  readonly minutes: number
  readonly bytes: readonly number[]
  readonly meanBytes: number
  /** Of the mean: the largest distance of a value from it. */
  readonly deviationPercent: number
  readonly growthPercentPerMinute: number
}

export async function measureHeap(meter: PageMeter, minutes: number): Promise<HeapRun> {
  const bytes = [await meter.readHeap()]
  const count = Math.ceil((minutes * 60_000) / HEAP_EVERY_MS)
  while (bytes.length <= count) {
    await sleep(HEAP_EVERY_MS)
    bytes.push(await meter.readHeap())
  }
  return describeHeap(bytes, HEAP_EVERY_MS)
}

/** @param bytes at equal distances in time */
export function describeHeap(bytes: readonly number[], everyMs: number): HeapRun {
  const meanBytes = bytes.reduce((sum, value) => sum + value, 0) / bytes.length
  const deviation = Math.max(...bytes.map(value => Math.abs(value - meanBytes)))
  const growth = slopeOf(bytes) * (60_000 / everyMs)
  return {
    minutes: ((bytes.length - 1) * everyMs) / 60_000,
    bytes,
    meanBytes,
    deviationPercent: (deviation / meanBytes) * 100,
    growthPercentPerMinute: (growth / meanBytes) * 100,
  }
}

/** Least squares: the growth from one value to the next. */
function slopeOf(values: readonly number[]): number {
  const middle = (values.length - 1) / 2
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const products = values.reduce((sum, value, at) => sum + (at - middle) * (value - mean), 0)
  const squares = values.reduce((sum, _, at) => sum + (at - middle) ** 2, 0)
  return products / squares
}
