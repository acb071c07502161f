// deploy/nats/nats.conf on a real server of NATS: venues and gateways work with the keys that create-keys.sh makes, a
// gateway cannot write, change or remove the log, and who is not taken by NATS says what would help, and ends.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { ClusterConnection, type NatsSettings } from '@papertape/cluster'
import { encodeCommit, encodeLead } from '@papertape/cluster/testing'
import { within } from '@papertape/protocol/testing/within'
import { logOn, openAccount } from '../support/channel.ts'
import { Child } from '../support/cluster/child.ts'
import { findProgram } from '../support/programs/provide-program.ts'
import { freePort, NO_PAST, SHARED_MACHINE } from '../support/server.ts'
import { openStream } from '../support/stream.ts'

const fileAt = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const MAIN = fileAt('../../server/src/main.ts')
const CONF = fileAt('../../deploy/nats/nats.conf')
const CREATE_KEYS = fileAt('../../deploy/nats/create-keys.sh')
const REFUSED_MAX_MS = 30_000
const GATEWAY_API = 'papertape-log'
type Role = 'venue' | 'gateway'

const program = findProgram('nats-server')

describe('NATS with credentials and TLS', {
  timeout: 240_000,
  skip: 'reason' in program ? program.reason : false,
}, () => {
  const folder = mkdtempSync(join(tmpdir(), 'papertape-security-'))
  const [keys, otherKeys] = [join(folder, 'keys'), join(folder, 'other-keys')]
  const children: Child[] = []
  const connections: ClusterConnection[] = []
  let server: string
  let nats: Child

  before(async () => {
    assert.ok('path' in program)
    for (const made of [keys, otherKeys]) {
      const { status, stderr } = spawnSync(CREATE_KEYS, [made, 'IP:127.0.0.1'], { encoding: 'utf8' })
      assert.equal(status, 0, stderr)
    }
    const port = await freePort()
    server = `127.0.0.1:${port}`
    // What a machine of the operator has elsewhere.
    const conf = readFileSync(CONF, 'utf8')
      .replaceAll('/etc/nats', keys)
      .replace('/var/lib/nats', join(folder, 'nats'))
      .replace('port: 4222', `listen: ${server}`)
    writeFileSync(join(keys, 'nats.conf'), conf)
    const words = [program.path, '-c', join(keys, 'nats.conf')] as const
    nats = new Child({ name: 'nats', words, env: program.env, open: /Server is ready/ })
    children.push(nats)
    await nats.start()
  })
  after(async () => {
    for (const connection of connections) await connection.close()
    await Promise.all(children.map(child => child.end('SIGKILL')))
    rmSync(folder, { recursive: true, force: true })
  })

  /** As an operator gives them. @param given in place of the right ones; '' leaves one out. */
  function flagsOf(role: Role, given: Readonly<Record<string, string>> = {}): string[] {
    const flags = {
      nats: server,
      'nats-ca': join(keys, 'ca.pem'),
      'nats-cert': join(keys, `${role}-cert.pem`),
      'nats-key': join(keys, `${role}-key.pem`),
      'nats-credentials': join(keys, `${role}.nk`),
      ...(role === 'gateway' && { 'nats-api-prefix': GATEWAY_API }),
      ...given,
    }
    return Object.entries(flags).flatMap(([flag, value]) => (value === '' ? [] : [`--${flag}`, value]))
  }

  function create(role: Role, ports: readonly string[], open: RegExp, given = {}): Child {
    const data = ['--data', join(folder, role)]
    const flags = ['--role', role, ...flagsOf(role, given), '--symbols', '1', ...NO_PAST, ...data, ...ports]
    const env = { ...process.env, ...SHARED_MACHINE }
    const child = new Child({ name: role, words: [process.execPath, MAIN, ...flags], env, open })
    children.push(child)
    return child
  }

  async function open(role: Role, market: string): Promise<ClusterConnection> {
    const read = (name: string) => readFileSync(join(keys, name), 'utf8')
    const settings: NatsSettings = {
      servers: [server],
      credentials: read(`${role}.nk`),
      tls: { ca: read('ca.pem'), cert: read(`${role}-cert.pem`), key: read(`${role}-key.pem`) },
      ...(role === 'gateway' && { apiPrefix: GATEWAY_API }),
    }
    const connection = await ClusterConnection.open(settings, market, `test ${role}`)
    connections.push(connection)
    return connection
  }

  it('an order is executed through a gateway, and streamed, and a room has members', async () => {
    const port = await freePort()
    const venue = create('venue', ['--port', '0'], /leads, term \d/)
    const gateway = create('gateway', ['--port', String(port), '--tls-port', '0'], /Ctrl-C stops it/)
    await Promise.all([venue.start(), gateway.start()])
    const url = `http://127.0.0.1:${port}`
    const stream = await openStream(`${url}/v1/stream?mode=raw&events=trade`)
    const { channel } = await logOn(url, (await openAccount(url)).token)
    const order = {
      type: 'order.place',
      clientOrderId: 'a',
      symbol: 'VELTR',
      side: 'buy',
      orderType: 'market',
      size: 7,
    }
    assert.equal((await channel.ask(order)).clientOrderId, 'a')
    await channel.until(({ type, clientOrderId }) => type === 'execution' && clientOrderId === 'a')
    await stream.until(({ event, data }) => event === 'trade' && data.size > 0)
    await channel.ask({ type: 'room.join', room: 'lobby', user: 'ann' })
    assert.equal((await channel.ask({ type: 'room.message', room: 'lobby', text: 'hi' })).type, 'ack')
    await channel.until(({ type, text }) => type === 'room.message' && text === 'hi')
    channel.socket.close()
    stream.cut()
    await gateway.end('SIGTERM')
    assert.equal(await venue.end('SIGTERM'), 0)
  })

  describe("a gateway's credentials", () => {
    let venue: ClusterConnection
    let gateway: ClusterConnection
    let peer: ClusterConnection

    before(async () => {
      venue = await open('venue', 'quiet')
      await venue.requireStream({ replicas: 1, bytesMax: 1_000_000 })
      const { jetstream, subjects } = venue
      await jetstream.publish(subjects.lead, encodeLead({ term: 1, venueId: 'a', epoch: 'k3f9' }))
      // A leader answers whoever asks, on the subject that the question names.
      venue.nats.subscribe(subjects.query, { callback: (_error, request) => void request.respond('an answer') })
      await venue.nats.flush()
      gateway = await open('gateway', 'quiet')
      peer = await open('gateway', 'quiet')
    })

    async function isLogUntouched(): Promise<void> {
      await gateway.nats.flush()
      const { state, config } = await venue.manager.streams.info(venue.stream)
      assert.deepEqual([state.messages, state.last_seq, config.max_msgs], [1, 1, -1])
    }

    it('read the log', async () => {
      assert.equal(await gateway.lastSequence(), 1)
      assert.equal((await gateway.lastLead())?.sequence, 1)
      const messages = await (await gateway.consumerFrom(1)).fetch({ max_messages: 1, expires: 2_000 })
      for await (const { seq, subject } of messages) assert.deepEqual([seq, subject], [1, venue.subjects.lead])
      assert.equal((await gateway.nats.request(gateway.subjects.query, '', { timeout: 2_000 })).string(), 'an answer')
    })

    it('publish nothing to it, by themselves or as the answer to a request', async () => {
      const { nats, subjects, stream, jetstream } = gateway
      for (const subject of [subjects.log, subjects.lead, subjects.room]) {
        nats.publish(subject, 'forged')
        await assert.rejects(jetstream.publish(subject, 'forged', { timeout: 500 }))
        // JetStream and the leader would answer there, were it one account.
        nats.publish(`${GATEWAY_API}.STREAM.INFO.${stream}`, '', { reply: subject })
        nats.publish(subjects.query, '', { reply: subject })
        const config = { deliver_subject: subject, deliver_policy: 'all', ack_policy: 'none' }
        const create = JSON.stringify({ stream_name: stream, config })
        const made = await nats.request(`${GATEWAY_API}.CONSUMER.CREATE.${stream}`, create, { timeout: 2_000 })
        assert.match(made.string(), /forms a cycle/)
      }
      await isLogUntouched()
    })

    it('neither change nor remove it', async () => {
      const { nats, stream, manager } = gateway
      await assert.rejects(manager.streams.purge(stream))
      await assert.rejects(manager.streams.deleteMessage(stream, 1))
      await assert.rejects(manager.streams.update(stream, { max_msgs: 0 }))
      await assert.rejects(manager.streams.delete(stream))
      for (const prefix of ['$JS.API', GATEWAY_API]) {
        for (const request of ['PURGE', 'UPDATE', 'DELETE', 'MSG.DELETE', 'RESTORE']) {
          const body = JSON.stringify({ name: stream, subjects: [], max_msgs: 0, seq: 1 })
          const subject = `${prefix}.STREAM.${request}.${stream}`
          await assert.rejects(nats.request(subject, body, { timeout: 500 }), subject)
          // A consumer that JetStream itself writes to the request's subject.
          const config = { deliver_subject: subject, deliver_policy: 'all', ack_policy: 'none', headers_only: true }
          nats.publish(
            `${GATEWAY_API}.CONSUMER.CREATE.${stream}`,
            JSON.stringify({ stream_name: stream, config: { ...config, inactive_threshold: 1e9 } }),
          )
        }
      }
      // Nor could it if it were a venue.
      await assert.rejects(venue.manager.streams.purge(stream))
      await isLogUntouched()
    })

    it('nor say what only the venue says, to gateways and standbys', async () => {
      const { commit, resign } = venue.subjects
      const toGateway = [venue.subjects.gateway('a'), venue.subjects.sessionsOf('a'), venue.subjects.roomsOf('a')]
      const received: string[] = []
      for (const [who, connection] of [
        ['venue', venue],
        ['gateway', peer],
      ] as const) {
        const subjects = [commit, resign, ...toGateway]
        for (const subject of who === 'venue' ? subjects : subjects.filter(one => one !== resign))
          connection.listen(subject, String, (_text, { subject: at }) => received.push(`${who} ${at}`))
        await connection.nats.flush()
      }
      const forged = encodeCommit({ term: 1, committed: 100 })
      for (const subject of [commit, resign, ...toGateway, '_INBOX.a.b']) gateway.nats.publish(subject, forged)
      await gateway.nats.flush()
      await Promise.all([venue.nats.flush(), peer.nats.flush()])
      assert.deepEqual(received, [])
      venue.nats.publish(commit, forged)
      await venue.nats.flush()
      await peer.nats.flush()
      assert.deepEqual(received.sort(), [`gateway ${commit}`, `venue ${commit}`])
    })
  })

  describe('one who does not belong ends, and says why:', () => {
    const other = (name: string) => join(otherKeys, name)
    /** With a line that says why; while it takes long, it says so before. */
    async function ends(role: Role, given: Readonly<Record<string, string>>, line: RegExp): Promise<void> {
      const ports = ['--port', '0', ...(role === 'gateway' ? ['--tls-port', '0'] : [])]
      const child = create(role, ports, /Ctrl-C stops it|standby/, given)
      await assert.rejects(child.start(), /ended with 1:/)
      const said = child.output.replace(/^papertape: waits .*\n/, '')
      assert.match(said, new RegExp(`^papertape: ${line.source}.*\\n$`))
    }

    it('no credentials, or those of nobody that NATS knows', async () => {
      const words = /NATS at 127\.0\.0\.1:\d+: Authorization Violation; .* --nats-credentials /
      await ends('gateway', { 'nats-credentials': '' }, words)
      await ends('gateway', { 'nats-credentials': other('gateway.nk') }, words)
      await ends('venue', { 'nats-credentials': other('venue.nk') }, words)
    })

    it('no certificate, or one of another authority', async () => {
      const words = /NATS at 127\.0\.0\.1:\d+: alert [a-z ]+; .* --nats-cert and --nats-key /
      await ends('gateway', { 'nats-cert': '', 'nats-key': '' }, words)
      const certificate = { 'nats-cert': other('gateway-cert.pem'), 'nats-key': other('gateway-key.pem') }
      await ends('gateway', certificate, words)
      await ends('venue', { 'nats-cert': '', 'nats-key': '' }, words)
    })

    it('no authority that NATS belongs to', async () => {
      const words = /NATS at 127\.0\.0\.1:\d+: unable to verify .* --nats-ca/
      await ends('gateway', { 'nats-ca': '', 'nats-cert': '', 'nats-key': '' }, words)
      await ends('gateway', { 'nats-ca': other('ca.pem') }, words)
    })

    it('a server that does not encrypt', async test => {
      const plain = createServer(socket => {
        socket.on('error', () => {})
        socket.write('INFO {"server_id":"a","version":"2.9.10","proto":1,"max_payload":1048576}\r\n')
      })
      plain.listen(0, '127.0.0.1')
      test.after(() => plain.close())
      await once(plain, 'listening')
      const at = `127.0.0.1:${(plain.address() as AddressInfo).port}`
      await ends('gateway', { nats: at }, /NATS at .*does not support 'tls'; .* leave --nats-ca/)
    })

    it('a plain connection', async () => {
      const socket = connect(Number(server.split(':')[1]), '127.0.0.1')
      let said = ''
      socket.on('data', chunk => {
        said += chunk
      })
      socket.on('error', () => {})
      await once(socket, 'connect')
      socket.write('CONNECT {"verbose":false}\r\nPING\r\n')
      await within(once(socket, 'close'), 'the end of the connection', REFUSED_MAX_MS)
      assert.doesNotMatch(said, /PONG/)
    })

    it('a gateway whose credentials NATS takes no longer', async () => {
      const venue = create('venue', ['--port', '0'], /leads, term \d/)
      const gateway = create('gateway', ['--port', '0', '--tls-port', '0'], /Ctrl-C stops it/)
      await Promise.all([venue.start(), gateway.start()])
      const known = readFileSync(join(keys, 'keys.conf'), 'utf8')
      const line = /GATEWAY_KEY: \w+/
      const others = line.exec(readFileSync(other('keys.conf'), 'utf8'))![0]
      writeFileSync(join(keys, 'keys.conf'), known.replace(line, others))
      nats.signal('SIGHUP')
      await gateway.wrote(/NATS at [\d.:]+: Authorization Violation; .* --nats-credentials /)
      // No signal that would end it.
      assert.equal(await gateway.end('SIGCONT'), 1)
      assert.equal(await venue.end('SIGTERM'), 0)
    })
  })
})
