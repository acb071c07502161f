// Schemas of the laboratory's handshakes: which one to send, and what went out and came back.

import Type, { type Static } from 'typebox'
import { HANDSHAKE_TRIALS, SOCKET_KEY_PATTERN } from '../../constants/handshakes.ts'
import { text } from '../fields.ts'

export const HandshakeRequest = Type.Object(
  {
    trial: Type.Enum([...HANDSHAKE_TRIALS], { description: 'Which handshake to send' }),
    key: Type.Optional(
      Type.String({
        pattern: SOCKET_KEY_PATTERN,
        description: 'Its Sec-WebSocket-Key, sixteen bytes in base64; a random one when absent',
      }),
    ),
  },
  {
    additionalProperties: false,
    description: 'A handshake that the server is to send to itself',
    examples: [{ trial: 'correct', key: 'dGhlIHNhbXBsZSBub25jZQ==' }],
  },
)
export type HandshakeRequest = Static<typeof HandshakeRequest>

export const HandshakeAnswer = Type.Object(
  {
    request: text('The request as it was sent, with its line ends'),
    answer: text('The answer as it arrived, with its line ends; of a 101 without the frames that follow it'),
  },
  {
    description: 'A handshake as it was sent and answered',
    examples: [
      {
        request: 'GET /v1/socket HTTP/1.1\r\nHost: localhost:8080\r\n\r\n',
        answer: 'HTTP/1.1 426 Upgrade Required\r\nSec-WebSocket-Version: 13\r\n\r\n',
      },
    ],
  },
)
export type HandshakeAnswer = Static<typeof HandshakeAnswer>
