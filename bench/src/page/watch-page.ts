// What runs in the page before its own scripts: when the page is usable, how many frames it has, and when the price of
// a trade that arrived on the stream is painted. The browser gets the text of these functions, so that they can use
// nothing else of this file.

/** In milliseconds since the navigation. */
export interface UsableTimes {
  readonly priceMs: number | undefined
  readonly ticketMs: number | undefined
}

export interface PaintedPrice {
  /** `selected` is the last price of the selected instrument, `row` one in the watchlist. */
  readonly place: 'selected' | 'row'
  /** Frames from the arrival of the event to the one that shows its price; 1 is the next one. */
  readonly frames: number
  /** From the arrival of the event to the end of that frame. */
  readonly ms: number
}

export interface PageWatch {
  usable: { priceMs: number | undefined; ticketMs: number | undefined }
  frames: number
  /** Reads events only while this is set, since reading them is work for the page. */
  isReading: boolean
  events: number
  readonly painted: PaintedPrice[]
}

declare global {
  var pageWatch: PageWatch
}

/** Counts frames, and notes when a price is live and when the ticket can send. */
export function watchFrames(): void {
  const watch: PageWatch = {
    usable: { priceMs: undefined, ticketMs: undefined },
    frames: 0,
    isReading: false,
    events: 0,
    painted: [],
  }
  globalThis.pageWatch = watch
  const find = (id: string) => document.querySelector(`[data-testid="${id}"]`)
  const isPriceLive = () =>
    /\d/.test(find('selected-last')?.textContent ?? '') && find('feed-state')?.getAttribute('data-state') === 'live'
  const canSend = () => find('ticket-submit')?.getAttribute('aria-disabled') === 'false'
  const frame = () => {
    watch.frames++
    if (watch.usable.ticketMs === undefined) {
      if (isPriceLive()) watch.usable.priceMs ??= performance.now()
      if (watch.usable.priceMs !== undefined && canSend()) watch.usable.ticketMs = performance.now()
    }
    requestAnimationFrame(frame)
  }
  requestAnimationFrame(frame)
}

/** Follows each trade that changes a price from its arrival on the stream to the frame that shows the price. */
export function watchPrices(): void {
  interface Change {
    readonly price: number
    readonly atMs: number
    frames: number
  }
  const changes = new Map<string, Change[]>()
  const lastPrices = new Map<string, number>()

  function receive(block: string, atMs: number): void {
    if (!/^event: /m.test(block)) return
    globalThis.pageWatch.events++
    if (!/^event: trade$/m.test(block)) return
    const { symbol, price } = JSON.parse(/^data: (.*)$/m.exec(block)![1]!) as { symbol: string; price: number }
    const before = lastPrices.get(symbol)
    lastPrices.set(symbol, price)
    if (before === undefined || before === price) return
    for (const id of ['selected-last', `ticker-last-${symbol}`]) {
      if (id === 'selected-last' && textOf('selected-symbol') !== symbol) continue
      if (textOf(id) === undefined) continue
      if (!changes.has(id)) changes.set(id, [])
      changes.get(id)!.push({ price, atMs, frames: 0 })
    }
  }

  function textOf(id: string): string | undefined {
    return document.querySelector(`[data-testid="${id}"]`)?.textContent?.trim()
  }

  /** What the frame shows: a price, and with it all changes before it. */
  function endFrame(): void {
    const nowMs = performance.now()
    for (const [id, waiting] of changes) {
      const shown = Number(textOf(id)?.replaceAll(',', ''))
      const at = waiting.findLastIndex(({ price }) => price === shown)
      for (const { frames, atMs } of waiting.splice(0, at + 1)) {
        const place = id === 'selected-last' ? 'selected' : 'row'
        globalThis.pageWatch.painted.push({ place, frames, ms: nowMs - atMs })
      }
    }
  }

  const painted = new MessageChannel()
  painted.port1.onmessage = endFrame
  const frame = () => {
    for (const waiting of changes.values()) for (const change of waiting) change.frames++
    // Delivered after the frame has been painted.
    if (globalThis.pageWatch.isReading) painted.port2.postMessage(undefined)
    requestAnimationFrame(frame)
  }
  requestAnimationFrame(frame)

  function readBlocks(): (bytes: Uint8Array | undefined) => void {
    const decoder = new TextDecoder()
    let rest = ''
    return bytes => {
      if (bytes === undefined || !globalThis.pageWatch.isReading) {
        rest = ''
        return
      }
      const atMs = performance.now()
      const blocks = (rest + decoder.decode(bytes, { stream: true })).split('\n\n')
      rest = blocks.pop()!
      for (const block of blocks) receive(block, atMs)
    }
  }

  const fetchOfPage = globalThis.fetch
  globalThis.fetch = async (...request) => {
    const response = await fetchOfPage(...request)
    if (response.body === null || !response.headers.get('content-type')?.startsWith('text/event-stream'))
      return response
    const reader = response.body.getReader()
    const take = readBlocks()
    const read = async () => {
      const chunk = await reader.read()
      take(chunk.value)
      return chunk
    }
    const watched = { read, cancel: (reason: unknown) => reader.cancel(reason) }
    Object.defineProperty(response.body, 'getReader', { value: () => watched })
    return response
  }
}
