// Which accounts and rights a request has, and the accounts that a browser holds: another one is made active, one is
// started anew or forgotten. Their tokens stay in the browser's cookie.

import { AccountSwitch, NewAccount, SessionAnswer } from '@papertape/protocol/schemas'
import Type from 'typebox'
import type { Accounts } from '../accounts/accounts.ts'
import { findHeld, type HeldAccount, heldAccounts } from '../accounts/held-accounts.ts'
import { CodedError } from '../errors/coded-error.ts'
import { cancelAllOrders } from '../orders/order-commands.ts'
import type { VenuePort } from '../venue-client.ts'
import { defineRoute, ok, type Route, type RouteResponse, type Sender } from './route.ts'
import { SAME_ORIGIN, TAGS } from './route-parts.ts'

const tags = [TAGS.account]
const ById = Type.Object({ id: Type.String({ description: 'The account' }) })
const OF_BROWSER = { tags, response: { 200: SessionAnswer } }
const problems = [...SAME_ORIGIN.problems, 'unknown-account'] as const

const sessionSchema = {
  operationId: 'getSession',
  summary: 'The account and the rights of the sender, and the accounts of its browser',
  description: 'By cookie or token; 200 also without either.',
  ...OF_BROWSER,
  ...SAME_ORIGIN,
}

const switchSchema = {
  operationId: 'switchAccount',
  summary: 'Makes another account of the browser the active one',
  description: 'What is open stays open: an order channel keeps the account with which it has logged on.',
  body: AccountSwitch,
  problems,
  ...OF_BROWSER,
} as const

const resetSchema = {
  operationId: 'resetAccount',
  summary: 'Starts an account of the browser anew',
  description:
    'Cancels its open orders, and puts a new account in its place; without a body a cash account with 1,000,000.',
  params: ById,
  body: Type.Optional(Type.Union([NewAccount, Type.Null()])),
  problems: [...problems, 'rate-limited'],
  ...OF_BROWSER,
} as const

const forgetSchema = {
  operationId: 'forgetAccount',
  summary: 'Takes an account from the browser',
  description:
    'The exchange keeps it and its open orders. When it was the active one, the one before it becomes active.',
  params: ById,
  problems,
  ...OF_BROWSER,
} as const

export interface SessionRoutesDeps {
  readonly venue: VenuePort
  readonly accounts: Accounts
  /** @throws {CodedError} rate-limited */
  readonly limitNewAccounts: (sender: Sender) => void
}

export function sessionRoutes({ venue, accounts, limitNewAccounts }: SessionRoutesDeps): readonly Route[] {
  /** Keeps them in the browser, and answers with them. */
  const keep = (sender: Sender, held: readonly HeldAccount[], active: HeldAccount | undefined): RouteResponse => {
    sender.keepBrowserAccounts({ tokens: held.map(({ token }) => token), active: active?.token })
    return answer(sender, held, active?.accountId)
  }
  const activeOf = (sender: Sender, held: readonly HeldAccount[]) =>
    held.find(({ token }) => token === sender.browserAccounts.active)

  return [
    defineRoute('GET /session', sessionSchema, async ({ sender }) => {
      const account = await accounts.find(sender.accountToken)
      return answer(sender, await heldAccounts(accounts, sender.browserAccounts), account?.accountId)
    }),

    defineRoute('POST /session', switchSchema, async ({ body, sender }) => {
      requireOwnPage(sender)
      const held = await heldAccounts(accounts, sender.browserAccounts)
      return keep(sender, held, findHeld(held, body.accountId))
    }),

    defineRoute('POST /session/accounts/:id/reset', resetSchema, async ({ params, body, sender }) => {
      requireOwnPage(sender)
      const held = await heldAccounts(accounts, sender.browserAccounts)
      const old = findHeld(held, params.id)
      limitNewAccounts(sender)
      // The cookie changes last: a request that fails before can be sent again.
      await venue.submit(cancelAllOrders(old.accountId, {})).answer
      const fresh = await accounts.open(body ?? {})
      const active = activeOf(sender, held)
      return keep(
        sender,
        held.map(one => (one === old ? fresh : one)),
        active === old ? fresh : active,
      )
    }),

    defineRoute('DELETE /session/accounts/:id', forgetSchema, async ({ params, sender }) => {
      requireOwnPage(sender)
      const held = await heldAccounts(accounts, sender.browserAccounts)
      const forgotten = findHeld(held, params.id)
      const left = held.filter(one => one !== forgotten)
      const active = activeOf(sender, held)
      const before = left[Math.max(0, held.indexOf(forgotten) - 1)]
      return keep(sender, left, active === forgotten ? before : active)
    }),
  ]
}

function answer(sender: Sender, held: readonly HeldAccount[], active: string | undefined): RouteResponse {
  const list = held.map(({ accountId }) => ({ accountId }))
  return ok({ accountId: active ?? null, accounts: list, operator: sender.isOperator })
}

/** @throws {CodedError} foreign-origin */
function requireOwnPage({ isOwnPage }: Sender): void {
  if (isOwnPage) return
  throw new CodedError('foreign-origin', 'only a page of this origin changes which accounts its browser holds')
}
