// papertape-sim: reads the command line, runs one command, and turns how it ended into a line and an exit code.
// The only place of the package that touches the process.

import { enableCompileCache } from 'node:module'
import { setFlagsFromString } from 'node:v8'
import { callerFolder } from '../input/caller-folder.ts'
import { InputFailure } from '../input/input-failure.ts'
import { type CommandLine, type CommandName, helpText, parseCommandLine } from './arguments.ts'
import { CliFailure, EXIT, Interruption } from './failure.ts'
import { ignoreStreamErrors, note, printResults } from './output/std-streams.ts'

type Action = (line: CommandLine, signal: AbortSignal) => Promise<void>

/** Loaded when they are wanted: help and mistakes need no exchange. */
const ACTIONS: Readonly<Record<CommandName, () => Promise<Action>>> = {
  run: async () => (await import('./commands/run.ts')).run,
  record: async () => (await import('./commands/record.ts')).record,
  replay: async () => (await import('./commands/replay.ts')).replay,
  verify: async () => (await import('./commands/verify.ts')).verify,
  export: async () => (await import('./commands/export.ts')).exportFile,
  report: async () => (await import('./commands/report.ts')).report,
  scenarios: async () => (await import('./commands/scenarios.ts')).scenarios,
}

/** A terminal's Ctrl-C comes twice where npm hands it on as well; a second one later does not wait. */
const SAME_SIGNAL_MS = 1000

async function main(words: readonly string[]): Promise<number> {
  const interruption = new AbortController()
  let stopped: number = EXIT.interrupted
  let stoppedAtMs = Number.POSITIVE_INFINITY
  const interrupt = (signal: NodeJS.Signals) => {
    if (performance.now() - stoppedAtMs > SAME_SIGNAL_MS) process.exit(stopped)
    if (interruption.signal.aborted) return
    stoppedAtMs = performance.now()
    stopped = signal === 'SIGTERM' ? EXIT.terminated : EXIT.interrupted
    interruption.abort()
  }
  process.on('SIGINT', interrupt)
  process.on('SIGTERM', interrupt)
  try {
    const request = parseCommandLine(words)
    if ('help' in request) await printResults(helpText(request.help))
    else {
      const action = await ACTIONS[request.command]()
      await action(request, interruption.signal)
    }
    return EXIT.ok
  } catch (error) {
    if (!(error instanceof CliFailure || error instanceof InputFailure)) throw error
    if (error.message !== '') note(`papertape-sim: ${error.message}\n`)
    if (error instanceof Interruption) return stopped
    return error instanceof CliFailure ? error.exitCode : EXIT.failed
  } finally {
    process.off('SIGINT', interrupt)
    process.off('SIGTERM', interrupt)
  }
}

// Lets V8 compile the whole way of an order into one piece of machine code: a tenth off a simulated day.
setFlagsFromString('--max-inlined-bytecode-size-cumulative=2000')

// What one command has compiled the next need not: half of the time to get to a moment of a recording went into it.
enableCompileCache()

// Paths are the caller's, wherever npm runs its scripts.
process.chdir(callerFolder(process.env, process.cwd()))
ignoreStreamErrors()
// An input that nobody reads to its end, a pipe, would keep the process alive.
process.exit(await main(process.argv.slice(2)))
