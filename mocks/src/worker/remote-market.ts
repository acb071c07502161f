// The page's end: a market that runs in a Web Worker, for MSW handlers and for what a page does with it. Carries
// requests and sockets, and knows nothing of their contents.

import type { MockMarket } from '../market.ts'
import type { HandledMarket } from '../msw/handlers.ts'
import { type OrderMatch, OrderScript } from '../script/order-script.ts'
import {
  CONTROLS,
  type ControlAnswer,
  type FromWorker,
  type PageControl,
  type RequestControl,
  type ResponsePart,
  type SocketControl,
  type SocketPart,
  type ToWorker,
} from './messages.ts'

/** The methods of the market, which here settle when the worker has done them, or fail with its reason. */
type RemoteControls = {
  readonly [Name in PageControl]: (...parameters: Parameters<MockMarket[Name]>) => Promise<void>
}

export interface RemoteMarket extends HandledMarket, RemoteControls {
  /** As of a market in this thread; the script is sent when the statement that writes it has ended. */
  next(match?: OrderMatch): OrderScript
}

/**
 * Settles when the market in the worker is open.
 * @throws {Error} with the worker's reason.
 */
export async function connectMarket(worker: Worker): Promise<RemoteMarket> {
  await new Promise<void>((resolve, reject) => {
    worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => {
      if (data.type === 'open') resolve()
      else reject(new Error(data.reason))
    })
    worker.addEventListener('error', ({ message }) => reject(new Error(message)))
  })
  const method = (control: PageControl) => [
    control,
    (...parameters: unknown[]) => run(worker, { type: 'control', control, parameters }),
  ]
  return {
    ...(Object.fromEntries(CONTROLS.map(method)) as RemoteControls),
    next(match = {}) {
      const script = new OrderScript(match)
      queueMicrotask(() => void run(worker, { type: 'script', script: { ...script } }))
      return script
    },
    answer: (request, path) => forward(worker, request, path),
    accept(socket) {
      const port = send(worker, { type: 'socket', protocols: socket.protocols })
      const control = (message: SocketControl) => port.postMessage(message)
      port.onmessage = ({ data }: MessageEvent<SocketPart>) => {
        if (data.type === 'message') {
          socket.send(data.message)
          return
        }
        port.close()
        if (data.type === 'close') socket.close(data.code, data.reason)
        else socket.refuse()
      }
      return {
        receive: data => control({ type: 'data', data }),
        closed() {
          control({ type: 'closed' })
          port.close()
        },
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

/** @throws {Error} with the worker's reason. */
async function run(worker: Worker, message: ToWorker): Promise<void> {
  const port = send(worker, message)
  const answer = await new Promise<ControlAnswer>(resolve => {
    port.onmessage = ({ data }: MessageEvent<ControlAnswer>) => resolve(data)
  })
  port.close()
  if (answer.type === 'failed') throw new Error(answer.reason)
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
  const hasBody = head.type === 'head' && head.status !== 204 && head.status !== 304 && method !== 'HEAD'
  if (!hasBody) port.close()
  if (head.type !== 'head') return Response.error()
  const { status, headers } = head
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
        port.close()
        if (data.type === 'end') controller.close()
        else controller.error(new TypeError('the connection was cut'))
      }
    },
    pull: () => control({ type: 'more' }),
    cancel() {
      isOpen = false
      control({ type: 'cancel' })
      port.close()
    },
  })
}
