#!/usr/bin/env node
// The bin papertape-conform: runs src/cli/main.ts, with the project's own Node when this one is too old. Plain
// JavaScript, which old versions of Node can run.

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
      `papertape-conform: Node ${process.versions.node} is too old; run npm ci, or use Node ${NODE_LEAST} or later\n`,
    )
    process.exit(1)
  }
  const env = { ...process.env, PATH: [...BINS, process.env.PATH ?? ''].join(delimiter) }
  const child = spawn(node, [MAIN, ...process.argv.slice(2)], { stdio: 'inherit', env })
  // A terminal signals both processes; a signal to this process only is forwarded.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)))
}
