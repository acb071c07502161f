// The command papertape-conform as users run it: a process with its output and exit code. Judges nothing.

import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const COMMAND = fileURLToPath(new URL('../../../conformance/bin/papertape-conform.mjs', import.meta.url))
const COMMAND_MAX_MS = 120_000

/** What `--json` prints. */
export interface ConformReport {
  readonly requirements: readonly { readonly id: string; readonly status: string; readonly detail?: string }[]
}

export interface Conformed {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export function conform(words: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Conformed> {
  return new Promise(resolve => {
    const options = { timeout: COMMAND_MAX_MS, maxBuffer: 16 * 1024 * 1024, env: { ...process.env, ...env } }
    execFile(process.execPath, [COMMAND, ...words], options, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    )
  })
}
