// What the kernel says of a process that is measured: processor time by thread, memory, bytes written to a disk. Reads
// /proc alone, so that nothing in the process knows of it.

import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** Processor time in a while, as a share of a core and in microseconds. */
export interface ProcessorTime {
  /** Of the thread that the process began with: the gateway, in the server. */
  readonly mainThreadUs: number
  readonly allThreadsUs: number
  readonly mainThreadPercent: number
}

/** Waits, then measures for a time. */
export async function measureProcessor(pid: number, waitMs: number, measureMs: number): Promise<ProcessorTime> {
  await sleep(waitMs)
  const startMs = performance.now()
  const before = readProcessorUs(pid)
  await sleep(measureMs)
  const after = readProcessorUs(pid)
  const mainThreadUs = after.main - before.main
  const elapsedUs = (performance.now() - startMs) * 1_000
  return {
    mainThreadUs,
    allThreadsUs: after.all - before.all,
    mainThreadPercent: (mainThreadUs / elapsedUs) * 100,
  }
}

/** Of the threads that live: a thread that ended takes its time along. */
function readProcessorUs(pid: number): { readonly main: number; readonly all: number } {
  let [main, all] = [0, 0]
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    const us = threadUs(pid, thread)
    all += us
    if (thread === String(pid)) main = us
  }
  return { main, all }
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

/** Pages that it made the kernel write to a disk; those of a file system in memory are not counted. */
export function readWrittenBytes(pid: number): number {
  return Number(/^write_bytes: (\d+)/m.exec(readFileSync(`/proc/${pid}/io`, 'utf8'))![1])
}
