// Private events and rows of the order archive that the flush log has, and the tables by account have not yet. They are
// moved account by account to where they are looked up: the events of one account are on one page of the file, and to
// change a page for each order costs more than all else that is done for it. Keeps in memory which rows are staged, and
// reads and writes no file; sqlite-journal.ts and order-table.ts read them with the tables' own.

import { type EncodedPrivateEvent, firstIndex, type OrderRecord } from '@papertape/venue'

/** An account's rows are moved after so many flushes, or when more events than this are staged. */
const FLUSHES_MAX = 512
const EVENTS_MAX = 16_384
/**
 * Events that are moved after a flush. While too many are staged, or some for too long, it is twice as many as it
 * staged: fewer are left then, however fast the market runs.
 */
const MOVED_AT_ONCE = 128

/** The private event that first answered a clientOrderId. */
export interface StagedId {
  readonly seq: number
  readonly orderId: number
}

/** The private event that ended an order. */
export interface StagedEnd {
  readonly seq: number
  /** By the retention clock. */
  readonly endedUs: number
  /** When the order was placed or last replaced. */
  readonly ts: number
  readonly triggered: 0 | 1
}

/** Of one account, in the order of their numbers. */
export interface AccountStage {
  readonly events: readonly EncodedPrivateEvent[]
  /** By clientOrderId. */
  readonly ids: ReadonlyMap<string, StagedId>
  /** By orderId. */
  readonly ends: ReadonlyMap<number, StagedEnd>
}

export interface MutableStage extends AccountStage {
  readonly events: EncodedPrivateEvent[]
  readonly ids: Map<string, StagedId>
  readonly ends: Map<number, StagedEnd>
}

interface StagedAccount extends MutableStage {
  /** The flush that staged the first of them, also when some have been moved since. */
  readonly number: number
  /** The last command before that flush. */
  readonly after: number
}

export type MovedRows = readonly (readonly [accountId: string, rows: AccountStage])[]

/** By account. */
export type StagedFlush = ReadonlyMap<string, AccountStage>
export type MutableStagedFlush = Map<string, MutableStage>

const emptyStage = (): MutableStage => ({ events: [], ids: new Map(), ends: new Map() })
const NONE: AccountStage = emptyStage()

export class StagedRows {
  /** The account whose rows have been here for longest comes first. */
  readonly #accounts = new Map<string, StagedAccount>()
  #number = 0
  #eventCount = 0
  /** Events of the last flush. */
  #added = 0
  /** All that was staged up to this flush is to be moved, old or not. */
  #moveTo = 0

  of(accountId: string): AccountStage {
    return this.#accounts.get(accountId) ?? NONE
  }

  get accountIds(): Iterable<string> {
    return this.#accounts.keys()
  }

  /** @throws when an event does not come after the one before it: the flush must not be stored. */
  requireOrder(flush: StagedFlush): void {
    for (const [accountId, { events }] of flush) {
      let last = this.#accounts.get(accountId)?.events.at(-1)?.seq ?? 0
      for (const { seq } of events) {
        if (seq <= last) throw new Error(`event ${seq} of account ${accountId} comes after ${last}`)
        last = seq
      }
    }
  }

  /** Called once the flush is durable. @param after the last command before it */
  add(flush: StagedFlush, after: number): void {
    this.#number++
    this.#added = 0
    for (const [accountId, { events, ids, ends }] of flush) {
      const account = this.#accounts.get(accountId) ?? { ...emptyStage(), number: this.#number, after }
      for (const event of events) account.events.push(event)
      for (const [id, row] of ids) account.ids.set(id, row)
      for (const [orderId, row] of ends) account.ends.set(orderId, row)
      this.#accounts.set(accountId, account)
      this.#eventCount += events.length
      this.#added += events.length
    }
  }

  event(accountId: string, seq: number): EncodedPrivateEvent | undefined {
    const { events } = this.of(accountId)
    const event = events[firstIndex(events, seq)]
    return event?.seq === seq ? event : undefined
  }

  /** From this number on. */
  eventsFrom(accountId: string, from: number): readonly EncodedPrivateEvent[] {
    const { events } = this.of(accountId)
    return events.slice(firstIndex(events, from))
  }

  /** True while there are rows that should be moved. */
  get isDue(): boolean {
    return this.#firstNumber <= this.#dueTo || this.#eventCount > EVENTS_MAX
  }

  /** Those that have been staged for longest. */
  *due(): Generator<MovedRows[number]> {
    let over = this.#eventCount - EVENTS_MAX
    const isLate = over > 0 || this.#firstNumber <= this.#number - 2 * FLUSHES_MAX
    let left = isLate ? Math.max(MOVED_AT_ONCE, 2 * this.#added) : MOVED_AT_ONCE
    for (const [accountId, account] of this.#accounts) {
      const isDue = account.number <= this.#dueTo || over > 0
      if (!isDue || left <= 0) return
      const rows = firstRows(account, left)
      left -= rows.events.length
      over -= rows.events.length
      yield [accountId, rows]
    }
  }

  /** Everything. */
  all(): Iterable<MovedRows[number]> {
    return this.#accounts
  }

  /** Called once these rows are in the tables, and durable. */
  remove(moved: MovedRows): void {
    for (const [accountId, { events, ids, ends }] of moved) {
      const account = this.#accounts.get(accountId)!
      this.#eventCount -= events.length
      if (events.length === account.events.length) {
        this.#accounts.delete(accountId)
        continue
      }
      account.events.splice(0, events.length)
      // An id that was used again meanwhile has another row.
      for (const [id, row] of ids) if (account.ids.get(id) === row) account.ids.delete(id)
      for (const orderId of ends.keys()) account.ends.delete(orderId)
    }
  }

  /** All that was staged up to this flush is due. */
  get #dueTo(): number {
    return Math.max(this.#moveTo, this.#number - FLUSHES_MAX)
  }

  /** The flush that staged the oldest of the rows. */
  get #firstNumber(): number {
    const [first] = this.#accounts.values()
    return first?.number ?? this.#number + 1
  }

  /** Flushes with commands up to this one have nothing staged any more; undefined when none has. */
  get after(): number | undefined {
    const [first] = this.#accounts.values()
    return first?.after
  }

  /** Has the next flushes move everything that is staged now. */
  moveAll(): void {
    this.#moveTo = this.#number
  }

  get isMovingAll(): boolean {
    return this.#firstNumber <= this.#moveTo
  }
}

/** At most so many events, with the rows that refer to them. */
function firstRows({ events, ids, ends }: AccountStage, eventsMax: number): AccountStage {
  if (events.length <= eventsMax) return { events, ids, ends }
  const first = events.slice(0, eventsMax)
  const lastSeq = first.at(-1)!.seq
  const upTo = <Key, Row extends { readonly seq: number }>(rows: ReadonlyMap<Key, Row>) =>
    new Map([...rows].filter(([, { seq }]) => seq <= lastSeq))
  return { events: first, ids: upTo(ids), ends: upTo(ends) }
}

/** The rows of a flush by account. @param endedUs the retention clock now */
export function stagedFlush(
  events: readonly EncodedPrivateEvent[],
  records: readonly OrderRecord[],
  endedUs: number,
): StagedFlush {
  const flush: MutableStagedFlush = new Map()
  for (const { accountId, seq, data } of events) rowsIn(flush, accountId).events.push({ accountId, seq, data })
  for (const record of records) {
    const { ids, ends } = rowsIn(flush, record.accountId)
    if ('answer' in record) {
      const { clientOrderId, orderId, seq } = record.answer
      ids.set(clientOrderId, { seq, orderId: Number(orderId) })
    } else {
      const { orderId, ts, triggered } = record.ended
      ends.set(Number(orderId), { seq: record.seq, endedUs, ts, triggered: triggered === true ? 1 : 0 })
    }
  }
  return flush
}

/** Without what has been moved: of each account the rows up to a number. */
export function rowsAfter(flush: StagedFlush, movedTo: ReadonlyMap<string, number>): StagedFlush {
  const left = new Map<string, AccountStage>()
  for (const [accountId, { events, ids, ends }] of flush) {
    const isLeft = ({ seq }: { readonly seq: number }) => seq > (movedTo.get(accountId) ?? 0)
    const after = events.filter(isLeft)
    if (after.length === 0) continue
    left.set(accountId, {
      events: after,
      ids: new Map([...ids].filter(([, row]) => isLeft(row))),
      ends: new Map([...ends].filter(([, row]) => isLeft(row))),
    })
  }
  return left
}

function rowsIn(flush: MutableStagedFlush, accountId: string): MutableStage {
  const rows = flush.get(accountId) ?? emptyStage()
  flush.set(accountId, rows)
  return rows
}

/** Adds a line for each row; see flush-record.ts. */
export function encodeStaged(flush: StagedFlush, lines: string[]): void {
  for (const [accountId, { events, ids, ends }] of flush) {
    for (const { seq, data } of events) lines.push(`event ${accountId} ${seq} ${data}`)
    for (const [id, { seq, orderId }] of ids) lines.push(`id ${accountId} ${seq} ${orderId} ${JSON.stringify(id)}`)
    for (const [orderId, { seq, endedUs, ts, triggered }] of ends) {
      lines.push(`end ${accountId} ${seq} ${orderId} ${endedUs} ${ts} ${triggered}`)
    }
  }
}

/** Adds the row of a line that encodeStaged() gave. */
export function decodeStagedLine(line: string, flush: MutableStagedFlush): void {
  const [kind, accountId, seqText, ...columns] = line.split(' ') as [string, string, string, ...string[]]
  const seq = Number(seqText)
  const { events, ids, ends } = rowsIn(flush, accountId)
  if (kind === 'event') events.push({ accountId, seq, data: columns.join(' ') })
  else if (kind === 'id') ids.set(JSON.parse(columns.slice(1).join(' ')), { seq, orderId: Number(columns[0]) })
  else if (kind === 'end') {
    const [orderId, endedUs, ts, triggered] = columns.map(Number) as [number, number, number, 0 | 1]
    ends.set(orderId, { seq, endedUs, ts, triggered })
  } else throw new Error(`unknown row ${kind}`)
}
