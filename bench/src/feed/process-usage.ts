// What the kernel says of a process that is measured: processor time by thread, memory, bytes written to a disk. Reads
// /proc alone, so that nothing in the process knows of it.

import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { medianOf } from '../measure.ts'

/** Processor time in a while, as a share of a core and in microseconds. */
export interface ProcessorTime {
  /** Of the thread that the process began with: the gateway, in the server. */
  readonly mainThreadUs: number
  readonly allThreadsUs: number
  readonly mainThreadPercent: number
  /** Of the busiest of the other threads: the venue, in the server. */
  readonly otherThreadPercent: number
}

/** Waits, then measures for a time. */
export async function measureProcessor(pid: number, waitMs: number, measureMs: number): Promise<ProcessorTime> {
  await sleep(waitMs)
  const startMs = performance.now()
  const before = readProcessorUs(pid)
  await sleep(measureMs)
  const after = readProcessorUs(pid)
  const elapsedUs = (performance.now() - startMs) * 1_000
  const passedUs = (thread: string) => after.get(thread)! - (before.get(thread) ?? 0)
  const mainThreadUs = passedUs(String(pid))
  const otherUs = [...after.keys()].filter(thread => thread !== String(pid)).map(passedUs)
  return {
    mainThreadUs,
    allThreadsUs: otherUs.reduce((sum, us) => sum + us, mainThreadUs),
    mainThreadPercent: (mainThreadUs / elapsedUs) * 100,
    otherThreadPercent: (Math.max(0, ...otherUs) / elapsedUs) * 100,
  }
}

/** By thread, of those that live: a thread that ended takes its time along. */
function readProcessorUs(pid: number): Map<string, number> {
  return new Map(readdirSync(`/proc/${pid}/task`).map(thread => [thread, threadUs(pid, thread)]))
}

function threadUs(pid: number, thread: string): number {
  try {
    return Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]) / 1_000
  } catch {
    // It ended since the threads were listed.
    return 0
  }
}

export function readResidentKiB(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1])
}

const RESIDENT_EVERY_MS = 50

export interface ResidentWatch {
  /** @returns the median and the most since it was begun or asked. */
  read(): { readonly medianKiB: number; readonly mostKiB: number }
  stop(): void
}

/** Looks at the memory of a process again and again. */
export function watchResident(pid: number): ResidentWatch {
  let samples: number[] = [readResidentKiB(pid)]
  const timer = setInterval(() => samples.push(readResidentKiB(pid)), RESIDENT_EVERY_MS)
  return {
    read() {
      samples.push(readResidentKiB(pid))
      const taken = samples
      samples = []
      return { medianKiB: medianOf(taken), mostKiB: Math.max(...taken) }
    },
    stop: () => clearInterval(timer),
  }
}

/** Pages that it made the kernel write to a disk; those of a file system in memory are not counted. */
export function readWrittenBytes(pid: number): number {
  return Number(/^write_bytes: (\d+)/m.exec(readFileSync(`/proc/${pid}/io`, 'utf8'))![1])
}
