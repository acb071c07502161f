// The alerts of the page, on requests made of promises: what has triggered and was not seen, answers that are older
// than an event, a request that is sent again under its id.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { AlertState, AlertUpdate, NewAlert } from '@papertape/protocol'
import { createObservable } from '../../reactive/observable.ts'
import { type AlertRequests, createAlerts } from './alerts.ts'
import { type SeenAlerts, withSeen } from './seen-alerts.ts'

const alertOf = (alertId: string, change: Partial<AlertState> = {}): AlertState => ({
  alertId,
  condition: 'priceCrosses',
  symbol: 'AAA',
  price: 9,
  direction: 'up',
  status: 'active',
  createdAt: 1,
  ...change,
})
const triggered = (alertId: string, endedAt: number) =>
  alertOf(alertId, { status: 'triggered', endedAt, trigger: { time: 1, symbol: 'AAA', price: 9.5 } })
const updateOf = (state: AlertState): AlertUpdate => ({ type: 'alert', seq: 7, ts: 1, ...state })

async function open(listed: readonly AlertState[], change: Partial<AlertRequests> = {}, stored: SeenAlerts = {}) {
  const seen = createObservable<SeenAlerts>(stored)
  const reports: string[] = []
  const asked: NewAlert[] = []
  let ids = 0
  const requests: AlertRequests = {
    list: async () => listed,
    create: async alert => {
      asked.push(alert)
      return alertOf('9', { clientAlertId: alert.clientAlertId! })
    },
    remove: async () => {},
    ...change,
  }
  const alerts = createAlerts({
    requests,
    seen,
    newId: () => `id${++ids}`,
    decimalsOf: () => 2,
    report: (_, text) => void reports.push(text),
  })
  const settle = async () => {
    for (let i = 0; i < 10; i++) await Promise.resolve()
  }
  alerts.follow('a1')
  await settle()
  const listed_ = () => alerts.state.get().alerts.map(({ alertId, status }) => `${alertId} ${status}`)
  return { alerts, seen, reports, asked, settle, list: listed_, unseen: () => [...alerts.state.get().unseen] }
}

describe('what has triggered', () => {
  test('while the page was closed is new until somebody looks, and requested again at the next start', async () => {
    const { alerts, seen, unseen } = await open([triggered('3', 30), alertOf('2'), triggered('1', 10)], {}, { a1: 10 })
    assert.deepEqual(unseen(), ['3'])
    alerts.markSeen()
    assert.deepEqual(unseen(), [])
    assert.deepEqual(seen.get(), { a1: 30 })
    const again = await open([triggered('3', 30)], {}, seen.get())
    assert.deepEqual(again.unseen(), [])
    assert.deepEqual((await open([alertOf('1')])).seen.get(), { a1: 0 })
    assert.deepEqual((await open([])).seen.get(), {}, 'an account without alerts costs no request')
  })

  test('is reported once, however often its event comes, and replaces the alert that waited', async () => {
    const { alerts, reports, list, unseen } = await open([alertOf('2'), alertOf('1')])
    for (let i = 0; i < 2; i++) alerts.receive(updateOf(triggered('1', 20)))
    assert.deepEqual(list(), ['2 active', '1 triggered'])
    assert.deepEqual(reports, ['Alert: AAA crosses 9.00. Traded at 9.50.'])
    assert.deepEqual(unseen(), ['1'])
  })
})

test('an answer from before an event is old: the list is requested again', async () => {
  const answers: PromiseWithResolvers<readonly AlertState[]>[] = []
  const list = () => {
    const answer = Promise.withResolvers<readonly AlertState[]>()
    answers.push(answer)
    return answer.promise
  }
  const page = await open([], { list })
  page.alerts.receive(updateOf(triggered('1', 20)))
  answers[0]!.resolve([alertOf('1')])
  await page.settle()
  assert.equal(answers.length, 2)
  answers[1]!.resolve([triggered('1', 20)])
  await page.settle()
  assert.deepEqual(page.list(), ['1 triggered'])
  assert.equal(page.alerts.state.get().phase, 'ready')
})

describe('a request', () => {
  const terms = { condition: 'priceCrosses', symbol: 'AAA', price: 9 } as const

  test('that got no answer is sent again under its id; after a refusal it gets another one', async () => {
    const asked: NewAlert[] = []
    const failures = [
      { status: 0, detail: 'no network' },
      { status: 422, detail: 'Too many.' },
    ]
    const create = async (alert: NewAlert) => {
      asked.push(alert)
      const failure = failures.shift()
      if (failure !== undefined) throw Object.assign(new Error('x'), failure)
      return alertOf('9')
    }
    const { alerts, list } = await open([], { create })
    assert.equal(await alerts.create(terms), 'no network')
    assert.equal(await alerts.create(terms), 'Too many.')
    assert.equal(await alerts.create(terms), undefined)
    assert.deepEqual(
      asked.map(({ clientAlertId }) => clientAlertId),
      ['id1', 'id1', 'id2'],
    )
    assert.deepEqual(list(), ['9 active'])
  })

  test('to remove one that is gone already removes it, any other failure is said', async () => {
    const failures = [{ status: 404 }, { status: 503, detail: 'busy' }]
    const remove = async () => {
      throw Object.assign(new Error('x'), failures.shift())
    }
    const { alerts, list } = await open([alertOf('2'), alertOf('1')], { remove })
    assert.equal(await alerts.remove('1'), undefined)
    assert.equal(await alerts.remove('2'), 'busy')
    assert.deepEqual(list(), ['2 active'])
  })
})

test('another account has other alerts, and a list that fails says why', async () => {
  const { alerts, settle, list } = await open([alertOf('1')])
  alerts.follow('a2')
  assert.deepEqual(list(), [])
  await settle()
  assert.deepEqual(list(), ['1 active'])
  const failing = await open([], { list: () => Promise.reject(new Error('no network')) })
  const { phase, problem } = failing.alerts.state.get()
  assert.deepEqual([phase, problem], ['failed', 'no network'])
})

test('eight accounts are kept', () => {
  let seen: SeenAlerts = {}
  for (let n = 0; n < 12; n++) seen = withSeen(seen, `a${n}`, n)
  assert.deepEqual(Object.keys(seen), ['a4', 'a5', 'a6', 'a7', 'a8', 'a9', 'a10', 'a11'])
})
