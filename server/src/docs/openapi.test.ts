// The OpenAPI document: valid, complete, and true to what the routes answer.

import assert from 'node:assert/strict'
import diagnostics from 'node:diagnostics_channel'
import { after, before, describe, test } from 'node:test'
import type { JsonSchema } from '@papertape/protocol/schemas'
import { assertMatches } from '@papertape/protocol/testing/messages'
import { Validator } from '@seriousme/openapi-schema-validator'
import { Ajv2020 } from 'ajv/dist/2020.js'
import Fastify, { type FastifyInstance, type RouteOptions } from 'fastify'
import type { TSchema } from 'typebox'
import { ask, OPERATOR_TOKEN, openTestApp, type TestAnswer, type TestApp } from '../testing/test-app.ts'
import { describeRoutes } from './openapi.ts'

type Documented = {
  readonly openapi: string
  readonly servers: readonly { readonly url: string }[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, DocumentedOperation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> }
}
type DocumentedOperation = {
  readonly operationId: string
  readonly requestBody?: { readonly required: boolean }
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, { schema: JsonSchema }>> }>>
}

let server: TestApp
let document: Documented
const routes: RouteOptions[] = []
before(async () => {
  const watch = (message: unknown) => {
    const { fastify } = message as { fastify: FastifyInstance }
    fastify.addHook('onRoute', route => {
      routes.push(route)
    })
  }
  diagnostics.subscribe('fastify.initialization', watch)
  server = await openTestApp()
  diagnostics.unsubscribe('fastify.initialization', watch)
  document = (await ask(server, 'GET /docs/openapi.json')).body
})
after(() => server.close())

const documentedPath = (url: string) => url.replace(/:([^/]+)/g, '{$1}')

describe('the document', () => {
  test('is valid by the official schema of OpenAPI 3.1', async () => {
    assert.equal(document.openapi, '3.1.0')
    const { valid, errors } = await new Validator().validate(structuredClone(document))
    assert.deepEqual([valid, errors], [true, undefined])
    const planted = { ...document, paths: { '/x': { get: { responses: { 200: {} } } } } }
    assert.equal((await new Validator().validate(planted)).valid, false, 'a missing description is found')
  })

  test('has each route of the app', () => {
    const described = new Set<string>()
    for (const { method, url, schema } of routes) {
      for (const name of [method].flat()) {
        // HEAD is answered wherever GET is.
        if (name === 'HEAD') continue
        // What an adapter answers is documented by its venue.
        const mayHide = url === '/' || name === 'OPTIONS' || /^\/(alpaca|binance)\/\*$/.test(url)
        if (schema?.hide === true) assert.ok(mayHide, `${name} ${url} is hidden`)
        else described.add(`${name} ${documentedPath(url)}`)
      }
    }
    const documented = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map(method => `${method.toUpperCase()} ${path}`),
    )
    assert.deepEqual([...described].sort(), documented.sort())
    assert.ok(documented.length >= 30)
  })

  test('names each operation once', () => {
    const ids = Object.values(document.paths).flatMap(path => Object.values(path).map(({ operationId }) => operationId))
    assert.equal(new Set(ids).size, ids.length)
  })

  test('has no reference that leads nowhere', () => {
    const names = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference]) => reference!)
    assert.ok(names.length > 50)
    for (const reference of new Set(names)) {
      assert.ok(reference.replace('#/components/schemas/', '') in document.components.schemas, reference)
    }
  })

  test('has schemas in JSON Schema 2020-12 whose examples are valid; tuples are prefixItems', () => {
    const ajv = new Ajv2020({ strict: true, allowUnionTypes: true })
    const local = (schema: object) =>
      JSON.parse(JSON.stringify(schema).replaceAll('#/components/schemas/', 'components#/$defs/')) as JsonSchema
    ajv.addSchema({ $id: 'components', $defs: local(document.components.schemas) })
    const checked = new Set<string>()
    const check = (name: string, schema: JsonSchema, examples: readonly unknown[] = []) => {
      const text = JSON.stringify([schema, examples])
      if (checked.has(text)) return
      checked.add(text)
      const validate = ajv.compile(local(schema))
      for (const example of examples) assert.ok(validate(example), `${name}: ${ajv.errorsText(validate.errors)}`)
    }
    for (const [name, schema] of Object.entries(document.components.schemas)) {
      check(name, schema, schema.examples as readonly unknown[])
    }
    for (const [path, operations] of Object.entries(document.paths)) {
      for (const [method, operation] of Object.entries(operations)) {
        for (const { content = {} } of Object.values(operation.responses)) {
          for (const media of Object.values(content) as { schema: JsonSchema; example?: unknown }[]) {
            check(`${method} ${path}`, media.schema, media.example === undefined ? [] : [media.example])
          }
        }
      }
    }
    const book = document.paths['/v1/instruments/{symbol}/book']!.get!.responses[200]!.content!['application/json']!
    const { bids } = book.schema.properties as Record<string, { items: JsonSchema }>
    assert.equal((bids!.items.prefixItems as object[]).length, 3)
    assert.equal(bids!.items.items, false)
  })

  test('says which bodies are optional', () => {
    assert.equal(document.paths['/v1/accounts']!.post!.requestBody!.required, false)
    assert.equal(document.paths['/v1/orders']!.post!.requestBody!.required, true)
  })
})

test('a route without a schema, or without a part of it, is refused', async () => {
  const app = Fastify()
  await describeRoutes(app, { basePath: '' })
  assert.throws(() => app.get('/bare', async () => 'x'), /GET \/bare has no operationId, summary, tags, response/)
  const schema = { operationId: 'x', summary: 'X', tags: ['x'] }
  assert.throws(() => app.get('/part', { schema }, async () => 'x'), /GET \/part has no response/)
  app.get('/hidden', { schema: { hide: true } }, async () => 'x')
  await app.close()
})

test('below a base path the document names it as the server, and the paths stay', async () => {
  const app = Fastify()
  await describeRoutes(app, { basePath: '/v1' })
  const schema = {
    operationId: 'x',
    summary: 'X',
    tags: ['x'],
    response: { 200: { type: 'string', description: 'x' } },
  }
  app.get('/v1/x', { schema }, async () => 'x')
  await app.ready()
  const { servers, paths } = app.swagger() as unknown as Documented
  assert.deepEqual([servers, Object.keys(paths)], [[{ url: '/v1' }], ['/v1/x']])
  await app.close()
})

describe('an answer is as its route describes it:', () => {
  let bearer: { authorization: string }
  let orderId: string
  const operator = { authorization: `Bearer ${OPERATOR_TOKEN}` }
  const order = { symbol: 'VELTR', side: 'buy', orderType: 'limit', size: 1, price: 1 }
  before(async () => {
    bearer = { authorization: `Bearer ${(await ask(server, 'POST /v1/accounts')).body.token}` }
    const body = { clientOrderId: 'first', ...order }
    orderId = (await ask(server, 'POST /v1/orders', { headers: bearer, body })).body.orderId
  })

  const routeOf = (request: string): RouteOptions => {
    const [method, target] = request.split(' ') as [string, string]
    const path = target.split('?')[0]!
    const found = routes.find(
      route =>
        [route.method].flat().includes(method) && new RegExp(`^${route.url.replace(/:[^/]+/g, '[^/]+')}$`).test(path),
    )
    assert.ok(found !== undefined, request)
    return found
  }

  const assertDescribed = (request: string, { status, headers, body, text }: TestAnswer) => {
    const { url, method, schema } = routeOf(request)
    const operation = document.paths[documentedPath(url)]![[method].flat()[0]!.toLowerCase()]!
    const answer = operation.responses[status]
    assert.ok(answer !== undefined, `${request}: ${status} is described`)
    const mediaType = headers['content-type']?.split(';')[0]
    assert.deepEqual(mediaType === undefined ? [] : [mediaType], Object.keys(answer.content ?? {}), request)
    if (mediaType === 'application/problem+json') {
      const [, narrowed] = answer.content![mediaType]!.schema.allOf as { properties: { code: { enum: string[] } } }[]
      assert.ok(narrowed!.properties.code.enum.includes(body.code), `${request}: ${status} ${body.code} is described`)
    } else if (mediaType === 'application/json' && !url.startsWith('/docs')) {
      assertMatches((schema!.response as Record<number, TSchema>)[status]!, body, request)
    } else assert.equal(text === '', status === 204, request)
  }

  const SUCCESSES: readonly (readonly [request: string, status: number, body?: object])[] = [
    ['GET /v1/instruments', 200],
    ['GET /v1/instruments/VELTR', 200],
    ['GET /v1/instruments/VELTR/book?depth=3', 200],
    ['GET /v1/instruments/VELTR/trades?limit=3', 200],
    ['GET /v1/instruments/VELTR/candles?interval=1s', 200],
    ['GET /v1/candles?limit=3', 200],
    ['GET /v1/quotes', 200],
    ['GET /v1/news?limit=3', 200],
    ['GET /v1/transport', 200],
    ['GET /v1/transport?realtime=true', 200],
    ['GET /v1/poll', 200],
    ['GET /v1/poll?last=zzzz-1&books=VELTR&events=book', 200],
    ['GET /v1/session', 200],
    ['POST /v1/accounts', 201, { cash: 5 }],
    ['POST /v1/orders', 200, { clientOrderId: 'first', ...order }],
    ['POST /v1/orders', 201, { clientOrderId: 'second', ...order }],
    ['GET /v1/account', 200],
    ['GET /v1/positions', 200],
    ['POST /v1/account/tokens', 201, { name: 'bot' }],
    ['GET /v1/account/tokens', 200],
    ['GET /v1/orders', 200],
    ['GET /v1/orders?status=ended', 200],
    ['GET /v1/orders/ID', 200],
    ['GET /v1/orders/ID/executions', 200],
    ['PATCH /v1/orders/ID', 200, { clientOrderId: 'third', size: 2 }],
    ['DELETE /v1/orders/ID', 200],
    ['POST /v1/orders', 201, { clientOrderId: 'fill', ...order, orderType: 'market', price: undefined }],
    ['GET /v1/fills', 200],
    ['POST /v1/account/deposits', 201, { clientDepositId: 'd1', amount: 50 }],
    ['POST /v1/account/deposits', 200, { clientDepositId: 'd1', amount: 50 }],
    ['GET /v1/account/ledger', 200],
    ['GET /v1/positions', 200],
    ['DELETE /v1/orders', 200],
    ['POST /v1/orders/cancel-all-after', 200, { timeoutMs: 60_000 }],
    ['POST /v1/orders/cancel-all-after', 200, { timeoutMs: 0 }],
    ['GET /v1/market', 200],
    ['GET /health', 200],
    ['GET /health/live', 200],
    ['GET /health/ready', 200],
    ['GET /ready', 200],
    ['GET /metrics', 200],
    ['GET /docs', 200],
    ['GET /docs/routes', 200],
    ['GET /docs/messages', 200],
    ['GET /docs/errors', 200],
    ['GET /docs/openapi.json', 200],
    ['GET /docs/asyncapi.json', 200],
    ['GET /docs/style.css', 200],
    ['DELETE /v1/operator', 204],
  ]
  for (const [request, status, body] of SUCCESSES) {
    test(`${request} ${status}`, async () => {
      const named = request.replace('ID', orderId)
      const answer = await ask(server, named, { headers: bearer, ...(body && { body }) })
      assert.equal(answer.status, status, answer.text)
      assertDescribed(named, answer)
    })
  }

  test('PATCH /v1/market and POST /v1/operator, by the operator', async () => {
    for (const [request, status, body] of [
      ['PATCH /v1/market', 200, { pace: '1x' }],
      ['POST /v1/operator', 204, { token: OPERATOR_TOKEN }],
    ] as const) {
      const answer = await ask(server, request, { headers: operator, body })
      assert.equal(answer.status, status)
      assertDescribed(request, answer)
    }
  })

  const offTick = { clientOrderId: 'bad', ...order, price: 1.001 }
  const PROBLEMS: readonly (readonly [request: string, status: number, headers: object, body?: object | string])[] = [
    ['GET /v1/instruments/NOPE', 404, {}],
    ['GET /v1/instruments/NOPE/book', 404, {}],
    ['GET /v1/instruments/NOPE/trades', 404, {}],
    ['GET /v1/instruments/NOPE/candles', 404, {}],
    ['GET /v1/candles?symbols=NOPE', 400, {}],
    ['GET /v1/quotes?symbols=NOPE', 400, {}],
    ['GET /v1/stream?symbols=NOPE', 400, {}],
    ['GET /v1/poll?books=NOPE', 400, {}],
    ['GET /v1/stream?mode=x', 400, {}],
    ['GET /v1/socket', 426, {}],
    ['GET /v1/socket', 403, { origin: 'https://evil.example' }],
    ['POST /v1/orders', 422, { bearer: true }, offTick],
    ['PATCH /v1/orders/999', 404, { bearer: true }, { clientOrderId: 'y', size: 2 }],
    ['DELETE /v1/orders/999', 404, { bearer: true }],
    ['GET /v1/orders/999', 404, { bearer: true }],
    ['GET /v1/orders/999/executions', 404, { bearer: true }],
    ['GET /v1/orders?status=done', 400, { bearer: true }],
    ['DELETE /v1/orders?symbol=NOPE', 400, { bearer: true }],
    ['PATCH /v1/market', 403, {}, {}],
    ['POST /v1/operator', 403, {}, { token: 'x' }],
    ['PATCH /v1/market', 400, { operator: true }, { halt: { symbol: 'NOPE', halted: true } }],
  ]
  for (const [
    request,
    status,
    { bearer: asAccount, operator: asOperator, ...headers },
    body,
  ] of PROBLEMS as readonly (readonly [
    string,
    number,
    { bearer?: boolean; operator?: boolean },
    (object | string)?,
  ])[]) {
    test(`${request} ${status}`, async () => {
      const sent = { ...headers, ...(asAccount && bearer), ...(asOperator && operator) }
      const answer = await ask(server, request, { headers: sent, ...(body !== undefined && { body }) })
      assert.equal(answer.status, status, answer.text)
      assertDescribed(request, answer)
    })
  }

  test('each route, of a foreign page, without a token, for another host, with an unknown parameter or a bad body', async () => {
    const seen = new Map<string, number>()
    for (const { method, url, schema } of routes) {
      const [name] = [method].flat() as [string]
      if (name === 'HEAD' || schema?.hide === true) continue
      const request = `${name} ${url.replace(':symbol', 'VELTR').replace(':id', '1')}`
      const query = request === 'GET /v1/stream' ? '?symbols=NOPE' : ''
      for (const [what, target, options] of [
        ['foreign', query, { headers: { origin: 'https://evil.example' } }],
        ['token', query, { headers: { authorization: 'Bearer pt_nobody' } }],
        ['host', query, { headers: { host: 'evil.example' } }],
        ['parameter', '?zzz=1', {}],
        ...(name === 'GET'
          ? []
          : ([
              ['json', query, { headers: { 'content-type': 'application/json', ...bearer }, body: '{' }],
              ['type', query, { headers: { 'content-type': 'text/plain', ...bearer }, body: 'x' }],
              ['size', query, { headers: { 'content-type': 'application/json', ...bearer }, body: ' '.repeat(70_000) }],
              ['field', query, { headers: { 'content-type': 'application/json', ...bearer }, body: '{"zzz":1}' }],
            ] as const)),
      ] as const) {
        const answer = await ask(server, `${request}${target}`, options)
        if (answer.status >= 400) seen.set(what, (seen.get(what) ?? 0) + 1)
        assertDescribed(request, answer)
      }
    }
    for (const what of ['foreign', 'token', 'host', 'parameter', 'json', 'type', 'size', 'field']) {
      assert.ok(seen.get(what)! >= 4, `${what}: ${seen.get(what)}`)
    }
  })
})
