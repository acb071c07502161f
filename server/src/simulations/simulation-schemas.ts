// How the routes of simulations are described in the OpenAPI document, and what their bodies are checked against.

import { SAME_ORIGIN, TAGS } from '@papertape/gateway'
import { SimulationAnswer, SimulationRequest, SimulationSummary, SimulationsAnswer } from '@papertape/protocol/schemas'
import Type from 'typebox'
import { mediaAnswer } from '../docs/route-schema.ts'
import { QUEUED_MAX, RUNNING_MAX } from './simulations.ts'

const tags = [TAGS.simulations]
const problems = [...SAME_ORIGIN.problems, 'not-found'] as const
const params = Type.Object({ id: Type.String({ description: 'The simulation' }) })

export const listSchema = {
  operationId: 'getSimulations',
  summary: 'The simulations of the server, newest first',
  tags,
  response: { 200: SimulationsAnswer },
  ...SAME_ORIGIN,
}
export const addSchema = {
  operationId: 'addSimulation',
  summary: 'Simulates a market on the server',
  description:
    `A job in a thread of its own, as fast as it goes: ${RUNNING_MAX} run at once, ${QUEUED_MAX} may wait. The same seed gives the ` +
    'same tape as `papertape-sim run`. It has nothing to do with the market that runs.',
  tags,
  body: SimulationRequest,
  response: { 201: SimulationSummary },
  problems: [...SAME_ORIGIN.problems, 'bad-parameter', 'rate-limited', 'too-many-simulations'] as const,
}
export const readSchema = {
  operationId: 'getSimulation',
  summary: 'A simulation, and its report when it is done',
  tags,
  params,
  response: { 200: SimulationAnswer },
  problems,
}
export const cancelSchema = {
  operationId: 'cancelSimulation',
  summary: 'Cancels a simulation that waits or runs',
  description: 'One that has ended stays as it is.',
  tags,
  params,
  response: { 200: SimulationSummary },
  problems,
}
export const tapeSchema = {
  operationId: 'getSimulationTape',
  summary: 'The tape of a simulation that is done',
  description: 'A gzip file that `papertape-sim verify`, `replay` and `report` read as it is.',
  tags,
  params,
  response: { 200: mediaAnswer('application/gzip', 'The tape') },
  problems,
}
export const simulationStreamSchema = {
  operationId: 'streamSimulation',
  summary: 'Progress and log of a simulation over Server-Sent Events',
  description:
    'Events: `progress`, `log`, and `done`, `failed` or `canceled`, with which the stream ends. Each has an id; with it as ' +
    'Last-Event-ID a reader goes on after it. Progress is conflated: a reader that comes later gets the newest. 204: nothing comes any more.',
  tags,
  params,
  headers: Type.Object({
    'Last-Event-ID': Type.Optional(Type.String({ description: 'The number of the last event that was received' })),
  }),
  response: {
    200: mediaAnswer('text/event-stream', 'Events until the simulation ends'),
    204: Type.Unsafe<undefined>({
      type: 'null',
      description: 'The simulation has ended, and nothing comes after this id',
    }),
  },
  problems,
}
