// The routes of simulations: ask for one, list them, read one with its report, cancel it. simulation-stream.ts has its
// events and its tape.

import { randomInt } from 'node:crypto'
import { defineRoute, KeyedRateLimit, ok, type Route } from '@papertape/gateway'
import type { SimulationAnswer, SimulationSummary } from '@papertape/protocol'
import type { SimulationJob } from './simulation-job.ts'
import { commandOf, marketCommandOf, readSimulation } from './simulation-request.ts'
import { addSchema, cancelSchema, listSchema, readSchema } from './simulation-schemas.ts'
import { QUEUED_MAX, RUNNING_MAX, type Simulations } from './simulations.ts'

/** An address may ask for so many, by and by and at once. */
const ADDRESS_LIMIT = { perSecond: 0.5, burst: 12, what: 'simulations' }
/** Drawn seeds are below this: short enough to type. */
const DRAWN_SEEDS = 1_000_000

export function simulationRoutes(simulations: Simulations, nowMs: () => number): readonly Route[] {
  const limit = new KeyedRateLimit(ADDRESS_LIMIT, nowMs)
  return [
    defineRoute('GET /simulations', listSchema, () =>
      ok({ runningMax: RUNNING_MAX, queuedMax: QUEUED_MAX, simulations: simulations.all.map(summaryOf) }),
    ),

    defineRoute('POST /simulations', addSchema, ({ body, sender }) => {
      const header = readSimulation(body, () => randomInt(DRAWN_SEEDS))
      limit.take(sender.addressKey)
      return { status: 201, body: summaryOf(simulations.add(header)) }
    }),

    defineRoute('GET /simulations/:id', readSchema, ({ params }) => ok(answerOf(simulations.get(params.id)))),

    defineRoute('DELETE /simulations/:id', cancelSchema, ({ params }) => {
      const job = simulations.get(params.id)
      simulations.cancel(job)
      return ok(summaryOf(job))
    }),
  ]
}

function summaryOf({ id, header, state, createdAt, progress, result, failure }: SimulationJob): SimulationSummary {
  const { preset, seed, scenarios, symbols, durationMs } = header
  const run = { preset: preset!, seed: seed!, scenarios: [...scenarios], symbols: [...symbols], durationMs }
  const commands = { command: commandOf(header), marketCommand: marketCommandOf(header) }
  return { id, state, ...run, ...commands, createdAt, progress, result, failure }
}

function answerOf(job: SimulationJob): SimulationAnswer {
  return { ...summaryOf(job), report: job.report }
}
