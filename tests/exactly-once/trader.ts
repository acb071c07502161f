// One account that trades through cuts with our own client, over the order channel and over REST, and keeps what it was
// answered. Judges nothing: oracle.ts does.

import { setTimeout as pause } from 'node:timers/promises'
import {
  AccountView,
  type ChangeAnswer,
  ChannelError,
  type Environment,
  type OrderChannel,
  type OutboundMessage,
  openOrderChannel,
  type PlaceAnswer,
  RequestError,
  Rest,
  type TappedFrame,
} from '@papertape/client'
import type { Execution, NewOrder } from '@papertape/protocol'
import type { TestRandom } from '../support/random.ts'

/** The client's waits are for networks; here time passes faster for it, so that each second has many of its lives. */
const SPEED = 10
const SYMBOL = 'VELTR'
const GROUP_MAX = 5
const GROUP_EVERY_MS = 70
const REST_ANSWER_MAX_MS = 1_000
const REST_RETRY_MS = 50

/** `rejected` by the exchange; `unsent`: the client says that the exchange never got it. */
export type CommandOutcome =
  | { readonly execution: Execution }
  | { readonly rejected: string }
  | { readonly unsent: string }

export interface Performed {
  readonly kind: 'place' | 'replace' | 'cancel'
  readonly transport: 'channel' | 'rest'
  readonly clientOrderId: string
  /** As it was sent. */
  readonly order?: NewOrder
  readonly outcome: CommandOutcome
}

/** What a command went through; `number` counts the trader's commands. */
export type CommandStep = { readonly number: number } & (
  | ({ readonly step: 'sent'; readonly origClientOrderId?: string } & Omit<Performed, 'outcome'>)
  /** It may have been carried out or not, for now. */
  | { readonly step: 'unknown' }
  | { readonly step: 'answered'; readonly outcome: CommandOutcome }
)

export interface TraderSettings {
  readonly baseUrl: string
  /** Of another address for REST. */
  readonly restUrl?: string
  readonly onStep?: (step: CommandStep) => void
  readonly onMessage?: (message: OutboundMessage) => void
  readonly accountId: string
  readonly token: string
  readonly random: TestRandom
}

export class Trader {
  readonly accountId: string
  readonly token: string
  readonly performed: Performed[] = []
  readonly messages: OutboundMessage[] = []
  readonly view = new AccountView()
  readonly channel: OrderChannel
  /** How often a command's outcome was unknown for a time. */
  unknowns = 0
  /** What the channel got as an answer to a request that had one, or was never made. */
  readonly surplusAnswers: string[] = []
  readonly #random: TestRandom
  readonly #rest: Rest
  readonly #onStep: (step: CommandStep) => void
  #commands = 0
  /** Those with no answer yet; for the report of a run that does not end. */
  readonly #pending = new Set<string>()
  /** How often each request was sent on the channel's present connection and has had no answer there. */
  #unanswered = new Map<unknown, number>()
  #orders = 0
  /** Orders that may rest and were not canceled yet, newest last. */
  #cancelable: string[] = []
  #isStopping = false
  #isAbandoned = false

  constructor({ baseUrl, restUrl = baseUrl, accountId, token, random, ...hooks }: TraderSettings) {
    const { onStep = () => {}, onMessage = () => {} } = hooks
    this.#onStep = onStep
    this.accountId = accountId
    this.token = token
    this.#random = random
    const environment = fastEnvironment(random)
    this.#rest = new Rest({ baseUrl: restUrl, token, environment })
    this.channel = openOrderChannel({
      baseUrl,
      token,
      environment,
      onMessage: message => {
        this.messages.push(message)
        this.view.apply(message)
        onMessage(message)
      },
      tap: { onFrame: frame => this.#count(frame) },
    })
  }

  get pending(): readonly string[] {
    return [...this.#pending]
  }

  /** Trades until `stop`, and until each command has its outcome. */
  async run(): Promise<void> {
    while (!this.#isStopping) {
      const group = Array.from({ length: 1 + this.#random.below(GROUP_MAX) }, () => this.#perform())
      await Promise.all([...group, pause(GROUP_EVERY_MS)])
    }
  }

  stop(): void {
    this.#isStopping = true
  }

  /** After a test that has failed: nobody will answer any more. */
  abandon(): void {
    this.stop()
    this.#isAbandoned = true
    this.channel.close()
  }

  #perform(): Promise<void> {
    const chance = this.#random.below(100)
    if (chance < 30) return this.#cancel()
    if (chance < 45) return this.#replace()
    const terms = this.#drawTerms()
    const order: NewOrder = { clientOrderId: `o${++this.#orders}`, symbol: SYMBOL, ...terms }
    if (terms.timeInForce === 'GTC') this.#cancelable.push(order.clientOrderId)
    return this.#random.below(5) === 0 ? this.#placeByRest(order) : this.#place(order)
  }

  /** Orders that rest, trade at once, expire at once, or are rejected. */
  #drawTerms(): Omit<NewOrder, 'clientOrderId' | 'symbol'> {
    const { below } = this.#random
    const chance = below(10)
    const far = { side: 'buy', orderType: 'limit', size: 1 + below(9), price: 10 + below(5) } as const
    if (chance < 6) return { ...far, timeInForce: 'GTC' }
    if (chance < 7) return { ...far, timeInForce: 'IOC' }
    if (chance < 8) return { ...far, price: 10.001, timeInForce: 'IOC' }
    const side = below(3) === 0 ? 'sell' : 'buy'
    return { side, orderType: 'market', size: 1 + below(5), timeInForce: 'IOC' }
  }

  #place(order: NewOrder): Promise<void> {
    const { clientOrderId } = order
    return this.#keep({ kind: 'place', transport: 'channel', clientOrderId, order }, options =>
      this.channel.place(order, options),
    )
  }

  #replace(): Promise<void> {
    const origClientOrderId = this.#drawOpen()
    if (origClientOrderId === undefined) return Promise.resolve()
    const clientOrderId = `o${++this.#orders}`
    // Replaced or not, it can be canceled by one of the two.
    this.#cancelable.push(clientOrderId)
    const change = { clientOrderId, origClientOrderId, size: 1 + this.#random.below(9) }
    return this.#keep({ kind: 'replace', transport: 'channel', clientOrderId, origClientOrderId }, options =>
      this.channel.replace(change, options),
    )
  }

  /** Each order once, so that a refusal means that nobody canceled it. */
  #cancel(): Promise<void> {
    const clientOrderId = this.#drawOpen()
    if (clientOrderId === undefined) return Promise.resolve()
    this.#cancelable = this.#cancelable.filter(id => id !== clientOrderId)
    return this.#keep({ kind: 'cancel', transport: 'channel', clientOrderId }, options =>
      this.channel.cancel(clientOrderId, options),
    )
  }

  /** One of the newest, also while its placement is in flight. */
  #drawOpen(): string | undefined {
    return this.#cancelable.at(-1 - this.#random.below(6))
  }

  async #keep(
    { origClientOrderId, ...command }: Omit<Performed, 'outcome'> & { readonly origClientOrderId?: string },
    send: (options: { onProgress: (progress: { status: string }) => void }) => Promise<PlaceAnswer | ChangeAnswer>,
  ): Promise<void> {
    const name = `${command.kind} ${command.clientOrderId}`
    this.#pending.add(name)
    const number = ++this.#commands
    this.#onStep({ number, step: 'sent', ...command, ...(origClientOrderId !== undefined && { origClientOrderId }) })
    const onProgress = ({ status }: { status: string }) => {
      if (status !== 'unknown') return
      this.unknowns++
      this.#onStep({ number, step: 'unknown' })
    }
    const answered = (outcome: CommandOutcome) => {
      this.performed.push({ ...command, outcome })
      this.#onStep({ number, step: 'answered', outcome })
    }
    try {
      const answer = await send({ onProgress })
      if (answer.type === 'unknown') {
        const { phase, reason } = this.channel.state
        throw new Error(`${name}: the outcome stayed unknown; the channel is ${phase}: ${reason?.code} ${reason?.text}`)
      }
      answered(answer.type === 'execution' ? { execution: answer } : { rejected: answer.code })
    } catch (error) {
      if (!(error instanceof ChannelError)) throw error
      answered({ unsent: error.message })
    }
    this.#pending.delete(name)
  }

  /** A program without the channel sends the order until it is answered. */
  async #placeByRest(order: NewOrder): Promise<void> {
    const { clientOrderId } = order
    const name = `place ${clientOrderId} by REST`
    this.#pending.add(name)
    const number = ++this.#commands
    const command = { kind: 'place', transport: 'rest', clientOrderId, order } as const
    this.#onStep({ number, step: 'sent', ...command })
    let outcome = await postOrder(this.#rest, order)
    for (; outcome === undefined; outcome = await postOrder(this.#rest, order)) {
      if (this.#isAbandoned) return
      this.#onStep({ number, step: 'unknown' })
      await pause(REST_RETRY_MS)
    }
    this.performed.push({ ...command, outcome })
    this.#onStep({ number, step: 'answered', outcome })
    this.#pending.delete(name)
  }

  /** On one connection a request has one answer for each time that it was sent. */
  #count({ direction, event, text }: TappedFrame): void {
    if (event === 'open' || event === 'close') this.#unanswered = new Map()
    else {
      const { requestId } = JSON.parse(text) as { requestId?: unknown }
      if (requestId === undefined) return
      const count = this.#unanswered.get(requestId) ?? 0
      if (direction === 'out') this.#unanswered.set(requestId, count + 1)
      else if (count > 0) this.#unanswered.set(requestId, count - 1)
      else this.surplusAnswers.push(text)
    }
  }
}

/** @returns undefined when the outcome is not known, or it was refused for now */
export async function postOrder(rest: Rest, order: NewOrder): Promise<CommandOutcome | undefined> {
  try {
    return { execution: await rest.send<Execution>('POST', '/v1/orders', order) }
  } catch (error) {
    if (!(error instanceof RequestError)) throw error
    if ([0, 429, 503].includes(error.status)) return undefined
    // The status arrived, and the body did not.
    if (error.code === 'bad-answer' || error.code === `http-${error.status}`) return undefined
    if (error.status !== 422) throw error
    return { rejected: error.code }
  }
}

function fastEnvironment(random: TestRandom): Environment {
  return {
    nowMs: () => performance.now() * SPEED,
    wallMs: () => Date.now(),
    setTimer(run, delayMs) {
      const timer = setTimeout(run, delayMs / SPEED)
      return () => clearTimeout(timer)
    },
    // Each wait is in the first tenth of its range: most connections here end early, and the range grows.
    random: () => random.below(100) / 1_000,
    fetch: (url, init) => fetch(url, { ...init, signal: AbortSignal.timeout(REST_ANSWER_MAX_MS) }),
  }
}
