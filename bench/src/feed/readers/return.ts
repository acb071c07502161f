// The case return of feed.ts: a server with many streams is ended by SIGTERM. How fast its clients come back to another
// server, whether one of them has missed an event, and when the process is gone. The oracle is the log, as the server
// that is started on the same folder afterwards sends it.

import { once } from 'node:events'
import http from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { formatTable } from '../../report.ts'
import { makeFolder, removeFolder } from '../../server-process.ts'
import type { CaseResult } from '../feed-case.ts'
import { type FeedServer, openFeedServer, openServerIn, WITHOUT_PAST } from '../feed-server.ts'
import { connectionsAllowed } from '../open-files.ts'
import { isStretch, mostInASecond, type ReturningClient, ReturningClients } from './returning-clients.ts'

const WANTED = 10_000
/** Some events a second for each: they are counted, their number is not what is measured. */
const STREAM = '/v1/stream?mode=raw&snapshot=false&events=trade'
const MARKET = [...WITHOUT_PAST, '--pace', '0.2x']
const READ_MS = 5_000
/** The server's own default. */
const WINDOW_MS = 20_000
const GONE_S_MAX = 26
const GONE_MS_LIMIT = 90_000
/** A client comes back three seconds after its turn at the latest, and may be refused. */
const BACK_MS_MAX = 30_000
const LOG_MS_MAX = 60_000
const RESUMED = 50

interface Returned {
  readonly clients: number
  readonly goneMs: number
  readonly drainMs: number
  readonly mostInASecond: number
  readonly broken: number
  readonly missed: number
  readonly notBack: number
  readonly refusals: number
  readonly events: number
  readonly generatorPercent: number
}

export async function measureReturn(): Promise<CaseResult> {
  // Two servers have as many connections each, one after the other; this process has all of the clients.
  const clients = connectionsAllowed(WANTED)
  const folder = makeFolder()
  const first = await openServerIn(folder, clients, [...MARKET, '--drain-max-ms', String(WINDOW_MS)])
  try {
    const second = await openFeedServer(clients, MARKET)
    try {
      const returned = await measure(folder, first, second, clients)
      print(returned)
      return { thresholds: thresholdsOf(returned), results: returned }
    } finally {
      await second.stop()
    }
  } finally {
    await first.stop()
    removeFolder(folder)
  }
}

async function measure(folder: string, first: FeedServer, second: FeedServer, count: number): Promise<Returned> {
  const clients = new ReturningClients(count, STREAM, second.url)
  try {
    const { epoch, seq: start } = await readPosition(first.url)
    await clients.open(first.url)
    console.log(`  ${count} clients are open`)
    await sleep(READ_MS)
    const [startMs, cpu] = [performance.now(), process.cpuUsage()]
    await Promise.race([first.end(), sleep(GONE_MS_LIMIT)])
    const goneMs = performance.now() - startMs
    console.log(`  the server is gone after ${(goneMs / 1_000).toFixed(1)} s`)
    for (const endMs = performance.now() + BACK_MS_MAX; performance.now() < endMs; await sleep(100)) {
      if (clients.all.every(({ isTaken, isBroken }) => isTaken || isBroken)) break
    }
    const { user, system } = process.cpuUsage(cpu)
    const generatorPercent = (user + system) / (performance.now() - startMs) / 10
    clients.close()
    const drained = clients.all.flatMap(({ drainedMs }) => (drainedMs === undefined ? [] : [drainedMs]))
    return {
      clients: count,
      goneMs,
      drainMs: Math.max(...drained) - startMs,
      mostInASecond: mostInASecond(clients.all.flatMap(({ returnedMs }) => returnedMs ?? [])),
      broken: clients.all.filter(({ isBroken }) => isBroken).length,
      missed: await countMissed(folder, clients.all, { epoch, start }),
      notBack: clients.all.filter(({ isTaken }) => !isTaken).length,
      refusals: clients.all.reduce((sum, { refusals }) => sum + refusals, 0),
      events: clients.all.reduce((sum, { seqs }) => sum + seqs.length, 0),
      generatorPercent,
    }
  } finally {
    clients.close()
  }
}

/** Clients that have a gap, or that the log gives something else to go on with than what follows. */
async function countMissed(
  folder: string,
  clients: readonly ReturningClient[],
  { epoch, start }: { readonly epoch: string; readonly start: number },
): Promise<number> {
  const server = await openServerIn(folder, RESUMED, MARKET)
  try {
    const newest = clients.reduce((most, { seqs }) => Math.max(most, seqs.at(-1) ?? 0), 0)
    const log = await readFrom(server.url, `${epoch}-${start}`, seq => seq > newest)
    const places = new Map(log.map((seq, place) => [seq, place]))
    const gaps = clients.filter(({ seqs }) => !isStretch(seqs, places)).length
    let wrong = 0
    const step = Math.max(1, Math.floor(clients.length / RESUMED))
    for (const { seqs } of clients.filter((_, index) => index % step === 0)) {
      const place = places.get(seqs.at(-1) ?? -1)
      if (place === undefined) continue
      const [next] = await readFrom(server.url, `${epoch}-${log[place]}`, () => true)
      if (next !== log[place + 1]) wrong++
    }
    return gaps + wrong
  } finally {
    await server.stop()
  }
}

/** @returns the numbers of events after a position, up to the first that `isEnd` */
async function readFrom(url: string, position: string, isEnd: (seq: number) => boolean): Promise<number[]> {
  const request = http.get(url + STREAM, { headers: { 'last-event-id': position }, agent: false })
  const signal = AbortSignal.timeout(LOG_MS_MAX)
  const [response] = (await once(request, 'response', { signal })) as [http.IncomingMessage]
  const seqs: number[] = []
  const destroy = () => request.destroy()
  signal.addEventListener('abort', destroy)
  try {
    let unread = ''
    for await (const chunk of response.setEncoding('utf8')) {
      const lines = (unread + chunk).split('\n')
      unread = lines.pop()!
      for (const line of lines) {
        const seq = /^data: \{"seq":(\d+)/.exec(line)?.[1]
        if (seq !== undefined) seqs.push(Number(seq))
        if (seq !== undefined && isEnd(Number(seq))) return seqs
      }
    }
  } finally {
    signal.removeEventListener('abort', destroy)
    destroy()
  }
  throw new Error(`the log ended after ${seqs.length} events from ${position} on`)
}

async function readPosition(url: string): Promise<{ readonly epoch: string; readonly seq: number }> {
  const { position } = (await (await fetch(`${url}/health`)).json()) as { position: string }
  const [epoch, seq] = position.split('-') as [string, string]
  return { epoch, seq: Number(seq) }
}

function print(returned: Returned): void {
  const { clients, drainMs, goneMs, broken, missed, notBack, refusals, events, generatorPercent } = returned
  const head = ['clients', 'events read', 'notified in s', 'gone after s', 'most back a second', 'refused', 'not back']
  const row = [
    String(clients),
    String(events),
    (drainMs / 1_000).toFixed(1),
    (goneMs / 1_000).toFixed(1),
    String(returned.mostInASecond),
    String(refusals),
    String(notBack),
  ]
  const more = [String(broken), String(missed), generatorPercent.toFixed(0)]
  console.log(
    formatTable([
      [...head, 'broken', 'missed', 'load %'],
      [...row, ...more],
    ]),
  )
}

function thresholdsOf(returned: Returned) {
  const { clients, goneMs, broken, missed, notBack } = returned
  const perSecond = clients / (WINDOW_MS / 1_000)
  return [
    {
      name: `clients of ${clients} that come back in a second, at most (mean: ${perSecond.toFixed(0)})`,
      value: returned.mostInASecond,
      atMost: 2 * perSecond,
      decimals: 0,
    },
    { name: 'clients that missed an event or were cut', value: missed + broken, atMost: 0, decimals: 0 },
    { name: 'clients that were not taken by the second server', value: notBack, atMost: 0, decimals: 0 },
    { name: 's from SIGTERM until the server was gone', value: goneMs / 1_000, atMost: GONE_S_MAX, decimals: 1 },
  ]
}
