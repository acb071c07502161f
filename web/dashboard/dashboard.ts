// Everything that the screens share, put together once: the store, the feed, the desk, the settings. Opens nothing by
// itself: start() does, with the ports that app/ hands in. No React.

import { createLine, type Lines } from '../connections/connection.ts'
import { choiceFor } from '../connections/panels.ts'
import { type BarsKeeper, createBarsKeeper } from '../market/bars.ts'
import { createDepthKeeper, type DepthKeeper } from '../market/depth.ts'
import { createMarketFeed, type MarketFeed, type MarketPorts } from '../market/feed.ts'
import { createSparkKeeper, type SparkKeeper } from '../market/sparklines.ts'
import { createMarketStore, type MarketStore } from '../market/store.ts'
import { createTapeKeeper, type TapeKeeper } from '../market/tape.ts'
import { createDesk, type Desk, type DeskPorts } from '../orders/desk.ts'
import { createTicket, type Ticket } from '../orders/ticket-form.ts'
import { type Clock, createFrames, type Frames } from '../reactive/frame-scheduler.ts'
import { type Cell, createValue } from '../reactive/observable.ts'
import { createVoice, type Voice } from './announcements.ts'
import { createChoice, type MarketChoice } from './selection.ts'
import { createSettings, type SettingsStore } from './settings.ts'
import type { Storage } from './storage.ts'

export interface DashboardPorts extends MarketPorts, DeskPorts {
  readonly clock: Clock
  readonly storage: Storage
  /** Trades an operator's token for a cookie of this browser. */
  becomeOperator(token: string): Promise<unknown>
}

export interface Dashboard {
  /** For what is drawn at the user's own wish: goes on while the market is frozen. */
  readonly frames: Frames
  readonly store: MarketStore
  readonly depth: DepthKeeper
  readonly tape: TapeKeeper
  readonly bars: BarsKeeper
  readonly sparks: SparkKeeper
  readonly lines: Lines
  readonly feed: MarketFeed
  readonly desk: Desk
  readonly ticket: Ticket
  readonly choice: MarketChoice
  readonly settings: SettingsStore
  readonly voice: Voice
  /** Something that is said once, until it is put away; empty when there is nothing. */
  readonly notice: Cell<string>
  dismissNotice(): void
  /** What the link that the server prints at its start carries. */
  takeOperatorToken(token: string): Promise<void>
  /** The position at which the screen stands still; null while it does not. */
  readonly frozen: Cell<string | null>
  setFrozen(frozen: boolean): void
  /** The page's own clock, milliseconds since 1970. */
  nowMs(): number
  start(): void
  stop(): void
}

export function createDashboard(ports: DashboardPorts): Dashboard {
  const frames = createFrames(ports.clock)
  // Prices can be frozen; connections and the account never are.
  const marketFrames = createFrames(ports.clock)
  const lines: Lines = {
    requests: createLine(frames, 'requests', choiceFor('history').transport),
    tape: createLine(frames, 'tape', choiceFor('ticker').transport),
    book: createLine(frames, 'book', choiceFor('depth').transport),
    orders: createLine(frames, 'orders', choiceFor('trading').transport),
  }
  const parts = {
    store: createMarketStore(marketFrames),
    depth: createDepthKeeper(marketFrames),
    tape: createTapeKeeper(marketFrames),
    bars: createBarsKeeper(marketFrames),
    sparks: createSparkKeeper(marketFrames),
    lines,
  }
  const feed = createMarketFeed(ports, parts)
  const desk = createDesk(ports, frames, lines.orders)
  const choice = createChoice()
  const ticket = createTicket()
  const frozen = createValue<string | null>(null)
  const notice = createValue('')
  const voice = createVoice(ports.setTimer)
  const setFrozen = (value: boolean) => {
    frozen.set(value ? (lines.tape.facts.position ?? '') : null)
    marketFrames.setFrozen(value)
  }
  /** The instruments of the market; none while it is another one than before. */
  const offer = () => {
    const list = parts.store.instruments.get()
    // A frozen screen would go on to show the market before.
    if (list.length === 0) setFrozen(false)
    choice.offer(list.map(one => one.symbol))
  }
  let shown = ''
  const show = () => {
    const { symbol, interval } = choice.cell.get()
    ticket.open(symbol)
    if (symbol === '') return
    if (shown !== '' && shown !== symbol) desk.dismiss()
    shown = symbol
    feed.show(symbol, interval)
  }
  let stopWatching: (() => void)[] = []

  return {
    ...parts,
    frames,
    feed,
    desk,
    ticket,
    choice,
    frozen,
    settings: createSettings(ports.storage),
    voice,
    notice,
    dismissNotice: () => notice.set(''),
    async takeOperatorToken(token) {
      try {
        await ports.becomeOperator(token)
        notice.set('You are the operator: this browser may set the pace, pause and halt the market.')
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error)
        notice.set(`This browser is not the operator: ${why}`)
      }
    },
    nowMs: ports.nowMs,
    setFrozen,
    start() {
      stopWatching = [
        choice.cell.subscribe(show),
        // Until somebody chooses, the first of the list is shown.
        parts.store.instruments.subscribe(offer),
      ]
      show()
      feed.start()
      desk.start()
    },
    stop() {
      for (const stop of stopWatching) stop()
      stopWatching = []
      feed.stop()
      desk.stop()
    },
  }
}
