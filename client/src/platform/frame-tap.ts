// Shows an application what the transports send and receive, as text. Observes alone: nothing in the client depends on
// it. Without an observer nothing is kept or measured. The transports, Rest, the order channel and the tabs call it.

/** `tab`: passed on by the tab that holds the connection, over a BroadcastChannel. */
export type TappedTransport = 'rest' | 'sse' | 'longPoll' | 'websocket' | 'tab'

/** One message of a transport. */
export interface TappedFrame {
  readonly transport: TappedTransport
  readonly direction: 'in' | 'out'
  /** The event's name or the message's type; over HTTP the method and the status; `open`, `close` of a socket. */
  readonly event: string
  /** The one that the frame itself carries; of a request and its answer the number of the request. */
  readonly id: string | undefined
  /**
   * As sent or received: of a request its line and body, of an answer the body. A forwarded frame, and an event of a
   * binary message, as JSON.
   */
  readonly text: string
  /** Of the text in UTF-8; of an event of a binary message the even share of its bytes. */
  readonly bytes: number
  /** By the wall clock, milliseconds since 1970. */
  readonly atMs: number
}

/** `onFrame` is read at each frame, so that an observer may come and go. */
export interface FrameTap {
  readonly onFrame: ((frame: TappedFrame) => void) | undefined
}

type FrameFields = Omit<TappedFrame, 'bytes' | 'atMs' | 'id'> & {
  readonly id?: string | undefined
  /** Computed from the text when absent. */
  readonly bytes?: number | undefined
}

const encoder = new TextEncoder()

/** @param read computes the frame; called only if somebody observes */
export function reportFrame(tap: FrameTap | undefined, wallMs: () => number, read: () => FrameFields): void {
  const onFrame = tap?.onFrame
  if (onFrame === undefined) return
  const { id, text, bytes = encoder.encode(text).length, ...fields } = read()
  onFrame({ ...fields, id, text, bytes, atMs: wallMs() })
}

/** The value of a field in the lines of an SSE block. */
function fieldOf(block: string, name: string): string | undefined {
  return new RegExp(`^${name}: ?(.*)$`, 'm').exec(block)?.[1]
}

/** The name and the id of an SSE block; a block without an event is named by what it has: `retry`, `comment`. */
export function describeBlock(block: string): { readonly event: string; readonly id: string | undefined } {
  const other = block.startsWith(':') ? 'comment' : /^\w+/.exec(block)?.[0]
  const named = fieldOf(block, 'event') ?? (fieldOf(block, 'data') === undefined ? other : undefined)
  return { event: named ?? 'message', id: fieldOf(block, 'id') }
}
