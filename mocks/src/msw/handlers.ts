// The market as MSW request handlers: `setupServer(...handlers(market))` in a test, `setupWorker(...handlers(market))`
// in a page. Answers every origin and base path; nothing that is not the service's.

import { SUBPROTOCOL } from '@papertape/protocol'
import type { HttpHandler } from 'msw/http'
import { http } from 'msw/http'
import { type WebSocketHandler, type WebSocketHandlerConnection, ws } from 'msw/ws'
import type { MockMarket } from '../market.ts'

/** What handlers need of a market: one in this thread, or one in a Web Worker. */
export type HandledMarket = Pick<MockMarket, 'answer' | 'accept'>

/** The code that a client reports for a connection that ends without a close frame. */
const LOST = 1006

/** The service's part of an address, after the base path. */
const SERVICE_PATH = /\/(?:v1(?:\/|$)|health$)[^?#]*/

export function handlers(market: HandledMarket): readonly (HttpHandler | WebSocketHandler)[] {
  return [
    http.all(/\/(?:v1\/|health(?:\?|$))/, ({ request }) => {
      const { pathname } = new URL(request.url)
      const found = SERVICE_PATH.exec(pathname)
      // Undefined: not of the service, and passed on.
      return found === null ? undefined : market.answer(request, found[0])
    }),
    ws.link(/\/v1\/socket(?:\?|$)/).addEventListener('connection', connection => accept(market, connection)),
  ]
}

function accept(market: HandledMarket, { client, info }: WebSocketHandlerConnection): void {
  // Intercepted in this thread: a connection, not the handle of one elsewhere.
  const { socket } = client as typeof client & { readonly socket: WebSocket }
  const lose = () => {
    socket.dispatchEvent(new Event('error'))
    client.close(LOST, '')
  }
  // MSW names the first subprotocol that was offered.
  Object.defineProperty(socket, 'protocol', { get: () => SUBPROTOCOL, set: () => {} })
  const listener = market.accept({
    protocols: [info.protocols ?? []].flat(),
    send: message => client.send(typeof message === 'string' ? message : asReceived(message, socket)),
    close(code, reason) {
      if (code === LOST) lose()
      // MSW delivers a message in a microtask, and none after a close: what was sent before it arrives first.
      else queueMicrotask(() => client.close(code, reason))
    },
    refuse: lose,
  })
  client.addEventListener('message', ({ data }) => listener.receive(data))
  client.addEventListener('close', () => listener.closed())
}

/** As a browser gives the bytes to the page; MSW gives what it is sent. */
function asReceived(message: Uint8Array<ArrayBuffer>, { binaryType }: WebSocket): ArrayBuffer | Blob {
  return binaryType === 'arraybuffer' ? message.buffer : new Blob([message])
}
