// The profile of an account for tests: what is slow, what fails, and how its orders fill.

import { unitOf } from '@papertape/engine'
import { type NewTestProfile as Asked, FAILING_COMMANDS } from '@papertape/protocol'
import { NewTestProfile, TestProfile } from '@papertape/protocol/schemas'
import type { KnownAccount } from '../../accounts/accounts.ts'
import { CodedError } from '../../errors/coded-error.ts'
import { requireTesting } from '../../scripts/check-directive.ts'
import type { VenuePort } from '../../venue-client.ts'
import { defineRoute, ok, type Route, type Sender } from '../route.ts'
import { TAGS, TRADER_ONLY } from '../route-parts.ts'

const SEEDS = 2 ** 31

const profileSchema = {
  operationId: 'setTestProfile',
  summary: 'Sets the profile of an account for tests',
  description:
    'Replaces the one that it had; {} ends it. It applies to what is sent after it, over the order channel too, and ' +
    'counts the commands anew: the same seed and the same commands have the same outcomes.',
  body: NewTestProfile,
  response: { 200: TestProfile },
  tags: [TAGS.account],
  ...TRADER_ONLY,
  problems: [...TRADER_ONLY.problems, 'not-testing', 'bad-request'] as const,
}

export interface ProfileRouteDeps {
  readonly venue: VenuePort
  /** The account of the sender, who may trade and whose commands are limited. */
  readonly trader: (sender: Sender) => Promise<KnownAccount>
}

export function profileRoute({ venue, trader }: ProfileRouteDeps): Route {
  return defineRoute('PUT /account/profile', profileSchema, async ({ body, sender }) => {
    const account = await trader(sender)
    requireTesting(account, 'a profile')
    requireRates(body)
    const { accountId } = account
    const profile = { ...body, seed: body.seed ?? (await seedOf(venue, accountId)) }
    await venue.submit({ type: 'account.profile', accountId, profile }).answer
    return ok(profile)
  })
}

/** Of the market and the account: other accounts draw otherwise. */
async function seedOf(venue: VenuePort, accountId: string): Promise<number> {
  const { source } = await venue.query('market', {})
  return Math.floor(unitOf(source.seed ?? source.name, accountId) * SEEDS)
}

/** @throws {CodedError} bad-request */
function requireRates({ failures = [] }: Asked): void {
  for (const command of FAILING_COMMANDS) {
    const rates = failures.filter(failure => (failure.command ?? 'place') === command).map(({ rate }) => rate)
    const sum = rates.reduce((total, rate) => total + rate, 0)
    if (sum > 1) throw new CodedError('bad-request', `failures: the rates of ${command} add up to ${sum}, more than 1`)
  }
}
