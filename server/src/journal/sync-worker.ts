// The thread that syncs the journal's tables, which may take tens of milliseconds: the venue goes on meanwhile. Reads
// and changes no row. Started by store-sync.ts.

import { existsSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'
import { syncTables } from './sync-tables.ts'

/** How long it waits while the venue has the file locked. */
const LOCKED_MAX_MS = 2_000

const file = workerData as string

parentPort!.on('message', () => {
  // Opened, a file that was removed would be created. The venue finds the loss, and ends.
  if (!existsSync(file)) return
  // Open only meanwhile: the venue's connection is to be the last one that is closed.
  const db = new DatabaseSync(file, { timeout: LOCKED_MAX_MS })
  try {
    syncTables(db, file)
  } finally {
    db.close()
  }
  parentPort!.postMessage('synced')
})
