// Describes validation errors of messages, bodies and queries for people: the field, what it must be, and for an
// unknown name the nearest known one. Called by plugins/problems.ts, plugins/parameters.ts and orders/parse-message.ts.

import { nearestName } from '@papertape/protocol'

/** A validation error of TypeBox or Fastify. */
export interface SchemaError {
  readonly keyword?: string
  readonly instancePath: string
  readonly message?: string | undefined
  readonly params?: object
}

/** The part of a JSON schema that has the names of fields. */
interface ObjectSchema {
  readonly properties?: Readonly<Record<string, ObjectSchema>>
  readonly anyOf?: readonly ObjectSchema[]
}

/** Names of the same field in other systems; compared without case, `-` and `_`. */
const SYNONYMS: Readonly<Record<string, readonly string[]>> = {
  qty: ['size'],
  quantity: ['size'],
  amount: ['size'],
  orderqty: ['size'],
  volume: ['size'],
  visiblesize: ['displaySize'],
  maxfloor: ['displaySize'],
  limitprice: ['price'],
  px: ['price'],
  stop: ['stopPrice'],
  stoppx: ['stopPrice'],
  triggerprice: ['stopPrice'],
  type: ['orderType'],
  ordtype: ['orderType'],
  tif: ['timeInForce'],
  clordid: ['clientOrderId'],
  clientid: ['clientOrderId'],
  origclordid: ['origClientOrderId'],
  ticker: ['symbol', 'symbols'],
  instrument: ['symbol', 'symbols'],
  pair: ['symbol', 'symbols'],
  product: ['symbol', 'symbols'],
  channel: ['events', 'subscription'],
  topic: ['events', 'subscription'],
  rate: ['maxHz'],
  hz: ['maxHz'],
  since: ['after', 'from', 'last'],
  cursor: ['after', 'last'],
  position: ['last'],
  start: ['from'],
  end: ['to'],
  until: ['to', 'before'],
  count: ['limit'],
  max: ['limit'],
  levels: ['depth'],
  resolution: ['interval'],
  granularity: ['interval'],
  timeout: ['wait', 'timeoutMs'],
  id: ['requestId'],
  balance: ['cash'],
}

/** `unknown field qty; did you mean size? It takes size, price and no additional ones` */
export function describeUnknown(kind: 'field' | 'parameter', name: string, known: readonly string[]): string {
  const shown = JSON.stringify(name.slice(0, 64)).slice(1, -1)
  if (known.length === 0) return `unknown ${kind} ${shown}; none is taken here`
  const nearest = nearestName(name, known, SYNONYMS)
  const guess = nearest === undefined ? '' : ` did you mean ${nearest}?`
  return `unknown ${kind} ${shown};${guess} ${guess === '' ? 'it takes' : 'It takes'} ${known.join(', ')} and no additional ones`
}

/** All errors in one text. Unknown names come first: a misspelt field is reported as missing, too. */
export function describeErrors(schema: unknown, errors: readonly SchemaError[], whole: string): string {
  const unknown = errors.flatMap(({ keyword, instancePath, params }) => {
    const names =
      keyword === 'additionalProperties' ? (params as { additionalProperties?: unknown }).additionalProperties : []
    const known = fieldsAt((schema ?? {}) as ObjectSchema, instancePath)
    return (Array.isArray(names) ? names : [names]).map(name => describeUnknown('field', String(name), known))
  })
  const others = errors
    .filter(({ keyword }) => keyword !== 'boolean' && keyword !== 'additionalProperties')
    .map(error => describeError(error, whole))
  const sentences = [...new Set([...unknown, ...others])]
  return sentences.length === 0 ? `${whole} is malformed` : sentences.slice(0, 4).join('; ')
}

function describeError({ keyword, instancePath, message, params }: SchemaError, whole: string): string {
  const field = instancePath.slice(1).replaceAll('/', '.')
  const { allowedValues, requiredProperties, missingProperty } = (params ?? {}) as Record<string, unknown>
  if (keyword === 'required') {
    const missing = Array.isArray(requiredProperties) ? requiredProperties.join(', ') : missingProperty
    return `${field === '' ? whole : field} must have required properties ${missing}`
  }
  const values = Array.isArray(allowedValues) ? ` (${allowedValues.join(', ')})` : ''
  return `${field === '' ? whole : field} ${message ?? 'is malformed'}${values}`
}

/** The names of the fields at a path such as `/halt`. */
function fieldsAt(schema: ObjectSchema, instancePath: string): readonly string[] {
  let at: ObjectSchema = objectOf(schema)
  for (const name of instancePath.split('/').slice(1)) at = objectOf(at.properties?.[name] ?? {})
  return Object.keys(at.properties ?? {})
}

function objectOf(schema: ObjectSchema): ObjectSchema {
  return schema.properties === undefined
    ? (schema.anyOf?.find(({ properties }) => properties !== undefined) ?? {})
    : schema
}
