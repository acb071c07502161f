// Renders JSON schemas (2020-12) for the reference pages: a type in one line, and a table of an object's fields.

import type { JsonSchema } from '@papertape/protocol/schemas'
import { type Content, code, link, paragraph, table } from './html.ts'

const REFERENCE = /^#\/components\/schemas\/(.+)$/
const LIMITS = [
  ['minimum', 'at least'],
  ['exclusiveMinimum', 'above'],
  ['maximum', 'at most'],
  ['minLength', 'characters at least'],
  ['maxLength', 'characters at most'],
  ['default', 'default'],
] as const

export const schemaAnchor = (name: string): string => `schema-${name}`

/** The table of an object's fields, optional ones with a question mark; or one line for any other schema. */
export function describeSchema(schema: JsonSchema): Content {
  if (schema.properties === undefined) {
    return [paragraph(String(schema.description ?? '')), 'Type: ', describeType(schema)]
  }
  const required = (schema.required ?? []) as readonly string[]
  const fields = Object.entries(schema.properties as Record<string, JsonSchema>)
  const rows = fields.map(([name, field]) => [
    code(required.includes(name) ? name : `${name}?`),
    describeType(field),
    [String(field.description ?? ''), describeLimits(field)],
  ])
  return table(['Field', 'Type', 'Meaning'], rows)
}

/** `integer`, `"buy" | "sell"`, `[number, integer]`, a link to a named schema. */
export function describeType(schema: JsonSchema): Content {
  const name = REFERENCE.exec(String(schema.$ref ?? ''))?.[1]
  if (name !== undefined) return link(`#${schemaAnchor(name)}`, name)
  if ('const' in schema) return code(JSON.stringify(schema.const))
  if (Array.isArray(schema.enum)) return code(schema.enum.map(value => JSON.stringify(value)).join(' | '))
  const union = (schema.anyOf ?? schema.oneOf) as readonly JsonSchema[] | undefined
  if (union !== undefined) return joined(union.map(describeType), ' | ')
  if (Array.isArray(schema.allOf)) return joined((schema.allOf as JsonSchema[]).map(describeType), ' & ')
  if (Array.isArray(schema.prefixItems)) {
    return ['[', joined((schema.prefixItems as JsonSchema[]).map(describeType), ', '), ']']
  }
  if (schema.type === 'array') return ['array of ', describeType((schema.items ?? {}) as JsonSchema)]
  if (schema.type === 'object' && schema.properties !== undefined) {
    const fields = Object.entries(schema.properties as Record<string, JsonSchema>)
    return [
      '{ ',
      joined(
        fields.map(([key, field]) => [`${key}: `, describeType(field)]),
        ', ',
      ),
      ' }',
    ]
  }
  return String(schema.type ?? 'any')
}

export function describeLimits(schema: JsonSchema): string {
  const limits = LIMITS.flatMap(([keyword, text]) =>
    schema[keyword] === undefined ? [] : [`${text} ${JSON.stringify(schema[keyword])}`],
  )
  return limits.length === 0 ? '' : ` (${limits.join(', ')})`
}

function joined(parts: readonly Content[], separator: string): Content {
  return parts.map((part, index) => (index === 0 ? part : [separator, part]))
}
