// Fields that several schemas share, each with its unit in the description. Exported to the schemas of this folder
// only.

import Type from 'typebox'
import { SIDES } from '../constants/feed.ts'
import { POSITION_PATTERN } from '../position.ts'

export const price = (description: string) => Type.Number({ description: `${description}, in currency` })
export const size = (description: string) =>
  Type.Integer({ minimum: 0, description: `${description}, a multiple of lotSize` })
export const cash = (description: string) => Type.Number({ description: `${description}, in currency` })
export const wallMs = (description: string) => Type.Integer({ description: `${description}, milliseconds since 1970` })
export const durationMs = (description: string) =>
  Type.Integer({ minimum: 0, description: `${description}, milliseconds` })
export const count = (description: string) => Type.Integer({ minimum: 0, description })
export const text = (description: string) => Type.String({ description })

/** The schema or null; the description is moved to the union. */
export function nullable<T extends Type.TSchema>(schema: T, whenNull: string): Type.TUnion<[T, Type.TNull]> {
  const { description } = schema as { description?: string }
  return Type.Union([schema, Type.Null()], { description: `${description}; null: ${whenNull}` })
}

export const symbol = text('The instrument')
export const Side = Type.Enum([...SIDES], { description: 'buy or sell (FIX 54)' })
export const position = (description: string) => Type.String({ pattern: POSITION_PATTERN, description })
export const positionId = position('The position in the log that the data is true at, `<epoch>-<seq>`')
/** An integer that JSON carries exactly. */
export const safeInteger = (description: string, minimum: number = Number.MIN_SAFE_INTEGER) =>
  Type.Integer({ minimum, maximum: Number.MAX_SAFE_INTEGER, description })
export const clientOrderId = (description: string) => Type.String({ pattern: '^[\\x21-\\x7e]{1,64}$', description })
export const privateSeq = Type.Integer({
  minimum: 0,
  description: "Number of the event in the account's private stream",
})
export const lastSeq = Type.Integer({ minimum: 0, description: "Number of the account's newest private event" })
export const cancelAllAfterMs = Type.Integer({
  minimum: 0,
  maximum: 86_400_000,
  description: 'After how long all open orders are canceled unless it is sent again, milliseconds; 0 switches it off',
})
export const cancelDueTime = nullable(wallMs('When all open orders are canceled'), 'switched off')
export const epoch = text('The generation of the log')
export const head = Type.Integer({ minimum: 0, description: 'Number of the newest event of the log' })
export const serverTime = wallMs("The server's wall clock")
export const ts = Type.Integer({ description: 'Wall clock at sequencing, microseconds since 1970' })
export const retryMs = durationMs('How long to wait before the next attempt')
export const checksum = Type.Integer({
  minimum: 0,
  maximum: 0xffff_ffff,
  description: 'CRC-32 (IEEE) of the top ten levels of both sides',
})

/** Only there in such an account. */
export const isTesting = Type.Optional(Type.Literal(true, { description: 'It is for tests: POST /v1/accounts' }))

/** Of a connection, for POST /v1/lab. */
export const labKey = Type.Optional(
  text('The secret of this connection for POST /v1/lab, valid while it is open; absent when the laboratory is off'),
)

/** The first example of a schema, to build the example of a schema that contains it. */
export function exampleOf(schema: Type.TSchema): object {
  return (schema as { examples: readonly object[] }).examples[0]!
}
