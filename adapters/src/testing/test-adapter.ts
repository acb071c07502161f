// What an adapter needs, on a venue in memory at a time that stands still, and a connection that keeps what is sent.

import { createHmac } from 'node:crypto'
import { CHANNEL_LIMITS, commandRate, KeyedCount, readRate } from '@papertape/gateway'
import { openTestGateway, testSecrets } from '@papertape/gateway/testing'
import type { Adapter, AdapterAnswer, AdapterConnection, AdapterRequest, AdapterSocket } from '../adapter.ts'
import type { AdapterDeps } from '../adapter-deps.ts'

export type TestAdapter = Awaited<ReturnType<typeof openTestAdapter>>

export async function openTestAdapter(open: (deps: AdapterDeps) => Adapter) {
  const gateway = await openTestGateway()
  const { feed, venue, accounts, streams, clock } = gateway
  const nowMs = () => clock.nowMs()
  const adapter = open({
    feed,
    venue,
    accounts,
    streams,
    commands: commandRate(CHANNEL_LIMITS, nowMs),
    reads: readRate(nowMs),
    limits: CHANNEL_LIMITS,
    accountStreams: new KeyedCount(CHANNEL_LIMITS.sessionsMax),
    clock,
    secrets: testSecrets(),
    signHmac: (key, text) => createHmac('sha256', key).update(text).digest('hex'),
    feeRates: { maker: 0, taker: 0 },
    tradingHours: undefined,
    onError(error) {
      throw error
    },
  })
  const { accountId, token } = await accounts.open()
  return {
    ...gateway,
    adapter,
    accountId,
    token,
    /** @param route `GET /v2/account` */
    ask: (route: string, more: Partial<AdapterRequest> = {}) => adapter.answer(requestOf(route, more)),
    connect: (path: string, more: Partial<AdapterRequest> = {}) => connect(adapter, requestOf(`GET ${path}`, more)),
  }
}

function requestOf(route: string, more: Partial<AdapterRequest>): AdapterRequest {
  const [method, target] = route.split(' ') as [string, string]
  const [path, queryText = ''] = target.split('?') as [string, string?]
  return { method, path, queryText, headers: {}, bodyText: '', ...more }
}

export interface TestConnection {
  readonly socket: AdapterSocket
  /** What was sent, oldest first. */
  readonly sent: (string | Uint8Array)[]
  /** Why it was closed. */
  readonly causes: string[]
  /** Messages as JSON, whatever the frame. */
  messages(): unknown[]
  /** While false, the peer does not read. */
  hasRoom: boolean
  drain(): void
}

function connect(adapter: Adapter, request: AdapterRequest): TestConnection {
  const sent: (string | Uint8Array)[] = []
  const causes: string[] = []
  let waiting: (() => void)[] = []
  const state = { hasRoom: true }
  const end = (cause: string) => {
    if (causes.length === 0) socket.release()
    causes.push(cause)
  }
  const connection: AdapterConnection = {
    get isEnding() {
      return causes.length > 0
    },
    get hasRoom() {
      return state.hasRoom
    },
    send: data => void sent.push(data),
    room: () => new Promise(resolve => (state.hasRoom ? resolve() : waiting.push(resolve))),
    close: end,
    closeFlood: end,
    closeLagging: () => end('lagging'),
    pause() {},
    resume() {},
  }
  const open = adapter.openSocket(request)
  if (open === undefined) throw new Error(`there is no stream at ${request.path}`)
  const socket = open(connection)
  return {
    socket,
    sent,
    causes,
    messages: () => sent.map(data => JSON.parse(typeof data === 'string' ? data : new TextDecoder().decode(data))),
    get hasRoom() {
      return state.hasRoom
    },
    set hasRoom(value) {
      state.hasRoom = value
    },
    drain() {
      state.hasRoom = true
      for (const resolve of waiting) resolve()
      waiting = []
    },
  }
}

export function bodyOf({ body }: AdapterAnswer): Record<string, unknown> {
  return body as Record<string, unknown>
}
