// For tests: a market behind MSW, and what a client of it needs: JSON requests, a stream, an order channel.

import assert from 'node:assert/strict'
import { BinaryDecoder } from '@papertape/protocol'
import { setupServer } from 'msw/node'
import { createMarket, type MarketOptions } from '../create-market.ts'
import type { MockMarket } from '../market.ts'
import { handlers } from '../msw/handlers.ts'

const ORIGIN = 'http://papertape.test'
/** Turns of the event loop in which what is awaited must have come. */
const TURNS_MAX = 2_000

// biome-ignore lint/suspicious/noExplicitAny: tests read fields of many kinds of messages
export type MockedMessage = any

export interface MockedMarket {
  readonly market: MockMarket
  close(): Promise<void>
}

/** Requests and sockets of this process go to the market; those to other addresses fail. */
export async function openMockedMarket(options: MarketOptions = {}): Promise<MockedMarket> {
  const market = await createMarket({ seed: 7, symbols: 2, ...options })
  const server = setupServer(...handlers(market))
  server.listen({ onUnhandledFrame: 'error' })
  return {
    market,
    async close() {
      await market.close()
      server.close()
    },
  }
}

export interface JsonAnswer {
  readonly status: number
  readonly headers: Headers
  readonly body: MockedMessage
}

/** @param route `POST /v1/orders` */
export async function askMarket(
  route: string,
  { token, body }: { token?: string; body?: object } = {},
): Promise<JsonAnswer> {
  const [method, path] = route.split(' ') as [string, string]
  const response = await fetch(`${ORIGIN}${path}`, {
    method,
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) }
}

export async function until<Found>(found: () => Found | undefined | false, what: string): Promise<Found> {
  for (let turn = 0; turn < TURNS_MAX; turn++) {
    const value = found()
    if (value !== undefined && value !== false) return value as Found
    await new Promise(setImmediate)
  }
  assert.fail(`there was no ${what}`)
}

export interface MockedChannel {
  readonly socket: WebSocket
  readonly messages: readonly MockedMessage[]
  /** The code and reason of its end. */
  readonly closed: { readonly code: number; readonly reason: string } | undefined
  send(message: object): void
  /** The first message of this type, among those from `from` on. */
  next(type: string, from?: number): Promise<MockedMessage>
}

export async function openMockedChannel(token?: string): Promise<MockedChannel> {
  const socket = new WebSocket(`${ORIGIN.replace('http', 'ws')}/v1/socket`, 'papertape.v1')
  const messages: MockedMessage[] = []
  let closed: MockedChannel['closed']
  const decoder = new BinaryDecoder()
  socket.binaryType = 'arraybuffer'
  socket.addEventListener('message', ({ data }) => {
    if (data instanceof ArrayBuffer) messages.push(...decoder.decode(data))
    else messages.push(JSON.parse(String(data)))
  })
  socket.addEventListener('close', ({ code, reason }) => {
    closed = { code, reason }
  })
  const channel: MockedChannel = {
    socket,
    messages,
    get closed() {
      return closed
    },
    send: message => socket.send(JSON.stringify(message)),
    next: (type, from = 0) => until(() => messages.slice(from).find(message => message.type === type), type),
  }
  await channel.next('welcome')
  if (token === undefined) return channel
  channel.send({ type: 'logon', requestId: 'logon', token })
  await channel.next('account.snapshot')
  return channel
}
