// The dashboard's ports onto the real world: the client's connections, the browser's clock and storage. The only file of
// web/ that opens anything; called once, by Session.tsx.

import { openFeed, openOrderChannel, Rest } from '@papertape/client'
import type { AccountAnswer, Execution } from '@papertape/protocol'
import { browserClock } from '../market/frame.ts'
import type { DashboardPorts } from '../shell/dashboard.ts'

const FILL_PAGES_MAX = 20
const ACCOUNT_KEY = 'papertape.account'

/** undefined while the page is exported, and where the browser has shut it: reading the property throws there. */
function openStorage(): Storage | undefined {
  if (typeof window === 'undefined') return undefined
  try {
    return window.localStorage
  } catch {
    return undefined
  }
}

export function browserPorts(): DashboardPorts {
  const storage = openStorage()
  const rest = new Rest({ environment: { fetch: countedFetch } })
  let answered = 0
  let overSocket = 0

  async function countedFetch(url: string, init: RequestInit): Promise<Response> {
    const response = await fetch(url, init)
    answered += Number(response.headers.get('content-length') ?? 0)
    return response
  }

  class CountedSocket extends WebSocket {
    constructor(url: string, protocols: string) {
      super(url, protocols)
      this.addEventListener('message', ({ data }) => {
        overSocket += String(data).length
      })
    }
  }

  function keptAccount(): Pick<AccountAnswer, 'accountId' | 'token'> | undefined {
    const kept = storage?.getItem(ACCOUNT_KEY)
    return kept === null || kept === undefined ? undefined : JSON.parse(kept)
  }

  return {
    clock: browserClock,
    storage,
    nowMs: () => Date.now(),
    newId: () => `web-${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 10)}`,
    setTimer(run, delayMs) {
      const timer = setTimeout(run, delayMs)
      return () => clearTimeout(timer)
    },
    instruments: () => rest.instruments(),
    candles: (symbol, interval, fromMs) =>
      rest.candles(symbol, fromMs === undefined ? { interval } : { interval, from: fromMs }),
    trades: (symbol, limit) => rest.trades(symbol, { limit }),
    openFeed,
    openOrders: options => openOrderChannel({ ...options, WebSocket: CountedSocket }),
    bytesAnswered: () => answered,
    bytesOfOrders: () => overSocket,
    async account() {
      const kept = keptAccount()
      if (kept !== undefined) return kept
      const { accountId, token } = await rest.createAccount()
      storage?.setItem(ACCOUNT_KEY, JSON.stringify({ accountId, token }))
      return { accountId, token }
    },
    forgetAccount: () => storage?.removeItem(ACCOUNT_KEY),
    async fills(token) {
      const own = new Rest({ token, environment: { fetch: countedFetch } })
      const fills: Execution[] = []
      let after = 0
      // Pages of the private stream, oldest first, until one says that nothing came after it.
      for (let page = 0; page < FILL_PAGES_MAX; page++) {
        const answer = await own.get<{ fills: Execution[]; after: number }>('/v1/fills', { after })
        fills.push(...answer.fills)
        if (!(answer.after > after)) break
        after = answer.after
      }
      return fills
    },
  }
}
