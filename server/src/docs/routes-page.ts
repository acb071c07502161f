// The page /docs/routes: each route of the OpenAPI document with its parameters, body and answers; then the named
// schemas.

import type { JsonSchema } from '@papertape/protocol/schemas'
import { type Content, code, element, heading, link, paragraph, table } from './html.ts'
import { describeLimits, describeSchema, describeType, schemaAnchor } from './schema-html.ts'

export interface Operation {
  readonly method: string
  readonly path: string
  readonly operation: JsonSchema
}

interface Parameter {
  readonly name: string
  readonly in: string
  readonly required?: boolean
  readonly description?: string
  readonly schema: JsonSchema
}

interface RouteAnswer {
  readonly description: string
  readonly content?: Readonly<Record<string, { readonly schema: JsonSchema }>>
}

/** All operations of the document, in its order. */
export function operationsOf(openApi: JsonSchema): readonly Operation[] {
  const paths = Object.entries(openApi.paths as Record<string, Record<string, JsonSchema>>)
  return paths.flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  )
}

export function routeAnchor(operation: JsonSchema): string {
  return String(operation.operationId)
}

export function routesPage(openApi: JsonSchema): Content {
  const { description } = openApi.info as { description: string }
  const tags = openApi.tags as readonly { name: string; description: string }[]
  const { schemas } = openApi.components as { schemas: Record<string, JsonSchema> }
  const operations = operationsOf(openApi)
  return [
    description.split('\n\n').map(paragraph),
    paragraph('A name with a question mark is optional.'),
    tags.map(tag => [
      heading(2, tag.name),
      paragraph(`${tag.description}.`),
      operations.filter(({ operation }) => (operation.tags as string[]).includes(tag.name)).map(describeOperation),
    ]),
    heading(2, 'Schemas'),
    describeSchemas(schemas),
  ]
}

/** The named schemas, each with its anchor. */
export function describeSchemas(schemas: Readonly<Record<string, JsonSchema>>): Content {
  const names = Object.keys(schemas).sort()
  return names.map(name => [
    heading(3, name, schemaAnchor(name)),
    paragraph(String(schemas[name]!.description ?? '')),
    describeSchema(schemas[name]!),
    describeExamples(schemas[name]!),
  ])
}

export function describeExamples({ examples = [] }: JsonSchema): Content {
  const [example] = examples as readonly object[]
  return example === undefined ? [] : element('pre', JSON.stringify(example, null, 2))
}

function describeOperation({ method, path, operation }: Operation): Content {
  const parameters = (operation.parameters ?? []) as readonly Parameter[]
  const body = (operation.requestBody as { content: Record<string, { schema: JsonSchema }> } | undefined)?.content
  const answers = operation.responses as Readonly<Record<string, RouteAnswer>>
  const security = (operation.security ?? []) as readonly Record<string, unknown>[]
  return [
    heading(3, [code(`${method} ${path}`)], routeAnchor(operation)),
    paragraph(`${operation.summary}. ${operation.description ?? ''}`),
    security.length === 0 ? [] : paragraph(`Needs ${security.flatMap(scheme => Object.keys(scheme)).join(' or ')}.`),
    ['path', 'query', 'header'].map(place => describeParameters(place, parameters)),
    body === undefined ? [] : heading(4, 'Body'),
    Object.values(body ?? {}).map(({ schema }) => bodySchemas(schema).map(describeSchema)),
    heading(4, 'Answers'),
    table(
      ['Status', 'Media type', 'Content'],
      Object.entries(answers).map(([status, answer]) => {
        const [media] = Object.entries(answer.content ?? {})
        const isProblem = media?.[0] === 'application/problem+json'
        const content = isProblem ? problemCodes(answer) : [answer.description, typeOfAnswer(media?.[1].schema)]
        return [code(status), media === undefined ? '' : code(media[0]), content]
      }),
    ),
    Object.entries(answers).map(([status, { content = {} }]) =>
      Object.values(content)
        .filter(({ schema }) => schema.properties !== undefined)
        .map(({ schema }) => [heading(4, `Content of ${status}`), describeSchema(schema)]),
    ),
  ]
}

function describeParameters(place: string, parameters: readonly Parameter[]): Content {
  const rows = parameters
    .filter(parameter => parameter.in === place)
    .map(({ name, required, description = '', schema }) => [
      code(required === true ? name : `${name}?`),
      describeType(schema),
      [description, describeLimits(schema)],
    ])
  if (rows.length === 0) return []
  return [heading(4, `Parameters in ${place}`), table(['Name', 'Type', 'Meaning'], rows)]
}

/** Without the null of an optional body. */
function bodySchemas(schema: JsonSchema): readonly JsonSchema[] {
  const parts = (schema.anyOf as JsonSchema[] | undefined) ?? [schema]
  return parts.filter(({ type }) => type !== 'null')
}

/** The fields of an object come after the table. */
function typeOfAnswer(schema: JsonSchema | undefined): Content {
  return schema === undefined || schema.properties !== undefined ? [] : [': ', describeType(schema)]
}

/** Its description is `code: title; code: title`. */
function problemCodes({ description }: RouteAnswer): Content {
  return description.split('; ').map((text, index) => {
    const [name, ...title] = text.split(': ')
    const separator = index === 0 ? '' : '; '
    return title.length === 0 ? [separator, text] : [separator, link(`/docs/errors#${name}`, code(name!)), `: ${title}`]
  })
}
