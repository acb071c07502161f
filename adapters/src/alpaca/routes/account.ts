// Alpaca's routes of the account and its positions. A position is closed by a market order against it.

import type { AccountSnapshot, PositionState } from '@papertape/protocol'
import type { AdapterDeps } from '../../adapter-deps.ts'
import { type AlpacaRoutes, type AlpacaSender, okBody } from '../alpaca-route.ts'
import { AlpacaError, alpacaErrorOf, notOffered } from '../errors.ts'
import { textOfUuid } from '../ids.ts'
import { alpacaAccount, alpacaPosition, type Marks } from '../messages/account.ts'
import type { AlpacaOrder } from '../messages/order.ts'
import { badQuery, limitIn } from '../query-fields.ts'
import { shownOutcome } from './orders.ts'

const NEW_ID_BYTES = 16

export function alpacaAccountRoutes(deps: Pick<AdapterDeps, 'feed' | 'venue' | 'secrets'>): AlpacaRoutes {
  const { feed, venue, secrets } = deps
  const marksOf = ({ symbol, avgCost }: PositionState): Marks => {
    const ticker = feed.view.instrument(symbol)!.ticker
    return { price: ticker.lastTrade?.price ?? avgCost, previousClose: ticker.day.previousClose }
  }
  const snapshotOf = async ({ account: { accountId } }: AlpacaSender): Promise<AccountSnapshot> =>
    (await venue.query('account', { accountId }))!
  /** @throws {AlpacaError} */
  const requirePosition = async (sender: AlpacaSender, id: string): Promise<PositionState> => {
    const { positions } = await snapshotOf(sender)
    const position = positions.find(({ symbol, size }) => symbol === textOfUuid(id) && size !== 0)
    if (position === undefined) throw new AlpacaError(404, 'position does not exist')
    return position
  }
  const close = async ({ orders }: AlpacaSender, position: PositionState, size: number): Promise<AlpacaOrder> =>
    shownOutcome(
      await orders.place({
        clientOrderId: secrets.random(NEW_ID_BYTES, 'hex'),
        symbol: position.symbol,
        side: position.size > 0 ? 'sell' : 'buy',
        orderType: 'market',
        size,
        timeInForce: 'DAY',
      }),
    )

  return {
    'GET /v2/account': async call => okBody(alpacaAccount(await snapshotOf(await call.reader()), marksOf)),

    'GET /v2/positions': async call => {
      const { positions } = await snapshotOf(await call.reader())
      return okBody(positions.filter(({ size }) => size !== 0).map(one => alpacaPosition(one, marksOf(one))))
    },

    'GET /v2/positions/:id': async call => {
      const position = await requirePosition(await call.reader(), call.params.id!)
      return okBody(alpacaPosition(position, marksOf(position)))
    },

    'DELETE /v2/positions/:id': async call => {
      const sender = await call.trader()
      const position = await requirePosition(sender, call.params.id!)
      if (call.query.has('percentage')) throw notOffered('percentage is')
      const held = Math.abs(position.size)
      const size = limitIn(call.query, 'qty', held, Number.MAX_SAFE_INTEGER)
      if (size > held) throw badQuery(`qty must be at most ${held}`)
      return okBody(await close(sender, position, size))
    },

    'DELETE /v2/positions': async call => {
      const sender = await call.trader()
      if (call.query.get('cancel_orders') === 'true') await sender.orders.cancelAll()
      const { positions } = await snapshotOf(sender)
      const body: object[] = []
      for (const position of positions.filter(({ size }) => size !== 0)) {
        const { symbol } = position
        try {
          // Each is a command, and counts as one.
          if (body.length > 0) await call.trader()
          body.push({ symbol, status: 200, body: await close(sender, position, Math.abs(position.size)) })
        } catch (error) {
          const refusal = alpacaErrorOf(error)
          if (refusal === undefined) throw error
          body.push({ symbol, ...refusal })
        }
      }
      return { status: 207, body }
    },
  }
}
