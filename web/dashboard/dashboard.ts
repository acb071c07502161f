// The state that all screens share, composed once: connections, market, account, selection, settings. Opens nothing by
// itself: start() does, through the ports that app/ hands in.

import type { Rest } from '@papertape/client'
import type { Execution, Order, RoomsAnswer } from '@papertape/protocol'
import { createPageConnection, type PageConnections } from '../connections/connection.ts'
import type { FrameSources } from '../connections/frame-source.ts'
import { type PanelName, transportChoice } from '../connections/panels.ts'
import { type BarStore, createBarStore } from '../market/bars.ts'
import { createDepthStore, type DepthStore } from '../market/depth.ts'
import { createMarketFeed, type MarketFeed, type MarketPorts } from '../market/feed.ts'
import { createSparklineStore, type SparklineStore } from '../market/sparklines.ts'
import { createMarketStore, type MarketStore } from '../market/store.ts'
import { createTapeStore, type TapeStore } from '../market/tape.ts'
import { createVolumeStore, type VolumeStore } from '../market/volume-at-price.ts'
import type { AccountControl } from '../orders/accounts/account-control.ts'
import type { AlertRequests } from '../orders/alerts/alerts.ts'
import { createLateAlerts, type LateAlerts } from '../orders/alerts/late-alerts.ts'
import { createDesk, type Desk, type DeskPorts } from '../orders/desk/desk.ts'
import type { OpenDeposits } from '../orders/ledger/deposits.ts'
import { JOINED_ROOMS } from '../orders/rooms/joined-rooms.ts'
import { createLateRooms, type LateRooms } from '../orders/rooms/late-rooms.ts'
import { createTicket, type Ticket } from '../orders/ticket-form.ts'
import { createFrameScheduler, type FrameClock, type FrameScheduler } from '../reactive/frame-scheduler.ts'
import { createObservable, type Observable } from '../reactive/observable.ts'
import { ALERT_NOTIFICATIONS, SEEN_ALERTS } from './alert-preferences.ts'
import { type Announcements, createAnnouncements } from './announcements.ts'
import { createPreferences, type Preferences } from './preferences.ts'
import { createSelection, type SelectionStore } from './selection.ts'
import { createSettings, type SettingsStore } from './settings.ts'
import type { SettingsStorage } from './storage.ts'
import { createWatchlist, type Watchlist } from './watchlist.ts'

export interface DashboardPorts extends MarketPorts, DeskPorts {
  readonly accounts: AccountControl
  /** The ledger and the deposits of the active account. */
  readonly cash: Pick<Rest, 'ledger' | 'deposit'>
  /** A page of the ended orders, newest first; `next` asks for the one after it. */
  orderHistory(page: { readonly before?: string }): Promise<{
    readonly orders: readonly Order[]
    readonly next: string | null
  }>
  /** All executions of an order, oldest first. */
  orderLife(orderId: string): Promise<readonly Execution[]>
  /** The rooms that have members or messages. */
  rooms(): Promise<RoomsAnswer['rooms']>
  readonly alerts: AlertRequests
  /** Calls back when the page is shown again after it was hidden. */
  onVisible(run: () => void): () => void
  readonly clock: FrameClock
  readonly storage: SettingsStorage
  readonly frameSources: FrameSources
  /** Exchanges an operator token for a cookie of this browser. */
  becomeOperator(token: string): Promise<unknown>
  /** Whether this browser has the operator's cookie. */
  isOperator(): Promise<boolean>
}

export interface Dashboard {
  /** For drawing that goes on while the screen is frozen, such as moving the chart's cursor. */
  readonly frames: FrameScheduler
  readonly store: MarketStore
  readonly depth: DepthStore
  readonly tape: TapeStore
  readonly volume: VolumeStore
  readonly bars: BarStore
  readonly sparklines: SparklineStore
  readonly connections: PageConnections
  readonly feed: MarketFeed
  readonly desk: Desk
  /** Switches, adds, resets and forgets accounts of this browser; `desk` shows the active one. */
  readonly accounts: AccountControl
  /** Requests of the ledger's tab, which keeps what they answer. */
  readonly cash: DashboardPorts['cash']
  /** Of the form that deposits, which is not there as long as the page. */
  readonly openDeposits: OpenDeposits
  newId(): string
  readonly ticket: Ticket
  readonly rooms: LateRooms
  readonly alerts: LateAlerts
  readonly selection: SelectionStore
  readonly watchlist: Watchlist
  readonly settings: SettingsStore
  readonly preferences: Preferences
  readonly announcements: Announcements
  /** What the connections send and receive. */
  readonly frameSources: FrameSources
  /** The panel whose frames the drawer shows; null while it is closed. */
  readonly shownFrames: Observable<PanelName | null>
  showFrames(panel: PanelName | null): void
  /** A message shown until it is dismissed; empty if there is none. */
  readonly notice: Observable<string>
  showNotice(text: string): void
  dismissNotice(): void
  /** Takes the operator token of the link that the server prints at its start. */
  takeOperatorToken(token: string): Promise<void>
  /** Whether this browser may steer the market; false until the server has said so. */
  readonly operator: Observable<boolean>
  /** The position at which the screen is frozen; null while it is not. */
  readonly frozen: Observable<string | null>
  setFrozen(frozen: boolean): void
  /** The page's own clock, milliseconds since 1970. */
  nowMs(): number
  start(): void
  stop(): void
}

const ANOTHER_MARKET = 'Another market answers at this address now: these are its prices, and your account in it.'

const notLoaded = (what: string) =>
  `The ${what} could not be loaded. Reload the page: the server may have another version by now.`

export function createDashboard(ports: DashboardPorts): Dashboard {
  const frames = createFrameScheduler(ports.clock)
  // Prices can be frozen; connections and the account cannot.
  const marketFrames = frames.freezable
  const connections: PageConnections = {
    requests: createPageConnection(frames, 'requests', transportChoice('history').transport),
    tape: createPageConnection(frames, 'tape', transportChoice('ticker').transport),
    book: createPageConnection(frames, 'book', transportChoice('depth').transport),
    orders: createPageConnection(frames, 'orders', transportChoice('trading').transport),
  }
  const parts = {
    store: createMarketStore(marketFrames),
    depth: createDepthStore(marketFrames),
    tape: createTapeStore(marketFrames),
    volume: createVolumeStore(marketFrames),
    bars: createBarStore(marketFrames),
    sparklines: createSparklineStore(marketFrames),
    connections,
  }
  const feed = createMarketFeed(ports, parts)
  const desk = createDesk(ports, frames, connections.orders)
  const selection = createSelection()
  const preferences = createPreferences(ports.storage)
  const ticket = createTicket()
  const frozen = createObservable<string | null>(null)
  const operator = createObservable(false)
  const notice = createObservable('')
  const shownFrames = createObservable<PanelName | null>(null)
  const announcements = createAnnouncements(ports.setTimer)
  const rooms = createLateRooms(
    {
      ...ports,
      entry: desk.roomEntry,
      joined: preferences.of(JOINED_ROOMS),
      announce: announcements.announce,
      onMissing: () => notice.set(notLoaded('rooms')),
    },
    frames,
  )
  const alerts = createLateAlerts({
    desk,
    requests: ports.alerts,
    seen: preferences.of(SEEN_ALERTS),
    notifies: preferences.of(ALERT_NOTIFICATIONS),
    newId: ports.newId,
    decimalsOf: symbol => parts.store.instrument(symbol)?.priceDecimals ?? 2,
    onVisible: ports.onVisible,
    onMissing: () => notice.set(notLoaded('alerts')),
  })
  const setFrozen = (value: boolean) => {
    frozen.set(value ? (connections.tape.current.position ?? '') : null)
    marketFrames.setFrozen(value)
  }
  const updateAvailable = () => {
    const list = parts.store.instruments.get()
    // No instruments: another market. A frozen screen would go on showing the old one.
    if (list.length === 0) {
      setFrozen(false)
      notice.set(ANOTHER_MARKET)
    }
    selection.setAvailable(list.map(one => one.symbol))
  }
  let shown = ''
  const show = () => {
    const { symbol, interval } = selection.state.get()
    ticket.open(symbol)
    if (symbol === '') return
    if (shown !== '' && shown !== symbol) desk.dismiss()
    shown = symbol
    feed.show(symbol, interval)
  }
  let unsubscribe: (() => void)[] = []

  return {
    ...parts,
    frames,
    feed,
    desk,
    accounts: ports.accounts,
    cash: ports.cash,
    openDeposits: new Map(),
    newId: ports.newId,
    ticket,
    rooms,
    alerts,
    selection,
    watchlist: createWatchlist(parts.store, preferences, marketFrames),
    frozen,
    operator,
    settings: createSettings(ports.storage),
    preferences,
    announcements,
    frameSources: ports.frameSources,
    shownFrames,
    showFrames: shownFrames.set,
    notice,
    showNotice: text => notice.set(text),
    dismissNotice: () => notice.set(''),
    async takeOperatorToken(token) {
      try {
        await ports.becomeOperator(token)
        operator.set(true)
        notice.set('You are the operator. This browser can set the pace, and pause or halt the market.')
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error)
        notice.set(`You are not the operator: ${why}`)
      }
    },
    nowMs: ports.nowMs,
    setFrozen,
    start() {
      unsubscribe = [
        selection.state.subscribe(show),
        parts.store.instruments.subscribe(updateAvailable),
        rooms.start(),
        alerts.start(),
      ]
      show()
      feed.start()
      desk.start()
      // An answer that is late must not take back what the token has given. Without an answer the bar is not shown: the
      // connections report what is wrong.
      ports.isOperator().then(
        is => is && operator.set(true),
        () => {},
      )
    },
    stop() {
      for (const stop of unsubscribe) stop()
      unsubscribe = []
      feed.stop()
      desk.stop()
    },
  }
}
