// Schema of the answer with the server's own origins.

import Type, { type Static } from 'typebox'
import { text } from '../fields.ts'

const origins = (description: string) => Type.Array(text('Scheme, host and port'), { description })

export const OriginsAnswer = Type.Object(
  {
    clear: origins('Over HTTP/1.1, the name of the request first'),
    secure: origins('Over TLS with HTTP/2, the name of the request first'),
  },
  {
    description: 'Where a browser reaches this server directly; empty behind a proxy, whose ports are not known',
    examples: [
      {
        clear: ['http://localhost:8080', 'http://127.0.0.1:8080'],
        secure: ['https://localhost:8443', 'https://127.0.0.1:8443'],
      },
    ],
  },
)
export type OriginsAnswer = Static<typeof OriginsAnswer>
