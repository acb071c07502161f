// Alpaca's stream of an account's order updates on one connection: authorization, `listen`, and an update for each
// execution from then on. Its JSON goes in binary frames, as that of Alpaca's paper trading does. There is no resume: a
// client that was away reads its orders by REST.

import { CodedError, type KnownAccount, type PrivateReader } from '@papertape/gateway'
import type { ExecType, Execution, PrivateEvent, RejectCode } from '@papertape/protocol'
import type { EncodedPrivateEvent } from '@papertape/venue'
import type { AdapterConnection } from '../../adapter.ts'
import type { AdapterDeps } from '../../adapter-deps.ts'
import { takeAccountPlace } from '../../sockets/account-places.ts'
import type { VenueStream } from '../../sockets/venue-socket.ts'
import { isJsonObject, type JsonObject } from '../../values/json-object.ts'
import { formatTimestamp } from '../../values/time.ts'
import { type AlpacaCredentials, accountOf } from '../credentials.ts'
import { uuidOfNumber } from '../ids.ts'
import { alpacaOrder } from '../messages/order.ts'
import type { StreamCodec } from './stream-codec.ts'

const STREAM = 'trade_updates'
/** Alpaca has none for a stop order that is triggered, nor for a trailing stop whose stop price has moved. */
const EVENTS: Readonly<Partial<Record<ExecType, string>>> = {
  new: 'new',
  partialFill: 'partial_fill',
  fill: 'fill',
  canceled: 'canceled',
  replaced: 'replaced',
  rejected: 'rejected',
  expired: 'expired',
}
/** What the exchange changes by itself in an order of a list: it starts it, or takes off it what another has filled. */
const LIST_EVENTS: Readonly<Partial<Record<RejectCode, string>>> = {
  'list-started': 'new',
  'list-reduced': 'replaced',
}

export class AlpacaTradeUpdates implements VenueStream, PrivateReader {
  readonly #deps: AdapterDeps
  readonly #connection: AdapterConnection
  readonly #codec: StreamCodec
  readonly #headerCredentials: AlpacaCredentials | undefined
  #account: KnownAccount | undefined
  #leave = () => {}
  #isListening = false
  /** Events up to here are in the snapshot; undefined until it is there, while new events wait. */
  #seq: number | undefined
  #waiting: EncodedPrivateEvent[] = []
  /** Held of each symbol, and when each open order was placed. */
  readonly #sizes = new Map<string, number>()
  readonly #placedUs = new Map<string, number>()

  constructor(
    deps: AdapterDeps,
    connection: AdapterConnection,
    codec: StreamCodec,
    headerCredentials: AlpacaCredentials | undefined,
  ) {
    this.#deps = deps
    this.#connection = connection
    this.#codec = codec
    this.#headerCredentials = headerCredentials
  }

  get isInUse(): boolean {
    return this.#account !== undefined
  }

  async open(): Promise<void> {
    if (this.#headerCredentials !== undefined) await this.#authorize(this.#headerCredentials, 'authenticate')
  }

  async handle(data: string | Uint8Array): Promise<void> {
    const message = this.#codec.decode(data)
    const { action } = message
    if (action === 'auth' || action === 'authenticate') await this.#authorize(credentialsOf(message), action)
    else if (this.#account === undefined) throw new CodedError('not-logged-on', 'send authenticate first')
    else if (action === 'listen') await this.#listen(this.#account, message)
    else throw new CodedError('bad-request', 'the actions are auth, authenticate and listen')
  }

  refuse({ code, message }: CodedError): void {
    if (code === 'bad-token' || code === 'not-logged-on') {
      this.#send({ stream: 'authorization', data: { status: 'unauthorized', action: 'authenticate' } })
    } else this.#send({ action: 'error', data: { error_message: message } })
  }

  refuseIdle(): void {
    this.#send({ stream: 'authorization', data: { status: 'unauthorized', action: 'authenticate' } })
  }

  release(): void {
    this.#leave()
    if (this.#account !== undefined) this.#deps.streams.leave(this.#account.accountId, this)
  }

  deliver(event: EncodedPrivateEvent): void {
    if (this.#seq === undefined) this.#waiting.push(event)
    else if (event.seq > this.#seq) this.#apply(JSON.parse(event.data) as PrivateEvent)
  }

  /** An event could not be delivered: the update would be missing. */
  fail(error: unknown): void {
    this.#deps.onError(error)
    this.#connection.close('internalError')
  }

  async #authorize(credentials: AlpacaCredentials, action: string): Promise<void> {
    const account = await accountOf(this.#deps.accounts, credentials)
    if (this.#connection.isEnding) return
    if (this.#account === undefined) {
      this.#leave = takeAccountPlace(this.#deps, account, this.#connection)
      this.#account = account
    }
    this.#send({ stream: 'authorization', data: { status: 'authorized', action } })
  }

  /** The streams that are not named end. */
  async #listen(account: KnownAccount, message: JsonObject): Promise<void> {
    const streams = isJsonObject(message.data) ? message.data.streams : undefined
    if (!Array.isArray(streams)) throw new CodedError('bad-request', 'listen has data.streams')
    if (streams.includes(STREAM) && this.#seq === undefined) await this.#begin(account)
    if (this.#connection.isEnding) return
    this.#isListening = streams.includes(STREAM)
    this.#send({ stream: 'listening', data: { streams: this.#isListening ? [STREAM] : [] } })
  }

  /** What an update says of positions and times begins with the account as it is. */
  async #begin({ accountId }: KnownAccount): Promise<void> {
    const { streams, venue } = this.#deps
    // Before the query: none that is published after it is missed.
    streams.join(accountId, this)
    const snapshot = await venue.query('account', { accountId })
    if (snapshot === undefined) throw new Error(`account ${accountId} is known by its token but not by its id`)
    for (const { symbol, size } of snapshot.positions) this.#sizes.set(symbol, size)
    for (const { orderId, ts } of snapshot.orders) this.#placedUs.set(orderId, ts)
    this.#seq = snapshot.seq
    const waiting = this.#waiting
    this.#waiting = []
    for (const event of waiting) this.deliver(event)
  }

  #apply(event: PrivateEvent): void {
    if (event.type === 'position') this.#sizes.set(event.symbol, event.size)
    else if (event.type === 'execution') this.#applyExecution(event)
  }

  #applyExecution(execution: Execution): void {
    const { execType, orderId, origClientOrderId, symbol, side, lastSize, leavesSize, ts } = execution
    if (execType === 'new' || origClientOrderId !== undefined) this.#placedUs.set(orderId, ts)
    const held = (this.#sizes.get(symbol) ?? 0) + (side === 'buy' ? lastSize : -lastSize)
    this.#sizes.set(symbol, held)
    const placedUs = this.#placedUs.get(orderId) ?? ts
    if (leavesSize === 0) this.#placedUs.delete(orderId)
    const name = eventOf(execution)
    if (!this.#isListening || name === undefined) return
    this.#send({ stream: STREAM, data: tradeUpdate(execution, name, placedUs, held) })
  }

  #send(message: object): void {
    const encoded = this.#codec.encode(message)
    this.#connection.send(typeof encoded === 'string' ? new TextEncoder().encode(encoded) : encoded)
  }
}

/** undefined where there is no update. */
function eventOf({ execType, origClientOrderId, held, reason }: Execution): string | undefined {
  // It is sent when the leg starts.
  if (execType === 'new' && held) return undefined
  if (execType === 'replaced' && origClientOrderId === undefined) return reason && LIST_EVENTS[reason.code]
  return EVENTS[execType]
}

function tradeUpdate(execution: Execution, event: string, placedUs: number, held: number) {
  const { seq, ts, lastSize, lastPrice, reason } = execution
  const timestamp = formatTimestamp(ts)
  const fill = { price: String(lastPrice), qty: String(lastSize), position_qty: String(held) }
  return {
    event,
    execution_id: uuidOfNumber(seq),
    timestamp,
    at: timestamp,
    order: alpacaOrder(execution, { placedUs, updatedUs: ts }),
    ...(lastSize > 0 && fill),
    ...(reason !== undefined && { reason: reason.text }),
  }
}

/** In `data` as `key_id` and `secret_key`, or beside the action as `key` and `secret`. */
function credentialsOf(message: JsonObject): AlpacaCredentials {
  const { key_id, secret_key, oauth_token } = isJsonObject(message.data) ? message.data : {}
  const [key, secret] = [key_id ?? message.key, secret_key ?? message.secret]
  if (typeof key === 'string' && typeof secret === 'string') return { keyId: key, secret }
  if (typeof oauth_token === 'string') return { keyId: undefined, secret: oauth_token }
  throw new CodedError('bad-token', 'authenticate has data.key_id and data.secret_key')
}
