// The decision tree over HTTP: the whole tree, and the answer for one need.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { chooseTransport, DECISION_ROOT, DECISION_TREE } from '@papertape/protocol'
import { ask, openTestApp, type TestApp } from '../testing/test-app.ts'

describe('the decision tree', () => {
  let app: TestApp
  before(async () => {
    app = await openTestApp()
  })
  after(() => app.close())

  test('without a need the tree is returned', async () => {
    const { status, body } = await ask(app, 'GET /v1/transport')
    assert.deepEqual([status, body], [200, JSON.parse(JSON.stringify({ root: DECISION_ROOT, nodes: DECISION_TREE }))])
  })

  for (const need of [
    { realtime: true },
    { realtime: false },
    { bidirectional: true },
    { realtime: true, streams: false },
    { realtime: true, bidirectional: false, streams: true },
  ]) {
    const query = Object.entries(need)
      .map(([name, value]) => `${name}=${value}`)
      .join('&')
    test(`for ${query} the transport is the tree's`, async () => {
      const { status, body } = await ask(app, `GET /v1/transport?${query}`)
      assert.deepEqual([status, body], [200, JSON.parse(JSON.stringify(chooseTransport(need)))])
    })
  }

  test('a need that is not true or false is refused', async () => {
    const { status, body } = await ask(app, 'GET /v1/transport?realtime=maybe')
    assert.deepEqual([status, body.code], [400, 'bad-request'])
  })
})
