// Changes of the accounts of a browser: one at a time, and every tab is notified, also when the answer is lost.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type AccountChanges, createAccountControl } from './account-control.ts'

/** A browser whose tabs share a lock and a channel. */
function browser() {
  const sent: string[] = []
  const open = new Set<(active: string | null) => void>()
  let running = 0
  let fails = false
  let last: Promise<unknown> = Promise.resolve()
  const send = async (request: string, active: string) => {
    assert.equal(++running, 1, 'one change at a time')
    await Promise.resolve()
    running--
    sent.push(request)
    if (fails) throw new Error('network: no answer')
    return { accountId: active }
  }
  const requests: AccountChanges = {
    switchTo: accountId => send(`switch ${accountId}`, accountId),
    add: account => send(`add ${JSON.stringify(account)}`, 'a9'),
    reset: (accountId, account) => send(`reset ${accountId} ${JSON.stringify(account)}`, 'a10'),
    forget: accountId => send(`forget ${accountId}`, 'a9'),
  }
  return {
    sent,
    open,
    failNext() {
      fails = true
    },
    openTab() {
      const notified: (string | null)[] = []
      const accounts = createAccountControl({
        requests,
        alone(run) {
          const mine = last.then(run)
          last = mine.catch(() => {})
          return mine
        },
        openTabs(onMessage) {
          open.add(onMessage)
          return {
            post: active => {
              for (const other of open) if (other !== onMessage) other(active)
            },
            close: () => void open.delete(onMessage),
          }
        },
      })
      const unfollow = accounts.follow(active => notified.push(active))
      return { accounts, unfollow, notified }
    },
  }
}

test('each change is sent once, one at a time over all tabs, and each tab is notified', async () => {
  const { sent, openTab } = browser()
  const [one, other] = [openTab(), openTab()]
  await Promise.all([one.accounts.switchTo('a2'), other.accounts.add({ margin: true }), one.accounts.reset('a1', {})])
  await other.accounts.forget('a3')
  assert.deepEqual(sent, ['switch a2', 'add {"margin":true}', 'reset a1 {}', 'forget a3'])
  for (const tab of [one, other]) assert.deepEqual(tab.notified, ['a2', 'a9', 'a10', 'a9'])
})

test('a change whose answer is lost rejects, and the tabs look again', async () => {
  const { failNext, openTab } = browser()
  const [one, other] = [openTab(), openTab()]
  failNext()
  await assert.rejects(one.accounts.switchTo('a2'), /no answer/)
  assert.deepEqual([one.notified, other.notified], [[null], [null]])
})

test('a tab that no longer follows has no channel open', () => {
  const { open, openTab } = browser()
  const { unfollow } = openTab()
  assert.equal(open.size, 1)
  unfollow()
  assert.equal(open.size, 0)
})
