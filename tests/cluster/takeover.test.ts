// Two venues and two gateways on one log: another venue takes the lead, whatever became of the one that led, and no
// reader and no order sees more of it than a moment's silence.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { FEED_EVENTS } from '@papertape/protocol'
import { within } from '@papertape/protocol/testing/within'
import { openAccount, openChannel } from '../support/channel.ts'
import { startCluster } from '../support/cluster/cluster.ts'
import { openStream } from '../support/stream.ts'

const SILENCE_MAX_MS = 15_000

describe('a cluster', { timeout: 180_000 }, () => {
  it('goes on with every event and order when its leader resigns, is killed or is suspended', async test => {
    const cluster = await startCluster(test, { venues: 2, gateways: 2, flags: ['--symbols', '2', '--pace', '5x'] })
    if (cluster === undefined) return
    const { gateways } = cluster
    const [one, other] = gateways.map(({ url }) => url) as [string, string]
    const readers = await Promise.all(
      gateways.map(({ url }) => openStream(`${url}/v1/stream?mode=raw&events=${FEED_EVENTS.join(',')}`)),
    )
    const { token } = await openAccount(one)
    const channel = await openChannel(other)
    channel.send({ type: 'logon', token })
    await channel.until(({ type }) => type === 'logon.ok')
    let orders = 0
    const place = () => {
      const clientOrderId = `o${++orders}`
      return channel.ask({
        type: 'order.place',
        clientOrderId,
        symbol: 'VELTR',
        side: 'buy',
        orderType: 'market',
        size: 1,
      })
    }
    assert.equal((await place()).clientOrderId, 'o1')
    for (const end of ['SIGTERM', 'SIGKILL', 'SIGSTOP'] as const) {
      const { child } = await cluster.leader()
      const from = child.recent.length
      if (end === 'SIGSTOP') {
        const standby = cluster.venues.find(venue => venue.child !== child)!.child
        const before = standby.recent.length
        child.signal(end)
        // Its threads may run on for a moment, and answer.
        await standby.wrote(/leads, term \d+\n/, before)
      } else await child.end(end)
      const answer = await within(place(), `an answer after ${end}`, 15_000)
      assert.equal(answer.clientOrderId, `o${orders}`, end)
      if (end === 'SIGSTOP') {
        child.signal('SIGCONT')
        await child.wrote(/another venue leads[\s\S]*standby: has caught up/, from)
      } else await child.start()
    }
    for (const { messages } of readers) {
      assert.deepEqual(
        messages.filter(({ event }) => event === 'reset'),
        [],
      )
      const ids = messages
        .filter(({ event, id }) => id !== '' && event !== 'snapshot' && event !== 'hello')
        .map(({ id }) => id)
      const seqs = ids.map(id => Number(id.split('-')[1]))
      assert.equal(new Set(ids.map(id => id.split('-')[0])).size, 1, 'one epoch')
      assert.ok(seqs.length > 100)
      for (let i = 1; i < seqs.length; i++) assert.equal(seqs[i], seqs[i - 1]! + 1)
    }
  })

  it('has no leader resign before another venue can lead', async test => {
    // Longer than the test waits: whoever leads then was handed the lead.
    const flags = ['--symbols', '2', '--venue-silence-max-ms', String(SILENCE_MAX_MS)]
    const cluster = await startCluster(test, { venues: 2, gateways: 1, flags })
    if (cluster === undefined) return
    const leader = (await cluster.leader()).child
    const standby = cluster.venues.find(venue => venue.child !== leader)!.child
    await standby.end('SIGKILL')
    const ended = leader.end('SIGTERM')
    await leader.wrote(/no standby is ready: it leads for another 10 s at most/)
    await standby.start()
    await within(standby.wrote(/leads, term 2\n/), 'the lead', SILENCE_MAX_MS / 2)
    assert.equal(await ended, 0)
  })
})
