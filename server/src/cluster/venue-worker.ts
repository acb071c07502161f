// The worker thread of a venue of several: opens its journal, follows the log, and leads when it is its turn. Started
// by venue-process.ts, which starts another one once this one is fenced.

import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import {
  ClusterConnection,
  type LogSettings,
  type NatsSettings,
  type OpenedRooms,
  VenueNode,
  type VenueNodeState,
} from '@papertape/cluster'
import { MemoryRoomStore } from '@papertape/gateway'
import type { VenueOptions } from '@papertape/venue'
import { openJournal } from '../journal/open-journal.ts'
import { systemClock } from '../process/system-clock.ts'
import { SqliteRoomStore } from '../rooms/sqlite-room-store.ts'
import { openMarket } from '../venue/open-market.ts'

export interface VenueWorkerOptions {
  readonly nats: NatsSettings
  readonly log: LogSettings
  readonly venue: VenueOptions
  readonly dataFolder: string | undefined
  readonly fresh: boolean
  readonly silenceMaxMs: number
  readonly successorMaxMs: number
}

export type FromVenueWorker =
  | { readonly type: 'state'; readonly state: VenueNodeState }
  | { readonly type: 'notice'; readonly text: string }
  /** Another venue leads: to be started anew, with a new journal where that has nothing yet. */
  | { readonly type: 'superseded'; readonly text: string; readonly fresh: boolean }
  | { readonly type: 'closed' }

if (parentPort === null) throw new Error('cluster/venue-worker.ts runs as a worker thread only')
const port = parentPort
const send = (message: FromVenueWorker) => port.postMessage(message)
const { nats, log, venue, dataFolder, fresh, silenceMaxMs, successorMaxMs } = workerData as VenueWorkerOptions
const newEpoch = () => randomBytes(5).toString('hex').slice(0, 8)
const STREAM_RETRY_MS = 200

const market = await openMarket(venue.plan)
const connection = await ClusterConnection.open(nats, market.name, 'venue')
connection.whenRefused(error => {
  throw error
})
await requireLog()
const node = await VenueNode.start({
  connection,
  market,
  openJournal: epoch => openJournal(market, { dataFolder, fresh, repair: false }, () => epoch ?? newEpoch()),
  openRooms,
  venue,
  clock: systemClock,
  venueId: randomBytes(8).toString('hex'),
  silenceMaxMs,
  successorMaxMs,
  onState: state => send({ type: 'state', state }),
  onNotice: text => send({ type: 'notice', text }),
  onEnd(error) {
    const { code } = error as { code?: string }
    const isOther = code === 'epoch-differs' && node.isNew
    if (code !== 'fenced' && !isOther) throw error
    send({ type: 'superseded', text: error.message, fresh: isOther })
  },
})
port.on('message', () => {
  void node.close().then(async () => {
    await connection.close()
    send({ type: 'closed' })
    port.close()
  })
})

/** In the folder of the journal, which this venue has locked. */
function openRooms(): OpenedRooms {
  if (dataFolder === undefined) return { store: new MemoryRoomStore(), close() {} }
  const store = new SqliteRoomStore(join(dataFolder, market.name, 'rooms.sqlite'), systemClock)
  return { store, close: () => store.close() }
}

/** The servers of NATS may still be choosing their leader. */
async function requireLog(): Promise<void> {
  for (let notified = false; ; notified = true) {
    try {
      await connection.requireStream(log)
      // The stream may have no leader yet.
      await connection.lastLead()
      return
    } catch (error) {
      if (!notified) send({ type: 'notice', text: `the log cannot be opened yet: ${(error as Error).message}` })
      await new Promise(resolve => setTimeout(resolve, STREAM_RETRY_MS))
    }
  }
}
