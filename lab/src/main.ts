// The command `npm run lab`: opens the laboratory, prints its addresses, and closes it at Ctrl-C. Beside h3/main.ts the
// only file of the package that reads arguments or ends the process.

import { parseArgs } from 'node:util'
import { LOSS_LAB } from '@papertape/protocol'
import { type Laboratory, openLaboratory } from './laboratory.ts'

const EXIT = { failed: 1, usage: 2 } as const
const LAST_PORT = 65_535 - 3
const HELP = `npm run lab [-- --port ${LOSS_LAB.port}]

Streams over HTTP/1.1, HTTP/2 and, where Caddy is installed, HTTP/3, on links that lose a packet on request, for the page
Transports, Head-of-line blocking. On this machine only.

  --port  of the control endpoint; the links are at the next three ports. 0 picks free ones.
`

function readPort(words: readonly string[]): number | 'help' {
  const { values } = parseArgs({
    args: [...words],
    options: { port: { type: 'string', default: String(LOSS_LAB.port) }, help: { type: 'boolean', default: false } },
  })
  if (values.help) return 'help'
  const port = Number(values.port)
  if (!/^\d+$/.test(values.port) || port > LAST_PORT) throw new RangeError(`--port is a number from 0 to ${LAST_PORT}`)
  return port
}

function greet({ controlPort, answer }: Laboratory): void {
  const { links, browserFlags } = answer
  const rows = [
    `  control   http://127.0.0.1:${controlPort}/lab`,
    `  HTTP/1.1  ${links.http1.origin}  TCP; the loss is modelled`,
    `  HTTP/2    ${links.http2.origin}  TCP; the loss is modelled`,
    `  HTTP/3    ${links.http3.absence ?? `${links.http3.origin}  UDP; a datagram is really dropped`}`,
    `  browser   chromium --user-data-dir=/tmp/papertape-lab ${browserFlags.join(' ')}`,
    '  Open the page Transports of the dashboard, Head-of-line blocking. Ctrl-C stops it.',
  ]
  process.stdout.write(`The loss laboratory of Papertape is open.\n${rows.join('\n')}\n`)
}

function stop(text: string, exitCode: number): never {
  process.stderr.write(`papertape-lab: ${text}\n`)
  process.exit(exitCode)
}

function describeOpening(error: unknown): string {
  const { code, port, message } = error as NodeJS.ErrnoException & { port?: number }
  return code === 'EADDRINUSE' ? `port ${port} is in use; choose others with --port (0 picks free ones)` : message
}

async function run(port: number): Promise<void> {
  const laboratory = await openLaboratory(port).catch(error => stop(describeOpening(error), EXIT.failed))
  greet(laboratory)
  let isClosing = false
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      // npm may pass on a Ctrl-C that the terminal has sent already.
      if (isClosing) return
      isClosing = true
      void laboratory.close().then(() => process.exit(0))
    })
  }
}

let asked: number | 'help'
try {
  asked = readPort(process.argv.slice(2))
} catch (error) {
  stop(`${(error as Error).message}; --help lists the settings`, EXIT.usage)
}
if (asked === 'help') process.stdout.write(HELP)
else await run(asked)
