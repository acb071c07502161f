// The browser's account: one over all tabs and visits, asked for by cookie, made once, never in a loop.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type AccountRequests, createOwnAccount } from './own-account.ts'

/** A browser: its cookie and its storage are shared by its tabs. */
function browser({ keepsCookies = true, keepsNotes = true } = {}) {
  const accounts: string[] = []
  let cookie: string | undefined
  let note: string | null = null
  let last: Promise<unknown> = Promise.resolve()
  let isHeld = false
  let reads = 0
  const requests: AccountRequests = {
    async read() {
      reads++
      return cookie === undefined ? undefined : { accountId: cookie }
    },
    async create() {
      accounts.push(`a${accounts.length + 1}`)
      if (keepsCookies) cookie = accounts.at(-1)
    },
    alone(run) {
      const hasWaited = isHeld
      isHeld = true
      const mine = last.then(() => run(hasWaited))
      last = mine.catch(() => {})
      return mine
    },
    note: () => note,
    setNote(text) {
      if (keepsNotes) note = text
    },
  }
  return {
    requests,
    accounts,
    reads: () => reads,
    spoilNote: () => requests.setNote('{'),
    /** Another market at the same address. */
    change() {
      cookie = undefined
    },
  }
}

test('the first visit makes one account, without asking for one that cannot be', async () => {
  const { requests, accounts, reads } = browser()
  assert.deepEqual(await createOwnAccount(requests)(), { accountId: 'a1' })
  assert.equal(reads(), 1, 'only to see whether the cookie was kept')
  assert.deepEqual(await createOwnAccount(requests)(), { accountId: 'a1' }, 'the next visit')
  assert.equal(accounts.length, 1)
})

test('tabs that open at once share one account', async () => {
  for (const keepsNotes of [true, false]) {
    const { requests, accounts } = browser({ keepsNotes })
    const opened = await Promise.all(Array.from({ length: 4 }, () => createOwnAccount(requests)()))
    assert.deepEqual(new Set(opened.map(one => one.accountId)), new Set(['a1']))
    assert.equal(accounts.length, 1)
  }
})

test('tabs that open at once share one account also where a note takes a while to reach the others', async () => {
  const { requests, accounts } = browser()
  // Each tab sees its own notes at once, those of the others never.
  const tab = (): AccountRequests => {
    let note: string | null = null
    return {
      ...requests,
      note: () => note,
      setNote(text) {
        note = text
      },
    }
  }
  await Promise.all(Array.from({ length: 4 }, () => createOwnAccount(tab())()))
  assert.equal(accounts.length, 1)
})

test('a storage that keeps nothing makes no account at each visit', async () => {
  const { requests, accounts } = browser({ keepsNotes: false })
  for (let visit = 0; visit < 3; visit++) await createOwnAccount(requests)()
  assert.equal(accounts.length, 1)
})

test('a note that somebody else has written makes no account', async () => {
  const { requests, accounts, spoilNote } = browser()
  await createOwnAccount(requests)()
  spoilNote()
  await createOwnAccount(requests)()
  assert.equal(accounts.length, 1)
})

test('a browser that keeps no cookie is told so, and no account is made at each retry', async () => {
  const { requests, accounts } = browser({ keepsCookies: false })
  const account = createOwnAccount(requests)
  for (let retry = 0; retry < 10; retry++) await assert.rejects(account(), /Allow cookies/)
  assert.equal(accounts.length, 1)
})

test('creations that fail are few', async () => {
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

test('another market at the same address has another account of ours', async () => {
  const one = browser()
  const account = createOwnAccount(one.requests)
  await account()
  one.change()
  assert.deepEqual(await account(), { accountId: 'a2' })
})
