// The tokens of accounts on a venue that the test plays: what it is sent of them, and what an unknown one gives.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CodedError } from '../errors/coded-error.ts'
import type { VenueClient } from '../venue/venue-client.ts'
import { findAccount, lookUpAccount, openAccount } from './account-tokens.ts'

/** Knows accounts by the hash that they were opened with. */
function testVenue() {
  const accounts = new Map<string, string>()
  const sent: string[] = []
  const venue = {
    submit(command: { tokenHash: string; accountId: string }) {
      sent.push(JSON.stringify(command))
      accounts.set(command.tokenHash, command.accountId)
      return { answer: Promise.resolve() }
    },
    query(_name: 'findAccount', { tokenHash }: { tokenHash: string }) {
      sent.push(tokenHash)
      const accountId = accounts.get(tokenHash)
      return Promise.resolve(accountId && { accountId, lastSeq: 0 })
    },
  } as unknown as VenueClient
  return { venue, sent }
}

test('a token opens its account again, and the venue, which keeps what it is sent, never gets it', async () => {
  const { venue, sent } = testVenue()
  const [ann, bob] = [await openAccount(venue), await openAccount(venue, 5)]
  assert.deepEqual([ann.cash, bob.cash], [1_000_000, 5])
  assert.notEqual(ann.token, bob.token)
  assert.equal((await findAccount(venue, ann.token)).accountId, ann.accountId)
  assert.equal((await findAccount(venue, bob.token)).accountId, bob.accountId)
  for (const text of sent) for (const { token } of [ann, bob]) assert.ok(!text.includes(token.slice(3)), text)
})

test('a missing token and an unknown one have different codes', async () => {
  const { venue } = testVenue()
  await assert.rejects(findAccount(venue, undefined), error => (error as CodedError).code === 'not-logged-on')
  await assert.rejects(findAccount(venue, 'pt_none'), error => (error as CodedError).code === 'bad-token')
  assert.deepEqual(
    [await lookUpAccount(venue, undefined), await lookUpAccount(venue, 'pt_none')],
    [undefined, undefined],
  )
})
