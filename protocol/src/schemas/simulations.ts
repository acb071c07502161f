// Schemas of the simulations that run on the server: the request, the answers, the report, and the events of
// /v1/simulations/{id}/stream.

import Type, { type Static } from 'typebox'
import {
  SIMULATION_DEFAULTS,
  SIMULATION_LIMITS,
  SIMULATION_PRESETS,
  SIMULATION_STATES,
} from '../constants/simulations.ts'
import { count, durationMs, nullable, safeInteger, symbol, text, wallMs } from './fields.ts'

const { symbolsMax } = SIMULATION_LIMITS

/** The handler checks the values, with messages of its own. */
export const SimulationRequest = Type.Object(
  {
    preset: Type.Optional(text(`${SIMULATION_PRESETS.join(', ')}; ${SIMULATION_DEFAULTS.preset} when absent`)),
    scenario: Type.Optional(
      text(
        'Scenarios with their start, separated by commas: flash-crash@10:30, halt+20m; a name alone has its usual one',
      ),
    ),
    seed: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 0xffff_ffff, description: 'The seed, up to 4294967295; drawn when absent' }),
    ),
    duration: Type.Optional(
      text(`Length by the market's clock: 10m, 1h30m, 6.5h at most; ${SIMULATION_DEFAULTS.duration} when absent`),
    ),
    symbols: Type.Optional(
      Type.Integer({
        description: `How many instruments, the busiest first, ${symbolsMax} at most; ${SIMULATION_DEFAULTS.symbols} when absent`,
      }),
    ),
  },
  {
    additionalProperties: false,
    description: 'The market to simulate',
    examples: [{ preset: 'large-tick', scenario: 'flash-crash+20m', seed: 7, duration: '1h', symbols: 2 }],
  },
)
export type SimulationRequest = Static<typeof SimulationRequest>

const plannedStart = Type.Object(
  { name: text('The scenario'), startTime: wallMs("When it starts, by the market's clock") },
  { description: 'A scenario and its start' },
)

export const SimulationProgress = Type.Object(
  {
    simulatedMs: durationMs("How much of the run is simulated, by the market's clock"),
    fraction: Type.Number({ minimum: 0, maximum: 1, description: 'The same as a part of the whole' }),
    events: count('Public events so far'),
    eventsPerSecond: count('Public events by second of wall time'),
    rate: Type.Number({ minimum: 0, description: 'Market time by wall time: 3600 is an hour a second' }),
    remainingMs: nullable(durationMs('Wall time that is left, estimated'), 'not known yet'),
  },
  {
    description: 'How far a simulation is',
    examples: [
      {
        simulatedMs: 900_000,
        fraction: 0.25,
        events: 51_220,
        eventsPerSecond: 84_000,
        rate: 1476.2,
        remainingMs: 1_830,
      },
    ],
  },
)
export type SimulationProgress = Static<typeof SimulationProgress>

export const SimulationResult = Type.Object(
  {
    events: count('Public events of the tape'),
    bytes: count('Bytes of the tape, uncompressed'),
    compressedBytes: count('Bytes of the download'),
    sha256: text('SHA-256 of the tape, uncompressed: as the last line of papertape-sim run'),
    elapsedMs: durationMs('Wall time of the run and its report'),
  },
  {
    description: 'The tape of a simulation',
    examples: [
      { events: 102_451, bytes: 14_656_420, compressedBytes: 2_031_772, sha256: '0fd9ef25…', elapsedMs: 1_240 },
    ],
  },
)
export type SimulationResult = Static<typeof SimulationResult>

const x = Type.Array(Type.Number(), { description: 'Positions on the horizontal axis' })
const series = Type.Array(nullable(Type.Number({ description: 'A value' }), 'no value'), { description: 'Values' })
const seriesName = text('Whose data it is: sample is that of this simulation')
const lineName = text('Name in the legend')
const edge = nullable(Type.Number({ description: 'An edge' }), 'no limit on this side')
const plotLayer = Type.Union(
  [
    Type.Object({
      type: Type.Literal('target', { description: 'A target region' }),
      x: Type.Tuple([edge, edge], { description: 'From and to' }),
      y: Type.Tuple([edge, edge], { description: 'From and to' }),
    }),
    Type.Object({
      type: Type.Literal('band', { description: 'The range between two curves: quartiles over the instruments' }),
      isTarget: Type.Optional(Type.Literal(true, { description: 'A target, not data' })),
      x,
      low: series,
      high: series,
    }),
    Type.Object({
      type: Type.Enum(['line', 'points'], { description: 'A curve, or single points' }),
      series: seriesName,
      name: lineName,
      x,
      y: series,
    }),
    Type.Object({
      type: Type.Literal('bars', { description: 'Bars, with the quartiles over the instruments' }),
      x,
      y: series,
      low: series,
      high: series,
    }),
    Type.Object({
      type: Type.Literal('ranges', { description: 'A range at each position, from y to high' }),
      series: seriesName,
      name: lineName,
      x,
      y: series,
      high: series,
    }),
  ],
  { description: 'A layer of a plot; later ones are drawn over earlier ones' },
)
const plotAxis = Type.Object(
  {
    label: text('What is on it'),
    kind: Type.Enum(['linear', 'log'], { description: 'Its scale' }),
    low: Type.Number({ description: 'Its lower end' }),
    high: Type.Number({ description: 'Its upper end' }),
    names: Type.Optional(Type.Array(text('A name'), { description: 'Names at 0, 1, 2 and so on, instead of ticks' })),
  },
  { description: 'An axis' },
)
const reportPlot = Type.Object(
  {
    title: text('Its title'),
    caption: text('What it shows'),
    x: plotAxis,
    y: plotAxis,
    layers: Type.Array(plotLayer, { description: 'What is drawn' }),
  },
  { description: 'A plot of the report' },
)
const reportFact = Type.Object(
  {
    fact: text('Its name'),
    title: text('Its title, with the unit'),
    measure: text('How it is measured'),
    value: nullable(Type.Number({ description: 'Its value' }), 'this run has none'),
    text: text('The value with its usual decimals'),
    target: text('The range it must lie in; – when it is reported only'),
    judgement: Type.Enum(['met', 'not met', 'absent', 'not judged'], {
      description: 'absent: it has a target, but this run has no value',
    }),
    real: Type.Record(Type.String(), Type.String(), { description: 'Values of real days, by their names' }),
  },
  { description: 'A stylised fact' },
)
export const SimulationReport = Type.Object(
  {
    judgedAs: text('The tick-size regime whose targets are used'),
    days: count('The instruments: each is measured as a day'),
    orderEvents: count('Changes of the books, order by order'),
    judged: count('Facts with a target and a value'),
    met: count('Those of them inside their target'),
    facts: Type.Array(reportFact, { description: 'The facts, in the order of docs/realism.md' }),
    plots: Type.Array(reportPlot, { description: 'The plots' }),
  },
  { description: 'The stylised facts of a simulation, as papertape-sim report judges them' },
)
export type SimulationReport = Static<typeof SimulationReport>
export type SimulationPlot = Static<typeof reportPlot>
export type SimulationPlotLayer = Static<typeof plotLayer>

const summaryFields = {
  id: text('The simulation'),
  state: Type.Enum([...SIMULATION_STATES], { description: 'Where it is' }),
  preset: text('Its preset'),
  seed: safeInteger('Its seed', 0),
  scenarios: Type.Array(plannedStart, { description: 'The scenarios that it plays' }),
  symbols: Type.Array(symbol, { description: 'Its instruments' }),
  durationMs: durationMs("Its length, by the market's clock"),
  command: text('The same simulation on a command line'),
  marketCommand: text('Starts a live market with this preset, seed and scenarios, on a port of its own'),
  createdAt: wallMs('When it was asked for'),
  progress: nullable(SimulationProgress, 'it has not begun'),
  result: nullable(SimulationResult, 'it is not done'),
  failure: nullable(text('Why it failed'), 'it did not'),
}
const summaryExample = {
  id: 'sim-4fd20c91',
  state: 'queued',
  preset: 'mixed',
  seed: 7,
  scenarios: [],
  symbols: ['VELTR'],
  durationMs: 3_600_000,
  command: 'npm run sim -- run --preset mixed --symbols 1 --seed 7 --duration 3600s',
  marketCommand: 'npm start -- --memory --port 8090 --tls-port 0 --preset mixed --symbols 1 --seed 7',
  createdAt: 1_767_605_400_300,
  progress: null,
  result: null,
  failure: null,
}
export const SimulationSummary = Type.Object(summaryFields, {
  description: 'A simulation',
  examples: [summaryExample],
})
export type SimulationSummary = Static<typeof SimulationSummary>

export const SimulationAnswer = Type.Object(
  { ...summaryFields, report: nullable(SimulationReport, 'it is not done') },
  { description: 'A simulation and its report', examples: [{ ...summaryExample, report: null }] },
)
export type SimulationAnswer = Static<typeof SimulationAnswer>

export const SimulationsAnswer = Type.Object(
  {
    runningMax: count('How many run at once'),
    queuedMax: count('How many may wait'),
    simulations: Type.Array(SimulationSummary, { description: 'Those that are kept, newest first' }),
  },
  {
    description: 'The simulations of the server',
    examples: [{ runningMax: 2, queuedMax: 8, simulations: [summaryExample] }],
  },
)
export type SimulationsAnswer = Static<typeof SimulationsAnswer>

export const ScenariosAnswer = Type.Array(
  Type.Object(
    {
      name: text('Its name'),
      title: text('Its title'),
      description: text('What happens'),
      usualStartMs: durationMs('When it starts in a simulation unless a time is given, after the start'),
    },
    { description: 'A scenario' },
  ),
  {
    description: 'The scenarios of simulated markets',
    examples: [
      [{ name: 'halt', title: 'Trading halt', description: 'Trading stops for five minutes.', usualStartMs: 600_000 }],
    ],
  },
)
export type ScenariosAnswer = Static<typeof ScenariosAnswer>

export const SimulationLog = Type.Object(
  { text: text('A line of the log') },
  { description: 'A line of the log', examples: [{ text: 'running: 2 symbols, 1 h' }] },
)
