// Parses one text message of the order channel by protocol's schemas. Pure. A malformed message gives the reason, and
// its requestId where it has one, so that each request gets one answer.

import type { Inbound, InboundType, RequestId } from '@papertape/protocol'
import { INBOUND } from '@papertape/protocol/schemas'
import { Compile, type Validator } from 'typebox/compile'
import { CodedError } from '../errors/coded-error.ts'
import { describeErrors } from '../errors/describe-errors.ts'
import { requireShallowJson } from '../limits/json-depth.ts'

const VALIDATORS = Object.fromEntries(
  Object.entries(INBOUND).map(([type, schema]) => [type, Compile(schema)]),
) as unknown as Record<InboundType, Validator>

export interface ParsedMessage {
  readonly requestId: RequestId | undefined
  /** The message, or why it is malformed. */
  readonly content: Inbound | CodedError
}

export function parseMessage(text: string): ParsedMessage {
  let value: unknown
  try {
    requireShallowJson(text)
    value = JSON.parse(text)
  } catch (error) {
    const refused = error instanceof CodedError ? error : new CodedError('bad-json', 'the frame is not JSON')
    return { requestId: undefined, content: refused }
  }
  const { type, requestId } = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>
  // A number that JSON.parse has rounded, such as 2^53 + 1, 1e400 or 1e-400, is not echoed: it would name another
  // request.
  const isExact = typeof requestId === 'string' || (Number.isSafeInteger(requestId) && isWrittenWhole(text))
  if (isExact) return { requestId: requestId as RequestId, content: checkMessage(type, value) }
  const content = checkMessage(type, value)
  const isRounded = Number.isSafeInteger(requestId) && !(content instanceof CodedError)
  const refused = new CodedError('bad-request', `${type}: requestId must be written as an integer`)
  return { requestId: undefined, content: isRounded ? refused : content }
}

/** False when the text of the requestId is not a whole number, though JSON.parse has rounded it to one. */
function isWrittenWhole(text: string): boolean {
  // Plain digits nearly always; otherwise the text is parsed again with the source of each number.
  if (/"requestId": *-?\d+[,}]/.test(text)) return true
  let isWhole = true
  JSON.parse(text, (key: string, value: unknown, ...[context]: readonly { readonly source?: string }[]) => {
    const { source } = context ?? {}
    if (key === 'requestId' && source !== undefined) isWhole = /^-?\d+(?:\.0+)?(?:[eE]\+?\d+)?$/.test(source)
    return value
  })
  return isWhole
}

function checkMessage(type: unknown, value: unknown): Inbound | CodedError {
  if (typeof type !== 'string' || !Object.hasOwn(VALIDATORS, type)) {
    return new CodedError('bad-request', `type is one of ${Object.keys(INBOUND).join(', ')}`)
  }
  const validator = VALIDATORS[type as InboundType]
  if (validator.Check(value)) return value as Inbound
  return new CodedError(
    'bad-request',
    `${type}: ${describeErrors(INBOUND[type as InboundType], validator.Errors(value), 'the message')}`,
  )
}
