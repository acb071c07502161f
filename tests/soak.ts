// `npm run soak -w tests -- exactly-once [CUTS]`, `-- transports [CHANGES]`, `-- load [SECONDS]`, `-- fuzz [SECONDS]`,
// `-- bots [SECONDS]`, `-- slow-readers [SECONDS]`: what a test does for seconds, for as long as asked. `SEED=…`
// repeats a failure.

import { COMMANDS, runBot } from './bots/run-bot.ts'
import { runCuts } from './exactly-once/run-cuts.ts'
import { runFuzz } from './fuzz/run-fuzz.ts'
import { runMixedLoad } from './mixed-load/run-mixed-load.ts'
import { runSlowReaders } from './slow-readers/run-slow-readers.ts'
import { runTransportChanges } from './transport-changes/run-transport-changes.ts'

interface Soak {
  /** @param amount of the unit that the usage names */
  readonly run: (amount: number, seed: number) => Promise<object>
  readonly amount: number
}

const SOAKS: Readonly<Record<string, Soak>> = {
  'exactly-once': {
    run: (cuts, seed) => runCuts(cuts, seed, done => console.log(`${done} cuts`)),
    amount: 10_000,
  },
  transports: {
    run: (changes, seed) => runTransportChanges(changes, seed, done => console.log(`${done} changes`)),
    amount: 10_000,
  },
  load: {
    run: (seconds, seed) => runMixedLoad(seconds, seed, life => console.log(JSON.stringify(life))),
    amount: 3_600,
  },
  fuzz: { run: runFuzz, amount: 600 },
  bots: {
    run: seconds => Promise.all(Object.keys(COMMANDS).map(bot => runBot(bot, seconds, 20))),
    amount: 300,
  },
  'slow-readers': { run: seconds => runSlowReaders(seconds), amount: 600 },
}

const [name = '', amount = SOAKS[name]?.amount] = process.argv.slice(2)
const soak = SOAKS[name]
if (soak === undefined || !(Number(amount) > 0)) {
  console.error(`Usage: npm run soak -w tests -- ${Object.keys(SOAKS).join('|')} [AMOUNT]`)
  process.exit(2)
}
const seed = Number(process.env.SEED ?? Math.trunc(Math.random() * 2 ** 31))
console.log(`Repeat with SEED=${seed} npm run soak -w tests -- ${name} ${amount}`)
try {
  console.log(JSON.stringify(await soak.run(Number(amount), seed), null, 2))
} catch (error) {
  console.error(error)
  process.exitCode = 1
}
