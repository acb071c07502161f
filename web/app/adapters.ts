// The dashboard's ports in the browser: the client's connections, the clock, the storage. The exhibits of transports/,
// the Simulator screen and the operator bar open their own. Called once, by Session.tsx.

import { openSharedFeed, openSharedOrders, Rest, withLock } from '@papertape/client'
import type { Execution, RoomsAnswer } from '@papertape/protocol'
import { BASE_PATH } from '../base-path.ts'
import { createFrameSources } from '../connections/frame-source.ts'
import type { DashboardPorts } from '../dashboard/dashboard.ts'
import { createSafeStorage } from '../dashboard/storage.ts'
import { createAccountControl } from '../orders/accounts/account-control.ts'
import { createOwnAccount, type OwnAccount } from '../orders/accounts/own-account.ts'
import { browserClock } from '../reactive/frame-scheduler.ts'

const FILLS_PAGE = 1_000
const FILL_PAGES_MAX = 20
/** A request that takes longer counts as failed. */
const REQUEST_MS = 15_000
/** The entry that held the account token before it became a cookie. */
const OBSOLETE_ACCOUNT_KEY = 'papertape.account'

export function browserPorts(): DashboardPorts {
  // There is no window while the page is exported.
  const storage = createSafeStorage(() => (typeof window === 'undefined' ? undefined : window.localStorage))
  storage.removeItem(OBSOLETE_ACCOUNT_KEY)
  const frameSources = createFrameSources()
  const { feed, orders, requests } = frameSources
  const rest = new Rest({ baseUrl: BASE_PATH, environment: { fetch: countedFetch }, tap: requests.tap })
  let bytesAnswered = 0
  let bytesOfOrders = 0
  /** The tabs of one account share an order channel. */
  let accountId = ''

  async function countedFetch(url: string, init: RequestInit): Promise<Response> {
    const response = await fetch(url, { signal: AbortSignal.timeout(REQUEST_MS), ...init })
    bytesAnswered += Number(response.headers.get('content-length') ?? 0)
    return response
  }

  /** Made when it is used: the demo replaces the page's WebSocket before. */
  function countedSocket(): typeof WebSocket {
    return class extends WebSocket {
      constructor(url: string | URL, protocols?: string | string[]) {
        super(url, protocols)
        this.addEventListener('message', ({ data }) => {
          bytesOfOrders += String(data).length
        })
      }
    }
  }

  /** The last reading of the session: it names the account, and says whether this browser is the operator's. */
  let session: ReturnType<Rest['session']> | undefined

  async function readAccount(): Promise<OwnAccount | undefined> {
    session = rest.session()
    const { accountId, accounts } = await session
    return accountId === null ? undefined : { accountId, accounts }
  }

  const ownAccount = createOwnAccount({
    read: readAccount,
    create: () => rest.createAccount(),
    alone: aloneWithAccounts,
  })

  return {
    clock: browserClock,
    storage,
    frameSources,
    nowMs: () => Date.now(),
    newId: () => `web-${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 10)}`,
    setTimer(run, delayMs) {
      const timer = setTimeout(run, delayMs)
      return () => clearTimeout(timer)
    },
    becomeOperator: token => rest.send('POST', '/v1/operator', { token }),
    isOperator: async () => (await (session ?? rest.session())).operator,
    instruments: () => rest.instruments(),
    candles: (symbol, interval, range) => rest.candles(symbol, { interval, ...range }),
    minutesOf: (symbols, from, limit) => rest.candlesOf(symbols, { interval: '1m', from, limit }),
    news: (limit, before) => rest.news({ limit, before }),
    trades: (symbol, limit) => rest.trades(symbol, { limit }),
    openFeed: options => openSharedFeed({ ...options, baseUrl: BASE_PATH, tap: feed.tap }),
    openOrders: options =>
      openSharedOrders({
        ...options,
        account: accountId,
        url: socketUrl(),
        WebSocket: countedSocket(),
        tap: orders.tap,
      }),
    accounts: createAccountControl({
      requests: {
        switchTo: id => rest.switchAccount(id),
        add: account => rest.createAccount(account),
        reset: (id, account) => rest.resetAccount(id, account),
        forget: id => rest.forgetAccount(id),
      },
      alone: aloneWithAccounts,
      openTabs: openAccountTabs,
    }),
    cash: rest,
    rooms: async () => (await rest.get<RoomsAnswer>('/v1/rooms')).rooms,
    alerts: {
      list: async () => (await rest.alerts()).alerts,
      create: alert => rest.createAlert(alert),
      remove: id => rest.deleteAlert(id),
    },
    onVisible(run) {
      const changed = () => document.visibilityState === 'visible' && run()
      document.addEventListener('visibilitychange', changed)
      return () => document.removeEventListener('visibilitychange', changed)
    },
    bytesAnswered: () => bytesAnswered,
    bytesOfOrders: () => bytesOfOrders,
    async account() {
      const account = await ownAccount()
      accountId = account.accountId
      return account
    },
    async orderHistory({ before }) {
      const page = before === undefined ? {} : { after: before }
      const { orders, after } = await rest.orders({ status: 'ended', ...page })
      return { orders, next: after }
    },
    async orderLife(orderId) {
      const executions: Execution[] = []
      for (let after: number | null = 0; after !== null; ) {
        const page = await rest.executions(orderId, { after })
        executions.push(...page.executions)
        after = page.after
      }
      return executions
    },
    async fills() {
      const fills: Execution[] = []
      let after = 0
      // Pages of the private stream, oldest first. A page that advances by less than a whole one is the last.
      for (let page = 0; page < FILL_PAGES_MAX; page++) {
        const answer = await rest.get<{ fills: Execution[]; after: number }>('/v1/fills', { after, limit: FILLS_PAGE })
        fills.push(...answer.fills)
        if (answer.after < after + FILLS_PAGE) break
        after = answer.after
      }
      return fills
    },
  }
}

/** Without locks in the browser, tabs that add an account at the same moment may lose one. */
function aloneWithAccounts<T>(run: () => Promise<T>): Promise<T> {
  return withLock('account', run)
}

function openAccountTabs(onMessage: (active: string | null) => void) {
  try {
    const channel = new BroadcastChannel('papertape accounts')
    channel.onmessage = ({ data }: MessageEvent<string | null>) => onMessage(data)
    return { post: (active: string | null) => channel.postMessage(active), close: () => channel.close() }
  } catch {
    // An old browser, or an opaque origin: each tab is alone.
    return undefined
  }
}

function socketUrl(): string {
  const { protocol, host } = window.location
  return `${protocol === 'https:' ? 'wss' : 'ws'}://${host}${BASE_PATH}/v1/socket`
}
