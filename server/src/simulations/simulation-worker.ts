// The thread of one simulation: runs it, writes its tape compressed, and measures its report. Started by
// simulation-thread.ts, which also ends it.

import { createHash } from 'node:crypto'
import { closeSync, openSync, writeSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { constants, gzipSync } from 'node:zlib'
import { encodeHeader, openBatchRun, progressFigures, reportData, timeOfDay } from '@papertape/simulators'
import type { FromSimulation, SimulationTask } from './simulation-thread.ts'

/** Wall time between two reports of progress. */
const PROGRESS_MS = 100
/** A piece of the tape is a hundredth of the run, at most. */
const SLICES = 100

const { header, file } = workerData as SimulationTask
const { startTime, midnightTime, durationMs, scenarios } = header
const startedAt = performance.now()
const elapsedMs = () => performance.now() - startedAt

function send(message: FromSimulation): void {
  parentPort!.postMessage(message)
}

/** Each piece is a gzip member of its own: together they are one gzip file (RFC 1952 2.2). */
function openTape() {
  const descriptor = openSync(file, 'wx', 0o600)
  const hash = createHash('sha256')
  let bytes = 0
  let compressedBytes = 0
  return {
    write(text: string) {
      const plain = Buffer.from(text)
      const packed = gzipSync(plain, { level: constants.Z_BEST_SPEED })
      hash.update(plain)
      writeSync(descriptor, packed)
      bytes += plain.length
      compressedBytes += packed.length
    },
    finish() {
      closeSync(descriptor)
      return { bytes, compressedBytes, sha256: hash.digest('hex') }
    },
  }
}

function reportProgress(time: number, events: number): void {
  const from = { time: startTime, events: 0 }
  const figures = progressFigures({ startTime, endTime: startTime + durationMs, from }, { time, events }, elapsedMs())
  const { share, pace, eventsPerSecond, leftMs } = figures
  const [simulatedMs, rate] = [time - startTime, Math.round(pace * 10) / 10]
  const progress = { simulatedMs, fraction: share, events, eventsPerSecond, rate, remainingMs: leftMs ?? null }
  send({ type: 'progress', progress })
}

const { pieces, report } = openBatchRun(header, Math.ceil(durationMs / SLICES))
const tape = openTape()
let events = 0
let reportedAt = Number.NEGATIVE_INFINITY
const toCome = [...scenarios].sort((a, b) => a.startTime - b.startTime)
tape.write(encodeHeader(header))
for (const piece of pieces) {
  tape.write(piece.text)
  events += piece.events
  while (toCome[0] !== undefined && toCome[0].startTime < piece.time) {
    const { name, startTime: time } = toCome.shift()!
    send({ type: 'log', text: `${timeOfDay(time, midnightTime)}: ${name} begins` })
  }
  const isLast = piece.time === startTime + durationMs
  if (!isLast && performance.now() - reportedAt < PROGRESS_MS) continue
  reportedAt = performance.now()
  reportProgress(piece.time, events)
}
const written = tape.finish()
send({ type: 'log', text: `${timeOfDay(startTime + durationMs, midnightTime)}: the run ends; measuring its facts` })
const measured = reportData(report())
send({ type: 'done', result: { events, ...written, elapsedMs: Math.round(elapsedMs()) }, report: measured })
