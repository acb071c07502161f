// The account of the browser: one over all tabs and visits, by cookie, created once, never in a loop.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type AccountRequests, createOwnAccount } from './own-account.ts'

const ownAccountOf = (accountId: string) => ({ accountId, accounts: [{ accountId }] })

/** A browser: its cookie and its storage are shared by its tabs. */
function browser({ keepsCookies = true } = {}) {
  const accounts: string[] = []
  let cookie: string | undefined
  let last: Promise<unknown> = Promise.resolve()
  const requests: AccountRequests = {
    async read() {
      return cookie === undefined ? undefined : ownAccountOf(cookie)
    },
    async create() {
      accounts.push(`a${accounts.length + 1}`)
      if (keepsCookies) cookie = accounts.at(-1)
    },
    alone(run) {
      const mine = last.then(run)
      last = mine.catch(() => {})
      return mine
    },
  }
  return {
    requests,
    accounts,
    /** Another market at the same address. */
    change() {
      cookie = undefined
    },
  }
}

test('the first visit creates an account, and later ones use it', async () => {
  const { requests, accounts } = browser()
  for (let visit = 0; visit < 3; visit++) {
    assert.deepEqual(await createOwnAccount(requests)(), ownAccountOf('a1'))
  }
  assert.equal(accounts.length, 1)
})

test('tabs that open at once share one account', async () => {
  const { requests, accounts } = browser()
  const opened = await Promise.all(Array.from({ length: 4 }, () => createOwnAccount(requests)()))
  assert.deepEqual(new Set(opened.map(one => one.accountId)), new Set(['a1']))
  assert.equal(accounts.length, 1)
})

test('a browser that blocks cookies gets an error, and no account at each retry', async () => {
  const { requests, accounts } = browser({ keepsCookies: false })
  const account = createOwnAccount(requests)
  for (let retry = 0; retry < 10; retry++) await assert.rejects(account(), /Allow cookies/)
  assert.equal(accounts.length, 1)
})

test('failed creations are limited', async () => {
  const { requests } = browser()
  let posts = 0
  const create = async () => {
    posts++
    throw new Error('network')
  }
  const account = createOwnAccount({ ...requests, create })
  for (let retry = 0; retry < 10; retry++) await assert.rejects(account())
  assert.equal(posts, 3)
})

test('another market at the same address has another account', async () => {
  const one = browser()
  const account = createOwnAccount(one.requests)
  await account()
  one.change()
  assert.deepEqual(await account(), ownAccountOf('a2'))
})
