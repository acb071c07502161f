// What each panel of the Trade screen shows in each state of the market, as a table; where it has nothing to show, why.
// panel-states.test.ts brings the demo into each state and compares.

export const PANELS = {
  ticker: { region: 'Markets' },
  headline: { region: 'Selected instrument' },
  candles: { region: 'Candles' },
  depth: { region: 'Ladder', button: 'Ladder' },
  tape: { region: 'Time and sales', button: 'Tape' },
  news: { region: 'News', button: 'News' },
  rooms: { region: 'Rooms', button: 'Rooms' },
  ticket: { region: 'Order ticket' },
  openOrders: { region: 'Account', tab: 'open-orders' },
  history: { region: 'Account', tab: 'history' },
  fills: { region: 'Account', tab: 'fills' },
  positions: { region: 'Account', tab: 'positions' },
  statusBar: { region: 'Connections' },
  banner: { testId: 'banner' },
} as const
export type PanelKey = keyof typeof PANELS

export interface ExpectedPanel {
  readonly shows: RegExp
  readonly hides?: RegExp
  /** Whether the panel is marked as not live; undefined for what has no such mark. */
  readonly isStale?: boolean
}

/** A text is the reason why a panel does not have the state. */
export type ExpectedPanels = Readonly<Record<PanelKey, ExpectedPanel | string>>

const live = (shows: RegExp, hides?: RegExp): ExpectedPanel => ({ shows, isStale: false, ...(hides && { hides }) })
const stale = (shows: RegExp, hides?: RegExp): ExpectedPanel => ({ shows, isStale: true, ...(hides && { hides }) })

const NOTHING_SHOWN: ExpectedPanel = { shows: /^$/ }
const CONNECTED: ExpectedPanel = { shows: /Feed live .*Orders ready/ }
/** The text of the first row of a list of figures, after its head. */
const CLOCK = /\d\d:\d\d:\d\d/

const LIVE_MARKET = {
  ticker: live(/VELTR .*\d+\.\d\d .*TORVA .*\d+\.\d\d/, /not live|Halted/),
  headline: live(/^VELTR .* Bid \d.* Ask \d.* Volume \d/, /Halted/),
  candles: live(/Candles of VELTR, one minute each, \d+ bars/, /Loading|not live/),
  depth: live(/✓ verified .* Spread 0\.\d\d .* bid from .* offered from/, /may be old|not live/),
  tape: live(CLOCK, /Loading|not live/),
  news: live(/\d\d:\d\d:\d\d Alert VELTR Veltrane is for sale/, /No news|not live/),
  rooms: live(/VELTR .*1 here .*You: guest-\w+ .*\d\d:\d\d:\d\d hello/, /Sending|Connection lost|not live/),
} as const

/** What the ladder says while nothing trades. */
const HALTED_BOOK = live(
  /✓ verified .* Halted: nothing trades, and no new orders are taken\. .* bid from/,
  /Spread|may be old/,
)

/** After a buy that is filled and one that waits in the book. */
const ACCOUNT = {
  openOrders: live(/Open orders 1 .*▲ Buy VELTR limit · GTC .*10 0( filled)? 100\.00( \d+)? Edit ?Cancel/),
  history: live(/▲ Buy VELTR market · IOC 10 10( filled)? market .*Filled/),
  fills: live(/Fills 1 .*▲ Buy VELTR 10 \d+\.\d\d/),
  positions: live(/Positions 1 .*VELTR 10 (at )?\d+\.\d+ .*Close/),
} as const

export const PANEL_STATES = {
  /** A second tab of the demo, which waits for the first: nothing has come yet. */
  loading: {
    ticker: live(/Loading instruments…/, /\d\.\d\d/),
    headline: live(/^– Loading….* Bid – Ask – .*Volume –/, /× 0|Closed/),
    candles: live(/Loading bars…/),
    depth: live(/Loading the order book…/, /verified|empty/),
    tape: live(/Loading trades…/, /No trades/),
    news: live(/Loading news…/, /No news/),
    rooms: live(/All rooms .*Join .*Loading who is where…/, /VELTR/),
    ticket: live(/Loading instruments…/, /Buy/),
    openOrders: live(/Opening a paper account…/, /\d|No open orders/),
    history: live(/Opening a paper account…/, /No order has ended/),
    fills: live(/Opening a paper account…/, /\d|No fills/),
    positions: live(/Opening a paper account…/, /\d|No positions/),
    statusBar: { shows: /Feed connecting .* Sequence – .*Orders connecting/, hides: /live|ready/ },
    banner: NOTHING_SHOWN,
  },
  /** A new account, a filter that nothing matches, a size that is not typed yet. */
  empty: {
    ticker: live(/No instruments match “zzz”/, /VELTR/),
    headline: 'an instrument is always selected',
    candles: 'the market of the demo has traded before it opens; charts.test.ts has a chart without bars',
    depth: 'the makers of the market quote again within a second',
    tape: 'the market of the demo has traded before it opens',
    news: live(/No news yet\./, /Loading/),
    rooms: live(/VELTR .*1 here .*Nothing was said here yet\. .*0\/500 Send/, /Joining/),
    ticket: live(/Buy VELTR More .*Enter a size, for example 100\./, /Buy \d/),
    openOrders: live(/Open orders 0 .*No open orders\./),
    history: live(/No order has ended yet\./),
    fills: live(/Fills 0 .*No fills yet\./),
    positions: live(/Positions 0 .*No positions yet\./),
    statusBar: CONNECTED,
    banner: NOTHING_SHOWN,
  },
  live: {
    ...LIVE_MARKET,
    ticket: live(/Position 10 .*Buy 10 @ 100\.00/, /cannot|lost/),
    ...ACCOUNT,
    statusBar: CONNECTED,
    banner: NOTHING_SHOWN,
  },
  /** The exchange refuses an order. */
  refused: {
    ...LIVE_MARKET,
    rooms: live(/Not sent\. Too many at once: wait a second\. .*Try again ?Discard/, /not live/),
    ticket: live(
      /Rejected after [\d.]+ m?s Not enough buying power\. .*insufficient-cash Buy 10 VELTR at 100\.00, GTC/,
    ),
    ...ACCOUNT,
    history: live(/10 0( filled)? 100\.00 .*Rejected Not enough buying power/),
    statusBar: CONNECTED,
    banner: NOTHING_SHOWN,
  },
  /** The exchange refuses to change an order, which stays as it was; a wide screen says so in the ticket. */
  changeRefused: {
    ...LIVE_MARKET,
    ticket: live(/Rejected after [\d.]+ m?s .*insufficient-cash Change buy VELTR: size 50,000/),
    ...ACCOUNT,
    statusBar: CONNECTED,
    banner: NOTHING_SHOWN,
  },
  /** The order is in the market, the connection was lost before its answer, and no other opens. */
  unknown: {
    ...LIVE_MARKET,
    rooms: stale(/not live .*Connection lost: attempt \d.* (in \d+ s|now)\. .*hello/),
    ticket: stale(/No answer: checking with the exchange… .*Buy 20 VELTR at 101\.00, GTC .*Connection lost\./),
    openOrders: stale(/Open orders 1 /),
    history: stale(/▲ Buy VELTR/),
    fills: stale(/Fills 1 /),
    positions: stale(/Positions 1 /),
    statusBar: { shows: /Feed live .*Orders reconnecting/ },
    banner: { shows: /Orders cannot be sent: no data for \d+ s/, hides: /Prices/ },
  },
  /** The connection is back, and the page has asked what became of the order. */
  known: {
    ...LIVE_MARKET,
    ticket: live(/Accepted, working after [\d.]+ m?s Buy 20 VELTR at 101\.00, GTC/, /lost/),
    ...ACCOUNT,
    openOrders: live(/Open orders 2 .*20 0( filled)? 101\.00 .*Cancel .*10 0( filled)? 100\.00 .*Cancel/),
    statusBar: CONNECTED,
    banner: NOTHING_SHOWN,
  },
  /** Of one instrument. */
  halted: {
    ticker: live(/VELTR Halted .*NIMBR Nimbra Cloud/, /not live/),
    headline: live(/Halted: news pending\. When it ends is not known\./, /Bid/),
    candles: LIVE_MARKET.candles,
    depth: HALTED_BOOK,
    tape: LIVE_MARKET.tape,
    news: LIVE_MARKET.news,
    rooms: LIVE_MARKET.rooms,
    ticket: live(/VELTR is halted\. You can send orders when it reopens\./),
    ...ACCOUNT,
    openOrders: live(/Open orders 2 /),
    statusBar: CONNECTED,
    banner: NOTHING_SHOWN,
  },
  /** Of the whole market. */
  marketHalted: {
    ticker: live(/VELTR Halted .*NIMBR Halted .*TORVA Halted/, /Nimbra Cloud/),
    headline: live(/Halted: .*\. When it ends is not known\./, /Bid/),
    candles: LIVE_MARKET.candles,
    depth: HALTED_BOOK,
    tape: LIVE_MARKET.tape,
    news: LIVE_MARKET.news,
    rooms: LIVE_MARKET.rooms,
    ticket: live(/VELTR is halted\. You can send orders when it reopens\./),
    ...ACCOUNT,
    openOrders: live(/Open orders 2 /),
    statusBar: CONNECTED,
    banner: NOTHING_SHOWN,
  },
  /** Halts are over. */
  resumed: {
    ...LIVE_MARKET,
    ticket: live(/Buy 20 @ 101\.00/, /halted|lost/),
    ...ACCOUNT,
    openOrders: live(/Open orders 2 /),
    statusBar: CONNECTED,
    banner: NOTHING_SHOWN,
  },
  /** The screen stands still; the market and the account do not. */
  frozen: {
    ...LIVE_MARKET,
    ticker: live(/frozen at \d\d:\d\d:\d\d .*VELTR/),
    headline: stale(/^VELTR frozen \d\d:\d\d:\d\d .* Bid \d/),
    candles: live(/frozen at \d\d:\d\d:\d\d .*Candles of VELTR/),
    depth: live(/frozen at \d\d:\d\d:\d\d .*may be old/, /verified/),
    tape: live(/frozen at \d\d:\d\d:\d\d/),
    ticket: live(/frozen/, /frozen at/),
    ...ACCOUNT,
    openOrders: live(/Open orders 2 /, /frozen/),
    statusBar: { shows: /Feed frozen at \d\d:\d\d:\d\d .*Orders ready/, hides: /Age/ },
    banner: { shows: /The screen is frozen while the market goes on/ },
  },
  /** The network is gone. */
  stale: {
    ticker: stale(/not live .*VELTR .*\d+\.\d\d/),
    headline: stale(/^VELTR /),
    candles: stale(/not live .*Candles of VELTR/),
    depth: stale(/not live .*may be old/, /verified/),
    tape: stale(/not live/),
    news: stale(/not live .*Veltrane is for sale/),
    rooms: stale(/not live .*Connection lost: attempt \d.* (in \d+ s|now)\. .*hello/),
    ticket: stale(/not live .*Connection lost\. You can send orders when it is back\./),
    openOrders: stale(/not live .*Open orders 2 .*Connection lost\. You can send orders when it is back\./),
    history: stale(/not live .*▲ Buy VELTR/),
    fills: stale(/not live .*Fills 1 /),
    positions: stale(/not live .*Positions 1 .*Prices are not live/),
    statusBar: { shows: /Feed reconnecting .*Orders reconnecting/, hides: /live|ready/ },
    banner: { shows: /Prices may be old and orders cannot be sent: no data for \d+ s\. .*Retry now/ },
  },
} as const satisfies Readonly<Record<string, ExpectedPanels>>
