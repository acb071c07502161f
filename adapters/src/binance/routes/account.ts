// Binance's routes of the account: balances, own trades, and the listen keys of its user data stream.

import type { Execution } from '@papertape/protocol'
import type { AdapterDeps } from '../../adapter-deps.ts'
import { fillsOf } from '../../orders/account-fills.ts'
import { type BinanceRoutes, okAnswer } from '../binance-route.ts'
import { BinanceError, badSymbol, CODES } from '../errors.ts'
import type { ListenKeys } from '../listen-keys.ts'
import { binanceAccount } from '../messages/account.ts'
import { ownTrade } from '../messages/order.ts'

const TRADES = { standard: 500, most: 1_000 }

export interface BinanceAccountDeps extends Pick<AdapterDeps, 'feed' | 'venue' | 'clock' | 'feeRates'> {
  readonly listenKeys: ListenKeys
}

export function binanceAccountRoutes({ feed, venue, clock, feeRates, listenKeys }: BinanceAccountDeps): BinanceRoutes {
  return {
    'GET /api/v3/account': async call => {
      const { account } = await call.reader()
      const { accountId, readOnly } = account
      const snapshot = (await venue.query('account', { accountId }))!
      const shown = binanceAccount(snapshot, feeRates, !readOnly, Math.floor(clock.wallMs()))
      const isWanted = ({ free, locked }: { free: string; locked: string }) => Number(free) + Number(locked) > 0
      if (call.parameters.text('omitZeroBalances') !== 'true') return okAnswer(shown)
      return okAnswer({ ...shown, balances: shown.balances.filter(isWanted) })
    },

    'GET /api/v3/myTrades': async call => {
      const { account } = await call.reader()
      const { parameters } = call
      parameters.requireText('symbol')
      const symbol = parameters.symbol()!
      if (feed.view.instrument(symbol) === undefined) throw badSymbol()
      const limit = parameters.limit(TRADES.standard, TRADES.most)
      const [orderId, fromId] = [parameters.whole('orderId'), parameters.whole('fromId')]
      const startMs = parameters.whole('startTime') ?? 0
      const endMs = parameters.whole('endTime') ?? Number.MAX_SAFE_INTEGER
      // With a start the oldest from there on, else the newest; always oldest first.
      const isRising = fromId !== undefined || parameters.text('startTime') !== undefined
      const isWanted = (fill: Execution) =>
        fill.symbol === symbol &&
        (orderId === undefined || Number(fill.orderId) === orderId) &&
        (fromId === undefined || fill.tradeId! >= fromId) &&
        fill.ts >= startMs * 1_000 &&
        fill.ts <= endMs * 1_000
      const fills: Execution[] = []
      for await (const fill of fillsOf(venue, { accountId: account.accountId, isRising, beyond: undefined })) {
        if (isWanted(fill)) fills.push(fill)
        if (fills.length === limit) break
      }
      return okAnswer((isRising ? fills : fills.reverse()).map(ownTrade))
    },

    'POST /api/v3/userDataStream': async call => okAnswer({ listenKey: listenKeys.create(await call.keyHolder()) }),

    'PUT /api/v3/userDataStream': async call => {
      const account = await call.keyHolder()
      if (!listenKeys.extend(call.parameters.requireText('listenKey'), account)) throw noListenKey()
      return okAnswer({})
    },

    'DELETE /api/v3/userDataStream': async call => {
      const account = await call.keyHolder()
      if (!listenKeys.close(call.parameters.requireText('listenKey'), account)) throw noListenKey()
      return okAnswer({})
    },
  }
}

function noListenKey(): BinanceError {
  return new BinanceError(CODES.invalidListenKey, 'This listenKey does not exist.')
}
