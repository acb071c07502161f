// A route of the REST API: its schema, and what a request is answered with. Knows no HTTP server: the server registers
// routes with Fastify, a mock answers the requests of a page with them.

import type { ErrorCode } from '@papertape/protocol'
import type { Static, TObject, TSchema } from 'typebox'
import type { BrowserAccounts } from '../accounts/browser-accounts.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

export interface RouteSchema {
  readonly operationId: string
  readonly summary: string
  readonly description?: string
  readonly tags: readonly string[]
  readonly params?: TObject
  readonly querystring?: TObject
  readonly body?: TSchema
  readonly response: Readonly<Record<number, TSchema>>
  /** Error codes of this route beside those that each route may answer. */
  readonly problems?: readonly ErrorCode[]
  /** The exchange may refuse the command: 422 with a reject code. */
  readonly rejects?: boolean
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[]
}

type Checked<S extends RouteSchema, Name extends 'params' | 'querystring' | 'body'> = S[Name] extends TSchema
  ? Static<S[Name]>
  : undefined

/** A request that has been checked against the schema of its route. */
export interface RouteRequest<S extends RouteSchema = RouteSchema> {
  readonly params: Checked<S, 'params'>
  readonly query: Checked<S, 'querystring'>
  readonly body: Checked<S, 'body'>
  readonly sender: Sender
}

/** Who sends a request, as far as a route must know. */
export interface Sender {
  /** The token of its account, of the Authorization header or of a cookie. */
  readonly accountToken: string | undefined
  readonly isOperator: boolean
  /** The same for all requests of one subscriber, for rate limits. */
  readonly addressKey: string
  /** A page of this origin: its browser can be given a cookie. */
  readonly isOwnPage: boolean
  /** The accounts that its browser holds by cookie. */
  readonly browserAccounts: BrowserAccounts
  /** Sets the cookie. Of an own page only. */
  keepBrowserAccounts(accounts: BrowserAccounts): void
  /** Header fields of the answer, an error too. Names in lower case. */
  setHeaders(headers: Readonly<Record<string, string>>): void
  /** @throws {CodedError} not-operator */
  logOnOperator(token: string): void
  logOffOperator(): void
}

export interface RouteResponse {
  readonly status: number
  /** Sent as JSON; nothing is sent when undefined. */
  readonly body?: unknown
  /** The connection is lost in place of an answer: of the script of a test. */
  readonly isLost?: true
  /** `application/json` when absent. */
  readonly mediaType?: 'application/problem+json'
  /** Of an answer that a client may have already: 304 without a body then. Header fields of both answers. */
  readonly cached?: { readonly etag: string; readonly cacheControl: string }
  /** In place of `body`: its JSON, made when the client does not have it. */
  readonly json?: () => Promise<string>
}

export interface Route {
  readonly method: Method
  /** Below `/v1`; parameters as `:name`. */
  readonly path: string
  readonly schema: RouteSchema
  /** Only the operator's requests are handled, whichever page sends them. */
  readonly isOperatorOnly: boolean
  /** The route refuses other senders itself: pages of foreign origins are handled, too. */
  readonly checksOrigin: boolean
  /** @throws {CodedError} */
  handle(request: RouteRequest): RouteResponse | Promise<RouteResponse>
}

export interface RouteOptions {
  readonly isOperatorOnly?: boolean
  readonly checksOrigin?: boolean
}

/** @param route `GET /instruments/:symbol` */
export function defineRoute<const S extends RouteSchema>(
  route: `${Method} /${string}`,
  schema: S,
  handle: (request: RouteRequest<S>) => RouteResponse | Promise<RouteResponse>,
  { isOperatorOnly = false, checksOrigin = false }: RouteOptions = {},
): Route {
  const [method, path] = route.split(' ') as [Method, string]
  // The request has been checked against this very schema.
  return { method, path, schema, isOperatorOnly, checksOrigin, handle: handle as Route['handle'] }
}

export function ok(body: unknown): RouteResponse {
  return { status: 200, body }
}
