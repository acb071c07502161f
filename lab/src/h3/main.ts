// The command `npm run h3`: the service, and Caddy in front of it for HTTP/3. Ends both at Ctrl-C, and when either of
// them has ended. Knows nothing of the laboratory.

import { parseArgs } from 'node:util'
import { type Caddy, caddyVersion, NO_CADDY, requireFreePort, startCaddy } from '../caddy.ts'
import { createLocalCertificate } from '../local-certificate.ts'
import { LOOPBACK } from '../lossy-link.ts'
import { startService } from './service.ts'

const EXIT = { failed: 1, usage: 2 } as const
const STANDARD_PORT = 8444
const LAST_PORT = 65_535
const HELP = `npm run h3 [-- --h3-port ${STANDARD_PORT}] [flags of npm start]

Starts the service as npm start does, and Caddy (2.6 or later) in front of it: the dashboard, REST and the event streams then
run over HTTP/3 in a Chromium that is started with the flags which are printed. On this machine only.

  --h3-port  of HTTP/3 (UDP), and of HTTP/2 and HTTP/1.1 (TCP). 0 picks a free one.

All other flags are those of the service: npm start -- --help lists them.
`

interface H3Arguments {
  /** Undefined for a free one. */
  readonly port: number | undefined
  readonly serviceWords: readonly string[]
}

/** @throws {RangeError} on a bad port. */
function readWords(words: readonly string[]): H3Arguments | 'help' {
  const { values, tokens } = parseArgs({
    args: [...words],
    options: { 'h3-port': { type: 'string', default: String(STANDARD_PORT) }, help: { type: 'boolean' } },
    // The service checks its flags itself.
    strict: false,
    tokens: true,
  })
  if (values.help === true) return 'help'
  const text = values['h3-port']
  if (typeof text !== 'string' || !/^\d+$/.test(text) || Number(text) > LAST_PORT)
    throw new RangeError(`--h3-port takes a number from 0 to ${LAST_PORT}`)
  const own = new Set<number>()
  for (const token of tokens) {
    if (token.kind !== 'option' || token.name !== 'h3-port') continue
    own.add(token.index)
    if (token.inlineValue === false) own.add(token.index + 1)
  }
  return { port: Number(text) || undefined, serviceWords: words.filter((_word, index) => !own.has(index)) }
}

function stop(text: string, exitCode: number): never {
  process.stderr.write(`papertape-h3: ${text}\n`)
  process.exit(exitCode)
}

async function run({ port, serviceWords }: H3Arguments): Promise<never> {
  const version = await caddyVersion()
  if (version === undefined) stop(`${NO_CADDY} npm run h3 again; npm start needs none.`, EXIT.failed)
  if (port !== undefined)
    await requireFreePort(port).catch(error =>
      stop(`${describePort(error, port)}; choose another with --h3-port`, EXIT.failed),
    )
  const service = startService(serviceWords)
  let isClosing = false
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      isClosing = true
      service.kill(signal === 'SIGINT' ? 'SIGINT' : 'SIGTERM')
    })
  }

  const target = await service.url
  // It has said why.
  if (target === undefined) process.exit(await service.ended)
  const certificate = await createLocalCertificate(new Date())
  const started = await startCaddy({ certificate, target, port }).catch((error: Error) => error)
  if (started instanceof Error) {
    service.kill('SIGTERM')
    await service.ended
    stop(started.message, EXIT.failed)
  }
  if (!isClosing) process.stdout.write(greeting(started, version, certificate.publicKeyHash))

  const endedFirst = await Promise.race([service.ended.then(() => 'service'), started.ended.then(() => 'Caddy')])
  if (endedFirst === 'Caddy') service.kill('SIGTERM')
  const code = await service.ended
  await started.close()
  if (endedFirst === 'Caddy') stop('Caddy has ended, and the service with it; start npm run h3 again', EXIT.failed)
  process.exit(code)
}

function greeting({ port }: Caddy, version: string, publicKeyHash: string): string {
  // Not localhost: Chromium tries QUIC at ::1 alone, where Caddy does not listen.
  const host = `${LOOPBACK}:${port}`
  const flags = [
    '--user-data-dir=/tmp/papertape-h3',
    `--ignore-certificate-errors-spki-list=${publicKeyHash}`,
    `--origin-to-force-quic-on=${host}`,
  ]
  const rows = [
    `  HTTP/3     https://${host}, by Caddy ${version}`,
    `  browser    chromium ${flags.join(' ')} https://${host}`,
    '             Without these flags the page comes over HTTP/2, once its certificate is accepted: for HTTP/3 a browser takes only',
    '             certificates of authorities that it knows.',
  ]
  return `${rows.join('\n')}\n`
}

function describePort({ code, message }: NodeJS.ErrnoException, port: number): string {
  return code === 'EADDRINUSE' ? `port ${port} is in use` : message
}

let asked: H3Arguments | 'help'
try {
  asked = readWords(process.argv.slice(2))
} catch (error) {
  stop(`${(error as Error).message}; --help says more`, EXIT.usage)
}
if (asked === 'help') process.stdout.write(HELP)
else await run(asked)
