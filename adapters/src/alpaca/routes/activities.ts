// Alpaca's route of account activities, for fills: read from the account's private stream, newest first unless
// `direction=asc`. The other kinds of activities do not exist here: a list of them is empty.

import type { Execution } from '@papertape/protocol'
import type { AdapterDeps } from '../../adapter-deps.ts'
import { fillsOf } from '../../orders/account-fills.ts'
import { formatTimestamp, startOfDay } from '../../values/time.ts'
import { type AlpacaCall, type AlpacaRoutes, okBody } from '../alpaca-route.ts'
import { numberOfUuid, uuidOfNumber } from '../ids.ts'
import { alpacaOrder } from '../messages/order.ts'
import { badQuery, limitIn, listIn, timeIn } from '../query-fields.ts'

const PAGE_STANDARD = 100
const PAGE_MAX = 100
const DAY_MS = 86_400_000

export function alpacaActivityRoutes({ venue }: Pick<AdapterDeps, 'venue'>): AlpacaRoutes {
  const list = async (call: AlpacaCall, kinds: readonly string[]) => {
    const { account } = await call.reader()
    if (kinds.length > 0 && !kinds.includes('FILL')) return okBody([])
    const { query } = call
    const size = limitIn(query, 'page_size', PAGE_STANDARD, PAGE_MAX)
    const isRising = query.get('direction') === 'asc'
    const date = timeIn(query, 'date')
    const afterMs = date === undefined ? (timeIn(query, 'after') ?? Number.NEGATIVE_INFINITY) : startOfDay(date) - 1
    const untilMs =
      date === undefined ? (timeIn(query, 'until') ?? Number.POSITIVE_INFINITY) : startOfDay(date) + DAY_MS
    const activities = []
    const { accountId } = account
    for await (const fill of fillsOf(venue, { accountId, isRising, beyond: pageToken(query) })) {
      const ms = fill.ts / 1_000
      if (isRising ? ms >= untilMs : ms <= afterMs) break
      if (ms > afterMs && ms < untilMs) activities.push(alpacaActivity(fill))
      if (activities.length === size) break
    }
    return okBody(activities)
  }

  return {
    'GET /v2/account/activities': call => list(call, listIn(call.query, 'activity_types')),
    'GET /v2/account/activities/:type': call => list(call, [call.params.type!]),
  }
}

/** The number of the private event in an activity's id; undefined when there is no token. */
function pageToken(query: URLSearchParams): number | undefined {
  const token = query.get('page_token') ?? ''
  if (token === '') return undefined
  const seq = numberOfUuid(token.split('::')[1] ?? '')
  if (seq === undefined) throw badQuery('page_token must be the id of the last activity of the page before')
  return Number(seq)
}

function alpacaActivity(fill: Execution) {
  const { seq, ts, lastPrice, lastSize, cumSize, leavesSize, side, symbol } = fill
  const { id: order_id, status: order_status } = alpacaOrder(fill, { placedUs: ts })
  const time = formatTimestamp(ts)
  return {
    id: `${time.replace(/\D/g, '').slice(0, 17)}::${uuidOfNumber(seq)}`,
    activity_type: 'FILL',
    transaction_time: time,
    type: leavesSize === 0 ? 'fill' : 'partial_fill',
    price: String(lastPrice),
    qty: String(lastSize),
    side,
    symbol,
    leaves_qty: String(leavesSize),
    order_id,
    cum_qty: String(cumSize),
    order_status,
  }
}
