// A market on several processes of this machine for a benchmark: a server of NATS, venues and gateways, with folders
// that go with it. Measures nothing.

import type { ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { delimiter, join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { MissingProgram } from '../feed/fanload.ts'
import { type FeedServer, openServerIn, WITHOUT_PAST } from '../feed/feed-server.ts'
import { killProcess, makeFolder, removeFolder, spawnNode, spawnProgram } from '../server-process.ts'

/** Of programs that only root usually runs: a user's PATH may lack it. */
const SYSTEM_FOLDERS = ['/usr/local/sbin', '/usr/sbin']
const READY_MAX_MS = 120_000
const READERS_MAX = 100

export interface BenchVenue {
  readonly pid: number
  /** The first venue leads at once; a later one is ready when it has caught up. */
  readonly readyMs: number
  kill(): Promise<void>
  /** On the same folder. @returns the venue once it has caught up */
  again(): Promise<BenchVenue>
}

export interface BenchCluster {
  readonly natsPid: number
  readonly venues: readonly BenchVenue[]
  readonly gateways: readonly FeedServer[]
  /** A further gateway, and how long it took to listen. */
  openGateway(): Promise<{ readonly gateway: FeedServer; readonly readyMs: number }>
  stop(): Promise<void>
}

/** The path of nats-server. @throws {MissingProgram} */
export function findNats(): string {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...SYSTEM_FOLDERS]
  const path = process.env.NATS_SERVER ?? folders.map(folder => join(folder, 'nats-server')).find(existsSync)
  if (path === undefined) {
    throw new MissingProgram('nats-server is not installed: apt install nats-server, or NATS_SERVER=its path.')
  }
  return path
}

/** @param flags of all venues and gateways, which name the market */
export async function openBenchCluster(
  counts: { readonly venues: number; readonly gateways: number },
  flags: readonly string[],
): Promise<BenchCluster> {
  const folder = makeFolder()
  const port = await freePort()
  const store = join(folder, 'nats')
  const nats = spawnProgram(findNats(), ['-js', '-sd', store, '-a', '127.0.0.1', '-p', `${port}`], { stderr: 'pipe' })
  await untilLine(nats.stderr!, /Server is ready/, 'nats-server')
  const common = ['--nats', `127.0.0.1:${port}`, ...WITHOUT_PAST, ...flags]
  const venues: BenchVenue[] = []
  for (let n = 0; n < counts.venues; n++) {
    venues.push(await openVenue(join(folder, `venue-${n}`), common, n === 0 ? /leads, term/ : /has caught up/))
  }
  const gateways: FeedServer[] = []
  const gatewayFolder = join(folder, 'gateways')
  mkdirSync(gatewayFolder)
  const openGateway = async () => {
    const startMs = performance.now()
    const gateway = await openServerIn(gatewayFolder, READERS_MAX, ['--role', 'gateway', ...common], {})
    gateways.push(gateway)
    return { gateway, readyMs: performance.now() - startMs }
  }
  for (let n = 0; n < counts.gateways; n++) await openGateway()
  return {
    natsPid: nats.pid!,
    venues,
    gateways,
    openGateway,
    async stop() {
      await Promise.all([...gateways.map(gateway => gateway.stop()), ...venues.map(venue => venue.kill())])
      await killProcess(nats)
      removeFolder(folder)
    },
  }
}

async function openVenue(folder: string, common: readonly string[], ready: RegExp): Promise<BenchVenue> {
  const startMs = performance.now()
  const words = ['--role', 'venue', '--data', folder, '--port', '0', ...common]
  const child: ChildProcess = spawnNode('../../server/src/main.ts', words)
  await untilLine(child.stdout!, ready, 'the venue')
  return {
    pid: child.pid!,
    readyMs: performance.now() - startMs,
    kill: () => killProcess(child),
    again: () => openVenue(folder, common, /has caught up/),
  }
}

/** Reads on afterwards, so that the process is not held up by what it writes. */
async function untilLine(stream: Readable, wanted: RegExp, name: string): Promise<void> {
  const lines = createInterface({ input: stream })
  const found = Promise.withResolvers<void>()
  const limit = setTimeout(() => found.reject(new Error(`${name} was not ready in time`)), READY_MAX_MS)
  lines.on('line', line => {
    if (wanted.test(line)) found.resolve()
  })
  lines.on('close', () => found.reject(new Error(`${name} ended before it was ready`)))
  await found.promise
  clearTimeout(limit)
}

async function freePort(): Promise<number> {
  const probe = createServer()
  return new Promise(resolve =>
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => resolve(port))
    }),
  )
}
