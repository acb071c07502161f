// The commands of one tab that wait for the leader's answer: which were handed to a leader, which wait for one, and
// what happens to them when that leader is lost. Sends nothing: shared-orders.ts does. From the socket on, the leader's
// own request table keeps track of them.

import type { Clock } from '@papertape/protocol'
import {
  type ChannelCommand,
  ChannelError,
  type CommandProgress,
  type LossPolicy,
  type UnknownOutcome,
} from '../orders/request-table.ts'
import { runCallback } from '../platform/callback.ts'
import type { StatusReason } from '../platform/connection-status.ts'

export interface TabCommand {
  readonly requestId: number
  readonly command: ChannelCommand
  readonly ifLost: LossPolicy
  /** A leader has it, and answers it or is lost. */
  isHandedOn: boolean
  progress: CommandProgress
  readonly onProgress: ((progress: CommandProgress) => void) | undefined
  readonly resolve: (answer: unknown) => void
  readonly reject: (error: ChannelError) => void
  cancelTimer: () => void
}

const UNKNOWN: UnknownOutcome = {
  type: 'unknown',
  code: 'unknown-outcome',
  text: 'The tab that held the order channel was lost before the answer: look at the open orders',
}
const LEADER_LOST: StatusReason = {
  code: 'leader-lost',
  text: 'The tab that held the order channel was lost: another tab sends the command again',
}
const QUEUED: CommandProgress = { status: 'queued', sends: 0, reason: undefined }

export class TabCommands {
  readonly #clock: Clock
  readonly #pending = new Map<number, TabCommand>()
  #lastId = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Those that no leader has, in the order they were added. */
  get waiting(): TabCommand[] {
    return [...this.#pending.values()].filter(({ isHandedOn }) => !isHandedOn)
  }

  /** @param timeoutMs how long it may wait for a leader; after that it is never sent */
  add<Answer>(
    command: ChannelCommand,
    ifLost: LossPolicy,
    timeoutMs: number,
    onProgress?: (progress: CommandProgress) => void,
  ): { pending: TabCommand; answer: Promise<Answer> } {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>()
    const requestId = ++this.#lastId
    const cancelTimer = this.#clock.setTimer(() => {
      const text = `No tab took ${command.type} within ${timeoutMs} ms: it was never sent`
      this.fail(requestId, new ChannelError('timeout', text))
    }, timeoutMs)
    const pending: TabCommand = {
      requestId,
      command,
      ifLost,
      isHandedOn: false,
      progress: QUEUED,
      onProgress,
      resolve: resolve as (answer: unknown) => void,
      reject,
      cancelTimer,
    }
    this.#pending.set(requestId, pending)
    return { pending, answer: promise }
  }

  markHandedOn(pending: TabCommand): void {
    pending.isHandedOn = true
    pending.cancelTimer()
  }

  report(requestId: number, progress: CommandProgress): void {
    const pending = this.#pending.get(requestId)
    if (pending === undefined) return
    pending.progress = progress
    const { onProgress } = pending
    if (onProgress !== undefined) runCallback(() => onProgress(progress))
  }

  answer(requestId: number, answer: unknown): void {
    this.#remove(requestId)?.resolve(answer)
  }

  fail(requestId: number, error: ChannelError): void {
    this.#remove(requestId)?.reject(error)
  }

  /** The leader is lost: commands that it had may have been carried out or not. */
  leaderLost(): void {
    for (const pending of [...this.#pending.values()]) {
      const { requestId, ifLost, progress, isHandedOn } = pending
      if (!isHandedOn) continue
      if (ifLost === 'unknown') this.answer(requestId, UNKNOWN)
      else if (ifLost === 'fail') {
        this.fail(requestId, new ChannelError('connection-lost', 'The tab that held the order channel was lost'))
      } else {
        pending.isHandedOn = false
        this.report(requestId, { status: 'unknown', sends: progress.sends, reason: LEADER_LOST })
      }
    }
  }

  /** The tab's channel is closed; there is no next leader. */
  close(error: ChannelError): void {
    for (const { requestId, isHandedOn, ifLost, progress } of [...this.#pending.values()]) {
      if ((isHandedOn || progress.sends > 0) && ifLost !== 'fail') this.answer(requestId, UNKNOWN)
      else this.fail(requestId, error)
    }
  }

  #remove(requestId: number): TabCommand | undefined {
    const pending = this.#pending.get(requestId)
    this.#pending.delete(requestId)
    pending?.cancelTimer()
    return pending
  }
}
