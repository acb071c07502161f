// The thread that moves SQLite's WAL into the journal's file and syncs both, which may take tens of milliseconds: the
// venue goes on meanwhile. Reads and changes no row. Started by store-sync.ts.

import { DatabaseSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'

/** How long it waits while the venue has the file locked. */
const LOCKED_MAX_MS = 2_000

parentPort!.on('message', () => {
  // Open only meanwhile: the venue's connection is to be the last one that is closed.
  const db = new DatabaseSync(workerData as string, { timeout: LOCKED_MAX_MS })
  try {
    db.exec('PRAGMA synchronous = FULL; PRAGMA wal_checkpoint(PASSIVE)')
  } finally {
    db.close()
  }
  parentPort!.postMessage('synced')
})
