// `npm run bench`: runs a benchmark by name. Exit code 0: all thresholds met, 1: one missed, 2: usage error, or a
// program that it needs is missing.

import { parseArgs } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { benchBinary } from './binary/binary.ts'
import { benchCluster } from './cluster/cluster.ts'
import { benchEngine } from './engine.ts'
import { MissingProgram } from './feed/fanload.ts'
import { benchFeed, FEED_CASES } from './feed/feed.ts'
import { benchLockstep } from './lockstep/lockstep.ts'
import { benchOrders } from './orders/orders.ts'
import { benchPage } from './page/page.ts'
import { benchRooms } from './rooms.ts'
import { benchAbides } from './simulator/abides.ts'
import { benchSimulator } from './simulator/simulator.ts'
import { benchStarvation } from './starvation.ts'

// Lets V8 inline the whole path of an order, in every book that is measured.
setFlagsFromString('--max-inlined-bytecode-size-cumulative=2000')

interface Benchmark {
  readonly summary: string
  /** Prints its table, writes its results, and returns whether all thresholds are met. */
  readonly run: (options: BenchmarkOptions) => Promise<boolean>
}

interface BenchmarkOptions {
  /** Of the measurements that last minutes; each has its own when absent. */
  readonly minutes: number | undefined
  /** Of the feed. */
  readonly cases: readonly string[]
  /** Of the cluster, the feed and lockstep: contenders that take turns. */
  readonly rounds: number
}

const ROUNDS_DEFAULT = 3

const BENCHMARKS: Readonly<Record<string, Benchmark>> = {
  abides: {
    summary:
      'a simulated day beside ABIDES: what it costs, the facts of both, and how ABIDES was measured; runs ours only',
    run: benchAbides,
  },
  binary: {
    summary: 'binary messages of a subscription against JSON: bytes, and decoding in Chromium and Node',
    run: benchBinary,
  },
  cluster: {
    summary: 'venues and gateways over NATS against one process: age of events, orders, processor time, takeover',
    run: ({ rounds }) => benchCluster(rounds),
  },
  engine: {
    summary: 'matching engine against nodejs-order-book and with all order types; latency, garbage',
    run: benchEngine,
  },
  feed: {
    summary: 'cost of an event for a thousand readers, against nchan, better-sse, ws and a C writer; capacity, memory',
    run: ({ cases, ...others }) => benchFeed(cases, others),
  },
  lockstep: {
    summary: 'steps a second of a simulated market from Python, against an echo; beginnings of episodes',
    run: ({ rounds }) => benchLockstep(rounds),
  },
  orders: {
    summary: 'durable acknowledgements at 5,000 and 10,000 commands a second, against an echo; a flood',
    run: benchOrders,
  },
  page: {
    summary: 'the dashboard in Chromium: first load, frames, heap; its chart against lightweight-charts',
    run: ({ minutes }) => benchPage(minutes),
  },
  rooms: {
    summary: 'order acknowledgements beside a room of a thousand members with ten messages a second',
    run: benchRooms,
  },
  simulator: {
    summary:
      'a simulated day against nodejs-order-book, which only matches its orders; a hundred symbols, batch and live',
    run: benchSimulator,
  },
  starvation: {
    summary: 'latency with a thousand raw readers: first byte of a stream, /health, order acknowledgement',
    run: benchStarvation,
  },
}

function usage(): string {
  const lines = Object.entries(BENCHMARKS).map(([name, { summary }]) => `  ${name.padEnd(12)}${summary}`)
  return `Usage: npm run bench -- <benchmark>\n\n${lines.join('\n')}

  --minutes   how long page watches the heap [3], and feed's case slow holds its readers [1]
  --cases     of feed: a comma list of ${FEED_CASES.join(', ')} [all]
  --rounds    of cluster, feed and lockstep: how often contenders take turns [${ROUNDS_DEFAULT}]

Results are written to bench/results/<benchmark>.json.`
}

function readOptions(args: readonly string[]) {
  const options = {
    help: { type: 'boolean' },
    minutes: { type: 'string' },
    cases: { type: 'string', default: FEED_CASES.join(',') },
    rounds: { type: 'string', default: String(ROUNDS_DEFAULT) },
  } as const
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
  const minutes = values.minutes === undefined ? undefined : Number(values.minutes)
  if (minutes !== undefined && !(minutes > 0))
    throw new Error(`--minutes takes a number of minutes, not ${values.minutes}.`)
  const rounds = Number(values.rounds)
  if (!(Number.isInteger(rounds) && rounds > 0)) throw new Error(`--rounds takes a whole number, not ${values.rounds}.`)
  const cases = values.cases.split(',')
  const unknown = cases.find(name => !FEED_CASES.includes(name))
  if (unknown !== undefined) throw new Error(`--cases takes some of ${FEED_CASES.join(', ')}, not "${unknown}".`)
  return { help: values.help ?? false, minutes, cases, rounds, names: positionals }
}

/** @throws Error if there is no such benchmark */
function findBenchmark(names: readonly string[]): Benchmark {
  const [name, ...others] = names
  if (name === undefined) throw new Error('Expected the name of a benchmark.')
  if (others.length > 0 || !Object.hasOwn(BENCHMARKS, name))
    throw new Error(`There is no benchmark "${names.join(' ')}".`)
  return BENCHMARKS[name]!
}

async function main(args: readonly string[]): Promise<number> {
  let benchmark: Benchmark
  let options: BenchmarkOptions
  try {
    const { help, names, ...others } = readOptions(args)
    if (help) {
      console.log(usage())
      return 0
    }
    benchmark = findBenchmark(names)
    options = others
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error))
    console.error(usage())
    return 2
  }
  try {
    return (await benchmark.run(options)) ? 0 : 1
  } catch (error) {
    if (!(error instanceof MissingProgram)) throw error
    console.error(error.message)
    return 2
  }
}

process.exitCode = await main(process.argv.slice(2))
