// The ledger of a server that answers when the test says so: pages join without a gap, and a burst is one request.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LedgerAnswer, LedgerEntry } from '@papertape/protocol'
import { createFrameScheduler } from '../../reactive/frame-scheduler.ts'
import { manualClock } from '../../testing/manual-clock.ts'
import { createLedger } from './ledger.ts'

const FRAMES_OF_A_REFRESH = 62

function open() {
  const clock = manualClock()
  const asked: (string | undefined)[] = []
  let answer: { resolve(page: LedgerAnswer): void; reject(error: unknown): void } | undefined
  const requests = {
    ledger({ after }: { readonly after?: string } = {}) {
      asked.push(after)
      return new Promise<LedgerAnswer>((resolve, reject) => (answer = { resolve, reject }))
    },
  }
  const ledger = createLedger(requests, createFrameScheduler(clock))
  const settle = async () => {
    for (let i = 0; i < 5; i++) await Promise.resolve()
    clock.frame()
  }
  const pass = () => {
    clock.frames(FRAMES_OF_A_REFRESH)
    return settle()
  }
  return {
    ledger,
    asked,
    state: () => ledger.state.get(),
    seqs: () => ledger.state.get().entries.map(({ seq }) => seq),
    pass,
    refresh() {
      ledger.refresh()
      return pass()
    },
    async answer(seqs: readonly number[], after: string | null) {
      const entries = seqs.map(seq => ({ seq, ts: seq, cause: 'deposit', amount: 1, balance: seq }) as LedgerEntry)
      answer!.resolve({ entries, after })
      await settle()
    },
    async fail(error: unknown) {
      answer!.reject(error)
      await settle()
    },
  }
}

test('is requested when it is opened, page by page to the beginning', async () => {
  const { ledger, asked, state, seqs, refresh, answer } = open()
  assert.deepEqual([asked, state().isLoaded], [[], false])
  await refresh()
  await answer([9, 7], '7_1')
  assert.deepEqual([seqs(), state().isLoaded, state().hasEarlier], [[9, 7], true, true])
  ledger.loadEarlier()
  ledger.loadEarlier()
  await answer([4, 1], null)
  assert.deepEqual([asked, seqs(), state().hasEarlier], [[undefined, '7_1'], [9, 7, 4, 1], false])
  ledger.loadEarlier()
  assert.equal(asked.length, 2)
})

test('a change adds what is new; more than a page of it begins anew', async () => {
  const { state, seqs, refresh, answer } = open()
  await refresh()
  await answer([9, 7], '7_1')
  await refresh()
  await answer([12, 9], '9_1')
  assert.deepEqual([seqs(), state().hasEarlier], [[12, 9, 7], true])
  await refresh()
  await answer([40, 38], '38_1')
  assert.deepEqual(seqs(), [40, 38])
})

test('the trade and the fee of a fill come together, once', async () => {
  const { seqs, refresh, answer } = open()
  await refresh()
  await answer([9, 9, 7], null)
  await refresh()
  await answer([11, 11, 9, 9, 7], null)
  assert.deepEqual(seqs(), [11, 11, 9, 9, 7])
})

test('changes while a request is open are one more request, after it', async () => {
  const { asked, pass, refresh, answer, seqs } = open()
  await refresh()
  await refresh()
  await refresh()
  assert.equal(asked.length, 1)
  await answer([1], null)
  await pass()
  assert.equal(asked.length, 2)
  await answer([2, 1], null)
  await pass()
  assert.equal(asked.length, 2)
  assert.deepEqual(seqs(), [2, 1])
})

test('what failed is said in the words of the server, and repeated on request', async () => {
  const { ledger, asked, state, seqs, refresh, answer, fail } = open()
  await refresh()
  await fail(Object.assign(new Error('rate-limited: Wait'), { detail: 'Wait a second.' }))
  assert.deepEqual([state().problem, state().isLoaded], ['Wait a second.', false])
  ledger.retry()
  await answer([9], '9_1')
  ledger.loadEarlier()
  await fail(new Error('network: no answer'))
  assert.deepEqual([state().problem, seqs()], ['network: no answer', [9]])
  ledger.retry()
  await answer([3], null)
  assert.deepEqual([asked, state().problem, seqs()], [[undefined, undefined, '9_1', '9_1'], null, [9, 3]])
})
