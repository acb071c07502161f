// The worker's end: answers the requests and sockets that a page sends to the market in this thread, and does what the
// page asks of the market. Opens no market.

import type { MockMarket } from '../market.ts'
import {
  CONTROLS,
  type ControlAnswer,
  type RequestControl,
  type ResponsePart,
  type SocketControl,
  type SocketPart,
  type ToWorker,
} from './messages.ts'

type ControlMessage = Extract<ToWorker, { readonly type: 'control' | 'script' }>

export function serveMarket(market: MockMarket, message: ToWorker, port: MessagePort): void {
  if (message.type === 'request') void serveRequest(market, message, port)
  else if (message.type === 'socket') serveSocket(market, message.protocols, port)
  else void serveControl(market, message, port)
}

async function serveControl(market: MockMarket, message: ControlMessage, port: MessagePort): Promise<void> {
  const send = (answer: ControlAnswer) => port.postMessage(answer)
  try {
    await runControl(market, message)
    send({ type: 'done' })
  } catch (error) {
    send({ type: 'failed', reason: error instanceof Error ? error.message : String(error) })
  }
}

async function runControl(market: MockMarket, message: ControlMessage): Promise<void> {
  if (message.type === 'script') {
    const { match, ...fields } = message.script
    Object.assign(market.next(match), fields)
    return
  }
  const { control, parameters } = message
  // Messages are not checked by the compiler.
  if (!CONTROLS.includes(control)) throw new RangeError(`a market has no ${control}; it has ${CONTROLS.join(', ')}`)
  const run = market[control] as (...given: readonly unknown[]) => Promise<void> | void
  await run.apply(market, [...parameters])
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
    send: message => send({ type: 'message', message }),
    close: (code, reason) => send({ type: 'close', code, reason }),
    refuse: () => send({ type: 'refuse' }),
  })
  port.onmessage = ({ data }: MessageEvent<SocketControl>) => {
    if (data.type === 'data') listener.receive(data.data)
    else listener.closed()
  }
}
