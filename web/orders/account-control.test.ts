// Changes of the accounts of a browser: one at a time, and every tab is notified, also when the answer is lost.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type AccountChanges, createAccountControl } from './account-control.ts'

/** A browser whose tabs share a lock and a channel. */
function browser() {
  const requests: string[] = []
  const open = new Set<() => void>()
  let running = 0
  let fails = false
  let last: Promise<unknown> = Promise.resolve()
  const send = (request: string) => async () => {
    assert.equal(++running, 1, 'one change at a time')
    await Promise.resolve()
    running--
    requests.push(request)
    if (fails) throw new Error('network: no answer')
  }
  const changes: AccountChanges = {
    switchTo: accountId => send(`switch ${accountId}`)(),
    add: cash => send(`add ${cash}`)(),
    reset: (accountId, cash) => send(`reset ${accountId} ${cash}`)(),
    forget: accountId => send(`forget ${accountId}`)(),
  }
  return {
    requests,
    open,
    failNext() {
      fails = true
    },
    openTab() {
      let notified = 0
      const accounts = createAccountControl({
        changes,
        alone(run) {
          const mine = last.then(run)
          last = mine.catch(() => {})
          return mine
        },
        openTabs(onMessage) {
          open.add(onMessage)
          return {
            post: () => {
              for (const other of open) if (other !== onMessage) other()
            },
            close: () => void open.delete(onMessage),
          }
        },
      })
      const unfollow = accounts.follow(() => void notified++)
      return { accounts, unfollow, notified: () => notified }
    },
  }
}

test('each change is sent once, one at a time over all tabs, and each tab is notified', async () => {
  const { requests, openTab } = browser()
  const [one, other] = [openTab(), openTab()]
  await Promise.all([one.accounts.switchTo('a2'), other.accounts.add(5), one.accounts.reset('a1', 7)])
  await other.accounts.forget('a3')
  assert.deepEqual(requests, ['switch a2', 'add 5', 'reset a1 7', 'forget a3'])
  assert.deepEqual([one.notified(), other.notified()], [4, 4])
})

test('a change whose answer is lost rejects, and the tabs look again', async () => {
  const { failNext, openTab } = browser()
  const [one, other] = [openTab(), openTab()]
  failNext()
  await assert.rejects(one.accounts.switchTo('a2'), /no answer/)
  assert.deepEqual([one.notified(), other.notified()], [1, 1])
})

test('a tab that no longer follows has no channel open', () => {
  const { open, openTab } = browser()
  const { unfollow } = openTab()
  assert.equal(open.size, 1)
  unfollow()
  assert.equal(open.size, 0)
})
