// What the race says of its figures.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { backgroundText, conclusionOf, findingOf, formatLatency } from './findings.ts'
import { LANES } from './lanes/lane.ts'
import type { LaneFigures } from './lanes/lane-record.ts'

const FIGURES: LaneFigures = {
  events: 200,
  medianMs: 3.14,
  p99Ms: 20,
  bars: [],
  bodyBytesPerEvent: 150,
  headBytesPerEvent: 12.4,
  requests: 1,
  requestsPerMinute: 1,
  outages: 0,
  lastReconnectMs: undefined,
  isOpen: true,
  missed: 0,
  repeated: 0,
  resets: 0,
}

describe('the finding of a lane', () => {
  const CASES: readonly [name: string, figures: Partial<LaneFigures>, text: string][] = [
    ['with few events is what to look at', { events: 9 }, LANES.sse.look],
    [
      'of an undisturbed stream',
      {},
      'An event is 3.1 ms late at the median; 1 request in all, 12 B of heads and frames an event.',
    ],
    [
      'of a lane that asks',
      { requests: 60, requestsPerMinute: 59.6, medianMs: 512, headBytesPerEvent: 1_400 },
      'An event is 512 ms late at the median; 60 requests a minute, 1.4 KB of heads and frames an event.',
    ],
  ]
  for (const [name, figures, text] of CASES) {
    test(name, () => assert.equal(findingOf('sse', { ...FIGURES, ...figures }), text))
  }

  test('says how a cut went on', () => {
    const finding = (figures: Partial<LaneFigures>) => findingOf('sse', { ...FIGURES, ...figures })
    assert.match(finding({ outages: 1, lastReconnectMs: 2_900 }), /Back 2\.9 s after it was cut, nothing missed\.$/)
    assert.match(finding({ outages: 1, isOpen: false }), /Away now/)
    assert.match(finding({ outages: 1, lastReconnectMs: 10, missed: 3, repeated: 1 }), /3 missed, 1 received twice\.$/)
    assert.match(finding({ resets: 1, missed: 3 }), /could not resume it: 3 missed/)
    assert.match(finding({ missed: 1 }), /1 event missed, 0 received twice\.$/)
  })
})

describe('the conclusion', () => {
  const sse = { title: 'SSE', figures: FIGURES }

  test('names the fastest and the slowest lane, and what all have missed', () => {
    const polling = { title: 'Polling', figures: { ...FIGURES, medianMs: 512, missed: 2 } }
    assert.equal(
      conclusionOf([polling, sse]),
      'SSE was the fastest: 3.1 ms at the median, Polling the slowest: 512 ms. 2 events missed in all lanes.',
    )
    assert.match(conclusionOf([{ title: 'Polling', figures: { ...FIGURES, medianMs: 512 } }, sse])!, /No lane missed/)
  })

  test('waits until two lanes have results', () => {
    const early = { title: 'Polling', figures: { ...FIGURES, events: 2 } }
    assert.equal(conclusionOf([sse, early]), undefined)
  })
})

test('a stay in the background is counted in polls', () => {
  assert.match(
    backgroundText({ durationMs: 32_400, polls: 31, pollIntervalMs: 250 }),
    /for 32 s: polling asked 31 times, where its timer is set for 129\./,
  )
})

test('a latency has the digits that can be measured', () => {
  assert.deepEqual([undefined, 0.84, 9.96, 51.2, 1_940].map(formatLatency), [
    '–',
    '0.8 ms',
    '10.0 ms',
    '51 ms',
    '1.9 s',
  ])
})
