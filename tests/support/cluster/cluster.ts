// A market on several processes of this machine: servers of NATS, venues and gateways, each of which can be killed,
// suspended and started again by itself. Knows no test.

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type Program, provideProgram } from '../programs/provide-program.ts'
import { freePort, SHARED_MACHINE } from '../server.ts'
import { Child } from './child.ts'

const MAIN = fileURLToPath(new URL('../../../server/src/main.ts', import.meta.url))

/** The last that a venue has said. */
const LEADS = /leads, term \d+\n(?![\s\S]*(?:standby|leads))/
const STANDS_BY = /standby: has caught up.*\n(?![\s\S]*(?:standby|leads))/
const VENUE_MAX_MS = 60_000
const WHOLE_MAX_MS = 60_000
const LOOK_EACH_MS = 50
const POSITION_MAX_MS = 5_000

export interface ClusterSettings {
  readonly venues: number
  readonly gateways: number
  /** 1 or 3. */
  readonly natsServers?: number
  /** Servers of NATS that run already, in place of own ones: `host:port,host:port`. */
  readonly natsUrl?: string | undefined
  /** Of every venue and gateway. */
  readonly flags?: readonly string[]
}

export interface GatewayChild {
  readonly child: Child
  readonly port: number
  readonly tlsPort: number
  readonly url: string
}

export interface VenueChild {
  readonly child: Child
  readonly dataFolder: string
}

export interface Cluster {
  /** The own ones. */
  readonly nats: readonly Child[]
  readonly venues: readonly VenueChild[]
  readonly gateways: readonly GatewayChild[]
  /** Of all gateways: the operator's token and the certificate. */
  readonly dataFolder: string
  /** The venue that leads. Waits until one does. */
  leader(): Promise<VenueChild>
  /** One that can take the lead. Waits until there is one. */
  standby(): Promise<VenueChild>
  /** Waits until every server of NATS is up and has what the others have, with a leader for the log. */
  natsWhole(): Promise<void>
  /** How far each gateway and each server of NATS is; for the report of a failure. */
  positions(): Promise<string>
  /** Kills everything and removes its folders. */
  dispose(): Promise<void>
}

/** @returns undefined when there is no nats-server, and the test has been skipped */
export async function startCluster(test: TestContext, settings: ClusterSettings): Promise<Cluster | undefined> {
  const program = provideProgram(test, 'nats-server')
  if (program === undefined) return undefined
  const cluster = await openCluster(program, settings)
  test.after(() => cluster.dispose())
  return cluster
}

/** @param program undefined where `natsUrl` is given */
export async function openCluster(
  program: Program | undefined,
  { venues: venueCount, gateways: gatewayCount, natsServers = 1, natsUrl, flags = [] }: ClusterSettings,
): Promise<Cluster> {
  const folder = mkdtempSync(join(tmpdir(), 'papertape-cluster-'))
  const nats = program === undefined ? [] : await createNats(program, natsServers, folder)
  const servers = natsUrl ?? nats.map(({ port }) => `127.0.0.1:${port}`).join(',')
  const common = ['--nats', servers, '--nats-replicas', String(natsServers), '--past-minutes', '0', '--past-days', '0']
  const create = (name: string, role: readonly string[], open: RegExp) =>
    new Child({
      name,
      words: [process.execPath, MAIN, ...common, ...role, ...flags],
      env: { ...process.env, ...SHARED_MACHINE },
      open,
    })
  const venues = numbers(venueCount).map(n => {
    const dataFolder = join(folder, `venue-${n}`)
    const role = ['--role', 'venue', '--data', dataFolder, '--port', '0']
    return { dataFolder, child: create(`venue ${n}`, role, /standby: has caught up/) }
  })
  const dataFolder = join(folder, 'gateways')
  const gateways: GatewayChild[] = []
  for (const n of numbers(gatewayCount)) {
    const [port, tlsPort] = [await freePort(), await freePort()]
    const role = ['--role', 'gateway', '--data', dataFolder, '--port', String(port), '--tls-port', String(tlsPort)]
    gateways.push({
      port,
      tlsPort,
      url: `http://127.0.0.1:${port}`,
      child: create(`gateway ${n}`, role, /Ctrl-C stops it/),
    })
  }
  const children = [
    ...nats.map(({ child }) => child),
    ...venues.map(({ child }) => child),
    ...gateways.map(({ child }) => child),
  ]
  const venueThatSays = async (words: RegExp, what: string) => {
    for (const untilMs = performance.now() + VENUE_MAX_MS; performance.now() < untilMs; await pause(LOOK_EACH_MS)) {
      const found = venues.find(({ child }) => child.isRunning && words.test(child.recent))
      if (found !== undefined) return found
    }
    throw new Error(`no venue ${what} within ${VENUE_MAX_MS} ms`)
  }
  const cluster: Cluster = {
    nats: nats.map(({ child }) => child),
    venues,
    gateways,
    dataFolder,
    leader: () => venueThatSays(LEADS, 'leads'),
    standby: () => venueThatSays(STANDS_BY, 'stands by'),
    async natsWhole() {
      await Promise.all(nats.map(({ monitorPort }) => untilHealthy(monitorPort)))
    },
    async positions() {
      const urls = [
        ...gateways.map(({ url }) => `${url}/health`),
        ...nats.map(({ monitorPort }) => `http://127.0.0.1:${monitorPort}/jsz?streams=true&consumers=true`),
      ]
      return (await Promise.all(urls.map(positionAt))).join('\n')
    },
    async dispose() {
      await Promise.all(children.map(child => child.close()))
      rmSync(folder, { recursive: true, force: true })
    },
  }
  try {
    for (const { child } of nats) await child.start()
    await Promise.all([...venues, ...gateways].map(({ child }) => child.start()))
    return cluster
  } catch (error) {
    await cluster.dispose()
    throw error
  }
}

/** One server, or three that hold the log together. */
export async function createNats({ path, env }: Program, count: number, folder: string) {
  const ports = await Promise.all(numbers(count).map(() => freePort()))
  const routes = await Promise.all(numbers(count).map(() => freePort()))
  const monitors = await Promise.all(numbers(count).map(() => freePort()))
  return ports.map((port, n) => {
    const store = join(folder, `nats-${n + 1}`)
    mkdirSync(store, { recursive: true })
    const peers = routes.map(route => `nats://127.0.0.1:${route}`).join(',')
    const name = `nats${n + 1}`
    const joined =
      count === 1
        ? []
        : ['--cluster_name', 'papertape', '--cluster', `nats://127.0.0.1:${routes[n]}`, '--routes', peers]
    const own = ['-a', '127.0.0.1', '-p', String(port), '-m', String(monitors[n]), '-n', name]
    const words = [path, '-js', '-sd', store, ...own, ...joined] as const
    return { port, monitorPort: monitors[n]!, child: new Child({ name, words, env, open: /Server is ready/ }) }
  })
}

/** The server says so of itself, and of its replicas of every stream and consumer. */
async function untilHealthy(monitorPort: number): Promise<void> {
  const url = `http://127.0.0.1:${monitorPort}/healthz`
  let said = ''
  for (const untilMs = performance.now() + WHOLE_MAX_MS; performance.now() < untilMs; await pause(LOOK_EACH_MS)) {
    const answer = await fetch(url, { signal: AbortSignal.timeout(WHOLE_MAX_MS) }).catch(() => undefined)
    if (answer?.status === 200) return
    said = (await answer?.text()) ?? 'nothing'
  }
  throw new Error(`a server of NATS is not whole after ${WHOLE_MAX_MS} ms, it says ${said}`)
}

/** The position of a gateway; the sequences of the streams and consumers of a server of NATS. */
async function positionAt(url: string): Promise<string> {
  try {
    const text = await (await fetch(url, { signal: AbortSignal.timeout(POSITION_MAX_MS) })).text()
    const found = text.match(/"(?:position|name|leader|stream_name|last_seq|stream_seq|num_pending)":\s*[^,}\s]+/g)
    return `${url}: ${found?.join(' ') ?? text}`
  } catch (error) {
    return `${url}: ${error}`
  }
}

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, n) => n + 1)
}
