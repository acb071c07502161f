// What is silent behind each balancer of deploy/balancers outlives its idle time-out, here shortened from a minute to
// little more than our longest silence, a long poll that waits the standard 25 s. Streams and sockets say something
// every 15 s. BALANCER_IDLE_FULL=1 waits with the files as they are.

import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type RunningServer, startServer } from '../support/server.ts'
import { agentOf, FEED_TRANSPORTS, getJson } from '../transport-changes/feed-transports.ts'
import { type BalancedTransport, describeTransport, transportsBehind } from './balanced-transports.ts'
import { BALANCER_NAMES, BALANCERS, startBalancer } from './balancers.ts'
import { openWire } from './wire.ts'

const IS_FULL = process.env.BALANCER_IDLE_FULL === '1'
const TIMEOUT_S = IS_FULL ? 60 : 28
const SILENT_MS = (TIMEOUT_S + 4) * 1_000
const POLL_WAIT_S = 25

describe('a balancer', { timeout: 180_000, concurrency: true }, () => {
  let server: RunningServer
  before(async () => {
    server = await startServer({ flags: ['--symbols', '1', '--trust-proxy', '127.0.0.1'] })
  })
  after(() => server.dispose())

  for (const name of BALANCER_NAMES) {
    it(`${name}: leaves open what is silent for longer than its idle time-out`, async test => {
      const shorten = (config: string) => config.replace(/\b60s/g, `${TIMEOUT_S}s`)
      const proxy = await startBalancer(name, [server, server], server.dataFolder, shorten)
      if ('reason' in proxy) return test.skip(proxy.reason)
      test.after(() => proxy.dispose())
      const transports = transportsBehind(BALANCERS[name])
      const ends = await Promise.all(transports.map(transport => stay(proxy.port, transport)))
      assert.deepEqual(
        transports.map((transport, n) => `${describeTransport(transport)}: ${ends[n]}`),
        transports.map(transport => `${describeTransport(transport)}: open`),
      )
    })
  }
})

/** @returns `open` when the balancer has left it open */
async function stay(port: number, { kind, version }: BalancedTransport): Promise<string> {
  const wire = openWire(version, port)
  const visit = {
    url: `http://localhost:${port}`,
    connect: wire.connect,
    // Nothing but heartbeats comes here.
    parameters: { events: 'news', mode: 'raw' },
    last: undefined,
    maxMs: SILENT_MS,
    isEnding: () => false,
  }
  try {
    if (kind !== 'longPoll') {
      const { how, frames } = await FEED_TRANSPORTS[kind]({ ...visit, take: () => false })
      return how === 'time' && frames > 0 ? 'open' : `${how} after ${frames} frames`
    }
    const poll = (query: string) => getJson(`${visit.url}/v1/poll?events=news${query}`, agentOf(visit))
    const last = (await poll(''))?.body.last
    const startMs = performance.now()
    const held = await poll(`&wait=${POLL_WAIT_S}&last=${last}`)
    const heldMs = performance.now() - startMs
    return held?.status === 200 && heldMs > (POLL_WAIT_S - 1) * 1_000 ? 'open' : `${held?.status} after ${heldMs} ms`
  } finally {
    wire.close()
  }
}
