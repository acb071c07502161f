// `npm run chaos [SECONDS] [NATS SERVERS]`: what the test does for a minute, for as long as asked. `SEED=…` repeats the
// order of the faults.

import { findProgram } from '../support/programs/provide-program.ts'
import { runChaos } from './run-chaos.ts'

const [seconds = '600', natsServers = '1'] = process.argv.slice(2)
const seed = Number(process.env.SEED ?? Math.trunc(Math.random() * 2 ** 31))
const program = findProgram('nats-server')
if ('reason' in program || !(Number(seconds) > 0) || !['1', '3'].includes(natsServers)) {
  console.error(
    'Usage: npm run chaos [SECONDS] [1 or 3 servers of NATS]; nats-server must be installed (apt install nats-server)',
  )
  process.exit(2)
}
console.log(`Repeat with SEED=${seed} npm run chaos ${seconds} ${natsServers}`)
try {
  const report = await runChaos(program, {
    seconds: Number(seconds),
    seed,
    natsServers: Number(natsServers),
    rawReaders: 8,
    conflatedReaders: 8,
    traders: 20,
    onProgress: line => console.log(line),
  })
  console.log(JSON.stringify(report, null, 2))
} catch (error) {
  console.error(error)
  process.exitCode = 1
}
