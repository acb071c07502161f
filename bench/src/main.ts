// Composition root of `npm run bench`: picks a benchmark by name and answers with its exit code.
// 0: every bar was reached, 1: one was missed, 2: the command line was not understood.

import { benchEngine } from './engine.ts'

interface Benchmark {
  readonly summary: string
  /** Prints its table, writes its results, and says whether every bar was reached. */
  readonly run: () => Promise<boolean>
}

const BENCHMARKS: Readonly<Record<string, Benchmark>> = {
  engine: { summary: 'matching engine against nodejs-order-book; garbage of ten million operations', run: benchEngine },
}

function usage(): string {
  const lines = Object.entries(BENCHMARKS).map(([name, { summary }]) => `  ${name.padEnd(10)}${summary}`)
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
