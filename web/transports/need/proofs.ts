// How a reader sees with the browser's own tools that a transport is used as the page says. Pure texts.

import type { Transport } from '@papertape/protocol'

const OPEN_TOOLS = 'Open the developer tools (F12), tab Network, and reload this page.'
/** Decision 0012: one tab holds the connections of all. */
const CLOSE_OTHERS = 'Close the other tabs of this dashboard: one tab holds its connections for all.'

export const PROOFS: Readonly<Record<Transport, readonly string[]>> = {
  rest: [
    OPEN_TOOLS,
    'Filter for “instruments”: one request, answered at once and finished. Nothing comes after it.',
    'Select another chart interval on the Trade screen: a request for “candles” is added for it.',
  ],
  sse: [
    CLOSE_OTHERS,
    OPEN_TOOLS,
    'Filter for “stream”: one GET that stays pending. Its size grows while prices arrive, and there is no second request.',
    'Its response headers say content-type: text/event-stream. It is plain HTTP, and the page sends nothing on it.',
  ],
  websocket: [
    CLOSE_OTHERS,
    OPEN_TOOLS,
    'Filter for “socket”: status 101, Switching Protocols. From then on it is not HTTP any more.',
    'Place an order on the Trade screen and look at its messages: order.place goes up, executions come down, unasked, on the same connection.',
  ],
  longPoll: [
    OPEN_TOOLS,
    'Run the code of this page in the console and filter for “poll”: request after request, each pending until a trade happens.',
    'Each carries the position of the one before as “last”, so that nothing is lost between two polls.',
  ],
}
