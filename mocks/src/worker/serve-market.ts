// The worker's end: answers the requests and sockets that a page sends to the market in this thread. Opens no market.

import type { MockMarket } from '../market.ts'
import type { RequestControl, ResponsePart, SocketControl, SocketPart, ToWorker } from './messages.ts'

export function serveMarket(market: MockMarket, message: ToWorker, port: MessagePort): void {
  if (message.type === 'request') void serveRequest(market, message, port)
  else serveSocket(market, message.protocols, port)
}

async function serveRequest(
  market: MockMarket,
  { method, url, path, headers, body }: ToWorker & { readonly type: 'request' },
  port: MessagePort,
): Promise<void> {
  const abort = new AbortController()
  const send = (part: ResponsePart) => port.postMessage(part)
  port.onmessage = ({ data }: MessageEvent<RequestControl>) => {
    if (data.type === 'cancel') abort.abort()
  }
  const request = new Request(url, { method, headers: headers.map(entry => [...entry]), body, signal: abort.signal })
  const response = await market.answer(request, path)
  if (response.type === 'error') {
    send({ type: 'error' })
    return
  }
  send({ type: 'head', status: response.status, headers: [...response.headers] })
  await sendBody(response, abort, port, send)
}

/** A chunk each time that the page asks for one, so that a page that reads slowly is a slow reader of the feed. */
async function sendBody(
  { body }: Response,
  abort: AbortController,
  port: MessagePort,
  send: (part: ResponsePart) => void,
): Promise<void> {
  const reader = body?.getReader()
  let isReading = false
  async function sendNext(): Promise<void> {
    if (isReading) return
    isReading = true
    try {
      const { done, value } = (await reader?.read()) ?? { done: true, value: undefined }
      send(done ? { type: 'end' } : { type: 'chunk', bytes: value! })
    } catch {
      // The stream was cut: the page's reader sees it as a lost connection.
      send({ type: 'error' })
    }
    isReading = false
  }
  port.onmessage = ({ data }: MessageEvent<RequestControl>) => {
    if (data.type === 'more') void sendNext()
    else abort.abort()
  }
}

function serveSocket(market: MockMarket, protocols: readonly string[], port: MessagePort): void {
  const send = (part: SocketPart) => port.postMessage(part)
  const listener = market.accept({
    protocols,
    send: text => send({ type: 'message', text }),
    close: (code, reason) => send({ type: 'close', code, reason }),
    refuse: () => send({ type: 'refuse' }),
  })
  port.onmessage = ({ data }: MessageEvent<SocketControl>) => {
    if (data.type === 'data') listener.receive(data.data)
    else listener.closed()
  }
}
