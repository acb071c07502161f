// Alpaca's route of account activities, for fills: read from the account's private stream, newest first unless
// `direction=asc`. The other kinds of activities do not exist here: a list of them is empty.

import type { Execution, PrivateEvent } from '@papertape/protocol'
import type { AdapterDeps } from '../../adapter-deps.ts'
import { formatTimestamp, startOfDay } from '../../values/time.ts'
import { type AlpacaCall, type AlpacaRoutes, okBody } from '../alpaca-route.ts'
import { numberOfUuid, uuidOfNumber } from '../ids.ts'
import { alpacaOrder } from '../messages/order.ts'
import { badQuery, limitIn, listIn, timeIn } from '../query-fields.ts'

const PAGE_STANDARD = 100
const PAGE_MAX = 100
const EVENTS_AT_ONCE = 500
/** Private events that a page is looked for in. */
const SEARCHED_MAX = 20_000
const DAY_MS = 86_400_000

export function alpacaActivityRoutes({ venue }: Pick<AdapterDeps, 'venue'>): AlpacaRoutes {
  /** The fills in the direction asked for, from the one after the page token on. */
  async function* fillsOf(accountId: string, isRising: boolean, after: number | undefined): AsyncGenerator<Execution> {
    const range = await venue.query('privateRange', { accountId })
    const { oldest, lastSeq } = range!
    let next = after === undefined ? (isRising ? oldest : lastSeq) : isRising ? after + 1 : after - 1
    for (let searched = 0; searched < SEARCHED_MAX && next >= oldest && next <= lastSeq; searched += EVENTS_AT_ONCE) {
      const from = isRising ? next : Math.max(oldest, next - EVENTS_AT_ONCE + 1)
      const limit = isRising ? EVENTS_AT_ONCE : next - from + 1
      const events = await venue.query('privateEvents', { accountId, from, limit })
      const fills = events.map(({ data }) => JSON.parse(data) as PrivateEvent).filter(isFill)
      yield* isRising ? fills : fills.reverse()
      next = isRising ? from + limit : from - 1
    }
  }

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
    for await (const fill of fillsOf(account.accountId, isRising, pageToken(query))) {
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

function isFill(event: PrivateEvent): event is Execution {
  return event.type === 'execution' && event.lastSize > 0
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
