// The laboratory as a whole: links that answer, and nothing left open when it cannot open or is closed.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import net from 'node:net'
import { describe, it } from 'node:test'
import type { PacketLoss } from '@papertape/protocol'
import { openLaboratory } from './laboratory.ts'

const TRIES = 50

/** A port that is taken, after two that are free: other tests of this machine have ports of their own. */
async function takePort(): Promise<{ readonly taken: net.Server; readonly port: number }> {
  for (let tries = 0; tries < TRIES; tries++) {
    const taken = net.createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const { port } = taken.address() as net.AddressInfo
    if ((await isFree(port - 1)) && (await isFree(port - 2))) return { taken, port }
    taken.close()
  }
  throw new Error(`none of ${TRIES} ports has two free ones before it`)
}

async function isFree(port: number): Promise<boolean> {
  const probe = net.createServer().listen(port, '127.0.0.1')
  const isListening = await once(probe, 'listening').then(
    () => true,
    () => false,
  )
  await new Promise(resolve => probe.close(resolve))
  return isListening
}

describe('the laboratory', () => {
  it('serves the streams on its links until it is closed', async () => {
    const laboratory = await openLaboratory(0)
    const { origin } = laboratory.answer.links.http1
    try {
      const abort = new AbortController()
      const response = await fetch(`${origin}/stream?lane=0`, { signal: abort.signal })
      assert.equal(response.status, 200)
      const control = `http://127.0.0.1:${laboratory.controlPort}`
      const dropped = await fetch(`${control}/lab/drop?version=http1`, { method: 'POST' })
      assert.equal(dropped.status, 200)
      const { connections } = (await dropped.json()) as PacketLoss
      assert.equal(connections, 1)
      abort.abort()
    } finally {
      await laboratory.close()
    }
    await assert.rejects(fetch(`${origin}/`))
  })

  it('closes what it had opened when a port is in use', async () => {
    const { taken, port } = await takePort()
    try {
      // The port of HTTP/2: that of HTTP/1.1 is open by then.
      await assert.rejects(openLaboratory(port - 2), { code: 'EADDRINUSE', port })
      await assert.rejects(fetch(`http://127.0.0.1:${port - 1}/`))
    } finally {
      taken.close()
    }
  })
})
