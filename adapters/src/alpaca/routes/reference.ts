// Alpaca's routes about the market itself: its clock, its calendar, its assets. The clock is the market's own. Without
// a schedule trading never stops, and a day is one of UTC.

import type { Instrument, Phase } from '@papertape/protocol'
import type { AdapterDeps, TradingHours } from '../../adapter-deps.ts'
import { formatDate, formatTimestamp, startOfDay } from '../../values/time.ts'
import { type AlpacaRoutes, okBody } from '../alpaca-route.ts'
import { AlpacaError } from '../errors.ts'
import { textOfUuid, uuidOfText } from '../ids.ts'
import { listIn, timeIn } from '../query-fields.ts'

const DAY_MS = 86_400_000
const CALENDAR_DAYS_MAX = 3_660
const OPEN_PHASES: readonly Phase[] = ['continuous', 'limitState']

export function alpacaReferenceRoutes({
  feed,
  venue,
  tradingHours,
}: Pick<AdapterDeps, 'feed' | 'venue' | 'tradingHours'>): AlpacaRoutes {
  const marketTime = async () => (await venue.query('market', {})).time
  const assets = () => feed.view.all().map(instrument => alpacaAsset(instrument.describe()))

  return {
    'GET /v2/clock': async call => {
      await call.reader()
      const now = await marketTime()
      const isOpen = feed.view.all().some(({ ticker }) => OPEN_PHASES.includes(ticker.phase))
      return okBody({
        timestamp: time(now),
        is_open: isOpen,
        next_open: time(nextTime(now, tradingHours?.openMs ?? 0)),
        next_close: time(nextTime(now, tradingHours?.closeMs ?? 0)),
      })
    },

    'GET /v2/calendar': async call => {
      await call.reader()
      const today = startOfDay(await marketTime())
      const start = startOfDay(timeIn(call.query, 'start') ?? today)
      const end = startOfDay(timeIn(call.query, 'end') ?? Math.max(start, today))
      const days = Math.min(CALENDAR_DAYS_MAX, Math.max(0, (end - start) / DAY_MS + 1))
      return okBody(Array.from({ length: days }, (_, index) => calendarDay(start + index * DAY_MS, tradingHours)))
    },

    'GET /v2/assets': async call => {
      await call.reader()
      const isOther = (name: string, own: string) => !['', own].includes(call.query.get(name) ?? '')
      const isNone = isOther('status', 'active') || isOther('asset_class', 'us_equity') || isOther('exchange', 'NYSE')
      return okBody(isNone || listIn(call.query, 'attributes').length > 0 ? [] : assets())
    },

    'GET /v2/assets/:id': async call => {
      await call.reader()
      const found = feed.view.instrument(textOfUuid(call.params.id!))
      if (found === undefined) throw new AlpacaError(404, `asset not found for ${call.params.id}`)
      return okBody(alpacaAsset(found.describe()))
    },
  }
}

function time(ms: number): string {
  return formatTimestamp(ms * 1_000)
}

/** The next time after `now` at which a day has gone so far. */
function nextTime(now: number, ofDayMs: number): number {
  const today = startOfDay(now) + ofDayMs
  return today > now ? today : today + DAY_MS
}

/** A market without hours is open to the last minute that Alpaca's clients can read. */
function calendarDay(day: number, hours: TradingHours | undefined) {
  const open = hours === undefined ? '00:00' : timeOfDay(hours.openMs)
  const close = hours === undefined ? '23:59' : timeOfDay(hours.closeMs)
  const compact = (text: string) => text.replace(':', '')
  return {
    date: formatDate(day),
    open,
    close,
    session_open: compact(open),
    session_close: compact(close),
    settlement_date: formatDate(day),
  }
}

function timeOfDay(ms: number): string {
  return formatTimestamp(ms * 1_000).slice(11, 16)
}

/** Alpaca's lists of exchanges know no other one; instruments keep their own symbols and names. */
function alpacaAsset({ symbol, name, tickSize, lotSize }: Instrument) {
  return {
    id: uuidOfText(symbol),
    class: 'us_equity',
    exchange: 'NYSE',
    symbol,
    name,
    status: 'active',
    tradable: true,
    marginable: false,
    shortable: false,
    easy_to_borrow: false,
    fractionable: false,
    min_order_size: String(lotSize),
    min_trade_increment: String(lotSize),
    price_increment: String(tickSize),
    attributes: [],
  }
}
