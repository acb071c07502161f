// The peer of lockstep.ts: the least that can answer a request over the same pipes, with the same calls. `open` gets
// the first of the two answers that it is given, every other request the second. Used by steps.py alone.

import { readSync, writeSync } from 'node:fs'

const [opened, stepped] = process.argv.slice(2).map(answer => `${answer}\n`)
const chunk = Buffer.allocUnsafe(1 << 16)
for (let length = readSync(0, chunk); length > 0; length = readSync(0, chunk)) {
  let answers = ''
  for (const request of chunk.toString('utf8', 0, length).trimEnd().split('\n')) {
    answers += JSON.parse(request).type === 'open' ? opened : stepped
  }
  writeSync(1, answers)
}
