// Writes the history of a run while it goes on: hooks for the accounts that trade and for the readers. Events that a
// reader receives one after the other over one connection are one line. Judges nothing.

import type { OutboundMessage } from '@papertape/client'
import { type Execution, type Position, parsePosition } from '@papertape/protocol'
import type { CommandOutcome, CommandStep } from '../exactly-once/trader.ts'
import { privateEvents } from '../support/private-stream.ts'
import type { ArrivedFrame } from '../transport-changes/feed-transports.ts'
import type { RoamingReader } from '../transport-changes/roaming-reader.ts'
import type { HistoryFile, LoggedExecution, ReadEntry, RecordedResult } from './history.ts'

/** Of no event of the log. */
const NO_EVENTS = new Set(['hello', 'busy', 'drain', 'lagging', 'heartbeat', 'position', 'snapshot', 'reset'])

export class HistoryRecorder {
  readonly #file: HistoryFile
  /** Of each reader, the line that may go on. */
  readonly #reads = new Map<string, ReadEntry>()
  /** Of each account, the ports of the gateways that its connections were opened to last. */
  readonly #gateways = new Map<string, { channel: number; rest: number }>()
  /** How often readers went on at another gateway, and over another transport. */
  readonly hops = { gateway: 0, transport: 0 }

  constructor(file: HistoryFile) {
    this.#file = file
  }

  connect(account: string, via: 'channel' | 'rest', gateway: number): void {
    this.#gateways.set(account, { channel: 0, rest: 0, ...this.#gateways.get(account), [via]: gateway })
    this.#file.add({ type: 'connect', at: this.#file.at, account, via, gateway })
  }

  step(account: string, step: CommandStep): void {
    const { at } = this.#file
    const { number: command } = step
    if (step.step === 'sent') {
      const { kind, clientOrderId, origClientOrderId, transport: via } = step
      const gateway = this.#gateways.get(account)?.[via] ?? 0
      this.#file.add({ type: 'invoke', at, account, command, kind, clientOrderId, origClientOrderId, via, gateway })
    } else if (step.step === 'unknown') this.#file.add({ type: 'unknown', at, account, command })
    else this.#file.add({ type: 'ok', at, account, command, result: resultOf(step.outcome) })
  }

  message(account: string, message: OutboundMessage): void {
    const { at } = this.#file
    if (message.type === 'account.snapshot') {
      this.#file.add({ type: 'private', at, account, event: message.type, seq: message.seq })
    }
    if (privateEvents([message]).length === 0) return
    const { seq, type: event, execType, clientOrderId } = message as Execution
    this.#file.add({
      type: 'private',
      at,
      account,
      event,
      seq,
      ...(event === 'execution' && { execType, clientOrderId }),
    })
  }

  /** A reader has taken a frame. */
  taken({ name, parameters, position }: RoamingReader, via: string, gateway: number, frame: ArrivedFrame): void {
    const mode = parameters.mode === 'raw' ? 'raw' : 'conflated'
    const reached = mode === 'raw' ? eventPosition(frame) : position
    if (reached === undefined) return
    const { epoch, seq } = reached
    const open = this.#reads.get(name)
    const isNext = mode === 'raw' ? seq === (open?.to ?? 0) + 1 : seq >= (open?.to ?? 0)
    if (open !== undefined && open.via === via && open.gateway === gateway && open.epoch === epoch && isNext) {
      this.#reads.set(name, { ...open, to: seq })
      return
    }
    if (open !== undefined) {
      this.#file.add(open)
      if (open.gateway !== gateway) this.hops.gateway++
      if (open.via !== via) this.hops.transport++
    }
    const { at } = this.#file
    this.#reads.set(name, { type: 'read', at, reader: name, mode, via, gateway, epoch, from: seq, to: seq })
  }

  /** What still goes on. */
  end(): void {
    for (const line of this.#reads.values()) this.#file.add(line)
    this.#reads.clear()
  }
}

export function loggedOf(execution: Execution): LoggedExecution {
  const { seq, execType, orderId, clientOrderId, reason, tradeId, lastPrice } = execution
  const { symbol, side, lastSize: size, fee } = execution
  const code = reason?.code
  if (tradeId === null || lastPrice === null) return { seq, execType, orderId, clientOrderId, code }
  const fill = { tradeId, symbol, side, size, price: lastPrice, fee }
  return { seq, execType, orderId, clientOrderId, code, fill }
}

function resultOf(outcome: CommandOutcome): RecordedResult {
  if ('rejected' in outcome) return { refused: outcome.rejected }
  if ('unsent' in outcome) return { refused: outcome.unsent }
  const { seq, execType, orderId } = outcome.execution
  return { seq, execType, orderId }
}

function eventPosition({ event, id }: ArrivedFrame): Position | undefined {
  return id === undefined || NO_EVENTS.has(event) ? undefined : parsePosition(id)
}
