// Schema of the echo of a request's head: what a browser sent, which its page cannot see.

import Type, { type Static } from 'typebox'
import { text } from '../fields.ts'

const size = (description: string) => Type.Integer({ minimum: 0, description })

export const RequestHeadEcho = Type.Object(
  {
    httpVersion: Type.Enum(['1.0', '1.1', '2'], { description: 'The version in which the request arrived' }),
    bytes: Type.Union([size('Of the whole head as received'), Type.Null()], {
      description: 'null over HTTP/2, whose heads are compressed',
    }),
    fields: Type.Array(
      Type.Object(
        {
          name: text('As received; over HTTP/2 pseudo-header fields too'),
          value: Type.Union([Type.String(), Type.Null()], { description: 'null where it could identify somebody' }),
          valueBytes: size('Of the value'),
        },
        { description: 'A header field' },
      ),
      { description: 'In the order of arrival' },
    ),
  },
  {
    description: 'The head of this very request',
    examples: [
      {
        httpVersion: '1.1',
        bytes: 66,
        fields: [
          { name: 'Host', value: 'localhost:8080', valueBytes: 14 },
          { name: 'Cookie', value: null, valueBytes: 5 },
        ],
      },
    ],
  },
)
export type RequestHeadEcho = Static<typeof RequestHeadEcho>
