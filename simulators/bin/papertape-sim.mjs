#!/usr/bin/env node
// papertape-sim as a command: runs the command line on the Node that came with the project, whichever Node started this.
// Plain JavaScript, for one that is too old for the rest.

import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const NODE_LEAST = 24
const MAIN = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url))
const BINS = ['../../node_modules/.bin', '../node_modules/.bin'].map(path =>
  fileURLToPath(new URL(path, import.meta.url)),
)

if (Number(process.versions.node.split('.')[0]) >= NODE_LEAST) await import('../src/cli/main.ts')
else {
  const name = process.platform === 'win32' ? 'node.exe' : 'node'
  const node = BINS.map(folder => join(folder, name)).find(path => existsSync(path))
  if (node === undefined) {
    process.stderr.write(
      `papertape-sim: this is Node ${process.versions.node}; run npm ci, or use Node ${NODE_LEAST}\n`,
    )
    process.exit(1)
  }
  const env = { ...process.env, PATH: [...BINS, process.env.PATH ?? ''].join(delimiter) }
  const child = spawn(node, [MAIN, ...process.argv.slice(2)], { stdio: 'inherit', env })
  // A terminal sends its signals to both; one that is sent to this process alone is handed on.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)))
}
