// The exercises as data: what to do, step by step, and code to paste. How the page verifies a step is the component's.

import { SUBPROTOCOL } from '@papertape/protocol'
import type { SocketStep } from './socket-script.ts'

export interface Step {
  readonly id: string
  readonly text: string
}

export interface Exercise {
  readonly title: string
  /** What it shows. */
  readonly aim: string
}

export const PROTOCOL_EXERCISE: Exercise = {
  title: 'The Protocol column',
  aim: 'Over one port the browser opens up to six connections, over the other it opens one.',
}
export const PROTOCOL_STEPS = [
  {
    id: 'http/1.1',
    text: `On the clear port: open the developer tools (F12), tab Network, right-click the head of the list, and select
      Protocol. Reload. The column reads http/1.1.`,
  },
  { id: 'h2', text: 'On the TLS port, accept its certificate, and do the same. The column reads h2.' },
] as const satisfies readonly Step[]

export const SOCKET_EXERCISE: Exercise = {
  title: 'Open a socket',
  aim: 'A WebSocket begins as an HTTP request; then both sides send when they like.',
}
export const SOCKET_STEPS: readonly SocketStep[] = [
  { id: 'welcome', text: `Open it with the subprotocol ${SUBPROTOCOL}. The server speaks first.`, expects: 'welcome' },
  { id: 'pong', text: 'Ask: ping is answered with pong.', send: { type: 'ping', requestId: 1 }, expects: 'pong' },
  {
    id: 'ack',
    text: 'Subscribe to the trades. The command has one answer, with its requestId.',
    send: { type: 'subscribe', requestId: 2, subscription: 'exercise', events: ['trade'], snapshot: false },
    expects: 'ack',
  },
  { id: 'trade', text: 'Wait: each trade comes when it happens, without being asked for.', expects: 'trade' },
]

export const STREAM_EXERCISE: Exercise = {
  title: 'Subscribe an EventSource, and lose the connection',
  aim: 'The browser reconnects by itself and sends the last id, and the server goes on exactly there.',
}
export const STREAM_STEPS = [
  { id: 'hello', text: 'Subscribe to every event of the market. The first frame is hello.' },
  { id: 'events', text: 'Each event has an id, and its number is the next one, without a hole.' },
  { id: 'lost', text: 'Lose the connection.' },
  { id: 'resumed', text: 'The browser reconnects with Last-Event-ID. No number is missing, none comes twice.' },
] as const satisfies readonly Step[]

export const TYPING_EXERCISE: Exercise = {
  title: 'The typing indicator',
  aim: 'The classic of two directions: who types says so at once, and everybody in the room sees it.',
}
export const TYPING_STEPS: readonly SocketStep[] = [
  {
    id: 'logon',
    text: 'Log on. The cookie of this browser says who you are.',
    send: { type: 'logon' },
    expects: 'logon.ok',
  },
  {
    id: 'room.joined',
    text: 'Join a room of the order channel.',
    send: { type: 'room.join', requestId: 1, room: 'exercise' },
    expects: 'room.joined',
  },
  {
    id: 'room.typing',
    text: 'Say that you type. Everybody in the room, you too, sees who types, for three seconds.',
    send: { type: 'room.typing', requestId: 2, room: 'exercise' },
    expects: 'room.typing',
  },
]

export function socketCode(url: string): string {
  return `const socket = new WebSocket('${url}', '${SUBPROTOCOL}')
socket.onmessage = ({ data }) => console.log(data)
socket.onclose = ({ code, reason }) => console.log('closed', code, reason)
// When it is open:
socket.send('{"type":"ping","requestId":1}')
socket.send('{"type":"subscribe","requestId":2,"subscription":"exercise","events":["trade"],"snapshot":false}')
socket.close(1000)
`
}

export function streamCode(url: string): string {
  return `const stream = new EventSource('${url}')
for (const name of ['hello', 'trade', 'quote', 'reset'])
  stream.addEventListener(name, ({ lastEventId, data }) => console.log(name, lastEventId, data))
stream.onerror = () => console.log('lost, readyState', stream.readyState)
// stream.close() ends it.
`
}
