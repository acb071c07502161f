// The text of each handshake of the laboratory: a correct request with one thing changed. Pure; the changes are fixed,
// nothing of the caller but a checked key gets into the text.

import { SOCKET_VERSION } from '@papertape/gateway'
import { type HandshakeTrial, SUBPROTOCOL } from '@papertape/protocol'
import { SOCKET_PATH } from '../http/upgrade.ts'

interface Change {
  /** Other values; undefined leaves the header out. */
  readonly headers?: Readonly<Record<string, string | undefined>>
  readonly httpVersion?: '1.0'
}

const CHANGES: Readonly<Record<HandshakeTrial, Change>> = {
  correct: {},
  severalSubprotocols: { headers: { 'Sec-WebSocket-Protocol': `chat, superchat, ${SUBPROTOCOL}` } },
  noSubprotocol: { headers: { 'Sec-WebSocket-Protocol': undefined } },
  otherSubprotocol: { headers: { 'Sec-WebSocket-Protocol': 'chat, superchat' } },
  noKey: { headers: { 'Sec-WebSocket-Key': undefined } },
  shortKey: { headers: { 'Sec-WebSocket-Key': 'c2hvcnQ=' } },
  noVersion: { headers: { 'Sec-WebSocket-Version': undefined } },
  oldVersion: { headers: { 'Sec-WebSocket-Version': '8' } },
  noUpgrade: { headers: { Upgrade: undefined } },
  noConnection: { headers: { Connection: undefined } },
  http10: { httpVersion: '1.0' },
  foreignOrigin: { headers: { Origin: 'https://elsewhere.example' } },
  noHost: { headers: { Host: undefined } },
  unknownHost: { headers: { Host: 'rebound.example', Origin: 'http://rebound.example' } },
  wrongToken: { headers: { Authorization: 'Bearer not-a-token' } },
}

/**
 * @param host of this server, with its port
 * @param key sixteen bytes in base64
 */
export function handshakeText(trial: HandshakeTrial, host: string, key: string): string {
  const { headers = {}, httpVersion = '1.1' } = CHANGES[trial]
  const all = {
    Host: host,
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    Origin: `http://${host}`,
    'Sec-WebSocket-Version': SOCKET_VERSION,
    'Sec-WebSocket-Key': key,
    'Sec-WebSocket-Protocol': SUBPROTOCOL,
    ...headers,
  }
  const lines = Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : `${name}: ${value}\r\n`))
  return `GET ${SOCKET_PATH} HTTP/${httpVersion}\r\n${lines.join('')}\r\n`
}
