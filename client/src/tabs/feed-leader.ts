// What the leading tab does for a shared feed: holds the one stream, with the books of all tabs, and forwards its
// frames to them and to the leader's own receiver. feed-receiver.ts is what each tab does with the frames. Called by
// shared-feed.ts.

import type { ControlEvent, FeedEvent, Hello } from '@papertape/protocol'
import type { FeedOptions, FeedSession, FeedState } from '../feed/feed-interface.ts'
import { openFeed } from '../feed/feed-session.ts'
import { frameKind } from '../feed/frame-kind.ts'
import type { ForwardedFrame } from './feed-receiver.ts'

/** What the leader needs to know of each tab. */
export interface FeedInterest {
  readonly books: readonly string[]
}

interface FeedLeaderPorts {
  /** Of the stream; books, position and callbacks are set here. */
  readonly options: Omit<FeedOptions, 'books' | 'last' | 'onEvent' | 'onState' | 'onEpoch'>
  /** Of all tabs. */
  interests(): readonly FeedInterest[]
  receive(frame: ForwardedFrame): void
  send(frames: readonly ForwardedFrame[]): void
  onHello(hello: Hello): void
  /**
   * A state of the stream. `isReplaced`: the stream is about to be replaced, and the state is of no interest to others.
   */
  onState(state: FeedState, isReplaced: boolean): void
}

/** Counters of the streams before the current one. */
interface FeedTotals {
  readonly bytesReceived: number
  readonly connections: number
}

export class FeedLeader {
  readonly #ports: FeedLeaderPorts
  #stream: FeedSession | undefined
  /** The books that the stream brings. */
  #books: readonly string[] = []
  /** The symbols of the market; undefined before a hello has named them. */
  #known: ReadonlySet<string> | undefined
  #before: FeedTotals = { bytesReceived: 0, connections: 0 }
  #forwardedTo: string | undefined
  #outbox: ForwardedFrame[] = []

  constructor(ports: FeedLeaderPorts) {
    this.#ports = ports
  }

  /** Of the stream, with the counters of the streams before it; undefined unless leading. */
  get state(): FeedState | undefined {
    return this.#stream === undefined ? undefined : this.#withTotals(this.#stream.state)
  }

  /** @param last where the stream starts */
  start(last: string | undefined, before: FeedTotals): void {
    this.#before = before
    this.#forwardedTo = last
    this.#open(last)
  }

  stop(): void {
    const stream = this.#stream
    this.#stream = undefined
    this.#outbox = []
    stream?.close()
  }

  reconnect(): void {
    this.#stream?.reconnect()
  }

  /** The interests of the tabs have changed. */
  updateBooks(): void {
    this.#stream?.setBooks(this.#neededBooks())
  }

  /** The stream brings these books. */
  hasBooks(symbols: readonly string[]): boolean {
    return symbols.every(symbol => this.#books.includes(symbol))
  }

  /** Sends the frames that were collected in this turn. */
  flush(): void {
    if (this.#outbox.length === 0) return
    const frames = this.#outbox
    this.#outbox = []
    this.#ports.send(frames)
  }

  #open(last: string | undefined): void {
    const stream = openFeed({
      ...this.#ports.options,
      books: this.#neededBooks(),
      ...(last === undefined ? {} : { last }),
      onEvent: (event, id) => {
        if (stream === this.#stream) this.#forward(event, id)
      },
      onState: state => {
        if (stream === this.#stream) this.#follow(state)
      },
    })
    this.#stream = stream
  }

  /**
   * The books of all tabs that the market knows; one tab's outdated symbol would close the stream for all. A book that
   * no tab needs any more stays until another one is needed.
   */
  #neededBooks(): readonly string[] {
    const needed = this.#ports.interests().flatMap(({ books }) => books)
    const known = [...new Set(needed)].filter(symbol => this.#known?.has(symbol) ?? true)
    if (this.#stream === undefined || !this.hasBooks(known)) this.#books = known.sort()
    return this.#books
  }

  #forward(event: FeedEvent | ControlEvent, id: string | undefined): void {
    const kind = frameKind(event.event)
    if (event.event === 'hello') this.#learnSymbols(event.data)
    const reached = kind === 'mark' ? this.#stream?.position : id
    const frame = { after: this.#forwardedTo, event, id: reached }
    if (kind === 'reset') this.#forwardedTo = undefined
    else if (reached !== undefined) this.#forwardedTo = reached
    this.#ports.receive(frame)
    if (this.#outbox.push(frame) === 1) queueMicrotask(() => this.flush())
  }

  #learnSymbols(hello: Hello): void {
    this.#ports.onHello(hello)
    if ((this.#ports.options.symbols ?? []).length > 0) return
    // Without chosen symbols the hello names all of the market.
    this.#known = new Set(hello.symbols)
    queueMicrotask(() => this.updateBooks())
  }

  #follow(state: FeedState): void {
    const { phase, reason, lastEventId } = state
    const total = this.#withTotals(state)
    if (phase === 'closed' && reason?.code === 'unknown-symbol' && this.#books.length > 0) {
      // The next hello names the symbols; until then no books.
      this.#known = new Set()
      this.#ports.onState(total, true)
      this.#before = total
      this.#stream = undefined
      this.#open(lastEventId)
    } else this.#ports.onState(total, false)
  }

  /** A reconnect that keeps the data live is not shown. */
  #withTotals(state: FeedState): FeedState {
    return {
      ...state,
      phase: state.phase === 'connecting' && state.freshness === 'live' ? 'live' : state.phase,
      bytesReceived: this.#before.bytesReceived + state.bytesReceived,
      connections: this.#before.connections + state.connections,
    }
  }
}
