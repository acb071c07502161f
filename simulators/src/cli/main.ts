// papertape-sim: reads the command line, runs one command, and turns how it ended into a line and an exit code.
// The only place of the package that touches the process.

import { enableCompileCache } from 'node:module'
import { setFlagsFromString } from 'node:v8'
import { type CommandLine, type CommandName, helpText, parseCommandLine } from './arguments.ts'
import { CliFailure, EXIT } from './failure.ts'

type Action = (line: CommandLine, signal: AbortSignal) => Promise<void>

/** Loaded when they are wanted: help and mistakes need no exchange. */
const ACTIONS: Readonly<Record<CommandName, () => Promise<Action>>> = {
  run: async () => (await import('./run.ts')).run,
  record: async () => (await import('./record.ts')).record,
  replay: async () => (await import('./replay.ts')).replay,
  verify: async () => (await import('./verify.ts')).verify,
  export: async () => (await import('./export.ts')).exportFile,
  report: async () => (await import('./report.ts')).report,
  scenarios: async () => (await import('./scenarios.ts')).scenarios,
}

async function main(words: readonly string[]): Promise<number> {
  const interruption = new AbortController()
  const interrupt = () => interruption.abort()
  process.once('SIGINT', interrupt)
  process.once('SIGTERM', interrupt)
  try {
    const request = parseCommandLine(words)
    if ('help' in request) process.stdout.write(helpText(request.help))
    else {
      const action = await ACTIONS[request.command]()
      await action(request, interruption.signal)
    }
    return EXIT.ok
  } catch (error) {
    if (!(error instanceof CliFailure)) throw error
    process.stderr.write(`papertape-sim: ${error.message}\n`)
    return error.exitCode
  } finally {
    process.off('SIGINT', interrupt)
    process.off('SIGTERM', interrupt)
  }
}

// Lets V8 compile the whole way of an order into one piece of machine code: a tenth off a simulated day.
setFlagsFromString('--max-inlined-bytecode-size-cumulative=2000')

// What one command has compiled the next need not: half of the time to get to a moment of a recording went into it.
enableCompileCache()

// The reader of a pipe may have seen enough, as head does: that is its right, and no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit(EXIT.ok)
})
process.exitCode = await main(process.argv.slice(2))
