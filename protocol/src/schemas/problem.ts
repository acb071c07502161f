// Schemas of what is refused: a reject of the exchange, and the error answer of the HTTP API (RFC 9457).

import Type, { type Static } from 'typebox'
import { ERRORS, type ErrorCode } from '../codes/errors.ts'
import { LIMIT_NAMES, REJECTS, type RejectCode } from '../codes/rejects.ts'
import { retryMs, text } from './fields.ts'

const ERROR_CODES = Object.keys(ERRORS) as ErrorCode[]
const REJECT_CODES = Object.keys(REJECTS) as RejectCode[]

export const ErrorCodeName = Type.Enum(ERROR_CODES, { description: 'The error code' })

const Limit = Type.Object(
  {
    name: Type.Enum([...LIMIT_NAMES], { description: 'Which limit' }),
    value: Type.Number({ description: 'Its value, in the unit of the field that it limits' }),
  },
  { description: 'The limit that was violated' },
)

const scripted = Type.Optional(
  Type.Literal(true, {
    description: 'A script of a test refused it, whatever was asked; only in an account for tests',
  }),
)

const rejectFields = {
  code: Type.Enum(REJECT_CODES, { description: 'The reject code (FIX 103)' }),
  text: text('What happened and what to do, for people'),
  limit: Type.Optional(Limit),
  scripted,
}
export const Reject = Type.Object(rejectFields, {
  $id: 'Reject',
  description: 'Why the exchange refused or ended an order',
  examples: [
    {
      code: 'off-tick',
      text: 'VELTR trades in steps of 0.01: 184.33 or 184.34',
      limit: { name: 'tickSize', value: 0.01 },
    },
  ],
})
export type Reject = Static<typeof Reject>

export const Problem = Type.Object(
  {
    type: text('Path of the documentation of the code, as a URI reference'),
    title: text('What the code means'),
    status: Type.Integer({ minimum: 400, maximum: 599, description: 'HTTP status' }),
    code: Type.Enum([...new Set([...ERROR_CODES, ...REJECT_CODES])], {
      description: 'An error code, or the reject code of an order (status 422)',
    }),
    detail: text('What was wrong with this request and what to do'),
    docs: text('Path of the documentation of the code'),
    retryMs: Type.Optional(retryMs),
    limit: Type.Optional(Limit),
    scripted,
  },
  {
    $id: 'Problem',
    description: 'An error answer, application/problem+json (RFC 9457)',
    examples: [
      {
        type: '/docs/errors#rate-limited',
        title: ERRORS['rate-limited'].title,
        status: 429,
        code: 'rate-limited',
        detail: 'at most 50 orders a second',
        docs: '/docs/errors#rate-limited',
        retryMs: 250,
      },
    ],
  },
)
export type Problem = Static<typeof Problem>
