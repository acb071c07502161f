// What each panel needs of its connection. Which transport follows from that is the decision tree's to say: nothing in
// web/ names a transport for a panel. Read by the panels' badges and by the Transports screen.

import { chooseTransport, type Need, type Transport, type TransportChoice } from '@papertape/protocol'

/** The page's connections; each carries one or more panels. */
export type ConnectionName = 'requests' | 'tape' | 'book' | 'orders'

export interface PanelNeed {
  readonly title: string
  readonly need: Pick<Need, 'realtime' | 'bidirectional'>
  readonly connection: ConnectionName
  /** What the panel shows and why it has these needs. */
  readonly description: string
}

export const PANELS = {
  instruments: {
    title: 'Instruments',
    need: { realtime: false, bidirectional: false },
    connection: 'requests',
    description: 'Names, tick sizes and lot sizes. They rarely change, so one request is enough.',
  },
  history: {
    title: 'Candle history',
    need: { realtime: false, bidirectional: false },
    connection: 'requests',
    description: 'Closed bars. They no longer change, so they are requested when the chart needs them.',
  },
  ticker: {
    title: 'Ticker',
    need: { realtime: true, bidirectional: false },
    connection: 'tape',
    description: 'Last price, change and volume of every instrument. Data flows one way, from the server.',
  },
  candles: {
    title: 'Live bar',
    need: { realtime: true, bidirectional: false },
    connection: 'tape',
    description: 'The bar that is forming, computed from the same trades as the ticker.',
  },
  tape: {
    title: 'Time and sales',
    need: { realtime: true, bidirectional: false },
    connection: 'tape',
    description: 'Every trade of the selected instrument, in order.',
  },
  news: {
    title: 'News',
    need: { realtime: true, bidirectional: false },
    connection: 'tape',
    description: 'Headlines, as they are published. Data flows one way, from the server.',
  },
  depth: {
    title: 'Ladder',
    need: { realtime: true, bidirectional: false },
    connection: 'book',
    description: 'The order book of the selected instrument: a snapshot, then changes, verified by a checksum.',
  },
  trading: {
    title: 'Trading',
    need: { realtime: true, bidirectional: true },
    connection: 'orders',
    description: 'Orders go up and executions come down at any time: both sides send.',
  },
  rooms: {
    title: 'Rooms',
    need: { realtime: true, bidirectional: true },
    connection: 'orders',
    description: 'What members say to each other, who is there and who types: everybody sends and receives.',
  },
} as const satisfies Record<string, PanelNeed>
export type PanelName = keyof typeof PANELS
export const PANEL_NAMES = Object.keys(PANELS) as PanelName[]

/** The decision tree's answer for a panel. `streams: false` when its connection had to fall back. */
export function transportChoice(panel: PanelName, streams = true): TransportChoice {
  return chooseTransport({ ...PANELS[panel].need, streams })
}

export const TRANSPORT_LABELS: Readonly<Record<Transport, { short: string; long: string }>> = {
  rest: { short: 'REST', long: 'Plain HTTP requests' },
  sse: { short: 'SSE', long: 'Server-Sent Events' },
  websocket: { short: 'WS', long: 'WebSocket' },
  longPoll: { short: 'POLL', long: 'Long polling' },
}
