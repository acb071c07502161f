// What a balancer of layer 7 sends again when a gateway breaks off, or says that it ends: a GET, at the other gateway;
// a POST that a gateway has got, never. The gateways are stand-ins that count.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { type RunningServer, startServer } from '../support/server.ts'
import { BALANCER_NAMES, BALANCERS, startBalancer } from './balancers.ts'
import { openWire } from './wire.ts'

const WAIT_MAX_MS = 15_000

describe('a balancer of layer 7', { timeout: 120_000 }, () => {
  let server: RunningServer
  // For its certificate.
  before(async () => {
    server = await startServer({ flags: ['--symbols', '1'] })
  })
  after(() => server.dispose())

  for (const name of BALANCER_NAMES.filter(one => BALANCERS[one].layer === 7)) {
    it(`${name}: sends a GET again and no POST`, async test => {
      const gateways = await Promise.all([openStandIn('good'), openStandIn('breaks off')])
      test.after(() => {
        for (const gateway of gateways) gateway.close()
      })
      const [good, bad] = gateways as [StandIn, StandIn]
      const proxy = await startBalancer(name, gateways, server.dataFolder)
      if ('reason' in proxy) return test.skip(proxy.reason)
      test.after(() => proxy.dispose())

      /** Asks until a request was given to that gateway, which may be left out for two seconds. */
      const untilBadIsAsked = async (
        method: string,
        judge: (id: string, status: number, wasAsked: boolean) => void,
      ) => {
        for (const untilMs = performance.now() + WAIT_MAX_MS; performance.now() < untilMs; ) {
          const asked = bad.paths.length
          const id = `${method}-${performance.now()}`
          const status = await request(proxy.port, method, `/v1/orders/${id}`)
          judge(id, status, bad.paths.length > asked)
          if (bad.paths.length > asked) return
        }
        assert.fail(`the other gateway gets no ${method}`)
      }
      const requireOk = (id: string, status: number) => assert.equal(status, 200, `${id} while it ${bad.does}`)
      await untilBadIsAsked('GET', requireOk)
      await untilBadIsAsked('POST', (id, status, wasAsked) => {
        const times = [...good.paths, ...bad.paths].filter(path => path.endsWith(id)).length
        assert.equal(times, 1, `${id} was sent ${times} times`)
        assert.equal(status >= 500, wasAsked, `${id} was answered ${status}`)
      })
      bad.does = 'ends'
      // Caddy does not look at the status: it leaves out who is not ready.
      if (name !== 'Caddy, layer 7') await untilBadIsAsked('GET', requireOk)
    })
  }
})

interface StandIn {
  readonly port: number
  readonly tlsPort: number
  /** Of the requests that arrived, without probes. */
  readonly paths: string[]
  /** `ends`: 503, as a gateway that drains. */
  does: 'good' | 'breaks off' | 'ends'
  close(): void
}

async function openStandIn(does: StandIn['does']): Promise<StandIn> {
  const server = http.createServer((incoming, response) => {
    const path = incoming.url!
    if (path.startsWith('/health')) {
      response.end('{}')
      return
    }
    standIn.paths.push(path)
    incoming.resume()
    incoming.on('end', () => {
      if (standIn.does === 'breaks off') incoming.socket.resetAndDestroy()
      else response.writeHead(standIn.does === 'good' ? 200 : 503).end('{}')
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const close = () => {
    server.close()
    server.closeAllConnections()
  }
  const standIn: StandIn = { port, tlsPort: port, paths: [], does, close }
  return standIn
}

function request(port: number, method: string, path: string): Promise<number> {
  const { connect, close } = openWire('HTTP/1.1', port)
  return new Promise<number>((resolve, reject) => {
    const headers = { 'content-type': 'application/json' }
    const options = { method, headers, createConnection: connect as never, timeout: WAIT_MAX_MS }
    const sent = http.request(`http://localhost:${port}${path}`, options, response => {
      response.resume()
      response.on('close', () => resolve(response.statusCode!))
    })
    sent.on('timeout', () => sent.destroy(new Error(`no answer to ${method} ${path}`)))
    sent.on('error', reject)
    sent.end(method === 'POST' ? '{"size":1}' : undefined)
  }).finally(close)
}
