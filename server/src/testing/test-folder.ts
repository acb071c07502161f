// A folder for the files of a test, deleted after it. In memory where the system has a file system for that: a journal
// is synced with each flush, and the tests make thousands of them.

import { accessSync, constants, mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'

const MEMORY_FILES = '/dev/shm'
const FREE_BYTES_MIN = 512 * 2 ** 20

/** @param name distinguishes the folders of several tests. */
export function createTestFolder(name: string): string {
  const folder = mkdtempSync(join(parentFolder(), `papertape-${name}-`))
  after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

function parentFolder(): string {
  try {
    accessSync(MEMORY_FILES, constants.W_OK)
  } catch {
    return tmpdir()
  }
  const { bavail, bsize } = statfsSync(MEMORY_FILES)
  return bavail * bsize >= FREE_BYTES_MIN ? MEMORY_FILES : tmpdir()
}
