// The order history: what the page saw and what the server has, in pages, across accounts and failures.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Order } from '@papertape/protocol'
import { createFrameScheduler } from '../reactive/frame-scheduler.ts'
import { manualClock } from '../testing/manual-clock.ts'
import { sampleExecution } from '../testing/sample-orders.ts'
import { createOrderHistory, type OrderHistoryPorts } from './order-history.ts'
import { orderAfter } from './order-life.ts'

const canceled = (orderId: string, seq = 1) =>
  sampleExecution(seq, { orderId, execType: 'canceled', orderStatus: 'canceled', leavesSize: 0 })
const endedOrder = (orderId: string): Order => orderAfter([canceled(orderId)])

function openHistory(ports: OrderHistoryPorts) {
  const clock = manualClock()
  const history = createOrderHistory(ports, createFrameScheduler(clock))
  const settle = async () => {
    for (let i = 0; i < 20; i++) await Promise.resolve()
    clock.frames(8)
  }
  const shown = async () => {
    await settle()
    const { orders, hasMore, isLoading, problem } = history.state.get()
    return { ids: orders.map(({ orderId }) => orderId).join(' '), hasMore, isLoading, problem }
  }
  return { history, shown }
}

test('without requests shows the orders that the page saw end', async () => {
  const { history, shown } = openHistory({})
  history.open()
  history.loadMore()
  history.loadLife('1')
  history.add([sampleExecution(1, { orderId: '1' })])
  assert.equal((await shown()).ids, '')
  history.add([canceled('1', 2)])
  history.add([canceled('1', 2)])
  assert.deepEqual(await shown(), { ids: '1', hasMore: false, isLoading: false, problem: null })
  assert.equal(history.state.get().lives.get('1')?.length, 2)
})

test('requests pages once each, and the newest again after a gap', async () => {
  const asked: unknown[] = []
  const pages = [
    { orders: ['9', '8'], next: '8' },
    { orders: ['7'], next: null },
    { orders: ['10', '9'], next: '9' },
  ]
  const { history, shown } = openHistory({
    async orderHistory(page) {
      asked.push(page)
      const { orders, next } = pages[asked.length - 1]!
      return { orders: orders.map(endedOrder), next }
    },
  })
  history.refresh()
  history.open()
  history.open()
  assert.deepEqual(await shown(), { ids: '9 8', hasMore: true, isLoading: false, problem: null })
  history.loadMore()
  history.loadMore()
  assert.deepEqual(await shown(), { ids: '9 8 7', hasMore: false, isLoading: false, problem: null })
  history.refresh()
  assert.deepEqual(await shown(), { ids: '10 9 8 7', hasMore: false, isLoading: false, problem: null })
  assert.deepEqual(asked, [{}, { before: '8' }, {}])
})

test('a failed request says why and can be repeated', async () => {
  let attempts = 0
  const { history, shown } = openHistory({
    async orderHistory() {
      if (++attempts === 1) throw new Error('no network')
      return { orders: [endedOrder('3')], next: null }
    },
  })
  history.open()
  assert.deepEqual(await shown(), { ids: '', hasMore: false, isLoading: false, problem: 'no network' })
  history.loadMore()
  assert.deepEqual(await shown(), { ids: '3', hasMore: false, isLoading: false, problem: null })
})

test('completes a life, and drops what belongs to another account', async () => {
  let answer: (orders: readonly Order[]) => void = () => {}
  const { history, shown } = openHistory({
    orderHistory: () => new Promise(resolve => (answer = orders => resolve({ orders, next: '1' }))),
    orderLife: async orderId => [sampleExecution(1, { orderId }), canceled(orderId, 5)],
  })
  history.add([canceled('4', 5)])
  history.loadLife('4')
  await shown()
  assert.deepEqual(
    history.state
      .get()
      .lives.get('4')
      ?.map(({ seq }) => seq),
    [1, 5],
  )
  history.open()
  history.clear()
  answer([endedOrder('2')])
  assert.deepEqual(await shown(), { ids: '', hasMore: false, isLoading: false, problem: null })
  history.open()
  answer([endedOrder('6')])
  assert.equal((await shown()).ids, '6')
})
