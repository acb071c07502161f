// Composition root of `npm run bench`: picks a benchmark by name and answers with its exit code.
// 0: every bar was reached, 1: one was missed, 2: the command line was not understood.

import { setFlagsFromString } from 'node:v8'
import { benchEngine } from './engine.ts'
import { benchSimulator } from './simulator.ts'
import { benchStarvation } from './starvation.ts'

// Lets V8 compile a whole order into one piece of machine code. For every book that is measured.
setFlagsFromString('--max-inlined-bytecode-size-cumulative=2000')

interface Benchmark {
  readonly summary: string
  /** Prints its table, writes its results, and says whether every bar was reached. */
  readonly run: () => Promise<boolean>
}

const BENCHMARKS: Readonly<Record<string, Benchmark>> = {
  engine: {
    summary: 'matching engine against nodejs-order-book and with all order types; latency, garbage',
    run: benchEngine,
  },
  simulator: {
    summary: 'a simulated day against nodejs-order-book with its orders alone; a hundred symbols, batch and live',
    run: benchSimulator,
  },
  starvation: {
    summary: "what others wait beside a thousand raw readers: first byte, /health, an order's answer",
    run: benchStarvation,
  },
}

function usage(): string {
  const lines = Object.entries(BENCHMARKS).map(([name, { summary }]) => `  ${name.padEnd(12)}${summary}`)
  return `Usage: npm run bench -- <benchmark>\n\n${lines.join('\n')}\n\nResults are written to bench/results/<benchmark>.json.`
}

async function main(words: readonly string[]): Promise<number> {
  if (words.includes('--help')) {
    console.log(usage())
    return 0
  }
  const benchmark = words.length === 1 && Object.hasOwn(BENCHMARKS, words[0]!) ? BENCHMARKS[words[0]!] : undefined
  if (benchmark === undefined) {
    console.error(words.length === 0 ? 'Which benchmark?' : `There is no benchmark "${words.join(' ')}".`)
    console.error(usage())
    return 2
  }
  return (await benchmark.run()) ? 0 : 1
}

process.exitCode = await main(process.argv.slice(2))
