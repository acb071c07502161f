// The market's log on a real server of NATS: what a writer, a follower and a gateway may rely on, also when the server
// is killed and when another venue has taken the lead.

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { ClusterConnection, RemoteSessions } from '@papertape/cluster'
import {
  CommittedLog,
  decodeMessage,
  encodeCommit,
  encodeLead,
  encodeLogEntry,
  encodeMessage,
  FencedWriter,
  LogReader,
} from '@papertape/cluster/testing'
import { within } from '@papertape/protocol/testing/within'
import { createNats } from '../support/cluster/cluster.ts'
import { provideProgram } from '../support/programs/provide-program.ts'

const WAIT_MAX_MS = 20_000
/** A server that resigns is followed by whichever. */
const LEADS_MAX_MS = 80_000
const FIRST = { sequence: 1, id: 'lead-1-a' }

/** @returns undefined when there is no nats-server, and the test has been skipped */
async function openLog(test: TestContext, { bytesMax = 100_000_000, replicas = 1 } = {}) {
  const program = provideProgram(test, 'nats-server')
  if (program === undefined) return undefined
  const folder = mkdtempSync(join(tmpdir(), 'papertape-log-'))
  const servers = await createNats(program, replicas, folder)
  for (const { child } of servers) await child.start()
  const addresses = servers.map(({ port }) => `127.0.0.1:${port}`)
  const connection = await ClusterConnection.open({ servers: addresses }, 'test', 'test')
  test.after(async () => {
    await connection.close()
    for (const { child } of servers) await child.end('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  })
  await untilDone(() => connection.requireStream({ replicas, bytesMax }))
  await untilDone(() => publishLead(connection, 1, 'a'))
  return { connection, nats: servers.map(({ child }) => child) }
}

/** Servers that are to agree on something may not have agreed yet. */
async function untilDone<Result>(act: () => Promise<Result>, waitMs = WAIT_MAX_MS): Promise<Result> {
  for (const untilMs = performance.now() + waitMs; ; await pause(100)) {
    try {
      return await act()
    } catch (error) {
      if (performance.now() > untilMs) throw error
    }
  }
}

function publishLead({ jetstream, subjects }: ClusterConnection, term: number, venueId: string) {
  const record = encodeLead({ term, venueId, epoch: 'k3f9' })
  return jetstream.publish(subjects.lead, record, { msgID: `lead-${term}-${venueId}` })
}

const text = (value: string) => new TextEncoder().encode(value)

async function readAll(connection: ClusterConnection): Promise<string[]> {
  const last = await connection.lastSequence()
  const read: string[] = []
  await within(
    new Promise<void>((resolve, reject) => {
      const reader = new LogReader(connection, {
        from: 2,
        onMessage({ sequence, kind, data }) {
          read.push(kind === 'lead' ? 'lead' : new TextDecoder().decode(data))
          if (sequence < last) return
          reader.stop()
          resolve()
        },
        onFailure: reject,
      })
      if (last < 2) resolve()
    }),
    'the end of the log',
    WAIT_MAX_MS,
  )
  return read
}

describe('a writer of the log', { timeout: 120_000 }, () => {
  it('has its messages stored in order, each once, while the server is killed among them', async test => {
    const log = await openLog(test)
    if (log === undefined) return
    const { connection, nats } = log
    const stored: number[] = []
    const writer = new FencedWriter(connection, FIRST, assert.fail)
    for (let n = 0; n < 300; n++) {
      writer.append(`t1-${n}`, text(`${n}`), sequence => stored.push(sequence))
      if (n % 100 === 50) {
        await nats[0]!.end('SIGKILL')
        await nats[0]!.start()
      } else if (n % 8 === 0) await pause(1)
    }
    await within(new Promise<void>(resolve => writer.whenStored(resolve)), 'the last message', WAIT_MAX_MS)
    const all = Array.from({ length: 300 }, (_, n) => n)
    assert.deepEqual(
      stored,
      all.map(n => n + 2),
    )
    assert.deepEqual(await readAll(connection), all.map(String))
  })

  it('stores nothing after the lead record of another venue, which took the place of one message', async test => {
    const log = await openLog(test)
    if (log === undefined) return
    const { connection } = log
    const fenced = Promise.withResolvers<Error>()
    const writer = new FencedWriter(connection, FIRST, fenced.resolve)
    await new Promise(resolve => writer.append('t1-1', text('before'), resolve))
    await publishLead(connection, 2, 'b')
    // Those after the first would come right after the lead record.
    for (let n = 2; n < 7; n++) writer.append(`t1-${n}`, text(`late ${n}`), () => assert.fail(`${n} was stored`))
    const error = await within(fenced.promise, 'the fence', WAIT_MAX_MS)
    assert.match(error.message, /the log has lead-2-b at 3, the place of t1-2/)
    assert.deepEqual(await readAll(connection), ['before', 'lead'])
  })
})

describe('a writer of a log on three servers', { timeout: 180_000 }, () => {
  it('goes on when the server that leads the stream had been away', async test => {
    const log = await openLog(test, { replicas: 3 })
    if (log === undefined) return
    const { connection, nats } = log
    const { manager, stream } = connection
    const writer = new FencedWriter(connection, FIRST, assert.fail)
    let written = 0
    const write = async (count: number) => {
      for (let n = 0; n < count; n++) writer.append(`t1-${++written}`, text(`${written}`), () => {})
      await within(new Promise<void>(resolve => writer.whenStored(resolve)), `message ${written}`, WAIT_MAX_MS)
    }
    const leader = async () => (await manager.streams.info(stream)).cluster?.leader
    await write(10)
    const first = await untilDone(leader)
    const away = nats.find(({ name }) => name !== first)!
    await away.end('SIGKILL')
    await write(50)
    await away.start()
    // It leads once it has caught up; nats-server 2.9.10 then may have another message's id for the last one's.
    await untilDone(async () => {
      if ((await leader()) === away.name) return
      await connection.nats.request(`$JS.API.STREAM.LEADER.STEPDOWN.${stream}`, '', { timeout: 2_000 })
      await untilDone(async () => assert.notEqual(await leader(), undefined))
      assert.equal(await leader(), away.name)
    }, LEADS_MAX_MS)
    await write(20)
    assert.deepEqual(
      await readAll(connection),
      Array.from({ length: 80 }, (_, n) => `${n + 1}`),
    )
  })
})

describe('a gateway', { timeout: 120_000 }, () => {
  it('passes entries on once they are committed: by a notice, a later entry, or the next leader', async test => {
    const log = await openLog(test)
    if (log === undefined) return
    const { connection } = log
    const { nats, subjects } = connection
    const seen: string[] = []
    let wake = () => {}
    const committed = new CommittedLog({
      connection,
      from: 2,
      onEntry({ time }) {
        seen.push(String(time))
        wake()
      },
      onLead({ term }) {
        seen.push(`lead ${term}`)
        wake()
      },
      onFailure: assert.fail,
      room: () => undefined,
    })
    test.after(() => committed.stop())
    const until = async (...expected: string[]) => {
      while (seen.length < expected.length)
        await within(
          new Promise<void>(resolve => {
            wake = resolve
          }),
          expected.join(),
          WAIT_MAX_MS,
        )
      assert.deepEqual(seen, expected)
    }
    const writer = new FencedWriter(connection, FIRST, assert.fail)
    const append = (time: number, last: number) =>
      new Promise<number>(resolve => {
        const published = { term: 1, time, committed: last, events: [], privateEvents: [], answers: [] }
        writer.append(`t1-${time}`, encodeLogEntry(published, { commands: [] }), resolve)
      })
    const first = await append(10, 1)
    const second = await append(20, 1)
    let delivered = 0
    committed.whenDelivered(second, () => {
      delivered = second
    })
    nats.publish(subjects.commit, encodeCommit({ term: 1, committed: first }))
    await until('10')
    assert.equal(delivered, 0)
    await append(30, second)
    await until('10', '20')
    assert.equal(delivered, second)
    await publishLead(connection, 2, 'b')
    await until('10', '20', '30', 'lead 2')
  })
})

it('a log that has lost what comes next is reported, and not passed over', { timeout: 120_000 }, async test => {
  const log = await openLog(test, { bytesMax: 1_048_576 })
  if (log === undefined) return
  const { connection } = log
  const writer = new FencedWriter(connection, FIRST, assert.fail)
  for (let n = 0; n < 40; n++) writer.append(`t1-${n}`, new Uint8Array(60_000), () => {})
  await within(new Promise<void>(resolve => writer.whenStored(resolve)), 'the last message', WAIT_MAX_MS)
  const failure = new Promise<Error>(resolve => {
    const reader = new LogReader(connection, { from: 2, onMessage: () => assert.fail('read'), onFailure: resolve })
    test.after(() => reader.stop())
  })
  assert.match((await within(failure, 'the failure', WAIT_MAX_MS)).message, /the log begins with message \d+, and 2 is/)
})

it('has no session for a logon whose connection has gone, when a venue leads again', async test => {
  const log = await openLog(test)
  if (log === undefined) return
  const { connection } = log
  const sessions = new RemoteSessions(connection, 'one')
  const holder = () => ({ isGone: false, takenOver: () => {} })
  const [gone, next] = [holder(), holder()]
  const logons = [sessions.open('ann', 'desk', gone), sessions.open('ann', 'desk', next)]
  gone.isGone = true
  assert.equal(await within(logons[0]!, 'the end of the request', WAIT_MAX_MS), undefined)
  let requests = 0
  connection.listen(connection.subjects.session, decodeMessage, (_, message) =>
    message.respond(encodeMessage({ type: 'opened', number: ++requests })),
  )
  assert.deepEqual(await within(logons[1]!, 'the logon', WAIT_MAX_MS), { sessionId: 'desk', number: 1 })
})
