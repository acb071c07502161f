// What the venue has done since its start, and how long it took, for monitoring. Counted by sequencer and market loop,
// read by a query; the market does not depend on it.

import { type CommandAnswer, EXEC_TYPES, type ExecType, type PrivateEvent, type RejectCode } from '@papertape/protocol'
import { Histogram, type HistogramCounts, SECONDS_BOUNDS } from './histogram.ts'

const FLUSH_COMMANDS_BOUNDS = [1, 2, 5, 10, 25, 50, 100, 250, 1_000, 4_000]

/** Plain data. All but the last two only rise. */
export interface VenueCounts {
  readonly commands: number
  readonly privateEvents: number
  readonly checkpoints: number
  /** Reports on orders of accounts, by what happened. */
  readonly executions: Readonly<Record<ExecType, number>>
  /** Orders, replaces and cancels of accounts that were refused, by the code of the first answer. */
  readonly rejects: Readonly<Partial<Record<RejectCode, number>>>
  /** Commands that were sent again, and got their first answer again. */
  readonly duplicates: number
  readonly flushSeconds: HistogramCounts
  readonly journalSeconds: HistogramCounts
  readonly maintenanceSeconds: HistogramCounts
  readonly flushCommands: HistogramCounts
  /** How far the market is behind its clock. */
  readonly behindMs: number
  readonly pace: number
}

export class VenueMeasures {
  #commands = 0
  #privateEvents = 0
  #checkpoints = 0
  #duplicates = 0
  readonly #executions = Object.fromEntries(EXEC_TYPES.map(type => [type, 0])) as Record<ExecType, number>
  readonly #rejects: Partial<Record<RejectCode, number>> = {}
  readonly #flushSeconds = new Histogram(SECONDS_BOUNDS)
  readonly #journalSeconds = new Histogram(SECONDS_BOUNDS)
  readonly #maintenanceSeconds = new Histogram(SECONDS_BOUNDS)
  readonly #flushCommands = new Histogram(FLUSH_COMMANDS_BOUNDS)

  /** An event of an account's private stream. */
  addPrivateEvent(event: PrivateEvent): void {
    this.#privateEvents++
    if (event.type !== 'execution') return
    this.#executions[event.execType]++
    if (event.execType === 'rejected') this.#addReject(event.reason?.code)
  }

  /** To a command of the gateway. A reject of an order is a private event, too, and counted there. */
  addAnswer(answer: CommandAnswer): void {
    if ('duplicate' in answer && answer.duplicate === true) this.#duplicates++
    else if (answer.type === 'cancel.reject') this.#addReject(answer.code)
  }

  /** A flush's record in the journal. */
  addAppend({ commands, ms }: { commands: number; ms: number }): void {
    this.#commands += commands
    this.#flushCommands.observe(commands)
    this.#journalSeconds.observe(ms / 1_000)
  }

  addCheckpoint(): void {
    this.#checkpoints++
  }

  /** After a flush the journal has stored or deleted rows, or a checkpoint was made. */
  addMaintenance(ms: number): void {
    this.#maintenanceSeconds.observe(ms / 1_000)
  }

  /** From the beginning of a flush until its batch was published. */
  addFlush(ms: number): void {
    this.#flushSeconds.observe(ms / 1_000)
  }

  read({ behindMs, pace }: Pick<VenueCounts, 'behindMs' | 'pace'>): VenueCounts {
    return {
      commands: this.#commands,
      privateEvents: this.#privateEvents,
      checkpoints: this.#checkpoints,
      executions: { ...this.#executions },
      rejects: { ...this.#rejects },
      duplicates: this.#duplicates,
      flushSeconds: this.#flushSeconds.read(),
      journalSeconds: this.#journalSeconds.read(),
      maintenanceSeconds: this.#maintenanceSeconds.read(),
      flushCommands: this.#flushCommands.read(),
      behindMs,
      pace,
    }
  }

  #addReject(code: RejectCode | undefined): void {
    if (code !== undefined) this.#rejects[code] = (this.#rejects[code] ?? 0) + 1
  }
}
