// The channels of Alpaca's data stream: which the market has, how an event of the feed becomes a message of one, and
// what a client has subscribed to. Pure.

import type { Frame, FrameCodec } from '@papertape/feed'
import type { Candle, Phase, Quote, Status, Trade } from '@papertape/protocol'
import type { MarketMessage } from '../../sockets/market-wire.ts'
import { alpacaBar, alpacaQuote, alpacaTrade } from '../messages/market-data.ts'
import type { StreamCodec } from './stream-codec.ts'

/** Those that a subscription lists; of updatedBars there never is a message, as a closed bar does not change. */
export const DATA_CHANNELS = ['trades', 'quotes', 'bars', 'updatedBars', 'statuses'] as const
export type DataChannel = (typeof DATA_CHANNELS)[number]
/** Alpaca's own that this market has not. */
export const CHANNELS_NOT_OFFERED = ['dailyBars', 'lulds', 'imbalances', 'orderbooks', 'news'] as const

type DataPayload = string | Uint8Array

const codecs = new WeakMap<StreamCodec, FrameCodec<readonly MarketMessage<DataPayload>[]>>()

/** Encodes each event once for all connections with the same encoding. */
export function frameCodecOf(codec: StreamCodec): FrameCodec<readonly MarketMessage<DataPayload>[]> {
  const known = codecs.get(codec)
  if (known !== undefined) return known
  const made = { name: `alpaca ${codec.name}`, encode: (frames: readonly Frame[]) => messagesOf(frames, codec) }
  codecs.set(codec, made)
  return made
}

function messagesOf(frames: readonly Frame[], codec: StreamCodec): readonly MarketMessage<DataPayload>[] {
  return frames.flatMap(frame => {
    const message = messageOf(frame, codec)
    return message === undefined ? [] : [{ ...message, payload: codec.encode(message.payload) }]
  })
}

/** undefined for what the stream does not have: greetings, news, statuses of the whole market. */
function messageOf({ event, data }: Frame, { writeTime }: StreamCodec): MarketMessage<object> | undefined {
  if (event === 'trade') {
    const trade = JSON.parse(data) as Trade
    const { symbol } = trade
    return { channel: 'trades', symbol, payload: { T: 't', S: symbol, ...alpacaTrade(trade, writeTime) } }
  }
  if (event === 'quote') {
    const quote = JSON.parse(data) as Quote
    const { symbol } = quote
    return { channel: 'quotes', symbol, payload: { T: 'q', S: symbol, ...alpacaQuote(quote, writeTime) } }
  }
  if (event === 'candle') {
    const candle = JSON.parse(data) as Candle
    const { symbol } = candle
    return { channel: 'bars', symbol, payload: { T: 'b', S: symbol, ...alpacaBar(candle, writeTime) } }
  }
  if (event !== 'status') return undefined
  const { symbol, phase, reason, time } = JSON.parse(data) as Status
  if (symbol === null) return undefined
  const [sc, sm] = STATUS_CODES[phase]
  const payload = { T: 's', S: symbol, sc, sm, rc: '', rm: reason ?? '', t: writeTime(time), z: 'C' }
  return { channel: 'statuses', symbol, payload }
}

/** Of the consolidated tape C, as Alpaca passes them on. */
const STATUS_CODES: Readonly<Record<Phase, readonly [code: string, message: string]>> = {
  preOpen: ['Q', 'Quotation Resumption'],
  openingAuction: ['Q', 'Quotation Resumption'],
  continuous: ['T', 'Trading Resumption'],
  limitState: ['T', 'Trading Resumption'],
  paused: ['P', 'Volatility Trading Pause'],
  halted: ['H', 'Trading Halt'],
  closingAuction: ['Q', 'Quotation Resumption'],
  closed: ['H', 'Trading Halt'],
}

export class DataSubscriptions {
  readonly #symbols = new Map<string, Set<string>>(DATA_CHANNELS.map(channel => [channel, new Set()]))

  get isEmpty(): boolean {
    return [...this.#symbols.values()].every(({ size }) => size === 0)
  }

  add(channel: DataChannel, symbols: readonly string[]): void {
    for (const symbol of symbols) this.#symbols.get(channel)!.add(symbol)
  }

  delete(channel: DataChannel, symbols: readonly string[]): void {
    for (const symbol of symbols) this.#symbols.get(channel)!.delete(symbol)
  }

  /** `*` stands for every symbol. */
  includes({ channel, symbol }: MarketMessage<unknown>): boolean {
    const symbols = this.#symbols.get(channel)!
    return symbols.has(symbol) || symbols.has('*')
  }

  /** Every channel of Alpaca's stream with its symbols. */
  list(): Readonly<Record<string, readonly string[]>> {
    const own = [...this.#symbols].map(([channel, symbols]) => [channel, [...symbols]] as const)
    const others = [...CHANNELS_NOT_OFFERED, 'corrections', 'cancelErrors'].map(channel => [channel, []] as const)
    return Object.fromEntries([...own, ...others])
  }
}
