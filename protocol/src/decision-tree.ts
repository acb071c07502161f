// The decision tree for transports as data, and the function that evaluates it. Client, page and /v1/transport use it.

import type { DecisionNode, Need, TransportChoice } from './schemas/transports.ts'

export const DECISION_ROOT = 'realtime'

export const DECISION_TREE: Readonly<Record<string, DecisionNode>> = {
  realtime: {
    kind: 'question',
    asks: 'realtime',
    text: 'Is real-time needed?',
    help: 'Must a change be seen when it happens, without the client asking for it?',
    yes: 'bidirectional',
    no: 'rest',
    yesReason: 'A change has to be seen when it happens, so the server must be able to speak first.',
    noReason: 'Nobody waits for the next change, so a plain request that can be cached is enough.',
  },
  bidirectional: {
    kind: 'question',
    asks: 'bidirectional',
    text: 'Must both sides speak?',
    help: 'Does the client send at any time too, and often, or does it only listen?',
    yes: 'upgradePasses',
    no: 'streamPasses',
    yesReason: 'Client and server both speak at any time, as a trading screen does with its orders.',
    noReason: 'Only the server speaks, so one direction over plain HTTP is enough.',
  },
  upgradePasses: {
    kind: 'question',
    asks: 'streams',
    text: 'Can the upgrade pass?',
    help: 'Do the proxies on the way let an HTTP request become a WebSocket?',
    yes: 'websocket',
    no: 'longPoll',
    yesReason: 'The upgrade reaches the server, and the connection stays open for both.',
    noReason: 'Something on the way refuses upgrades, so the client asks again and again, and sends by plain requests.',
  },
  streamPasses: {
    kind: 'question',
    asks: 'streams',
    text: 'Can a stream pass?',
    help: 'Do the proxies on the way pass on a response that stays open, without holding it back?',
    yes: 'sse',
    no: 'longPoll',
    yesReason: 'A response that stays open reaches the reader, who reconnects by itself.',
    noReason: 'Something on the way buffers or cuts open responses, so each answer has to end.',
  },
  rest: {
    kind: 'answer',
    transport: 'rest',
    text: 'Plain HTTP requests',
    costs: [
      'The client learns of a change only when it asks again.',
      'Each request carries all of its headers, also when nothing has changed.',
    ],
    examples: ['lists of instruments', 'closed candles', 'past orders', 'most pages and forms'],
  },
  longPoll: {
    kind: 'answer',
    transport: 'longPoll',
    text: 'Long polling',
    costs: [
      'Each batch of events takes a request and a response, with all of their headers.',
      'The server holds a request open for each client that waits.',
      'Reconnecting, and what to do after an error, is code of the application.',
    ],
    examples: ['a ticker behind a proxy that holds streams back', 'a chat where the upgrade is refused'],
  },
  websocket: {
    kind: 'answer',
    transport: 'websocket',
    text: 'WebSocket',
    costs: [
      'Reconnecting, waiting between attempts and resuming are code of the application.',
      'Both ends keep state: a connection that moves to another backend is reset.',
      'Proxies of layer 7 have to be set up for the upgrade and for connections that are quiet for long.',
    ],
    examples: ['chat', 'games', 'shared editing', 'live coding', 'trading dashboards'],
  },
  sse: {
    kind: 'answer',
    transport: 'sse',
    text: 'Server-Sent Events',
    costs: [
      'One direction: what the client has to say takes a request of its own.',
      'Text only: bytes have to be encoded.',
      'Each stream is an open connection over HTTP/1.1, where a browser has six; over HTTP/2 they share one.',
    ],
    examples: ['notifications', 'progress', 'live scores', 'news', 'stock tickers', 'deployment logs'],
  },
}

/** Evaluates the tree. Defaults: not real-time, one direction, streams pass. */
export function chooseTransport(need: Partial<Need>): TransportChoice {
  const known: Need = { realtime: false, bidirectional: false, streams: true, ...need }
  const reasons: string[] = []
  const path: string[] = []
  let at = DECISION_ROOT
  for (;;) {
    path.push(at)
    const node = DECISION_TREE[at]!
    if (node.kind === 'answer') {
      const { transport, costs, examples } = node
      return { transport, reasons, path, costs, examples }
    }
    const yes = known[node.asks]
    reasons.push(yes ? node.yesReason : node.noReason)
    at = yes ? node.yes : node.no
  }
}
