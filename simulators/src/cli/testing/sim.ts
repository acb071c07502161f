// Runs papertape-sim in a child process, in a temporary folder. For the tests of the CLI.

import assert from 'node:assert/strict'
import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url))

export interface Outcome {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export function sim(words: readonly string[], started?: (child: ChildProcess) => void): Promise<Outcome> {
  const flags = process.execArgv.filter(word => !word.startsWith('--test'))
  return outcomeOf(spawn(process.execPath, [...flags, MAIN, ...words]), started)
}

/** Runs a shell line in which $SIM is the command and $DIR the folder. */
export function shell(script: string, folder: string, env: Readonly<Record<string, string>> = {}): Promise<Outcome> {
  const SIM = `${process.execPath} ${MAIN}`
  const { npm_package_json: _, ...inherited } = process.env
  return outcomeOf(spawn('bash', ['-c', script], { env: { ...inherited, SIM, DIR: folder, ...env } }))
}

function outcomeOf(child: ChildProcessWithoutNullStreams, started?: (child: ChildProcess) => void): Promise<Outcome> {
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', piece => {
    stdout += piece
  })
  child.stderr.on('data', piece => {
    stderr += piece
  })
  started?.(child)
  return new Promise(resolve => {
    child.on('close', code => resolve({ code, stdout, stderr }))
  })
}

/** Its output, when it succeeds. */
export async function done(words: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await sim(words)
  assert.equal(code, 0, stderr)
  return stdout
}

/** The exit code and the one line on stderr. */
export async function refusal(words: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await sim(words)
  const lines = stderr.trimEnd().split('\n')
  assert.equal(lines.length, 1, stderr)
  assert.equal(stdout, '')
  return `${code} ${lines[0]}`
}

/** Interrupts it as Ctrl-C does, some time after its first output. */
export function interrupted(words: readonly string[], afterMs: number): Promise<Outcome> {
  return sim(words, child => {
    child.stdout!.once('data', () => setTimeout(() => child.kill('SIGINT'), afterMs))
  })
}

/** A temporary folder, removed after the tests. */
export function testFolder(): { readonly folder: string; readonly path: (name: string) => string } {
  const folder = mkdtempSync(join(tmpdir(), 'papertape-sim-'))
  after(() => rmSync(folder, { recursive: true, force: true }))
  return { folder, path: name => join(folder, name) }
}
