// The clock of the benchmarks: CPU time of this thread, since the machine may be busy with other things. Ratios are
// taken round by round between two measured one after the other, then the median, so that a busy moment hits both.

import { cpus, totalmem } from 'node:os'

/** CPU nanoseconds that `work` took on this thread. The kernel may count in steps of milliseconds: give it enough. */
export function cpuNs(work: () => void): number {
  const before = process.threadCpuUsage()
  work()
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) * 1000
}

export function median(values: readonly number[]): number {
  if (values.length === 0) throw new Error('Broken invariant: a median is of at least one value')
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** The value that a share of the values does not exceed. Sorts them in place. */
export function percentile(values: Float64Array, share: number): number {
  if (values.length === 0) throw new Error('Broken invariant: a percentile is of at least one value')
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
