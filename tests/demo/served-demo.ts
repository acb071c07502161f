// The demo as `npm run demo` makes it, in a folder of its own behind a plain static server.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startStaticServer } from '../support/static-server.ts'

const MAKE_DEMO = fileURLToPath(new URL('../../tools/demo.mjs', import.meta.url))

export interface ServedDemo {
  readonly url: string
  dispose(): void
}

/** @param path `/some/where`, below which it is served. */
export async function serveDemo(path: string): Promise<ServedDemo> {
  const folder = mkdtempSync(join(tmpdir(), 'papertape-demo-'))
  const made = spawnSync(process.execPath, [MAKE_DEMO, '--base-path', path, '--out', folder], { encoding: 'utf8' })
  assert.equal(made.status, 0, made.stderr)
  const server = await startStaticServer(folder, path)
  return {
    url: server.url,
    dispose() {
      server.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
