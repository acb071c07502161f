// The board of Grafana, without a program: its panels are named and placed, and its expressions have every metric of
// the service and no other.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type RunningServer, startServer } from '../support/server.ts'
import { BOARD, expressionsOf, type Panel } from './grafana-board.ts'

const NAME = /\b(?:papertape|process)_\w+/g

describe('the board', () => {
  const panels = BOARD.panels.filter(({ type }) => type !== 'row')

  it('has panels in rows, each with a title, a description and a place of its own', () => {
    assert.ok(BOARD.panels.length - panels.length >= 5)
    assert.equal(new Set(BOARD.panels.map(({ id }) => id)).size, BOARD.panels.length)
    const taken = new Map<string, string>()
    for (const { title, gridPos } of BOARD.panels) {
      assert.ok(title.length > 0 && gridPos.x + gridPos.w <= 24, title)
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          assert.equal(taken.get(`${x} ${y}`), undefined, `${title} is where ${taken.get(`${x} ${y}`)} is`)
          taken.set(`${x} ${y}`, title)
        }
      }
    }
    for (const { title, description, targets = [] } of panels) {
      assert.ok((description?.length ?? 0) > 5 && targets.length > 0, title)
      assert.equal(new Set(targets.map(({ refId }) => refId)).size, targets.length, title)
    }
  })

  it('asks the data source and the instance that are chosen', () => {
    assert.deepEqual(
      BOARD.templating.list.map(({ name }) => name),
      ['datasource', 'instance'],
    )
    for (const { datasource } of panels as (Panel & { datasource: { uid: string } })[])
      assert.match(datasource.uid, /^\$\{datasource\}$/)
    for (const expression of expressionsOf(BOARD))
      for (const selector of expression.matchAll(/\b(?:papertape|process)_\w+(?!\w)(\S*)/g))
        assert.ok(selector[1]!.startsWith('{instance=~"$instance"'), expression)
  })

  it('has every metric of the service, and no other', { timeout: 120_000 }, async test => {
    const server: RunningServer = await startServer({ flags: ['--symbols', '1', '--memory'] })
    test.after(() => server.dispose())
    const text = await (await fetch(`${server.url}/metrics`)).text()
    const metrics = [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name!)
    const named = expressionsOf(BOARD).flatMap(expression => expression.match(NAME) ?? [])
    const families = new Set(named.map(name => name.replace(/_(bucket|sum|count)$/, '')))
    assert.deepEqual([...families].sort(), [...metrics].sort())
  })
})
