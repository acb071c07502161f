// Builds the OpenAPI 3.1 document from the schemas of all routes (@fastify/swagger), and refuses routes without one.
// The schemas of answers are for the document only: answers are sent as JSON.stringify writes them.

import fastifySwagger from '@fastify/swagger'
import { TAGS } from '@papertape/gateway'
import { ERRORS, type ErrorCode, REJECTS } from '@papertape/protocol'
import { type JsonSchema, Problem, toJsonSchema202012 } from '@papertape/protocol/schemas'
import type { FastifyInstance, FastifySchema } from 'fastify'
import { SERVICE_VERSION } from './service-version.ts'

export interface OpenApiOptions {
  /** `/tape`, or empty. */
  readonly basePath: string
}

const DESCRIPTION = `REST and the feed of a paper stock exchange. Prices are JSON numbers in currency, on the tick grid of the
instrument; sizes are integers, multiples of its lotSize. \`ts\` is the wall clock in microseconds since 1970, \`time\` the market's
clock in milliseconds since 1970. A position is \`<epoch>-<seq>\`, the same on every transport.

HEAD is answered where GET is; OPTIONS everywhere; any other method with 405 and Allow. Unknown query parameters and unknown fields
are refused. Each error is application/problem+json (RFC 9457) with a code; /docs/errors lists the codes. Messages of the WebSocket
and events of the feed are described in /docs/asyncapi.json.`

const TAG_DESCRIPTIONS: Readonly<Record<(typeof TAGS)[keyof typeof TAGS], string>> = {
  [TAGS.marketData]: 'Public data on request',
  [TAGS.feed]: 'Public events as they happen, and the order channel',
  [TAGS.account]: 'Paper accounts, their orders, fills and positions',
  [TAGS.rooms]: 'Rooms in which accounts talk, over the order channel',
  [TAGS.market]: 'The market that runs, and its control by the operator',
  [TAGS.laboratory]:
    'Experiments with the transports: what goes wrong with a connection, made to happen to one of your own',
  [TAGS.simulations]: 'Markets that are simulated on the server, beside the one that runs',
  [TAGS.service]: 'The service itself',
  [TAGS.documents]: 'This reference',
}

const SECURITY_SCHEMES = {
  accountToken: { type: 'http', scheme: 'bearer', description: 'The token that POST /v1/accounts returned' },
  accountCookie: {
    type: 'apiKey',
    in: 'cookie',
    name: 'papertape-<epoch>',
    description: 'Set by POST /v1/accounts for a page of this origin',
  },
  operatorToken: {
    type: 'http',
    scheme: 'bearer',
    description: 'The token in the file operator-token of the data folder',
  },
  operatorCookie: {
    type: 'apiKey',
    in: 'cookie',
    name: 'papertape-<epoch>-operator',
    description: 'Set by POST /v1/operator for a page of this origin',
  },
} as const

/** Each route may answer these, before its handler is called or when it fails. */
const COMMON_PROBLEMS: readonly ErrorCode[] = ['bad-request', 'unknown-host', 'internal']
const PARAMETER_PROBLEMS: readonly ErrorCode[] = ['bad-parameter', 'token-in-url']
const BODY_PROBLEMS: readonly ErrorCode[] = ['bad-json', 'too-large', 'unsupported-media-type']
/** Of routes that take from the rate of an account. */
const RATE_LIMIT = {
  RateLimit: { type: 'string', description: 'What the account has left: `r` of its quota, all of it in `t` seconds' },
  'RateLimit-Policy': { type: 'string', description: 'Its quota: `q` at once, all of it again in `w` seconds' },
}
const RETRY_AFTER = { 'Retry-After': { type: 'integer', description: 'How long to wait, seconds' } }
const PROBLEM_HEADERS: Readonly<Record<number, object>> = {
  401: { 'WWW-Authenticate': { type: 'string', description: 'The scheme Bearer' } },
  426: { 'Sec-WebSocket-Version': { type: 'string', description: 'The version that is supported' } },
  429: RETRY_AFTER,
  503: RETRY_AFTER,
}

/** Before any route is added: from then on each route must have a schema. */
export async function describeRoutes(app: FastifyInstance, { basePath }: OpenApiOptions): Promise<void> {
  const schemas: Record<string, JsonSchema> = {}
  app.setSerializerCompiler(() => data => JSON.stringify(data))
  app.addHook('onRoute', ({ method, url, schema }) => requireSchema(`${[method].flat().join()} ${url}`, schema))
  await app.register(fastifySwagger, {
    convertConstToEnum: false,
    // A base path of /v1 would be taken off the paths.
    stripBasePath: false,
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Papertape',
        version: SERVICE_VERSION,
        description: DESCRIPTION,
        license: { name: 'MIT', identifier: 'MIT' },
      },
      servers: [{ url: basePath === '' ? '/' : basePath }],
      tags: Object.entries(TAG_DESCRIPTIONS).map(([name, description]) => ({ name, description })),
      components: { securitySchemes: SECURITY_SCHEMES },
    },
    transform: ({ schema, url, route }) => ({
      url,
      schema: schema.hide === true ? schema : toDocument(schema, url, [route.method].flat(), schemas),
    }),
    transformObject: given => {
      const document = (given as unknown as { openapiObject: JsonSchema }).openapiObject
      markOptionalBodies(document)
      return { ...document, components: { ...(document.components as object), schemas } } as object
    },
  })
}

/** After `ready`. */
export function openApiDocument(app: FastifyInstance): JsonSchema {
  return app.swagger() as unknown as JsonSchema
}

function requireSchema(route: string, schema: FastifySchema | undefined): void {
  if (schema?.hide === true) return
  const missing = (['operationId', 'summary', 'tags', 'response'] as const).filter(key => schema?.[key] === undefined)
  if (missing.length > 0) throw new Error(`the route ${route} has no ${missing.join(', ')} in its schema`)
}

function toDocument(
  schema: FastifySchema,
  url: string,
  methods: readonly string[],
  shared: Record<string, JsonSchema>,
): FastifySchema {
  const { params, querystring, headers, body, response, problems = [], rejects = false } = schema
  const copy = (part: unknown) => (part === undefined ? undefined : toJsonSchema202012(part as object, shared))
  const codes = new Set<ErrorCode>([...COMMON_PROBLEMS, ...problems])
  if (!url.startsWith('/docs')) for (const code of PARAMETER_PROBLEMS) codes.add(code)
  if (params !== undefined) codes.add('uri-too-long')
  if (!methods.includes('GET')) for (const code of BODY_PROBLEMS) codes.add(code)
  const isRated = schema.security !== undefined && schema.tags?.includes(TAGS.account) === true
  const answers = Object.entries(response as Record<string, JsonSchema>).map(([status, answer]) => [
    status,
    'content' in answer
      ? toJsonSchema202012(answer, shared)
      : { ...copy(answer), description: answer.description, ...(isRated && { headers: RATE_LIMIT }) },
  ])
  return {
    ...schema,
    params: copy(params),
    querystring: copy(querystring),
    headers: copy(headers),
    body: copy(body),
    response: { ...Object.fromEntries(answers), ...problemAnswers([...codes], rejects, shared) },
  }
}

/** One answer per status, with its codes; and one for what any address may answer. */
function problemAnswers(
  codes: readonly ErrorCode[],
  rejects: boolean,
  shared: Record<string, JsonSchema>,
): Record<string, object> {
  const problem = toJsonSchema202012(Problem, shared)
  const answers: Record<string, object> = {}
  const add = (status: number, titles: readonly (readonly [code: string, title: string])[]) => {
    const narrowed = {
      type: 'object',
      properties: { status: { const: status }, code: { enum: titles.map(([code]) => code) } },
      required: ['status', 'code'],
    }
    const headers = PROBLEM_HEADERS[status]
    answers[status] = {
      description: titles.map(([code, title]) => `${code}: ${title}`).join('; '),
      content: { 'application/problem+json': { schema: { allOf: [problem, narrowed] } } },
      ...(headers !== undefined && { headers }),
    }
  }
  for (const status of new Set(codes.map(code => ERRORS[code].status).sort())) {
    add(
      status,
      codes.filter(code => ERRORS[code].status === status).map(code => [code, ERRORS[code].title]),
    )
  }
  if (rejects) add(422, Object.entries(REJECTS))
  const description = 'Any other problem, such as 404, 405, 408 or 431; /docs/errors lists all codes'
  answers.default = { description, content: { 'application/problem+json': { schema: problem } } }
  return answers
}

/** @fastify/swagger marks each body as required. */
function markOptionalBodies(document: JsonSchema): void {
  interface Operation {
    readonly requestBody?: { required: boolean; content: Record<string, { schema: { anyOf?: JsonSchema[] } }> }
  }
  const paths = document.paths as Record<string, Record<string, Operation>>
  for (const { requestBody } of Object.values(paths).flatMap(path => Object.values(path))) {
    if (requestBody === undefined) continue
    const schemas = Object.values(requestBody.content).map(({ schema }) => schema)
    requestBody.required = !schemas.some(({ anyOf = [] }) => anyOf.some(({ type }) => type === 'null'))
  }
}
