// The command `npm run soak -w @papertape/engine`: ten million random messages for the matching engine and ten million
// for the exchange, each followed by all checks. `-- books` or `-- exchange` runs one of the two, `-- exchange 1000`
// with as many; `SEED=…` repeats a failure. The tests run the same with fewer messages.

import { soakBooks } from './book-soak.ts'
import { soakExchange } from './exchange-soak.ts'

const MESSAGES = 10_000_000
const PROGRESS_EVERY_MS = 10_000

const [asked, messages = MESSAGES] = process.argv.slice(2)

const SOAKS = {
  books: (seed: number) => soakBooks(Number(messages), seed, console.log),
  exchange: (seed: number) => soakExchange(Number(messages), seed, progress()),
} as const

/** Prints the number of messages and the rate every few seconds. */
function progress(): (sent: number) => void {
  const startedMs = performance.now()
  let reportedMs = startedMs
  return sent => {
    const nowMs = performance.now()
    if (nowMs - reportedMs < PROGRESS_EVERY_MS) return
    reportedMs = nowMs
    console.log(`${sent} messages, ${Math.round((sent * 1000) / (nowMs - startedMs))} a second`)
  }
}

function run(name: keyof typeof SOAKS, seed: number): void {
  console.log(`${name}: seed ${seed}`)
  const startedMs = performance.now()
  const sent = SOAKS[name](seed)
  console.log(`${name}: ${sent} messages in ${Math.round((performance.now() - startedMs) / 1000)} s, nothing wrong`)
}

const seed = Number(process.env.SEED ?? Math.trunc(Math.random() * 2 ** 31))
try {
  if (asked !== 'exchange') run('books', seed)
  if (asked !== 'books') run('exchange', seed)
} catch (error) {
  console.error(error)
  process.exitCode = 1
}
