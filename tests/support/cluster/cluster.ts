// A market on several processes of this machine: servers of NATS, venues and gateways, each of which can be killed,
// suspended and started again by itself. Knows no test.

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { type Program, provideProgram } from '../programs/provide-program.ts'
import { freePort, SHARED_MACHINE } from '../server.ts'
import { Child } from './child.ts'

const MAIN = fileURLToPath(new URL('../../../server/src/main.ts', import.meta.url))

export interface ClusterSettings {
  readonly venues: number
  readonly gateways: number
  /** 1 or 3. */
  readonly natsServers?: number
  /** Of every venue and gateway. */
  readonly flags?: readonly string[]
}

export interface GatewayChild {
  readonly child: Child
  readonly port: number
  readonly url: string
}

export interface VenueChild {
  readonly child: Child
  readonly dataFolder: string
}

export interface Cluster {
  readonly nats: readonly Child[]
  readonly venues: readonly VenueChild[]
  readonly gateways: readonly GatewayChild[]
  /** Of all gateways: the operator's token and the certificate. */
  readonly dataFolder: string
  /** The venue that leads. Waits until one does. */
  leader(): Promise<VenueChild>
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

export async function openCluster(
  program: Program,
  { venues: venueCount, gateways: gatewayCount, natsServers = 1, flags = [] }: ClusterSettings,
): Promise<Cluster> {
  const folder = mkdtempSync(join(tmpdir(), 'papertape-cluster-'))
  const nats = await createNats(program, natsServers, folder)
  const servers = nats.map(({ port }) => `127.0.0.1:${port}`).join(',')
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
    gateways.push({ port, url: `http://127.0.0.1:${port}`, child: create(`gateway ${n}`, role, /Ctrl-C stops it/) })
  }
  const children = [
    ...nats.map(({ child }) => child),
    ...venues.map(({ child }) => child),
    ...gateways.map(({ child }) => child),
  ]
  const cluster: Cluster = {
    nats: nats.map(({ child }) => child),
    venues,
    gateways,
    dataFolder,
    async leader() {
      return Promise.any(
        venues.map(async venue => {
          await venue.child.wrote(/leads, term \d+\n(?![\s\S]*(?:standby|leads))/)
          return venue
        }),
      )
    },
    async dispose() {
      for (const child of children) child.signal('SIGCONT')
      await Promise.all(children.map(child => child.end('SIGKILL')))
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
  return ports.map((port, n) => {
    const store = join(folder, `nats-${n + 1}`)
    mkdirSync(store, { recursive: true })
    const peers = routes.map(route => `nats://127.0.0.1:${route}`).join(',')
    const name = `nats${n + 1}`
    const joined =
      count === 1
        ? []
        : ['--cluster_name', 'papertape', '--cluster', `nats://127.0.0.1:${routes[n]}`, '--routes', peers]
    const words = [path, '-js', '-sd', store, '-a', '127.0.0.1', '-p', String(port), '-n', name, ...joined] as const
    return { port, child: new Child({ name, words: words as never, env, open: /Server is ready/ }) }
  })
}

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, n) => n + 1)
}
