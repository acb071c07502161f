// The executions of an order among the many events of a private stream: each once, in pages, and no event is read that
// cannot be the order's.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { KnownAccount } from '../accounts/accounts.ts'
import type { VenuePort } from '../venue-client.ts'
import { executionRoutes } from './executions.ts'
import type { RouteRequest } from './route.ts'

const EVENTS = 25_000
/** Each thousandth event is an execution of the order, the others are of another one or no executions. */
const isOfOrder = (seq: number) => seq % 1_000 === 0

function open(span: { firstSeq: number; lastSeq: number } | undefined, oldest = 1) {
  const reads: { from: number; limit: number }[] = []
  const query = async (name: string, params: { from: number; limit: number }) => {
    if (name === 'orderSpan') return span
    if (name === 'privateRange') return { oldest, lastSeq: EVENTS }
    reads.push(params)
    const count = Math.min(params.limit, EVENTS - params.from + 1)
    return Array.from({ length: count }, (_, i) => {
      const seq = params.from + i
      const event = { type: seq % 3 === 0 ? 'queue' : 'execution', seq, orderId: isOfOrder(seq) ? '7' : '8' }
      return { accountId: 'ann', seq, data: JSON.stringify({ ...event, ...(isOfOrder(seq) && { type: 'execution' }) }) }
    })
  }
  const [executions] = executionRoutes({
    venue: { query } as unknown as VenuePort,
    privateEpoch: () => 'k3f9',
    reader: async () => ({ accountId: 'ann' }) as KnownAccount,
  })
  const read = async (after?: number) => {
    const request = { params: { id: '7' }, query: { after } } as unknown as RouteRequest
    return (await executions!.handle(request)).body as {
      executions: { seq: number }[]
      after: number | null
      reset?: object
    }
  }
  return { read, reads }
}

test('are read from the event that placed it to the one that ended it, a bounded part of the stream a page', async () => {
  const { read, reads } = open({ firstSeq: 2_000, lastSeq: 23_000 })
  const seqs: number[] = []
  let pages = 0
  for (let after: number | null | undefined; after !== null; pages++) {
    const page = await read(after)
    seqs.push(...page.executions.map(({ seq }) => seq))
    after = page.after
  }
  assert.deepEqual(
    seqs,
    Array.from({ length: 22 }, (_, i) => (i + 2) * 1_000),
  )
  assert.equal(pages, 3)
  const last = reads.at(-1)!
  assert.deepEqual([reads[0]!.from, last.from + last.limit - 1], [2_000, 23_000])
  assert.ok(reads.every(({ limit }) => limit <= 1_000))
})

test('of an unknown order are a coded error', async () => {
  await assert.rejects(open(undefined).read(), /this account has no order 7; GET \/v1\/orders lists them/)
})

test('a page that would begin before what is kept says so', async () => {
  const { read } = open({ firstSeq: 2_000, lastSeq: 9_000 }, 5_000)
  const reset = { reason: 'expired', requested: 'k3f9-1999', epoch: 'k3f9', oldest: 5_000, head: EVENTS }
  assert.deepEqual((await read()).reset, reset)
  assert.equal((await read(4_999)).reset, undefined)
})
