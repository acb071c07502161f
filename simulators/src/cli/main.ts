// The entry of papertape-sim: parses the command line, runs one command, and turns its result into an exit code and at
// most one line of error. The only file that changes the state of the process.

import module from 'node:module'
import { setFlagsFromString } from 'node:v8'
import { callerFolder } from '../input/caller-folder.ts'
import { InputFailure } from '../input/input-failure.ts'
import { type CommandLine, type CommandName, helpText, type ParsedArguments, parseCommandLine } from './arguments.ts'
import { CliFailure, EXIT, Interruption } from './failure.ts'
import { ignoreStreamErrors, note, printResults } from './output/std-streams.ts'

type CommandAction = (line: CommandLine, signal: AbortSignal) => Promise<void>

/** Loaded on demand: help and usage errors need no exchange. */
const COMMAND_MODULES: Readonly<Record<CommandName, () => Promise<CommandAction>>> = {
  run: async () => (await import('./commands/run.ts')).run,
  record: async () => (await import('./commands/record.ts')).record,
  replay: async () => (await import('./commands/replay.ts')).replay,
  verify: async () => (await import('./commands/verify.ts')).verify,
  export: async () => (await import('./commands/export.ts')).exportFile,
  report: async () => (await import('./commands/report.ts')).report,
  serve: async () => (await import('./commands/serve.ts')).serve,
  scenarios: async () => (await import('./commands/scenarios.ts')).scenarios,
}

/** npm may pass on a Ctrl-C that the terminal has sent already; a second signal after this time exits at once. */
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
  try {
    const request = parseCommandLine(words)
    // Blocking calls let no handler run: a signal ends the process.
    if (!isBlocking(request)) {
      process.on('SIGINT', interrupt)
      process.on('SIGTERM', interrupt)
    }
    if ('help' in request) await printResults(helpText(request.help))
    else {
      const action = await COMMAND_MODULES[request.command]()
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

function isBlocking(request: ParsedArguments): boolean {
  return 'command' in request && request.command === 'serve' && Object.keys(request.flags).length === 0
}

// Lets V8 inline the whole path of an order: a simulated day takes a tenth less time.
setFlagsFromString('--max-inlined-bytecode-size-cumulative=2000')

// Half of the time to seek in a recording was compilation. Node 20, for which the command is packed, has no cache.
module.enableCompileCache?.()

// Relative paths are the caller's, wherever npm runs its scripts.
process.chdir(callerFolder(process.env, process.cwd()))
ignoreStreamErrors()
// A pipe that is not read to its end would keep the process alive.
process.exit(await main(process.argv.slice(2)))
