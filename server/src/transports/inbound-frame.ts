// Reads one text frame of the order channel against protocol's schemas. Pure: what it cannot read it says why, and whose
// request it was, so that each command gets its one answer.

import { INBOUND, type Inbound, type InboundType, type RequestId } from '@papertape/protocol'
import { Compile, type Validator } from 'typebox/compile'
import { describeErrors } from '../describe-errors.ts'
import { CodedError } from '../errors.ts'

const VALIDATORS = Object.fromEntries(
  Object.entries(INBOUND).map(([type, schema]) => [type, Compile(schema)]),
) as unknown as Record<InboundType, Validator>

export interface InboundFrame {
  readonly requestId: RequestId | undefined
  /** What was asked, or why the frame asks for nothing. */
  readonly content: Inbound | CodedError
}

export function readFrame(text: string): InboundFrame {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { requestId: undefined, content: new CodedError('bad-json', 'the frame is not JSON') }
  }
  const { type, requestId } = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>
  // A number that JSON.parse has changed, such as 2^53 + 1 or 1e400, is not sent back: it would name another request.
  const isExact = typeof requestId === 'string' || Number.isSafeInteger(requestId)
  return { requestId: isExact ? (requestId as RequestId) : undefined, content: readMessage(type, value) }
}

function readMessage(type: unknown, value: unknown): Inbound | CodedError {
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
