// Where in a file of the log a flush is put, and that each is read again from there.

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { FileFlushLog, filesOf, type JournalAccess } from './flush-log.ts'

const PAGE = 4_096
/** Of a head and a hash, before the body. */
const FRAME = 48
const BEGIN = { number: 0, chain: '' }

function newFolder(test: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'papertape-log-'))
  test.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

function openLog(folder: string, access: JournalAccess = 'write'): FileFlushLog {
  return new FileFlushLog({ journalFile: join(folder, 'journal.sqlite'), log: 'a', begin: BEGIN, access })
}

const fileOf = (folder: string) => statSync(filesOf(join(folder, 'journal.sqlite')).at(-1)!)

/** Bodies of zeros, which nothing may take for a gap. @param lengths of the bodies */
function append(log: FileFlushLog, lengths: readonly number[]): void {
  for (const length of lengths) log.append({ last: log.end.number + 1, lastEvent: 0, body: Buffer.alloc(length) })
}

function lengthsIn(folder: string, access: JournalAccess): number[] {
  const log = openLog(folder, access)
  const lengths = [...log.flushesAfter(0)].map(({ body }) => body.length)
  log.close()
  return lengths
}

describe('the log of flushes', () => {
  it('puts a flush on as few pages as it can, and leaves no gap where none is needed', test => {
    const folder = newFolder(test)
    let before: number | undefined
    for (const length of [700, 700, 700, 700, 700, 700, 3_000, PAGE - FRAME, 1, 9_000, 20, 2 * PAGE - FRAME, 4_000]) {
      const log = openLog(folder)
      append(log, [length])
      log.close()
      const { size } = fileOf(folder)
      const begin = size - length - FRAME
      assert.equal(Math.ceil(size / PAGE) - Math.floor(begin / PAGE), Math.ceil((length + FRAME) / PAGE), `${length}`)
      assert.ok(before === undefined || begin === before || begin % PAGE === 0, `from ${before} to ${begin}`)
      before = size
    }
  })

  it('reads every flush again, wherever on a page the one before it ended', test => {
    const folder = newFolder(test)
    // A page has 0, 1, 2, … bytes left after the first of three; the second is too long for them, or fills them.
    const lengths = Array.from({ length: 64 }, (_, left) => [
      ...[PAGE - FRAME - left, 700, 2 * PAGE - FRAME],
      ...[PAGE - FRAME - left, PAGE + left - FRAME, 2 * PAGE - FRAME],
    ])
    for (const some of lengths) {
      const log = openLog(folder)
      append(log, some)
      log.close()
    }
    for (const access of ['read', 'salvage', 'write'] as const) {
      assert.deepEqual(lengthsIn(folder, access), lengths.flat())
    }
  })

  it('goes on after a kill, which leaves a longer file without more on the disk', test => {
    const folder = newFolder(test)
    const killed = openLog(folder)
    append(killed, [700, 700])
    const { size, blocks } = fileOf(folder)
    assert.ok(size > 2 * PAGE && blocks * 512 <= 2 * PAGE, `${size} bytes in ${blocks} blocks`)
    assert.deepEqual(lengthsIn(folder, 'read'), [700, 700])
    const again = openLog(folder)
    append(again, [800])
    assert.deepEqual(lengthsIn(folder, 'read'), [700, 700, 800])
    again.close()
    killed.close()
  })
})
