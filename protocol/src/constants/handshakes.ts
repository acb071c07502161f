// WebSocket handshakes that the laboratory sends to the server: a correct one, and others that differ from it in one
// thing. What each sends is in the server; the page describes them.

export const HANDSHAKE_TRIALS = [
  'correct',
  'severalSubprotocols',
  'noSubprotocol',
  'otherSubprotocol',
  'noKey',
  'shortKey',
  'noVersion',
  'oldVersion',
  'noUpgrade',
  'noConnection',
  'http10',
  'foreignOrigin',
  'noHost',
  'unknownHost',
  'wrongToken',
] as const
export type HandshakeTrial = (typeof HANDSHAKE_TRIALS)[number]

/** Sixteen bytes in base64, as a regular expression. */
export const SOCKET_KEY_PATTERN = '^[A-Za-z0-9+/]{21}[AQgw]==$'
