// Days from a tape against the order flow recorded in the same run: facts that both have are equal.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createExchange } from '@papertape/engine'
import type { DeskAnswer, DeskCommand } from '@papertape/protocol'
import { selectInstruments } from '../../market/instruments.ts'
import { createSimulatedMarket } from '../../market/market.ts'
import { recordFlow } from '../../order-flow/flow-recorder.ts'
import { FLOW, type OrderFlow } from '../../order-flow/order-flow.ts'
import type { TapeHeader } from '../../recording/tape.ts'
import { measureDay } from '../facts/measure-day.ts'
import { collectTapeDays } from './tape-day.ts'

const DURATION_MS = 600_000
const OPEN_MS = 34_200_000

function executionsOf({ count, kinds, timesMs, sides, pricesTicks, lots }: OrderFlow): string[] {
  const rows = Array.from({ length: count }, (_, i) => i).filter(i => kinds[i] === FLOW.execute)
  return rows.map(i => `${timesMs[i]} ${sides[i]} ${lots[i]} at ${pricesTicks[i]!.toFixed(4)}`)
}

test('facts from trades and quotes equal those from orders; the others are absent', () => {
  const instruments = selectInstruments(1)
  const recorder = recordFlow(1)
  const exchange = createExchange({ instruments, flow: recorder })
  recorder.watch(exchange)
  const header = { startTime: OPEN_MS, midnightTime: 0, durationMs: DURATION_MS } as TapeHeader
  const tape = collectTapeDays(header)
  const source = createSimulatedMarket({ seed: 3, instruments, startTime: OPEN_MS })
  let time = OPEN_MS
  const port = {
    book: exchange,
    announce: () => assert.fail('unexpected announcement'),
    submit(command: DeskCommand) {
      recorder.startCommand(time)
      return exchange.apply(command, { ts: time * 1000, time }) as DeskAnswer
    },
  }
  for (time = source.nextTime!; time < OPEN_MS + DURATION_MS; time = source.nextTime!) {
    source.step(port)
    for (const event of exchange.takeEvents()) tape.take(event)
  }
  const [fromTape] = tape.days()
  const about = { symbol: '', tickUnits: 100, lotSize: 1, openMs: OPEN_MS, closeMs: OPEN_MS + DURATION_MS }
  const found = measureDay(fromTape!).values
  const known = measureDay({ ...about, flow: recorder.flows[0]! }).values
  const shared = ['kurtosis1s', 'minuteReturnSd', 'volumeCorrelation', 'spreadMean', 'spreadMedian'] as const
  for (const fact of shared) {
    assert.ok(Math.abs(found[fact] - known[fact]) < 1e-9, `${fact}: ${found[fact]} from the tape, ${known[fact]}`)
  }
  assert.deepEqual(executionsOf(fromTape!.flow), executionsOf(recorder.flows[0]!))
  assert.equal(fromTape!.symbol, instruments[0]!.symbol)
  for (const fact of ['eventGapCv', 'cancelsPerLimit', 'roundLotShare', 'cancelledLife', 'depthPeak'] as const) {
    assert.ok(Number.isNaN(found[fact]), fact)
    if (fact !== 'depthPeak') assert.ok(!Number.isNaN(known[fact]), fact)
  }
})
