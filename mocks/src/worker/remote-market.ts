// The page's end: a market that runs in a Web Worker, for MSW handlers. Carries requests and sockets, and knows nothing
// of their contents.

import type { HandledMarket } from '../msw/handlers.ts'
import type { FromWorker, RequestControl, ResponsePart, SocketControl, SocketPart, ToWorker } from './messages.ts'

/**
 * Settles when the market in the worker is open.
 * @throws {Error} with the worker's reason.
 */
export async function connectMarket(worker: Worker): Promise<HandledMarket> {
  await new Promise<void>((resolve, reject) => {
    worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => {
      if (data.type === 'open') resolve()
      else reject(new Error(data.reason))
    })
    worker.addEventListener('error', ({ message }) => reject(new Error(message)))
  })
  return {
    answer: (request, path) => forward(worker, request, path),
    accept(socket) {
      const port = send(worker, { type: 'socket', protocols: socket.protocols })
      const control = (message: SocketControl) => port.postMessage(message)
      port.onmessage = ({ data }: MessageEvent<SocketPart>) => {
        if (data.type === 'message') socket.send(data.text)
        else if (data.type === 'close') socket.close(data.code, data.reason)
        else socket.refuse()
      }
      return {
        receive: data => control({ type: 'data', data }),
        closed: () => control({ type: 'closed' }),
      }
    },
  }
}

/** @returns this page's end of a port for the answer. */
function send(worker: Worker, message: ToWorker, transfer: Transferable[] = []): MessagePort {
  const { port1, port2 } = new MessageChannel()
  worker.postMessage(message, [port2, ...transfer])
  return port1
}

async function forward(worker: Worker, request: Request, path: string): Promise<Response> {
  const { method, url } = request
  const body = request.body === null ? null : await request.arrayBuffer()
  const message = { type: 'request', method, url, path, headers: [...request.headers], body } as const
  const port = send(worker, message, body === null ? [] : [body])
  const control = (sent: RequestControl) => port.postMessage(sent)
  request.signal.addEventListener('abort', () => control({ type: 'cancel' }))
  const head = await new Promise<ResponsePart>(resolve => {
    port.onmessage = ({ data }: MessageEvent<ResponsePart>) => resolve(data)
  })
  if (head.type !== 'head') return Response.error()
  const { status, headers } = head
  const hasBody = status !== 204 && status !== 304 && method !== 'HEAD'
  return new Response(hasBody ? bodyOf(port, control) : null, { status, headers: headers.map(entry => [...entry]) })
}

function bodyOf(port: MessagePort, control: (message: RequestControl) => void): ReadableStream<Uint8Array> {
  let isOpen = true
  return new ReadableStream({
    start(controller) {
      port.onmessage = ({ data }: MessageEvent<ResponsePart>) => {
        if (!isOpen) return
        if (data.type === 'chunk') {
          controller.enqueue(data.bytes)
          return
        }
        isOpen = false
        if (data.type === 'end') controller.close()
        else controller.error(new TypeError('the connection was cut'))
      }
    },
    pull: () => control({ type: 'more' }),
    cancel() {
      isOpen = false
      control({ type: 'cancel' })
    },
  })
}
