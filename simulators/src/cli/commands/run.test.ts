// A run over a night, with the hours of rules.schedule: what is open when, and which auctions trade.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import type { FeedEvent } from '@papertape/protocol'
import { done, testFolder } from '../testing/sim.ts'

const { path } = testFolder()
const MARKET = ['--seed', '7', '--symbols', '1', '--duration', '24.3h']
const HOURS = ['--set', 'rules.schedule=14:26,14:29,14:30,14:40,14:42']

function eventsOf(file: string): FeedEvent[] {
  const [, ...lines] = readFileSync(path(file), 'utf8').trimEnd().split('\n')
  return lines.map(line => {
    const end = line.indexOf(' ')
    return { event: line.slice(0, end), data: JSON.parse(line.slice(end)) } as FeedEvent
  })
}

const hour = (time: number) => new Date(time).toISOString().slice(8, 16)

test('a market closes, is quiet at night, and opens the next morning by an auction', async () => {
  await done(['run', ...MARKET, ...HOURS, '--out', path('night.tape')])
  const phases: string[] = []
  const auctions: string[] = []
  const trades = { continuous: 0, other: 0 }
  const changes = { night: 0, morning: 0 }
  const quoted = new Set<string>()
  for (const { event, data } of eventsOf('night.tape')) {
    const [phase = ''] = phases.at(-1)?.split(' ') ?? []
    // Those of a symbol have its indicative price.
    if (event === 'status' && data.symbol === null) phases.push(`${data.phase} ${hour(data.time)}`)
    if (event === 'trade' && data.auction === true) auctions.push(hour(data.time))
    else if (event === 'trade') trades[phase === 'continuous' ? 'continuous' : 'other']++
    if (event === 'book' && phase === 'closed') changes.night++
    if (event === 'book' && phase === 'preOpen') changes.morning++
    if (event === 'quote' && data.bid !== null && data.ask !== null) quoted.add(hour(data.time).slice(0, 2))
  }
  assert.deepEqual(phases, [
    'continuous 05T14:30',
    'closingAuction 05T14:40',
    'closed 05T14:42',
    'preOpen 06T14:26',
    'openingAuction 06T14:29',
    'continuous 06T14:30',
    'closingAuction 06T14:40',
    'closed 06T14:42',
  ])
  assert.deepEqual(auctions, ['05T14:42', '06T14:30', '06T14:42'])
  assert.equal(trades.other, 0)
  assert.ok(trades.continuous > 300, `${trades.continuous} trades`)
  // What is left of the auction's orders is cancelled; then nothing changes until the morning.
  assert.ok(changes.night < 300 && changes.morning > 200, JSON.stringify(changes))
  assert.deepEqual([...quoted], ['05', '06'])
})
