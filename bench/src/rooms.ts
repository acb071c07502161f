// `npm run bench -- rooms`: how long orders take to be acknowledged while a thousand members of a room get ten messages
// a second, against the same server, members and orders while nobody talks, in turns. Server, members and measurement
// are separate processes.

import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { medianOf, percentile } from './measure.ts'
import { type OrderProbe, openOrderProbe } from './order-probe.ts'
import { formatTable, writeResults } from './report.ts'
import { killProcess, spawnNode, spawnServer } from './server-process.ts'
import { isMet, type Threshold, thresholdTable } from './thresholds.ts'

const MEMBERS = 1_000
const MESSAGES_PER_SECOND = 10
const ROUNDS = 3
const ROUND_MS = 10_000
const SETTLE_MS = 3_000
/** Sessions that place orders, each below the rate that a connection may send at. */
const SESSIONS = 4
const PROBE_EVERY_MS = 50

interface Round {
  readonly quiet: Acks
  readonly talking: Acks
  /** Of the messages that were to be delivered. */
  readonly deliveredShare: number
}

interface Acks {
  readonly p50Ms: number
  readonly p99Ms: number
}

export async function benchRooms(): Promise<boolean> {
  console.log(`${MEMBERS} members, ${MESSAGES_PER_SECOND} messages a second; ${ROUNDS} rounds.\n`)
  const folder = mkdtempSync(join(tmpdir(), 'papertape-bench-'))
  const server = await spawnServer(['--data', folder, '--past-minutes', '0', '--account-burst', '0'])
  const { port } = new URL(server.url)
  const members = spawnNode('./room-members.ts', [port, String(MEMBERS), String(MESSAGES_PER_SECOND)])
  const lines = createInterface({ input: members.stdout! })
  try {
    await once(lines, 'line')
    await sleep(SETTLE_MS)
    const sessions = await Promise.all(Array.from({ length: SESSIONS }, () => openOrderProbe(server.url)))
    const rounds: Round[] = []
    for (let round = 0; round < ROUNDS; round++) {
      const quiet = await measureAcks(sessions)
      members.stdin!.write('talk\n')
      const talking = await measureAcks(sessions)
      members.stdin!.write('end\n')
      const [line] = (await once(lines, 'line')) as [string]
      const { said, received } = JSON.parse(line) as { said: number; received: number }
      rounds.push({ quiet, talking, deliveredShare: received / (said * MEMBERS) })
    }
    for (const session of sessions) session.close()
    return report(rounds)
  } finally {
    await killProcess(members)
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function measureAcks(sessions: readonly OrderProbe[]): Promise<Acks> {
  const taken: number[] = []
  const endMs = performance.now() + ROUND_MS
  const probe = async (session: OrderProbe) => {
    for (; performance.now() < endMs; await sleep(PROBE_EVERY_MS)) taken.push(await session.measure())
  }
  await Promise.all(sessions.map(probe))
  const sorted = Float64Array.from(taken)
  return { p50Ms: percentile(sorted, 0.5), p99Ms: percentile(sorted, 0.99) }
}

function report(rounds: readonly Round[]): boolean {
  const rows = rounds.map(({ quiet, talking, deliveredShare }) => [
    quiet.p50Ms.toFixed(1),
    talking.p50Ms.toFixed(1),
    quiet.p99Ms.toFixed(1),
    talking.p99Ms.toFixed(1),
    (talking.p99Ms / quiet.p99Ms).toFixed(2),
    `${(deliveredShare * 100).toFixed(1)} %`,
  ])
  console.log(formatTable([['ack p50 ms', 'talking', 'p99 ms', 'talking', 'ratio', 'delivered'], ...rows]))
  const ratio = medianOf(rounds.map(({ quiet, talking }) => talking.p99Ms / quiet.p99Ms))
  const delivered = Math.min(...rounds.map(({ deliveredShare }) => deliveredShare))
  const thresholds: Threshold[] = [
    { name: 'p99 of an acknowledgement, relative to a quiet room', value: ratio, atMost: 1.5, decimals: 2 },
    { name: 'share of the messages that were delivered, lowest', value: delivered, atLeast: 1, decimals: 3 },
  ]
  console.log(`\n${thresholdTable(thresholds)}`)
  const settings = { members: MEMBERS, messagesPerSecond: MESSAGES_PER_SECOND }
  console.log(`\nResults: ${writeResults('rooms', { thresholds, settings, results: rounds })}`)
  return thresholds.every(isMet)
}
