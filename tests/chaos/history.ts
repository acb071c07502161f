// The history of a run, a JSON line for each thing that happened: what each account sent and was answered, what came
// over its private stream, what readers received, the faults; and in the end what the log has. Judges nothing.

import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'

/** Of an account in the log: what a history needs of an execution. */
export interface LoggedExecution {
  readonly seq: number
  readonly execType: string
  readonly orderId: string
  readonly clientOrderId: string
  /** Of a reject. */
  readonly code?: string | undefined
  /** Of a fill. */
  readonly fill?: LoggedFill
}

export interface LoggedFill {
  readonly tradeId: number
  readonly symbol: string
  readonly side: string
  readonly size: number
  readonly price: number
  readonly fee: number
}

/** What a command was answered: an event of the private stream, or a refusal, or that it was never sent. */
export type RecordedResult =
  | { readonly seq: number; readonly execType: string; readonly orderId: string }
  | { readonly refused: string }

export type CommandKind = 'place' | 'replace' | 'cancel'

/** `at` is in milliseconds of one clock, which the whole history was recorded by. */
export type HistoryEntry =
  | { readonly type: 'account'; readonly account: string; readonly cash: number }
  | {
      readonly type: 'invoke'
      readonly at: number
      readonly account: string
      /** Counts the account's commands. */
      readonly command: number
      readonly kind: CommandKind
      readonly clientOrderId: string
      readonly origClientOrderId?: string | undefined
      readonly via: 'channel' | 'rest'
      /** Of the connection that the account opened last for it. */
      readonly gateway: number
    }
  /** A connection was opened, and the one before it for the same has ended. */
  | {
      readonly type: 'connect'
      readonly at: number
      readonly account: string
      readonly via: 'channel' | 'rest'
      readonly gateway: number
    }
  | { readonly type: 'unknown'; readonly at: number; readonly account: string; readonly command: number }
  | {
      readonly type: 'ok'
      readonly at: number
      readonly account: string
      readonly command: number
      readonly result: RecordedResult
    }
  /** An event of the private stream; a snapshot has the seq of the event before the stream's first. */
  | {
      readonly type: 'private'
      readonly at: number
      readonly account: string
      readonly event: string
      readonly seq: number
      readonly execType?: string
      readonly clientOrderId?: string
    }
  /** Events that a reader received one after the other over one transport; conflated: the positions that it reached. */
  | {
      readonly type: 'read'
      readonly at: number
      readonly reader: string
      readonly mode: 'raw' | 'conflated'
      readonly via: string
      readonly gateway: number
      readonly epoch: string
      readonly from: number
      readonly to: number
    }
  | { readonly type: 'fault'; readonly at: number; readonly name: string }
  /** After the last command: what the account has, up to an event of its private stream. */
  | {
      readonly type: 'closing'
      readonly account: string
      readonly seq: number
      readonly cash: number
      /** By symbol. */
      readonly shares: Readonly<Record<string, number>>
    }
  | ({ readonly type: 'logged'; readonly account: string } & LoggedExecution)
  /** A trade of the log in which an account took part. */
  | { readonly type: 'trade'; readonly tradeId: number; readonly price: number; readonly size: number }

export type ReadEntry = Extract<HistoryEntry, { type: 'read' }>

const LINES_BUFFERED = 2_000

export class HistoryFile {
  readonly path: string
  #lines: string[] = []
  readonly #startMs = performance.now()

  constructor(path: string) {
    this.path = path
    writeFileSync(path, '')
  }

  get at(): number {
    return Math.round((performance.now() - this.#startMs) * 1_000) / 1_000
  }

  add(line: HistoryEntry): void {
    this.#lines.push(JSON.stringify(line))
    if (this.#lines.length >= LINES_BUFFERED) this.flush()
  }

  flush(): void {
    appendFileSync(this.path, this.#lines.map(line => `${line}\n`).join(''))
    this.#lines = []
  }
}

export function readHistory(path: string): HistoryEntry[] {
  const lines = readFileSync(path, 'utf8').split('\n')
  return lines.filter(line => line !== '').map(line => JSON.parse(line) as HistoryEntry)
}
