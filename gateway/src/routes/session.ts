// Which account and rights a request has, by cookie or token. Always 200, so that a page without an account sees no
// error.

import { SessionAnswer } from '@papertape/protocol/schemas'
import type { Accounts } from '../accounts/accounts.ts'
import { defineRoute, ok, type Route } from './route.ts'
import { SAME_ORIGIN, TAGS } from './route-parts.ts'

const sessionSchema = {
  operationId: 'getSession',
  summary: 'The account and the rights of the sender',
  description: 'By cookie or token; 200 also without either.',
  tags: [TAGS.account],
  response: { 200: SessionAnswer },
  ...SAME_ORIGIN,
}

export function sessionRoute(accounts: Accounts): Route {
  return defineRoute('GET /session', sessionSchema, async ({ sender }) => {
    const account = await accounts.find(sender.accountToken)
    return ok({ accountId: account?.accountId ?? null, operator: sender.isOperator })
  })
}
