// Finds the first fault of a value by its schema, and says it in words: where it is, what is expected there, and the
// known name that was probably meant. TypeBox decides what is valid; this only looks for the place.

import { nearestName } from '@papertape/protocol'
import type Type from 'typebox'
import { Value } from 'typebox/value'

/** The keywords of JSON Schema that the schema of a configuration uses. */
interface Keywords {
  readonly type?: string
  readonly takes?: string
  readonly anyOf?: readonly Keywords[]
  readonly enum?: readonly string[]
  readonly const?: string
  readonly properties?: Readonly<Record<string, Keywords>>
  readonly patternProperties?: Readonly<Record<string, Keywords>>
  readonly required?: readonly string[]
  readonly items?: Keywords
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly minItems?: number
  readonly maxItems?: number
}

const SHOWN_CHARACTERS = 60

/** Undefined when the value is valid. @param path of the value: '' at the top. */
export function findFault(schema: Type.TSchema, value: unknown, path = ''): string | undefined {
  if (Value.Check(schema, value)) return undefined
  return fault(schema as Keywords, value, path) ?? wrongValue(schema as Keywords, value, path)
}

/** `; did you mean seed?`, or nothing when no known name is near. */
export function guess(name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known)
  return nearest === undefined ? '' : `; did you mean ${nearest}?`
}

/** Of the parts of a value; undefined when none of them is at fault. */
function fault(schema: Keywords, value: unknown, path: string): string | undefined {
  if (Array.isArray(value) && schema.type === 'array') return faultOfItems(schema, value, path)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const fields = value as Readonly<Record<string, unknown>>
  if (schema.anyOf !== undefined && schema.takes === undefined) return faultOfKind(schema.anyOf, fields, path)
  if (schema.patternProperties !== undefined) return faultOfNames(schema.patternProperties, fields, path)
  if (schema.properties !== undefined) return faultOfFields(schema.properties, schema.required ?? [], fields, path)
  return undefined
}

function faultOfItems({ items = {} }: Keywords, values: readonly unknown[], path: string): string | undefined {
  for (const [index, item] of values.entries()) {
    const found = findFault(items as Type.TSchema, item, `${path}.${index}`)
    if (found !== undefined) return found
  }
  return undefined
}

/** One of several kinds of objects, which differ by `kind`. */
function faultOfKind(kinds: readonly Keywords[], fields: Readonly<Record<string, unknown>>, path: string) {
  const kind = kinds.find(({ properties }) => properties?.kind?.const === fields.kind)
  if (kind !== undefined) return findFault(kind as Type.TSchema, fields, path)
  const names = kinds.flatMap(({ properties }) => properties?.kind?.const ?? [])
  return wrongValue({ enum: names }, fields.kind, `${path}.kind`)
}

function faultOfNames(
  patterns: Readonly<Record<string, Keywords>>,
  fields: Readonly<Record<string, unknown>>,
  path: string,
): string | undefined {
  const [[pattern, schema] = ['', {}]] = Object.entries(patterns)
  for (const [name, value] of Object.entries(fields)) {
    if (!new RegExp(pattern).test(name)) return `${path}.${name}: a name matches ${pattern}`
    const found = findFault(schema as Type.TSchema, value, `${path}.${name}`)
    if (found !== undefined) return found
  }
  return undefined
}

function faultOfFields(
  properties: Readonly<Record<string, Keywords>>,
  required: readonly string[],
  fields: Readonly<Record<string, unknown>>,
  path: string,
): string | undefined {
  const below = (name: string) => (path === '' ? name : `${path}.${name}`)
  const known = Object.keys(properties).filter(name => name !== '$schema')
  for (const name of Object.keys(fields)) {
    if (Object.hasOwn(properties, name)) continue
    const parent = path === '' ? 'a configuration' : path
    return `there is no ${below(name)}: ${parent} has ${known.join(', ')}${guess(name, known)}`
  }
  for (const name of required) {
    if (fields[name] === undefined) return `${below(name)} is missing: it takes ${takes(properties[name]!)}`
  }
  for (const [name, value] of Object.entries(fields)) {
    const found = findFault(properties[name] as Type.TSchema, value, below(name))
    if (found !== undefined) return found
  }
  return undefined
}

function wrongValue(schema: Keywords, value: unknown, path: string): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value)
  const shown = text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text
  const near = schema.enum !== undefined && typeof value === 'string' ? guess(value, schema.enum) : ''
  return `${path === '' ? 'a configuration' : path} takes ${takes(schema)}, not ${shown}${near}`
}

/** What a schema takes, in words. */
function takes(schema: Keywords): string {
  if (schema.takes !== undefined) return schema.takes
  if (schema.anyOf !== undefined) return schema.anyOf.map(takes).join(', or ')
  if (schema.enum !== undefined) return schema.enum.join(', ').replace(/, ([^,]*)$/, ' or $1')
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  const { type, minimum, maximum } = schema
  if (type === 'integer') return `a whole number${range(minimum, maximum)}`
  if (type === 'number') return `a number${range(minimum, maximum)}`
  if (type === 'string') return `a text${range(schema.minLength, schema.maxLength, ' characters')}`
  if (type === 'array') return `a list${range(schema.minItems, schema.maxItems, ' items')}`
  if (type === 'boolean') return 'true or false'
  return type === 'null' ? 'null' : 'an object'
}

function range(least: number | undefined, most: number | undefined, unit = ''): string {
  if (least === undefined && most === undefined) return ''
  if (least === undefined) return ` up to ${most}${unit}`
  return most === undefined ? ` from ${least}${unit}` : ` from ${least} to ${most}${unit}`
}
