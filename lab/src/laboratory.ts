// The laboratory: the event streams, served over HTTP/1.1, HTTP/2 and, by Caddy, HTTP/3, each behind a link that loses
// a packet on request, and the control endpoint. Everything is on loopback. Called by main.ts.

import { once } from 'node:events'
import http from 'node:http'
import http2 from 'node:http2'
import type net from 'node:net'
import type { HttpVersion, LossLabAnswer, LossLink } from '@papertape/protocol'
import { caddyVersion, NO_CADDY, startCaddy } from './caddy.ts'
import { type Control, openControl } from './control.ts'
import { createEventStreams } from './event-streams.ts'
import { createLocalCertificate } from './local-certificate.ts'
import { LOOPBACK, type LossyLink } from './lossy-link.ts'
import { openTcpLink } from './tcp-link.ts'
import { openUdpLink } from './udp-link.ts'

export interface Laboratory {
  readonly controlPort: number
  readonly answer: LossLabAnswer
  close(): Promise<void>
}

/** A round trip of 100 ms, as across a continent. */
const DELAY_MS = 50
/** Linux waits at least this long before it sends a segment again (RTO_MIN). */
const RETRANSMISSION_MS = 200

/** @param port of the control endpoint, the links at the next three; 0 picks free ones. */
export async function openLaboratory(port: number): Promise<Laboratory> {
  const certificate = await createLocalCertificate(new Date())
  const streams = createEventStreams()
  const clear = http.createServer(streams.answer)
  const secure = http2.createSecureServer({ ...certificate, allowHTTP1: false }, streams.answer)
  const sessions = new Set<http2.ServerHttp2Session>()
  secure.on('session', session => {
    sessions.add(session)
    session.once('close', () => sessions.delete(session))
  })
  const closing: (() => void | Promise<void>)[] = [
    () => streams.close(),
    () => void clear.close(),
    () => clear.closeAllConnections(),
    () => void secure.close(),
    () => sessions.forEach(session => void session.destroy()),
  ]
  const close = async () => {
    for (const one of closing.splice(0)) await one()
  }
  const portOf = (place: number) => (port === 0 ? 0 : port + place)

  try {
    const [clearPort, securePort] = [await listen(clear), await listen(secure)]
    const links: Partial<Record<HttpVersion, LossyLink>> = {}
    const tcp = { delayMs: DELAY_MS, retransmissionMs: RETRANSMISSION_MS }
    links.http1 = await openTcpLink({ port: portOf(1), targetPort: clearPort, ...tcp })
    closing.push(links.http1.close)
    links.http2 = await openTcpLink({ port: portOf(2), targetPort: securePort, ...tcp })
    closing.push(links.http2.close)
    if ((await caddyVersion()) !== undefined) {
      const caddy = await startCaddy({ certificate, target: `http://${LOOPBACK}:${clearPort}` })
      closing.push(caddy.close)
      links.http3 = await openUdpLink({ port: portOf(3), targetPort: caddy.port, delayMs: DELAY_MS })
      closing.push(links.http3.close)
    }

    const answer: LossLabAnswer = {
      links: {
        http1: describe('http', links.http1),
        http2: describe('https', links.http2),
        http3: describe('https', links.http3),
      },
      delayMs: DELAY_MS,
      retransmissionMs: RETRANSMISSION_MS,
      browserFlags: [
        `--ignore-certificate-errors-spki-list=${certificate.publicKeyHash}`,
        ...(links.http3 === undefined ? [] : [`--origin-to-force-quic-on=${LOOPBACK}:${links.http3.port}`]),
      ],
    }
    const control: Control = await openControl({
      port,
      answer,
      loseNext: async (version, waitMaxMs) => links[version]?.loseNext(waitMaxMs),
    })
    closing.unshift(control.close)
    return { controlPort: control.port, answer, close }
  } catch (error) {
    await close()
    throw error
  }
}

async function listen(server: net.Server): Promise<number> {
  server.listen(0, LOOPBACK)
  await once(server, 'listening')
  return (server.address() as net.AddressInfo).port
}

function describe(scheme: string, link: LossyLink | undefined): LossLink {
  if (link === undefined) return { origin: null, absence: `${NO_CADDY} npm run lab again.` }
  return { origin: `${scheme}://${LOOPBACK}:${link.port}`, absence: null }
}
