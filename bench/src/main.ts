// `npm run bench`: runs a benchmark by name. Exit code 0: all thresholds met, 1: one missed, 2: usage error.

import { setFlagsFromString } from 'node:v8'
import { benchEngine } from './engine.ts'
import { benchSimulator } from './simulator.ts'
import { benchStarvation } from './starvation.ts'

// Lets V8 inline the whole path of an order, in every book that is measured.
setFlagsFromString('--max-inlined-bytecode-size-cumulative=2000')

interface Benchmark {
  readonly summary: string
  /** Prints its table, writes its results, and returns whether all thresholds are met. */
  readonly run: () => Promise<boolean>
}

const BENCHMARKS: Readonly<Record<string, Benchmark>> = {
  engine: {
    summary: 'matching engine against nodejs-order-book and with all order types; latency, garbage',
    run: benchEngine,
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
  return `Usage: npm run bench -- <benchmark>\n\n${lines.join('\n')}\n\nResults are written to bench/results/<benchmark>.json.`
}

async function main(args: readonly string[]): Promise<number> {
  if (args.includes('--help')) {
    console.log(usage())
    return 0
  }
  const benchmark = args.length === 1 && Object.hasOwn(BENCHMARKS, args[0]!) ? BENCHMARKS[args[0]!] : undefined
  if (benchmark === undefined) {
    console.error(
      args.length === 0 ? 'Expected the name of a benchmark.' : `There is no benchmark "${args.join(' ')}".`,
    )
    console.error(usage())
    return 2
  }
  return (await benchmark.run()) ? 0 : 1
}

process.exitCode = await main(process.argv.slice(2))
