// The simulations of the server: at most two run, some wait in order, and of those that have ended the newest are kept,
// each with its tape in a temporary folder. Knows no HTTP.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CodedError } from '@papertape/gateway'
import type { TapeHeader } from '@papertape/simulators'
import { SimulationJob } from './simulation-job.ts'
import type { StartSimulation } from './simulation-thread.ts'

export interface SimulationsOptions {
  readonly startThread: StartSimulation
  /** Never given twice. */
  readonly newId: () => string
  /** The wall clock. */
  readonly wallMs: () => number
}

export const RUNNING_MAX = 2
export const QUEUED_MAX = 8
/** Ended simulations and the bytes of their tapes. */
const KEPT_MAX = 20
const KEPT_BYTES_MAX = 512 * 1024 * 1024
const FULL_RETRY_MS = 10_000

export class Simulations {
  readonly #options: SimulationsOptions
  /** Oldest first. */
  #jobs: SimulationJob[] = []
  /** Threads that are being ended still take a place. */
  readonly #ending = new Set<Promise<void>>()
  #folder: string | undefined
  #isClosed = false

  constructor(options: SimulationsOptions) {
    this.#options = options
  }

  /** Newest first. */
  get all(): readonly SimulationJob[] {
    return this.#jobs.toReversed()
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  /** @throws {CodedError} not-found */
  get(id: string): SimulationJob {
    const job = this.#jobs.find(one => one.id === id)
    if (job !== undefined) return job
    throw new CodedError(
      'not-found',
      `there is no simulation ${id}: only the last ${KEPT_MAX} are kept, until the service ends; GET /v1/simulations lists them`,
    )
  }

  /** @throws {CodedError} too-many-simulations */
  add(header: TapeHeader): SimulationJob {
    const waiting = this.#jobs.filter(({ state }) => state === 'queued').length
    if (this.#isClosed || waiting >= QUEUED_MAX) {
      const detail = `${RUNNING_MAX} simulations run and ${waiting} wait; cancel one, or ask again when one has ended`
      throw new CodedError('too-many-simulations', detail, FULL_RETRY_MS)
    }
    const { newId, wallMs } = this.#options
    const job = new SimulationJob({ id: newId(), header, createdAt: Math.round(wallMs()) })
    this.#jobs.push(job)
    this.#startNext()
    if (job.state === 'queued') job.log(`waiting: ${RUNNING_MAX} simulations run, ${waiting} wait before this one`)
    return job
  }

  cancel(job: SimulationJob): void {
    if (job.hasEnded) return
    job.cancel()
    this.#end(job)
  }

  /** The file with the tape of a simulation, compressed. */
  tapeFile({ id }: SimulationJob): string {
    this.#folder ??= mkdtempSync(join(tmpdir(), 'papertape-simulations-'))
    return join(this.#folder, `${id}.tape.gz`)
  }

  /** Cancels what runs, and deletes all tapes. */
  async close(): Promise<void> {
    this.#isClosed = true
    for (const job of this.#jobs) this.cancel(job)
    await Promise.all(this.#ending)
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true })
  }

  #startNext(): void {
    const running = this.#jobs.filter(({ state }) => state === 'running').length
    const next = this.#jobs.find(({ state }) => state === 'queued')
    if (this.#isClosed || next === undefined || running + this.#ending.size >= RUNNING_MAX) return
    next.start(this.#options.startThread, this.tapeFile(next), () => this.#end(next))
    this.#startNext()
  }

  #end(job: SimulationJob): void {
    const ending = job.stop().then(() => {
      this.#ending.delete(ending)
      if (job.result === null) this.#deleteTape(job)
      this.#forgetOldest()
      this.#startNext()
    })
    this.#ending.add(ending)
  }

  #forgetOldest(): void {
    const ended = this.#jobs.filter(job => job.hasEnded)
    let bytes = ended.reduce((sum, { result }) => sum + (result?.compressedBytes ?? 0), 0)
    const surplus = ended.filter((job, i) => {
      const isSurplus = ended.length - i > KEPT_MAX || bytes > KEPT_BYTES_MAX
      if (isSurplus) bytes -= job.result?.compressedBytes ?? 0
      return isSurplus
    })
    for (const job of surplus) this.#deleteTape(job)
    this.#jobs = this.#jobs.filter(job => !surplus.includes(job))
  }

  #deleteTape(job: SimulationJob): void {
    if (this.#folder !== undefined) rmSync(this.tapeFile(job), { force: true })
  }
}
