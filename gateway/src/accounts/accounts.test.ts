// The tokens of accounts on a venue that the test plays: what it is sent of them, and what an unknown one gives.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ManualClock } from '@papertape/venue'
import type { CodedError } from '../errors/coded-error.ts'
import { testSecrets } from '../testing/test-secrets.ts'
import type { VenueClient } from '../venue-client.ts'
import { Accounts } from './accounts.ts'

/** Knows accounts by the hash that they were opened with. */
function testVenue() {
  const accounts = new Map<string, string>()
  const sent: string[] = []
  const venue = {
    submit(command: { type: string; tokenHash: string; accountId: string }) {
      sent.push(JSON.stringify(command))
      if (command.type === 'account.open') accounts.set(command.tokenHash, command.accountId)
      return { answer: Promise.resolve() }
    },
    query(_name: 'findToken', { tokenHash }: { tokenHash: string }) {
      sent.push(tokenHash)
      const accountId = accounts.get(tokenHash)
      const found = { accountId, lastSeq: 0, tokenId: `of ${accountId}`, readOnly: false, expiresUs: null }
      return Promise.resolve(accountId && found)
    },
  } as unknown as VenueClient
  const clock = new ManualClock(0)
  return { accounts: new Accounts(venue, testSecrets(), clock), clock, sent }
}

test('a token opens its account again, and the venue, which keeps what it is sent, never gets it', async () => {
  const { accounts, sent } = testVenue()
  const [ann, bob] = [await accounts.open(), await accounts.open({ cash: 5 })]
  assert.deepEqual([ann.cash, bob.cash], [1_000_000, 5])
  assert.notEqual(ann.token, bob.token)
  assert.equal((await accounts.require(ann.token)).accountId, ann.accountId)
  assert.equal((await accounts.require(bob.token)).accountId, bob.accountId)
  for (const text of sent) for (const { token } of [ann, bob]) assert.ok(!text.includes(token.slice(3)), text)
})

test('a missing token and an unknown one have different codes', async () => {
  const { accounts } = testVenue()
  await assert.rejects(accounts.require(undefined), error => (error as CodedError).code === 'not-logged-on')
  await assert.rejects(accounts.require('pt_none'), error => (error as CodedError).code === 'bad-token')
  assert.deepEqual([await accounts.find(undefined), await accounts.find('pt_none')], [undefined, undefined])
})

test('the use of a token is recorded once a minute', async () => {
  const { accounts, clock, sent } = testVenue()
  const { token } = await accounts.open()
  const uses = () => sent.filter(text => text.includes('token.use')).length
  for (let n = 0; n < 3; n++) await accounts.require(token)
  assert.equal(uses(), 1)
  clock.pass(59_999)
  await accounts.require(token)
  assert.equal(uses(), 1)
  clock.pass(1)
  await accounts.require(token)
  assert.equal(uses(), 2)
})
