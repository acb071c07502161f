// The decision tree: every path ends in an answer, the examples of its documents get their transport, and each reason
// belongs to a question on the path.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { TRANSPORTS, type Transport } from './constants/transports.ts'
import { chooseTransport, DECISION_ROOT, DECISION_TREE } from './decision-tree.ts'
import type { Need } from './schemas/transports.ts'

const BOOLEANS = [true, false]
const EVERY_NEED: Need[] = BOOLEANS.flatMap(realtime =>
  BOOLEANS.flatMap(bidirectional => BOOLEANS.map(streams => ({ realtime, bidirectional, streams }))),
)

describe('the tree', () => {
  test('has no cycle, and every node is reached from the root', () => {
    const ways: string[][] = []
    const walk = (at: string, way: string[]) => {
      const node = DECISION_TREE[at]
      assert.ok(node !== undefined, `${way.at(-1)} leads to ${at}, which does not exist`)
      assert.ok(!way.includes(at), `${at} is on a cycle`)
      if (node.kind === 'answer') ways.push([...way, at])
      else for (const next of [node.yes, node.no]) walk(next, [...way, at])
    }
    walk(DECISION_ROOT, [])
    assert.deepEqual([...new Set(ways.flat())].sort(), Object.keys(DECISION_TREE).sort())
    const answers = ways.map(way => DECISION_TREE[way.at(-1)!]!)
    assert.deepEqual(
      [...new Set(answers.map(node => (node.kind === 'answer' ? node.transport : '')))].sort(),
      [...TRANSPORTS].sort(),
    )
  })

  test('has a text at every node, two reasons at every question, costs and examples at every answer', () => {
    for (const node of Object.values(DECISION_TREE)) {
      assert.notEqual(node.text, '')
      if (node.kind === 'answer') {
        assert.ok(node.costs.length >= 2 && node.examples.length >= 2, node.text)
        for (const cost of node.costs) assert.match(cost, /^[A-Z].{20,}\.$/)
        for (const example of node.examples) assert.match(example, /^[a-z].*[a-z]$/)
        continue
      }
      for (const question of [node.text, node.help]) assert.match(question, /^[A-Z].*\?$/)
      for (const reason of [node.yesReason, node.noReason]) assert.match(reason, /^[A-Z].{20,}\.$/)
      assert.notEqual(node.yesReason, node.noReason)
    }
  })
})

describe('a choice', () => {
  for (const need of EVERY_NEED) {
    test(`for ${JSON.stringify(need)} has one reason for each question on the path`, () => {
      const { transport, reasons, path, costs, examples } = chooseTransport(need)
      assert.equal(path[0], DECISION_ROOT)
      const questions = path.slice(0, -1).map(at => DECISION_TREE[at]!)
      assert.equal(reasons.length, questions.length)
      questions.forEach((node, i) => {
        assert.ok(node.kind === 'question')
        const yes = need[node.asks]
        assert.equal(reasons[i], yes ? node.yesReason : node.noReason)
        assert.equal(path[i + 1], yes ? node.yes : node.no)
      })
      const answer = DECISION_TREE[path.at(-1)!]!
      assert.deepEqual(answer, { ...answer, kind: 'answer', transport, costs, examples })
    })
  }

  test('defaults to not real-time, one direction, with streams', () => {
    assert.equal(chooseTransport({}).transport, 'rest')
    assert.equal(chooseTransport({ realtime: true }).transport, 'sse')
    assert.equal(chooseTransport({ realtime: true, bidirectional: true }).transport, 'websocket')
    assert.equal(chooseTransport({ bidirectional: true, streams: false }).transport, 'rest')
  })
})

describe("the documents' examples", () => {
  const both = { realtime: true, bidirectional: true }
  const oneWay = { realtime: true, bidirectional: false }
  const EXAMPLES: readonly (readonly [what: string, need: Partial<Need>, transport: Transport])[] = [
    ...['chat', 'games', 'shared editing', 'live coding', 'trading dashboards'].map(
      what => [what, both, 'websocket'] as const,
    ),
    ...['notifications', 'progress', 'live scores', 'news', 'stock tickers', 'deployment logs'].map(
      what => [what, oneWay, 'sse'] as const,
    ),
    ['a page that is not live', { realtime: false }, 'rest'],
    ['a stock ticker behind a proxy that buffers', { ...oneWay, streams: false }, 'longPoll'],
    ['a chat behind a proxy that refuses upgrades', { ...both, streams: false }, 'longPoll'],
  ]
  for (const [what, need, transport] of EXAMPLES) {
    test(`${what}: ${transport}`, () => assert.equal(chooseTransport(need).transport, transport))
  }

  test('are those of their leaf, in their order', () => {
    const named = (need: Partial<Need>) => EXAMPLES.filter(([, one]) => one === need).map(([what]) => what)
    assert.deepEqual(chooseTransport(both).examples, named(both))
    assert.deepEqual(chooseTransport(oneWay).examples, named(oneWay))
  })
})
