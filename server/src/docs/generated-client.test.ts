// A client generated from the OpenAPI document (openapi-typescript): a call of each route compiles, wrong calls do not.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { JsonSchema } from '@papertape/protocol/schemas'
import openapiTS, { astToString, type OpenAPI3 } from 'openapi-typescript'
import { openTestApp } from '../testing/test-app.ts'
import { openApiDocument } from './openapi.ts'
import { operationsOf } from './routes-page.ts'

const TSC = fileURLToPath(new URL('../../../node_modules/typescript/bin/tsc', import.meta.url))
const COMPILE_MAX_MS = 60_000

/**
 * A typed call, as generated clients have it: method and path decide which parameters are taken and what is answered.
 */
const CALLER = `// Calls of each route.
import type { paths } from './api.mts'

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete'
type PathsWith<M extends Method> = { [P in keyof paths]: paths[P][M] extends object ? P : never }[keyof paths]
type Json<B> = { content: { 'application/json': B } }
type Body<O> = O extends { requestBody: Json<infer B> } ? { body: B }
  : O extends { requestBody?: never } ? { body?: never }
  : O extends { requestBody?: Json<infer B> } ? { body?: B } : never
type Options<O> = O extends { parameters: infer P } ? P & Body<O> : never
type Success = 200 | 201
type Content<A> = A extends { content: { 'application/json': infer C } } ? C
  : A extends { content: infer C } ? C[keyof C] : undefined
type Answer<O> = O extends { responses: infer R }
  ? Success & keyof R extends never ? undefined : Content<R[Success & keyof R]> : never
declare function call<M extends Method, P extends PathsWith<M>>(
  method: M, path: P, options: Options<paths[P][M]>,
): Promise<Answer<paths[P][M]>>
`

const ORDER = `{ clientOrderId: 'a', symbol: 'VELTR', side: 'buy', orderType: 'limit', size: 1, price: 184.33 }`
/** By `METHOD path`: the options, and an expression of the answer's type. */
const CALLS: Readonly<Record<string, readonly [options: string, use: string]>> = {
  'GET /v1/instruments': ['{}', 'answer[0]!.bands.low.toFixed() + answer[0]!.symbol.length'],
  'GET /v1/instruments/{symbol}': [`{ path: { symbol: 'VELTR' } }`, `answer.phase === 'halted'`],
  'GET /v1/instruments/{symbol}/book': [
    `{ path: { symbol: 'VELTR' }, query: { depth: 5 } }`,
    'answer.bids satisfies [number, number, number][]',
  ],
  'GET /v1/instruments/{symbol}/trades': [
    `{ path: { symbol: 'VELTR' }, query: { limit: 5, before: 9 } }`,
    `answer.trades[0]!.aggressor === 'buy'`,
  ],
  'GET /v1/instruments/{symbol}/candles': [
    `{ path: { symbol: 'VELTR' }, query: { interval: '5m', from: 0, to: 1, limit: 5 } }`,
    'answer.candles[0]!.vwap satisfies number',
  ],
  'GET /v1/candles': [
    `{ query: { symbols: ['VELTR'], interval: '5m', limit: 5 } }`,
    'answer.candles.VELTR![0]!.close satisfies number',
  ],
  'GET /v1/quotes': [`{ query: { symbols: ['VELTR'] } }`, 'answer.quotes[0]!.bid satisfies number | null'],
  'GET /v1/log/{epoch}/{from}': [`{ path: { epoch: 'k3f9', from: 513 } }`, `answer.events[0]!.event === 'candle'`],
  'GET /v1/news': [`{ query: { limit: 5, before: 9 } }`, `answer.news[0]!.severity === 'alert'`],
  'GET /v1/transport': ['{ query: { realtime: true } }', `'transport' in answer && answer.transport === 'sse'`],
  'GET /v1/stream': [
    `{ query: { symbols: 'VELTR', maxHz: 5 }, header: { 'Last-Event-ID': 'k3f9-1' } }`,
    'answer satisfies string',
  ],
  'GET /v1/poll': [
    `{ query: { last: 'k3f9-1', wait: 1 } }`,
    `answer.events[0]!.event === 'trade' && answer.last.length`,
  ],
  'GET /v1/socket': [
    `{ header: { 'Sec-WebSocket-Version': '13', 'Sec-WebSocket-Protocol': 'papertape.v1' } }`,
    'answer satisfies undefined',
  ],
  'GET /v1/lab/headers': ['{}', 'answer.fields[0]!.valueBytes satisfies number'],
  'GET /v1/session': ['{}', 'answer.accountId satisfies string | null'],
  'POST /v1/session': [`{ body: { accountId: 'p1' } }`, 'answer.accounts[0]!.accountId.length'],
  'POST /v1/session/accounts/{id}/reset': [`{ path: { id: 'p1' }, body: { cash: 5 } }`, 'answer.accountId?.length'],
  'DELETE /v1/session/accounts/{id}': [`{ path: { id: 'p1' } }`, 'answer.operator satisfies boolean'],
  'GET /v1/lab/origins': ['{}', 'answer.secure satisfies string[]'],
  'POST /v1/accounts': ['{ body: { cash: 5 } }', 'answer.token.length'],
  'GET /v1/account': ['{}', 'answer.balance.buyingPower satisfies number'],
  'GET /v1/account/stream': [`{ header: { 'Last-Event-ID': 'k3f9-1' } }`, 'answer satisfies string'],
  'GET /v1/account/tokens': ['{}', 'answer.tokens[0]!.lastUsedAt satisfies number | null'],
  'POST /v1/account/tokens': [`{ body: { name: 'bot', readOnly: true } }`, 'answer.token.length'],
  'DELETE /v1/account/tokens/{id}': [`{ path: { id: 't1' } }`, 'answer satisfies undefined'],
  'GET /v1/alerts': ['{}', `answer.alerts[0]!.trigger?.price satisfies number | undefined`],
  'POST /v1/alerts': [
    `{ body: { condition: 'priceCrosses', symbol: 'VELTR', price: 185 } }`,
    `answer.direction === 'up'`,
  ],
  'DELETE /v1/alerts/{id}': [`{ path: { id: '7' } }`, 'answer satisfies undefined'],
  'GET /v1/positions': ['{}', 'answer.positions[0]!.avgCost satisfies number'],
  'GET /v1/orders': [
    `{ query: { status: 'ended', limit: 5, after: '17' } }`,
    'answer.orders[0]!.leavesSize satisfies number',
  ],
  'POST /v1/orders': [`{ body: ${ORDER} }`, `answer.execType === 'new'`],
  'POST /v1/orders/cancel-all-after': [`{ body: { timeoutMs: 5 } }`, 'answer.dueTime satisfies number | null'],
  'DELETE /v1/orders': [`{ query: { symbol: 'VELTR', side: 'sell' } }`, 'answer.count satisfies number'],
  'GET /v1/orders/{id}': [`{ path: { id: '1' } }`, 'answer.price satisfies number | null'],
  'GET /v1/orders/{id}/executions': [
    `{ path: { id: '1' }, query: { after: 5 } }`,
    'answer.executions[0]!.lastPrice satisfies number | null',
  ],
  'PATCH /v1/orders/{id}': [`{ path: { id: '1' }, body: { clientOrderId: 'b', size: 2 } }`, `answer.execType`],
  'DELETE /v1/orders/{id}': [`{ path: { id: '1' } }`, `answer.orderStatus === 'canceled'`],
  'GET /v1/account/ledger': ['{ query: { limit: 5 } }', 'answer.entries[0]!.balance satisfies number'],
  'POST /v1/account/deposits': [`{ body: { clientDepositId: 'a', amount: 5 } }`, 'answer.cash satisfies number'],
  'PUT /v1/account/profile': [
    `{ body: { latency: { kind: 'fixed', ms: 5 }, failures: [{ code: 'bad-size', rate: 0.1 }] } }`,
    'answer.seed satisfies number',
  ],
  'GET /v1/fills': ['{ query: { after: 5 } }', 'answer.fills[0]!.lastPrice satisfies number | null'],
  'GET /v1/rooms': ['{}', 'answer.rooms[0]!.members satisfies number'],
  'GET /v1/rooms/{room}/messages': [
    `{ path: { room: 'VELTR' }, query: { limit: 5, before: 9 } }`,
    'answer.messages[0]!.text.length + (answer.before ?? 0)',
  ],
  'POST /v1/rooms/{room}/mute': [
    `{ path: { room: 'VELTR' }, body: { user: 'ann', seconds: 60 } }`,
    'answer.seconds satisfies number',
  ],
  'GET /v1/market': ['{}', 'answer.source.seed satisfies number | null'],
  'PATCH /v1/market': [`{ body: { pace: '10x', halt: { halted: true } } }`, 'answer.pace.length'],
  'POST /v1/operator': [`{ body: { token: 'op_x' } }`, 'answer satisfies undefined'],
  'DELETE /v1/operator': ['{}', 'answer satisfies undefined'],
  'POST /v1/lab/cut': [`{ body: { key: 'k' } }`, 'answer satisfies undefined'],
  'POST /v1/lab/stall': [`{ body: { key: 'k', durationMs: 5 } }`, 'answer satisfies undefined'],
  'POST /v1/lab/slow': [
    `{ body: { key: 'k', bytesPerSecond: 50_000, latencyMs: 400, durationMs: 5 } }`,
    'answer satisfies undefined',
  ],
  'POST /v1/lab/close': [`{ body: { key: 'k', code: 1011 } }`, 'answer satisfies undefined'],
  'POST /v1/lab/handshake': [`{ body: { trial: 'noKey' } }`, 'answer.request.length + answer.answer.length'],
  'GET /v1/scenarios': ['{}', 'answer[0]!.usualStartMs satisfies number'],
  'GET /v1/simulations': ['{}', `answer.simulations[0]!.state === 'queued'`],
  'POST /v1/simulations': [`{ body: { preset: 'mixed', seed: 7 } }`, 'answer.symbols[0]!.length'],
  'GET /v1/simulations/{id}': [`{ path: { id: 'sim-1' } }`, 'answer.report!.facts[0]!.value satisfies number | null'],
  'DELETE /v1/simulations/{id}': [`{ path: { id: 'sim-1' } }`, 'answer.result!.sha256.length'],
  'GET /v1/simulations/{id}/stream': [
    `{ path: { id: 'sim-1' }, header: { 'Last-Event-ID': '3' } }`,
    'answer satisfies string | undefined',
  ],
  'GET /v1/simulations/{id}/tape': [`{ path: { id: 'sim-1' } }`, 'answer satisfies string'],
  'GET /health': ['{}', `answer.status === 'ok'`],
  'GET /health/live': ['{}', `answer.status === 'ok'`],
  'GET /health/ready': ['{}', `answer.status === 'ok'`],
  'GET /ready': ['{}', `answer.status === 'ok'`],
  'GET /metrics': ['{}', 'answer satisfies string'],
  'GET /docs': ['{}', 'answer satisfies string'],
  'GET /docs/routes': ['{}', 'answer satisfies string'],
  'GET /docs/messages': ['{}', 'answer satisfies string'],
  'GET /docs/errors': ['{}', 'answer satisfies string'],
  'GET /docs/openapi.json': ['{}', 'answer satisfies Record<string, unknown>'],
  'GET /docs/asyncapi.json': ['{}', 'answer satisfies Record<string, unknown>'],
  'GET /docs/style.css': ['{}', 'answer satisfies string'],
}

/** Each must be a type error. */
const WRONG_CALLS = [
  `call('get', '/v1/nothing', {})`,
  `call('post', '/v1/instruments', {})`,
  `call('get', '/v1/instruments/{symbol}', {})`,
  `call('get', '/v1/instruments/{symbol}/book', { path: { symbol: 'VELTR' }, query: { depth: 'all' } })`,
  `call('post', '/v1/orders', {})`,
  `call('post', '/v1/orders', { body: { ...order, side: 'long' } })`,
  `call('get', '/v1/market', { body: {} })`,
  `(await call('get', '/v1/quotes', {})).quotes[0]!.price`,
]

let document: JsonSchema
let folder: string
before(async () => {
  const server = await openTestApp()
  document = openApiDocument(server.app)
  await server.close()
  folder = mkdtempSync(join(tmpdir(), 'papertape-client-'))
  const types = astToString(await openapiTS(structuredClone(document) as unknown as OpenAPI3))
  writeFileSync(join(folder, 'api.mts'), types)
})
after(() => rmSync(folder, { recursive: true, force: true }))

/** What the compiler reports, as `line number` of the file: message. */
function compile(source: string): Promise<string[]> {
  const file = join(folder, 'calls.mts')
  writeFileSync(file, source)
  const flags = ['--noEmit', '--strict', '--noUncheckedIndexedAccess', '--exactOptionalPropertyTypes', '--types', '']
  const modules = ['--module', 'nodenext', '--target', 'es2024', '--allowImportingTsExtensions', '--pretty', 'false']
  const args = [TSC, ...flags, ...modules, '--ignoreConfig', file]
  return new Promise(resolve => {
    execFile(process.execPath, args, { timeout: COMPILE_MAX_MS, cwd: folder }, (error, stdout, stderr) => {
      const lines = `${stdout}${stderr}`.split('\n').filter(line => line !== '')
      resolve(error === null || lines.length > 0 ? lines : [error.message])
    })
  })
}

test('a call of each route compiles, and each wrong call is an error', async () => {
  const operations = operationsOf(document).map(({ method, path }) => `${method} ${path}`)
  assert.deepEqual(Object.keys(CALLS).sort(), [...operations].sort(), 'each route has a call here')
  const calls = Object.entries(CALLS).map(([operation, [options, use]]) => {
    const [method, path] = operation.split(' ') as [string, string]
    return `{ const answer = await call('${method.toLowerCase()}', '${path}', ${options}); void (${use}) }`
  })
  const wrong = WRONG_CALLS.map(text => `// @ts-expect-error\nvoid (${text})`)
  const order = `const order = ${ORDER} as const`
  assert.deepEqual(await compile([CALLER, order, ...calls, ...wrong, 'export {}'].join('\n')), [])
})
