// What only a connection over TCP shows: HTTP/1.0, requests that are none, upgrades, Host, and WebSocket frames that no
// client library sends. Not offered by a target without TCP.

import { createHash } from 'node:crypto'
import { expectEqual, expectMatch, expectTrue } from '../../judgement/expect.ts'
import { chapter, requirement } from '../../suite/requirement.ts'
import type { Probe } from '../../target/probe.ts'

/** Of RFC 6455 section 1.3, and another example. */
const HANDSHAKE_KEYS = ['dGhlIHNhbXBsZSBub25jZQ==', 'x3JJHMBDL1EzLkh9GBhXDw==']
const WEBSOCKET_GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'
/** Without a mask: 0x88, its length, then the code in two bytes. */
const CLOSE_FRAME = /\x88[^\x7e-\xff][\s\S]{2}/
const BODY_END = /\r\n\r\n[\s\S]*\}/

interface Upgrade {
  readonly path?: string
  readonly key?: string
  readonly version?: string
  readonly protocol?: string
  readonly origin?: string
}

/** The whole of what comes back to a request, up to a pattern. */
async function send(probe: Probe, lines: readonly string[], until: RegExp): Promise<string> {
  const connection = await probe.connect()
  connection.write(`${lines.join('\r\n')}\r\n\r\n`)
  return connection.until(until)
}

/** The first lines of a request, for what is under the target's path. */
function getRequest({ target }: Probe, path: string, version = 'HTTP/1.1'): string[] {
  const { host, pathname } = new URL(target.url)
  return [`GET ${pathname.replace(/\/$/, '')}${path} ${version}`, `Host: ${host}`]
}

function upgradeRequest(
  probe: Probe,
  { path = '/v1/socket', key = HANDSHAKE_KEYS[0]!, version = '13', protocol, origin }: Upgrade,
): string[] {
  return [
    ...getRequest(probe, path),
    'Connection: Upgrade',
    'Upgrade: websocket',
    `Sec-WebSocket-Key: ${key}`,
    `Sec-WebSocket-Version: ${version}`,
    `Sec-WebSocket-Protocol: ${protocol ?? 'papertape.v1'}`,
    ...(origin === undefined ? [] : [`Origin: ${origin}`]),
  ]
}

/** The close code that answers a frame. */
async function closeCodeAfter(probe: Probe, frame: string): Promise<number> {
  const connection = await probe.connect()
  connection.write(`${upgradeRequest(probe, {}).join('\r\n')}\r\n\r\n`)
  await connection.until(/"welcome"/)
  connection.write(frame)
  const received = await connection.until(CLOSE_FRAME)
  const at = received.search(CLOSE_FRAME)
  return received.charCodeAt(at + 2) * 256 + received.charCodeAt(at + 3)
}

function statusOf(received: string): number {
  return Number(/^HTTP\/1\.[01] (\d{3})/.exec(received)?.[1])
}

export const RAW_HTTP = chapter('Over TCP', [
  requirement('raw-http10', 'An HTTP/1.0 client gets a plain streamed body.', async probe => {
    const lines = getRequest(probe, '/v1/stream?events=trade', 'HTTP/1.0')
    const received = await send(probe, lines, /event: snapshot/)
    expectEqual('the status', statusOf(received), 200)
    expectTrue(!/transfer-encoding/i.test(received), 'no transfer coding', received.slice(0, 300))
    expectMatch('the body', received, /\r\n\r\nretry: ?\d+\n/)
  }),

  requirement('raw-malformed', 'What is no HTTP is a 400 as problem+json.', async probe => {
    const received = await send(probe, [getRequest(probe, '/v1/quotes', 'HTTP/9.9')[0]!, 'Host'], BODY_END)
    expectEqual('the status', statusOf(received), 400)
    expectMatch('the answer', received, /content-type: application\/problem\+json/i)
  }),

  requirement('raw-host', 'A Host that is not known is a 421.', async probe => {
    const received = await send(probe, [getRequest(probe, '/v1/quotes')[0]!, 'Host: rebound.example'], BODY_END)
    expectEqual('the status for Host: rebound.example', statusOf(received), 421)
  }),

  requirement('raw-other-upgrade', 'An offer to upgrade to anything but websocket is ignored.', async probe => {
    const lines = [...getRequest(probe, '/v1/quotes'), 'Connection: Upgrade', 'Upgrade: h2c']
    expectEqual('the status', statusOf(await send(probe, lines, BODY_END)), 200)
  }),

  requirement(
    'raw-upgrade-elsewhere',
    'An offer of websocket elsewhere than at /v1/socket is ignored.',
    async probe => {
      const received = await send(probe, upgradeRequest(probe, { path: '/v1/quotes' }), BODY_END)
      expectEqual('the status', statusOf(received), 200)
    },
  ),

  requirement('raw-upgrade-version', 'A WebSocket version other than 13 is a 426 that names 13.', async probe => {
    const received = await send(probe, upgradeRequest(probe, { version: '12' }), BODY_END)
    expectEqual('the status', statusOf(received), 426)
    expectMatch('the answer', received, /sec-websocket-version: 13\r\n/i)
  }),

  requirement('raw-accept', 'The handshake is answered with the accept value of its key.', async probe => {
    for (const key of HANDSHAKE_KEYS) {
      const received = await send(probe, upgradeRequest(probe, { key }), /\r\n\r\n/)
      const accept = createHash('sha1').update(`${key}${WEBSOCKET_GUID}`).digest('base64')
      expectEqual('the status', statusOf(received), 101)
      expectEqual('Sec-WebSocket-Accept', /sec-websocket-accept: (\S+)/i.exec(received)?.[1], accept)
    }
  }),

  requirement('raw-subprotocol', 'Without the subprotocol the upgrade is refused with 400.', async probe => {
    for (const protocol of ['papertape.v9', 'chat, superchat']) {
      const received = await send(probe, upgradeRequest(probe, { protocol }), BODY_END)
      expectEqual(`the status for ${protocol}`, statusOf(received), 400)
      expectMatch('the answer', received, /"code":"bad-subprotocol"/)
    }
  }),

  requirement('raw-origin', 'A foreign, opaque or look-alike Origin is refused with 403.', async probe => {
    const { hostname } = new URL(probe.target.url)
    for (const origin of ['https://elsewhere.example', 'null', `http://${hostname}.elsewhere.example`]) {
      const received = await send(probe, upgradeRequest(probe, { origin }), BODY_END)
      expectEqual(`the status for Origin: ${origin}`, statusOf(received), 403)
    }
  }),

  requirement('raw-close-1002', 'A protocol error is closed with 1002.', async probe => {
    // The reserved bits are of an extension that nobody agreed on.
    expectEqual('the close code', await closeCodeAfter(probe, '\xf1\x80\0\0\0\0'), 1002)
  }),

  requirement('raw-close-1007', 'Text that is not UTF-8 is closed with 1007.', async probe => {
    expectEqual('the close code', await closeCodeAfter(probe, '\x81\x82\0\0\0\0\xff\xfe'), 1007)
  }),
])
