// A proxy as docs/proxies.md configures it: its block of the guide with the test's ports and certificate. Changes
// nothing else, so that the guide is what is tested.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import type { TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { provideProgram } from '../support/programs/provide-program.ts'
import { type ProxyName, startProxy } from '../support/proxies/proxy.ts'
import { freePort, type RunningServer } from '../support/server.ts'

const GUIDE = readFileSync(fileURLToPath(new URL('../../docs/proxies.md', import.meta.url)), 'utf8')

/** At the root over TLS, or below /tape without. */
export type ProxiedPlace = 'root' | 'path'

/**
 * Starts one in front of the server until the end of the test.
 * @param change of the guide's configuration, where the guide names an alternative.
 * @returns its origin; undefined when there is no such program, and the test is skipped.
 */
export async function startDocumentedProxy(
  test: TestContext,
  { name, place, server }: { readonly name: ProxyName; readonly place: ProxiedPlace; readonly server: RunningServer },
  change: (config: string) => string = config => config,
): Promise<string | undefined> {
  const program = provideProgram(test, name)
  if (program === undefined) return undefined
  const port = await freePort()
  const config = change(readGuide(name, place))
    .replaceAll('127.0.0.1:8080', `127.0.0.1:${server.port}`)
    .replaceAll('8000', `${port}`)
  const proxy = await startProxy({ name, program, config, port, certificateFolder: server.dataFolder })
  test.after(() => proxy.dispose())
  return `${place === 'root' ? 'https' : 'http'}://localhost:${port}`
}

/** The code block of the guide with this mark. */
function readGuide(language: ProxyName, place: ProxiedPlace): string {
  const block = new RegExp(`\`\`\`${language}\\n# ${place}\\n([\\s\\S]*?)\`\`\``).exec(GUIDE)
  assert.ok(block !== null, `docs/proxies.md has no ${language} for ${place}`)
  return block[1]!
}
