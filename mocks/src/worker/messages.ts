// The messages between a page and the Web Worker that runs its market. Each request, socket and control has a message
// port of its own.

import type { MockMarket } from '../market.ts'
import type { OrderScriptFields } from '../script/order-script.ts'

/** What a page does with its market, by the names of its methods. */
export const CONTROLS = [
  'trade',
  'halt',
  'resume',
  'news',
  'cut',
  'closeSockets',
  'goOffline',
  'goOnline',
] as const satisfies readonly (keyof MockMarket)[]
export type PageControl = (typeof CONTROLS)[number]

/** From the page, with one end of the port. */
export type ToWorker =
  | {
      readonly type: 'request'
      readonly method: string
      readonly url: string
      /** Without the base path under which the page has the service. */
      readonly path: string
      readonly headers: readonly (readonly [name: string, value: string])[]
      readonly body: ArrayBuffer | null
    }
  | { readonly type: 'socket'; readonly protocols: readonly string[] }
  | { readonly type: 'control'; readonly control: PageControl; readonly parameters: readonly unknown[] }
  | { readonly type: 'script'; readonly script: OrderScriptFields }

/** From the worker to the page, once: the market is open, or why it is not. */
export type FromWorker =
  | { readonly type: 'open'; readonly epoch: string; readonly openedMs: number }
  | { readonly type: 'failed'; readonly reason: string }

/** On the port of a request, to the page: the head, then chunks, each when it is asked for. */
export type ResponsePart =
  | { readonly type: 'head'; readonly status: number; readonly headers: readonly (readonly [string, string])[] }
  /** A network error, before or within the body. */
  | { readonly type: 'error' }
  | { readonly type: 'chunk'; readonly bytes: Uint8Array }
  | { readonly type: 'end' }

/** On the port of a request, to the worker. */
export type RequestControl = { readonly type: 'more' } | { readonly type: 'cancel' }

/** On the port of a socket, to the page. */
export type SocketPart =
  | { readonly type: 'message'; readonly message: string | Uint8Array<ArrayBuffer> }
  | { readonly type: 'close'; readonly code: number; readonly reason: string }
  | { readonly type: 'refuse' }

/** On the port of a socket, to the worker. */
export type SocketControl = { readonly type: 'data'; readonly data: unknown } | { readonly type: 'closed' }

/** On the port of a control or a script, to the page. */
export type ControlAnswer = { readonly type: 'done' } | { readonly type: 'failed'; readonly reason: string }
