// The decision tree for transports as data, and the function that evaluates it. Client, page and /v1/transport use it.

import type { DecisionNode, Need, TransportChoice } from './schemas/transports.ts'

export const DECISION_ROOT = 'realtime'

export const DECISION_TREE: Readonly<Record<string, DecisionNode>> = {
  realtime: {
    kind: 'question',
    asks: 'realtime',
    text: 'Is real-time needed?',
    yes: 'bidirectional',
    no: 'rest',
    yesReason: 'A change has to be seen when it happens, so the server must be able to speak first.',
    noReason: 'Nobody waits for the next change, so a plain request that can be cached is enough.',
  },
  bidirectional: {
    kind: 'question',
    asks: 'bidirectional',
    text: 'Must both sides speak?',
    yes: 'upgradePasses',
    no: 'streamPasses',
    yesReason: 'Client and server both speak at any time, as a trading screen does with its orders.',
    noReason: 'Only the server speaks, so one direction over plain HTTP is enough.',
  },
  upgradePasses: {
    kind: 'question',
    asks: 'streams',
    text: 'Can the upgrade pass?',
    yes: 'websocket',
    no: 'longPoll',
    yesReason: 'The upgrade reaches the server, and the connection stays open for both.',
    noReason: 'Something on the way refuses upgrades, so the client asks again and again, and sends by plain requests.',
  },
  streamPasses: {
    kind: 'question',
    asks: 'streams',
    text: 'Can a stream pass?',
    yes: 'sse',
    no: 'longPoll',
    yesReason: 'A response that stays open reaches the reader, who reconnects by itself.',
    noReason: 'Something on the way buffers or cuts open responses, so each answer has to end.',
  },
  rest: { kind: 'answer', transport: 'rest', text: 'Plain HTTP requests' },
  longPoll: { kind: 'answer', transport: 'longPoll', text: 'Long polling' },
  websocket: { kind: 'answer', transport: 'websocket', text: 'WebSocket' },
  sse: { kind: 'answer', transport: 'sse', text: 'Server-Sent Events' },
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
    if (node.kind === 'answer') return { transport: node.transport, reasons, path }
    const yes = known[node.asks]
    reasons.push(yes ? node.yesReason : node.noReason)
    at = yes ? node.yes : node.no
  }
}
