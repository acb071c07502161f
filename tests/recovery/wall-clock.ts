// The wall clock of a server under test, set while it runs by libfaketime (Debian: apt-get install faketime, or
// FAKETIME_LIBRARY names it). The monotone clock is not changed.

import { globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const LIBRARY = process.env.FAKETIME_LIBRARY ?? globSync('/usr/lib/{*/,}faketime/libfaketimeMT.so.1')[0]

/** The reason why it cannot be set here; false when it can. */
export const WALL_CLOCK_SKIP = LIBRARY === undefined && 'libfaketime is not here: apt-get install faketime'

export interface ServerWallClock {
  /** For `startServer`. */
  readonly env: Readonly<Record<string, string>>
  /** From the real time on, forward or back. */
  set(offsetHours: number): void
  dispose(): void
}

export function createServerWallClock(): ServerWallClock {
  const folder = mkdtempSync(join(tmpdir(), 'papertape-faketime-'))
  const offsetFile = join(folder, 'offset')
  const set = (hours: number) => writeFileSync(offsetFile, `${hours < 0 ? '' : '+'}${hours}h\n`)
  set(0)
  return {
    env: {
      LD_PRELOAD: LIBRARY!,
      FAKETIME_TIMESTAMP_FILE: offsetFile,
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      DONT_FAKE_MONOTONIC: '1',
      FAKETIME_NO_CACHE: '1',
    },
    set,
    dispose: () => rmSync(folder, { recursive: true }),
  }
}
