// Puts what has been committed to a journal's tables on the disk.

import { closeSync, existsSync, fsyncSync, openSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'

/** @param file undefined for a journal in memory. */
export function syncTables(db: DatabaseSync, file: string | undefined): void {
  db.exec('PRAGMA wal_checkpoint(PASSIVE)')
  if (file === undefined) return
  // While a reader holds an older state, SQLite moves less than everything, and syncs nothing.
  const wal = `${file}-wal`
  if (!existsSync(wal)) return
  const descriptor = openSync(wal, 'r+')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
