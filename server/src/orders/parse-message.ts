// Reads one text frame of the order channel against protocol's schemas. Pure: what it cannot read it says why, and whose
// request it was, so that each command gets its one answer.

import type { Inbound, InboundType, RequestId } from '@papertape/protocol'
import { INBOUND } from '@papertape/protocol/schemas'
import { Compile, type Validator } from 'typebox/compile'
import { CodedError } from '../errors/coded-error.ts'
import { describeErrors } from '../errors/describe-errors.ts'

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
  // A number that JSON.parse has changed, such as 2^53 + 1, 1e400 or 1e-400, is not sent back: it would name another request.
  const isExact = typeof requestId === 'string' || (Number.isSafeInteger(requestId) && isWrittenWhole(text))
  if (isExact) return { requestId: requestId as RequestId, content: readMessage(type, value) }
  const content = readMessage(type, value)
  const isRounded = Number.isSafeInteger(requestId) && !(content instanceof CodedError)
  const refused = new CodedError('bad-request', `${type}: requestId must be written as an integer`)
  return { requestId: undefined, content: isRounded ? refused : content }
}

/** False when what was written for the requestId is no whole number, though JSON.parse has made one of it. */
function isWrittenWhole(text: string): boolean {
  // Plain digits nearly always; otherwise the text is parsed again, with what was written for each number.
  if (/"requestId": *-?\d+[,}]/.test(text)) return true
  let isWhole = true
  JSON.parse(text, (key: string, value: unknown, ...[context]: readonly { readonly source?: string }[]) => {
    const { source } = context ?? {}
    if (key === 'requestId' && source !== undefined) isWhole = /^-?\d+(?:\.0+)?(?:[eE]\+?\d+)?$/.test(source)
    return value
  })
  return isWhole
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
