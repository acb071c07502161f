// `npm run chaos [SECONDS] [NATS SERVERS]`: what the test does for a minute, for as long as asked, and a summary.

import { mkdtempSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findProgram } from '../support/programs/provide-program.ts'
import { runChaos } from './run-chaos.ts'
import { chaosSummary, silencesTooLong } from './summary.ts'

const ANSWER_MAX_MS = 3_000

const USAGE = `Usage: npm run chaos [SECONDS] [NATS SERVERS]

Kills, suspends and restarts the venues, gateways and NATS servers of a market, while readers change gateways and
transports and accounts trade. Writes a history, checks it, and prints a summary.

  SECONDS        how long; 600 by default
  NATS SERVERS   1 (the default) or 3, which hold the log together

  SEED=…         repeats the order of the faults
  NATS_URL=…     servers of NATS with JetStream that run already (host:port,host:port); they are let be, and
                 NATS SERVERS is on how many of them the log is kept

  npm run history -w tests -- FILE   judges a history again`

const words = process.argv.slice(2)
if (words.some(word => word === '--help' || word === '-h')) {
  console.log(USAGE)
  process.exit(0)
}
const [seconds = '600', natsServers = '1', surplus] = words
const { NATS_URL: natsUrl, SEED } = process.env
const seed = Number(SEED ?? Math.trunc(Math.random() * 2 ** 31))
if (!(Number(seconds) > 0)) refuse(`SECONDS is a number, not ${seconds}`)
if (!['1', '3'].includes(natsServers)) refuse(`NATS SERVERS is 1 or 3, not ${natsServers}`)
if (surplus !== undefined) refuse(`there are two words at most: ${surplus} is too much`)
if (!Number.isSafeInteger(seed)) refuse(`SEED is a whole number, not ${SEED}`)
const program = natsUrl === undefined ? findProgram('nats-server') : undefined
if (program !== undefined && 'reason' in program) refuse(`${program.reason}. Or name a server that runs by NATS_URL`)

if (natsUrl !== undefined) {
  for (const server of natsUrl.split(','))
    if (!(await answers(server))) refuse(`No server answers at ${server} of NATS_URL`)
}

const historyFile = join(mkdtempSync(join(tmpdir(), 'papertape-chaos-')), 'history.jsonl')
console.log(`Repeat with SEED=${seed} npm run chaos ${seconds} ${natsServers}`)
console.log(`History: ${historyFile}`)
try {
  const report = await runChaos(program as Exclude<typeof program, { reason: string }>, {
    seconds: Number(seconds),
    seed,
    natsServers: Number(natsServers),
    natsUrl,
    historyFile,
    rawReaders: 25,
    conflatedReaders: 25,
    traders: 20,
    onProgress: line => console.log(line),
  })
  console.log(chaosSummary(report))
  for (const text of silencesTooLong(report)) {
    console.error(text)
    process.exitCode = 1
  }
} catch (error) {
  console.error(error)
  console.error(`Repeat with SEED=${seed} npm run chaos ${seconds} ${natsServers}`)
  process.exitCode = 1
}

function answers(server: string): Promise<boolean> {
  const [, host, port] = /^(?:\w+:\/\/)?(?:[^@]*@)?(.+?)(?::(\d+))?$/.exec(server) ?? []
  const socket = connect({ host: host ?? '', port: Number(port ?? 4222), timeout: ANSWER_MAX_MS })
  return new Promise(resolve => {
    socket.once('connect', () => resolve(true))
    for (const event of ['error', 'timeout', 'close']) socket.once(event, () => resolve(false))
  }).finally(() => socket.destroy()) as Promise<boolean>
}

function refuse(why: string): never {
  console.error(`${why}\n\n${USAGE}`)
  process.exit(2)
}
