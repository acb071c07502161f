// What happens to a cluster: a process is killed, suspended or ended in good order, and comes back. One fault at a
// time; each leaves the cluster whole.

import { setTimeout as pause } from 'node:timers/promises'
import type { Child } from '../support/cluster/child.ts'
import type { Cluster } from '../support/cluster/cluster.ts'
import type { TestRandom } from '../support/random.ts'

export type FaultName = keyof typeof FAULTS

type ClusterFault = (cluster: Cluster, random: TestRandom) => Promise<void>

const AWAY_MS = { least: 200, most: 2_500 }
/** Longer than another venue waits for a sign of the leader. */
const SUSPENDED_MS = { least: 2_000, most: 4_000 }
const NATS_AWAY_MS = { least: 0, most: 500 }

export const FAULTS = {
  'kill the leader': async (cluster, random) => {
    // A venue that has just lost the lead to another one starts anew: without it there would be two faults at once.
    await cluster.standby()
    await restart((await cluster.leader()).child, random)
  },
  'kill a standby': async (cluster, random) => restart((await cluster.standby()).child, random),
  'suspend the leader': async (cluster, random) => {
    const { child } = await cluster.leader()
    const standby = (await cluster.standby()).child
    const [from, standbyFrom] = [child.recent.length, standby.recent.length]
    child.signal('SIGSTOP')
    await passed(random, SUSPENDED_MS)
    // On a busy machine it takes longer; a leader that is not replaced is not fenced.
    await standby.wrote(/leads, term \d+\n/, standbyFrom)
    child.signal('SIGCONT')
    await child.wrote(/another venue leads[\s\S]*standby: has caught up/, from)
  },
  'end the leader in good order': async (cluster, random) => {
    await restart((await cluster.leader()).child, random, 'SIGTERM')
  },
  'kill a gateway': (cluster, random) => restart(pick(cluster.gateways, random).child, random),
  'suspend a gateway': (cluster, random) => suspend(pick(cluster.gateways, random).child, random),
  'end a gateway in good order': (cluster, random) => restart(pick(cluster.gateways, random).child, random, 'SIGTERM'),
  'kill a NATS server': (cluster, random) => restartNats(cluster, random, 'SIGKILL'),
  'suspend a NATS server': async (cluster, random) => {
    await suspend(pick(cluster.nats, random), random)
    await cluster.natsWhole()
  },
  'end a NATS server in good order': (cluster, random) => restartNats(cluster, random, 'SIGTERM'),
} as const satisfies Readonly<Record<string, ClusterFault>>

/** @returns those that can be made there; a server of NATS that is somebody else's is let be */
export function faultsOf(cluster: Cluster): FaultName[] {
  const names = Object.keys(FAULTS) as FaultName[]
  return cluster.nats.length > 0 ? names : names.filter(name => !isNatsFault(name))
}

export function isNatsFault(name: string): boolean {
  return name.includes('NATS')
}

async function restart(child: Child, random: TestRandom, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
  await child.end(signal)
  await passed(random, AWAY_MS)
  await child.start()
}

/** Until it has what the others have: with another server gone before that, most of three would be. */
async function restartNats(cluster: Cluster, random: TestRandom, signal: NodeJS.Signals): Promise<void> {
  const server = pick(cluster.nats, random)
  await server.end(signal)
  await passed(random, NATS_AWAY_MS)
  await server.start()
  await cluster.natsWhole()
}

async function suspend(child: Child, random: TestRandom): Promise<void> {
  child.signal('SIGSTOP')
  await passed(random, SUSPENDED_MS)
  child.signal('SIGCONT')
}

function pick<Item>(items: readonly Item[], random: TestRandom): Item {
  return items[random.below(items.length)]!
}

function passed(random: TestRandom, { least, most }: { least: number; most: number }): Promise<void> {
  return pause(least + random.below(most - least))
}
