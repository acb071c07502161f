// What monitoring reads.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ask, openTestApp } from '../testing/test-app.ts'

test('the health of the service is its position and how many read the feed', async () => {
  const app = await openTestApp()
  const { status, body } = await ask(app, 'GET /health')
  const position = `${app.epoch}-${app.feed.log.head}`
  assert.deepEqual([status, body], [200, { status: 'ok', position, streams: 0, subscriptionClasses: 0 }])
  await app.close()
})
