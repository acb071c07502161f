// Schema of the script of one order, for an account that was made with `testing: true`.

import Type, { type Static } from 'typebox'
import { REJECTS, type RejectCode } from '../../codes/rejects.ts'
import { LAB_CLOSE_CODES } from '../../constants/lab.ts'
import { SCRIPT_LIMITS } from '../../constants/scripts.ts'
import { safeInteger } from '../fields.ts'

const { piecesMax, delayMsMax } = SCRIPT_LIMITS
const delayMs = (description: string) =>
  Type.Integer({ minimum: 0, maximum: delayMsMax, description: `${description}, milliseconds` })

export const TestDirective = Type.Object(
  {
    rejectCode: Type.Optional(
      Type.Enum(Object.keys(REJECTS) as RejectCode[], { description: 'The exchange refuses the order with this code' }),
    ),
    fill: Type.Optional(
      Type.Object(
        {
          pieces: Type.Optional(
            Type.Integer({
              minimum: 1,
              maximum: piecesMax,
              description: 'In how many fills, of about the same size; 1 when absent, one for each lot at most',
            }),
          ),
          size: Type.Optional(
            safeInteger(
              'How much is filled in all, in whole lots; everything when absent. The rest stays open and never trades; of a ' +
                'market, IOC or FOK order it is canceled',
              1,
            ),
          ),
          afterMs: Type.Optional(
            delayMs("The first fill comes so long after the ack, by the market's clock; 0 when absent"),
          ),
          everyMs: Type.Optional(
            delayMs("And each further one so long after the last, by the market's clock; 0 when absent"),
          ),
        },
        {
          additionalProperties: false,
          description:
            'Fills of a limit or market order off the book: at its limit, or at the best opposite price when it came',
        },
      ),
    ),
    fillAfterCancel: Type.Optional(
      Type.Object(
        {
          size: Type.Optional(safeInteger('How much is filled at most, in whole lots; what was open when absent', 1)),
          afterMs: Type.Optional(delayMs("So long after the cancel, by the market's clock; 0 when absent")),
        },
        {
          additionalProperties: false,
          description: 'A fill of a limit order at its limit after it was canceled; before that it does not trade',
        },
      ),
    ),
    ackDelayMs: Type.Optional(delayMs('The answer to its sender is sent so much later')),
    loseAck: Type.Optional(
      Type.Literal(true, { description: 'Its sender gets no answer; over HTTP the connection is lost instead' }),
    ),
    disconnect: Type.Optional(
      Type.Object(
        {
          code: Type.Optional(
            Type.Enum([...LAB_CLOSE_CODES], {
              description: 'The close code (RFC 6455 section 7.4); when absent the connection is lost without an end',
            }),
          ),
        },
        {
          additionalProperties: false,
          description: 'The WebSocket that sent the order is ended after the answer, or in place of one that is lost',
        },
      ),
    ),
  },
  {
    $id: 'TestDirective',
    additionalProperties: false,
    minProperties: 1,
    description: 'What happens to the order, in an account for tests; repeated in its executions',
    examples: [{ fill: { pieces: 3, everyMs: 250 } }, { fillAfterCancel: { afterMs: 100 } }, { loseAck: true }],
  },
)
export type TestDirective = Static<typeof TestDirective>
