// The ledger of an account: each change of its cash with its cause, made of the private events that changed it. Stores
// nothing: the balance after an entry is that after the newer one less what the newer one changed.

import {
  type BalanceUpdate,
  type Deposit,
  type Execution,
  fromCurrency,
  isLiquidation,
  type LedgerEntry,
  toCurrency,
} from '@papertape/protocol'
import { LedgerAnswer } from '@papertape/protocol/schemas'
import Type from 'typebox'
import type { KnownAccount } from '../../accounts/accounts.ts'
import type { VenuePort } from '../../venue-client.ts'
import { defineRoute, ok, type Route, type Sender } from '../route.ts'
import { ACCOUNT_ONLY, TAGS } from '../route-parts.ts'

const LEDGER_PAGE = 100
const LEDGER_PAGE_MAX = 1_000

const ledgerSchema = {
  operationId: 'listLedger',
  summary: 'Each change of the cash of the account with its cause, newest first',
  description:
    'The amounts add up to the cash of the account. The trade and the fee of a fill are two entries with the same seq.',
  querystring: Type.Object({
    limit: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: LEDGER_PAGE_MAX,
        default: LEDGER_PAGE,
        description: 'Number of causes at most; a fill with its fee counts as one',
      }),
    ),
    after: Type.Optional(
      Type.String({ pattern: '^[1-9][0-9]{0,14}_-?[0-9]{1,16}$', description: 'The `after` of the previous page' }),
    ),
  }),
  response: { 200: LedgerAnswer },
  tags: [TAGS.account],
  ...ACCOUNT_ONLY,
}

/** An event that has changed cash. */
type CashEvent = Execution | Deposit | BalanceUpdate

/** Where a page begins: below which number of the private stream, and the cash at that point. */
interface Cursor {
  readonly before: number
  readonly cashUnits: number
}

export interface LedgerRouteDeps {
  readonly venue: VenuePort
  /** The account of the sender, whose reads are limited. */
  readonly reader: (sender: Sender) => Promise<KnownAccount>
}

export function ledgerRoute({ venue, reader }: LedgerRouteDeps): Route {
  return defineRoute('GET /account/ledger', ledgerSchema, async ({ query, sender }) => {
    const { accountId } = await reader(sender)
    const { limit = LEDGER_PAGE, after } = query
    const { before, cashUnits } = after === undefined ? await newest(venue, accountId) : parseCursor(after)
    const events = await venue.query('cashEvents', { accountId, before, limit })
    const entries: LedgerEntry[] = []
    let balanceUnits = cashUnits
    for (const { data } of events) {
      for (const entry of entriesOf(JSON.parse(data) as CashEvent)) {
        entries.push({ ...entry, balance: toCurrency(balanceUnits) })
        balanceUnits -= fromCurrency(entry.amount)!
      }
    }
    const isLast = events.length < limit
    return ok({ entries, after: isLast ? null : `${events.at(-1)!.seq}_${balanceUnits}` })
  })
}

async function newest(venue: VenuePort, accountId: string): Promise<Cursor> {
  const { seq, balance } = (await venue.query('account', { accountId }))!
  return { before: seq + 1, cashUnits: fromCurrency(balance.cash)! }
}

function parseCursor(text: string): Cursor {
  const [before, cashUnits] = text.split('_').map(Number) as [number, number]
  return { before, cashUnits }
}

/** Newest first: the fee of a fill is taken after its trade. */
function entriesOf(event: CashEvent): Omit<LedgerEntry, 'balance'>[] {
  const { seq, ts } = event
  if (event.type === 'balance') return [{ seq, ts, cause: 'opening', amount: event.cash }]
  if (event.type === 'deposit') {
    return [{ seq, ts, cause: 'deposit', amount: event.amount, clientDepositId: event.clientDepositId }]
  }
  const { orderId, symbol, side, lastSize: size, fee } = event
  const [tradeId, price] = [event.tradeId!, event.lastPrice!]
  const worth = toCurrency(fromCurrency(price)! * size)
  const amount = side === 'buy' ? -worth : worth
  const cause = isLiquidation(event) ? 'liquidation' : 'trade'
  const trade = { seq, ts, cause, amount, orderId, tradeId, symbol, side, size, price } as const
  return fee === 0 ? [trade] : [{ seq, ts, cause: 'fee', amount: -fee, orderId, tradeId, symbol }, trade]
}
