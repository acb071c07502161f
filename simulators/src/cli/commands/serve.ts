// `serve`: markets that another program steps in lockstep, such as the Python package: over standard input and output,
// or over a socket.

import { createLockstepSession } from '../../lockstep/session.ts'
import type { CommandLine } from '../arguments.ts'
import { Interruption, usageFailure } from '../failure.ts'
import { servePipe } from '../lockstep/pipe-server.ts'
import { serveSocket } from '../lockstep/socket-server.ts'
import { parsePortFlag } from '../options/flag-values.ts'
import { printResults } from '../output/std-streams.ts'

export async function serve({ flags }: CommandLine, signal: AbortSignal): Promise<void> {
  const { port, socket } = flags as { readonly port?: string; readonly socket?: string }
  if (port !== undefined && socket !== undefined) throw usageFailure('serve takes --port or --socket; give one of them')
  if (port === undefined && socket === undefined) {
    servePipe(createLockstepSession())
    return
  }
  const options = socket === undefined ? { port: parsePortFlag(port!) } : { path: socket }
  await serveSocket(options, address => printResults(`listening ${address}\n`), signal)
  throw new Interruption('')
}
