// `npm run soak -w @papertape/engine`: ten million random messages for the books of the core, and ten million for the whole
// exchange, with everything that must be true checked after each. `-- books` or `-- exchange` runs one of them, and
// `SEED=…` before it repeats a failure. The tests run the same with fewer.

import { soakBooks } from './book-soak.ts'
import { soakExchange } from './exchange-soak.ts'

const MESSAGES = 10_000_000
const PROGRESS_EVERY_MS = 10_000

const SOAKS = {
  books: (seed: number) => soakBooks(MESSAGES, seed, console.log),
  exchange: (seed: number) => soakExchange(MESSAGES, seed, progress()),
} as const

/** A line every few seconds: how many, and how fast. */
function progress(): (sent: number) => void {
  const startedMs = performance.now()
  let toldMs = startedMs
  return sent => {
    const nowMs = performance.now()
    if (nowMs - toldMs < PROGRESS_EVERY_MS) return
    toldMs = nowMs
    console.log(`${sent} messages, ${Math.round((sent * 1000) / (nowMs - startedMs))} a second`)
  }
}

function run(name: keyof typeof SOAKS, seed: number): void {
  console.log(`${name}: seed ${seed}`)
  const startedMs = performance.now()
  const sent = SOAKS[name](seed)
  console.log(`${name}: ${sent} messages in ${Math.round((performance.now() - startedMs) / 1000)} s, nothing wrong`)
}

const asked = process.argv[2]
const seed = Number(process.env.SEED ?? Math.trunc(Math.random() * 2 ** 31))
try {
  if (asked !== 'exchange') run('books', seed)
  if (asked !== 'books') run('exchange', seed)
} catch (error) {
  console.error(error)
  process.exitCode = 1
}
