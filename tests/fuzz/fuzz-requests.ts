// The REST routes, from the service's own OpenAPI document: parameters and bodies at the edges. Each error is a problem
// with a code, and none is the server's fault.

import assert from 'node:assert/strict'
import http from 'node:http'
import type { TestRandom } from '../support/random.ts'
import { mutatedJson, pick } from './mutations.ts'
import { drawTerms } from './order-terms.ts'

interface FuzzedRoute {
  readonly method: string
  readonly path: string
  readonly query: readonly string[]
  readonly bodyExamples: readonly object[]
}

export type Routes = readonly FuzzedRoute[]

interface BodySchema {
  readonly $ref?: string
  readonly examples?: readonly object[]
}

/** What is read of the document. */
interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, OpenApiOperation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, BodySchema>> }
}

interface OpenApiOperation {
  readonly parameters?: readonly { readonly in: string; readonly name: string }[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: BodySchema }>> }
  readonly responses?: object
}

const VALUES = [
  '',
  '0',
  '-1',
  '1',
  '1e9',
  'VELTR',
  'NOPE',
  '%',
  '%00',
  '%2e%2e',
  '%ff',
  'a'.repeat(300),
  "'--",
  'true',
  '[]',
]
const ANSWER_MAX_MS = 10_000

/** Those that answer at once, and do not stop the market for the others. */
export async function readRoutes(url: string): Promise<Routes> {
  const { paths, components } = (await (await fetch(`${url}/docs/openapi.json`)).json()) as OpenApi
  const operations: FuzzedRoute[] = []
  for (const [path, methods] of Object.entries(paths)) {
    if (/stream|poll|simulations|market$|lab/.test(path)) continue
    for (const [method, { parameters = [], requestBody, responses }] of Object.entries(methods)) {
      if (responses === undefined) continue
      const schema = requestBody?.content['application/json']?.schema
      const named = schema?.$ref === undefined ? schema : components.schemas[schema.$ref.split('/').at(-1)!]
      const query = parameters.filter(parameter => parameter.in === 'query').map(({ name }) => name)
      operations.push({ method: method.toUpperCase(), path, query, bodyExamples: named?.examples ?? [{}] })
    }
  }
  assert.ok(operations.length > 20, `only ${operations.length} operations`)
  return operations
}

/** A few requests of the token's account. @returns how many were sent */
export async function fuzzRequests(url: string, token: string, routes: Routes, random: TestRandom): Promise<number> {
  const count = 20
  for (let n = 0; n < count; n++) {
    const { method, path, query, bodyExamples } = pick(routes, random)
    const filled = path.replace(/\{[^}]+\}/g, () => pick(VALUES, random))
    const search = query.filter(() => random.below(3) === 0).map(name => `${name}=${pick(VALUES, random)}`)
    const target = search.length === 0 ? filled : `${filled}?${search.join('&')}`
    const example = {
      ...pick(bodyExamples, random),
      ...(isPlacement(method, path) ? { ...drawTerms(random), clientOrderId: `r${random.below(1e9)}` } : {}),
    }
    const body = method === 'GET' || random.below(10) === 0 ? undefined : mutatedJson(example, random)
    const headers: Record<string, string> = {
      'content-type': random.below(15) === 0 ? 'text/plain' : 'application/json',
    }
    if (random.below(12) > 0) headers.authorization = `Bearer ${token}`
    const answer = await ask(url, method, target, headers, body)
    const what = `${method} ${target} ${body ?? ''}: ${answer.status} ${answer.text.slice(0, 300)}`
    assert.ok(answer.status < 500 || answer.status === 503, what)
    if (answer.status < 400) continue
    assert.match(answer.type, /^application\/problem\+json/, what)
    assert.match((JSON.parse(answer.text) as { code: string }).code, /^[a-z-]+$/, what)
  }
  return count
}

const isPlacement = (method: string, path: string) => method === 'POST' && path.endsWith('/orders')

interface Received {
  readonly status: number
  readonly type: string
  readonly text: string
}

function ask(
  url: string,
  method: string,
  path: string,
  headers: Record<string, string>,
  body: string | undefined,
): Promise<Received> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const sent = body === undefined ? headers : { ...headers, 'content-length': String(Buffer.byteLength(body)) }
    const request = http.request({ hostname, port, method, path, headers: sent, agent: false }, response => {
      const { statusCode: status = 0, headers: received } = response
      let text = ''
      response.setEncoding('utf8').on('data', chunk => {
        text += chunk
      })
      response.once('end', () => resolve({ status, type: received['content-type'] ?? '', text }))
      response.once('error', reject)
    })
    request.setTimeout(ANSWER_MAX_MS, () => request.destroy(new Error(`no answer to ${method} ${path}`)))
    request.once('error', reject)
    request.end(body)
  })
}
