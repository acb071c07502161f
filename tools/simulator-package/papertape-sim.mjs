#!/usr/bin/env node
// The bin of the packed papertape-sim. One line for a Node that is too old, which would end in an error of syntax.

import { readFileSync } from 'node:fs'

const { engines } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
const least = Number(/\d+/.exec(engines.node)[0])
if (Number(process.versions.node.split('.')[0]) >= least) await import('../src/cli/main.mjs')
else {
  process.stderr.write(`papertape-sim: Node ${process.versions.node} is too old; use Node ${least} or later\n`)
  process.exitCode = 1
}
