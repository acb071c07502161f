// The layout of the decision tree: every node inside the drawing, none over another, every answer joined to its
// question.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DECISION_ROOT, DECISION_TREE } from '@papertape/protocol'
import { layoutTree, NARROW_TREE, WIDE_TREE } from './tree-layout.ts'

const SIZES = { wide: WIDE_TREE, narrow: NARROW_TREE }

for (const [name, size] of Object.entries(SIZES)) {
  const { nodes, edges, width, height } = layoutTree(size)
  const nodeOf = (id: string) => nodes.find(one => one.id === id)!

  test(`every node has one place inside the ${name} drawing, none over another`, () => {
    assert.deepEqual(nodes.map(({ id }) => id).sort(), Object.keys(DECISION_TREE).sort())
    for (const one of nodes) {
      assert.ok(one.x - one.width / 2 >= 0 && one.x + one.width / 2 <= width, one.id)
      assert.ok(one.y - one.height / 2 >= 0 && one.y + one.height / 2 <= height, one.id)
      for (const other of nodes) {
        const isApart =
          Math.abs(one.x - other.x) >= (one.width + other.width) / 2 ||
          Math.abs(one.y - other.y) >= (one.height + other.height) / 2
        assert.ok(one === other || isApart, `${one.id} over ${other.id}`)
      }
    }
  })

  test(`the root is on top of the ${name} drawing, and all answers are in one row at the bottom`, () => {
    const rows = nodes.filter(({ node }) => node.kind === 'answer').map(({ y }) => y)
    assert.equal(new Set(rows).size, 1)
    assert.equal(Math.max(...nodes.map(({ y }) => y)), rows[0])
    assert.equal(Math.min(...nodes.map(({ y }) => y)), nodeOf(DECISION_ROOT).y)
  })

  test(`the answer that two questions share is between them in the ${name} drawing, so that no edges cross`, () => {
    const answers = nodes.filter(({ node }) => node.kind === 'answer').sort((a, b) => a.x - b.x)
    assert.deepEqual(
      answers.map(({ id }) => id),
      ['rest', 'sse', 'longPoll', 'websocket'],
    )
  })

  test(`each question of the ${name} drawing is joined to its yes and its no, downward`, () => {
    const expected = Object.entries(DECISION_TREE).flatMap(([id, node]) =>
      node.kind === 'question' ? [`${id} no ${node.no}`, `${id} yes ${node.yes}`] : [],
    )
    assert.deepEqual(edges.map(({ from, answer, to }) => `${from} ${answer} ${to}`).sort(), expected.sort())
    for (const { from, to, path } of edges) {
      const [startX, startY, endX, endY] = /^M([\d.]+) ([\d.]+)V[\d.]+H([\d.]+)V([\d.]+)$/
        .exec(path)!
        .slice(1)
        .map(Number)
      const inside = (x: number, id: string) => Math.abs(x - nodeOf(id).x) <= nodeOf(id).width / 2
      assert.ok(inside(startX!, from) && inside(endX!, to), path)
      assert.deepEqual([startY, endY], [nodeOf(from).y + size.nodeHeight / 2, nodeOf(to).y - size.nodeHeight / 2])
    }
  })
}
