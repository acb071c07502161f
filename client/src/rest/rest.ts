// The REST routes that a page needs, each a typed call: an answer, or a RequestError with the server's code. No retries
// and no cache: whether to repeat a request is the caller's decision.

import type {
  AccountAnswer,
  AlertAnswer,
  AlertsAnswer,
  BookAnswer,
  CancelAllAfterAnswer,
  CandlesAnswer,
  CandlesBySymbolAnswer,
  Deposit,
  ExecutionsAnswer,
  Instrument,
  Interval,
  LedgerAnswer,
  LogAnswer,
  Need,
  NewAccount,
  NewAlert,
  NewDeposit,
  NewsAnswer,
  OrderList,
  OrdersAnswer,
  QuotesAnswer,
  SessionAnswer,
  TradesAnswer,
  Transport,
} from '@papertape/protocol'
import { DEFAULT_ENVIRONMENT, type Environment } from '../platform/environment.ts'
import { type FrameTap, reportFrame } from '../platform/frame-tap.ts'
import { messageOf, type Refusal, readRefusal } from './problem.ts'

/** A request that failed. `status` is 0 when there was no answer. */
export class RequestError extends Error {
  override readonly name = 'RequestError'
  readonly code: string
  readonly status: number
  readonly detail: string
  readonly retryMs: number | undefined

  constructor({ code, status, text, retryMs }: Refusal) {
    super(`${code}: ${text}`)
    this.code = code
    this.status = status
    this.detail = text
    this.retryMs = retryMs
  }
}

export interface RestOptions {
  /** Scheme, host, port and path prefix; the page's own origin when absent. */
  readonly baseUrl?: string
  /** Of the account, where no cookie identifies it: in Node. */
  readonly token?: string
  /** `include` sends the cookie from a page of another origin that the server lists; `same-origin` when absent. */
  readonly credentials?: RequestCredentials
  readonly environment?: Partial<Environment>
  /** Observes what is sent and received. */
  readonly tap?: FrameTap | undefined
}

export interface TransportAdvice {
  readonly transport: Transport
  readonly reasons: readonly string[]
}

type QueryParameters = Readonly<Record<string, string | number | boolean | undefined>>

export class Rest {
  readonly #environment: Environment
  readonly #baseUrl: string
  readonly #token: string | undefined
  readonly #credentials: RequestCredentials
  readonly #tap: FrameTap | undefined
  #requests = 0

  constructor({ baseUrl = '', token, credentials = 'same-origin', environment, tap }: RestOptions = {}) {
    this.#environment = { ...DEFAULT_ENVIRONMENT, ...environment }
    this.#baseUrl = baseUrl.replace(/\/+$/, '')
    this.#token = token
    this.#credentials = credentials
    this.#tap = tap
  }

  /** Accepts an array, and an object with the position beside it. */
  async instruments(signal?: AbortSignal): Promise<Instrument[]> {
    const answer = await this.get<Instrument[] | { instruments: Instrument[] }>('/v1/instruments', {}, signal)
    return Array.isArray(answer) ? answer : answer.instruments
  }

  instrument(symbol: string, signal?: AbortSignal): Promise<Instrument> {
    return this.get(`/v1/instruments/${encodeURIComponent(symbol)}`, {}, signal)
  }

  book(symbol: string, query: { depth?: number } = {}, signal?: AbortSignal): Promise<BookAnswer> {
    return this.get(`/v1/instruments/${encodeURIComponent(symbol)}/book`, query, signal)
  }

  /** Newest first; `before` is a seq: only older trades are returned. */
  trades(symbol: string, query: { limit?: number; before?: number } = {}, signal?: AbortSignal): Promise<TradesAnswer> {
    return this.get(`/v1/instruments/${encodeURIComponent(symbol)}/trades`, query, signal)
  }

  /** Oldest first; the last one may still be forming. `from` and `to` in milliseconds; `limit` leaves the newest. */
  candles(
    symbol: string,
    query: { interval?: Interval; from?: number; to?: number; limit?: number } = {},
    signal?: AbortSignal,
  ): Promise<CandlesAnswer> {
    return this.get(`/v1/instruments/${encodeURIComponent(symbol)}/candles`, query, signal)
  }

  /** The same of several instruments, of all when none is named; at most `limit` bars of each. */
  candlesOf(
    symbols: readonly string[],
    query: { interval?: Interval; from?: number; to?: number; limit?: number } = {},
    signal?: AbortSignal,
  ): Promise<CandlesBySymbolAnswer> {
    return this.get('/v1/candles', { ...query, symbols: listOf(symbols) }, signal)
  }

  quotes(symbols: readonly string[] = [], signal?: AbortSignal): Promise<QuotesAnswer> {
    return this.get('/v1/quotes', { symbols: listOf(symbols) }, signal)
  }

  /** Newest first; `before` is a seq: only older headlines are returned. */
  news(query: { limit?: number; before?: number } = {}, signal?: AbortSignal): Promise<NewsAnswer> {
    return this.get('/v1/news', query, signal)
  }

  /** All events from a number to the end of its page; fails with `unknown-page` until the page is full. */
  logPage(epoch: string, from: number, signal?: AbortSignal): Promise<LogAnswer> {
    return this.get(`/v1/log/${encodeURIComponent(epoch)}/${from}`, {}, signal)
  }

  /** The answer of the decision tree. */
  transport(need: Partial<Need> = {}, signal?: AbortSignal): Promise<TransportAdvice> {
    return this.get('/v1/transport', { ...need }, signal)
  }

  /** Creates a paper account. On a page of the same origin the answer also sets the cookie. */
  createAccount(account: NewAccount = {}): Promise<AccountAnswer> {
    return this.send('POST', '/v1/accounts', account)
  }

  /** Newest first; `after` of an answer asks for the next page. */
  orders(
    query: { status?: OrderList; limit?: number; after?: string } = {},
    signal?: AbortSignal,
  ): Promise<OrdersAnswer> {
    return this.get('/v1/orders', query, signal)
  }

  /** What happened to an order, oldest first; `after` of an answer asks for the next page. */
  executions(orderId: string, query: { after?: number } = {}, signal?: AbortSignal): Promise<ExecutionsAnswer> {
    return this.get(`/v1/orders/${encodeURIComponent(orderId)}/executions`, query, signal)
  }

  /** Each change of cash, newest first; `after` of an answer asks for the next page. */
  ledger(query: { limit?: number; after?: string } = {}, signal?: AbortSignal): Promise<LedgerAnswer> {
    return this.get('/v1/account/ledger', query, signal)
  }

  /** Sent again with the same clientDepositId it is the same deposit. */
  deposit(deposit: NewDeposit): Promise<Deposit> {
    return this.send('POST', '/v1/account/deposits', deposit)
  }

  /** The account's dead man's switch, as on the order channel; 0 switches it off. */
  cancelAllAfter(timeoutMs: number): Promise<CancelAllAfterAnswer> {
    return this.send('POST', '/v1/orders/cancel-all-after', { timeoutMs })
  }

  /** Sent again with the same clientAlertId it returns the same alert. */
  createAlert(alert: NewAlert): Promise<AlertAnswer> {
    return this.send('POST', '/v1/alerts', alert)
  }

  /** Newest first: the active ones, and the last of those that have ended. */
  alerts(signal?: AbortSignal): Promise<AlertsAnswer> {
    return this.get('/v1/alerts', {}, signal)
  }

  deleteAlert(alertId: string): Promise<void> {
    return this.send('DELETE', `/v1/alerts/${encodeURIComponent(alertId)}`)
  }

  /** The account of the token or cookie, and the accounts that this browser holds. */
  session(signal?: AbortSignal): Promise<SessionAnswer> {
    return this.get('/v1/session', {}, signal)
  }

  /** Makes another account of this browser the active one. For pages of the server's origin, as the next two. */
  switchAccount(accountId: string): Promise<SessionAnswer> {
    return this.send('POST', '/v1/session', { accountId })
  }

  /** Cancels the open orders of an account, and puts a new one in its place. */
  resetAccount(accountId: string, account: NewAccount = {}): Promise<SessionAnswer> {
    return this.send('POST', `/v1/session/accounts/${encodeURIComponent(accountId)}/reset`, account)
  }

  forgetAccount(accountId: string): Promise<SessionAnswer> {
    return this.send('DELETE', `/v1/session/accounts/${encodeURIComponent(accountId)}`)
  }

  /** Any other route. @throws {RequestError} */
  get<Answer>(path: string, query: QueryParameters = {}, signal?: AbortSignal): Promise<Answer> {
    const search = new URLSearchParams()
    for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value))
    return this.#request('GET', search.size === 0 ? path : `${path}?${search}`, undefined, signal)
  }

  /** Any other route. @throws {RequestError} */
  send<Answer>(method: 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<Answer> {
    return this.#request(method, path, body, undefined)
  }

  async #request<Answer>(method: string, path: string, body: unknown, signal?: AbortSignal): Promise<Answer> {
    const headers: Record<string, string> = { accept: 'application/json' }
    if (this.#token !== undefined) headers.authorization = `Bearer ${this.#token}`
    if (body !== undefined) headers['content-type'] = 'application/json'
    const init: RequestInit = { method, headers, cache: 'no-store', credentials: this.#credentials }
    if (body !== undefined) init.body = JSON.stringify(body)
    if (signal !== undefined) init.signal = signal
    const id = String(++this.#requests)
    const text = `${method} ${this.#baseUrl}${path}${body === undefined ? '' : `\n\n${init.body}`}`
    this.#report('out', method, id, text)
    let response: Response
    try {
      response = await this.#environment.fetch(this.#baseUrl + path, init)
    } catch (error) {
      // The caller aborted it and gets its own AbortError.
      if (signal?.aborted) throw error
      throw new RequestError({ code: 'network', status: 0, text: messageOf(error), retryMs: undefined })
    }
    if (this.#tap?.onFrame !== undefined) this.#reportAnswer(response.clone(), id)
    if (!response.ok) throw new RequestError(await readRefusal(response, this.#environment.wallMs()))
    if (response.status === 204) return undefined as Answer
    try {
      return (await response.json()) as Answer
    } catch (error) {
      if (signal?.aborted) throw error
      const text = `The answer is not JSON: ${messageOf(error)}`
      throw new RequestError({ code: 'bad-answer', status: response.status, text, retryMs: undefined })
    }
  }

  /** @param answer a copy, whose body is read here */
  #reportAnswer(answer: Response, id: string): void {
    const report = (text: string) => this.#report('in', String(answer.status), id, text)
    // A body that breaks off breaks off for the caller too, who handles it.
    answer.text().then(report, (error: unknown) => report(messageOf(error)))
  }

  #report(direction: 'in' | 'out', event: string, id: string, text: string): void {
    reportFrame(this.#tap, this.#environment.wallMs, () => ({ transport: 'rest', direction, event, id, text }))
  }
}

/** As a parameter; absent when none is named. */
function listOf(symbols: readonly string[]): string | undefined {
  return symbols.length === 0 ? undefined : symbols.join(',')
}
