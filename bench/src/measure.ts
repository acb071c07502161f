// CPU time of this thread, which other processes do not distort much, and medians of ratios of successive measurements.

import { cpus, totalmem } from 'node:os'

/** CPU nanoseconds of `work` on this thread. The kernel may count in milliseconds: measure enough work. */
export function cpuNs(work: () => void): number {
  const before = process.threadCpuUsage()
  work()
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) * 1000
}

export function medianOf(values: readonly number[]): number {
  if (values.length === 0) throw new Error('Broken invariant: a median needs at least one value')
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** The value that a share of the values does not exceed. Sorts in place. */
export function percentile(values: Float64Array, share: number): number {
  if (values.length === 0) throw new Error('Broken invariant: a percentile needs at least one value')
  return values.sort()[Math.min(values.length - 1, Math.ceil(values.length * share) - 1)]!
}

export function machine(): { cpu: string; cores: number; memoryGiB: number; platform: string } {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    platform: `${process.platform} ${process.arch}`,
  }
}
