// `npm run bench -- cluster`: what several processes over NATS cost against one process with the same market, in turns:
// how old an event is when a reader has it, how long an order takes, processor time of each process at one, two and
// four gateways, events a second; how long a gateway takes to start, and another venue to take the lead.

import { medianOf } from '../measure.ts'
import { formatTable, writeResults } from '../report.ts'
import { isMet, type Threshold, thresholdTable } from '../thresholds.ts'
import { findNats } from './cluster-processes.ts'
import { type Loaded, measureLoaded } from './loaded-market.ts'
import { measureTakeovers, type Takeover } from './takeovers.ts'

/** Of the cluster; 0 is one process. */
const GATEWAYS = [0, 1, 2, 4]
/** Events in the journal when the leader is killed. */
const JOURNALS = [20_000, 200_000, 600_000]

/** @throws {MissingProgram} */
export async function benchCluster(rounds: number): Promise<boolean> {
  findNats()
  const measured: Loaded[] = []
  for (let round = 1; round <= rounds; round++) {
    for (const gateways of GATEWAYS) {
      console.log(`round ${round} of ${rounds}: ${nameOf(gateways)}`)
      measured.push(await measureLoaded(gateways))
    }
  }
  console.log()
  const summaries = GATEWAYS.map(gateways => summarize(measured.filter(one => one.gateways === gateways)))
  console.log(`${formatTable([LOADED_HEAD, ...summaries.map(loadedRow)])}\n`)
  const takeovers: Takeover[] = []
  for (const events of JOURNALS) {
    console.log(`takeover with ${events} events in the journal`)
    takeovers.push(await measureTakeovers(events))
  }
  console.log()
  console.log(formatTable([TAKEOVER_HEAD, ...takeovers.map(takeoverRow)]))
  const [alone, ...shared] = summaries
  const thresholds: Threshold[] = [
    {
      name: 'age of an event at a gateway, more than in one process, p50, ms',
      value: shared[0]!.ageP50Ms - alone!.ageP50Ms,
      atMost: 2,
      decimals: 2,
    },
    { name: 'p99, ms', value: shared[0]!.ageP99Ms - alone!.ageP99Ms, atMost: 10, decimals: 2 },
    {
      name: 'silence while another venue takes the lead, longest, s',
      value: Math.max(...takeovers.map(({ silenceMs }) => silenceMs)) / 1_000,
      atMost: 3,
      decimals: 2,
    },
  ]
  console.log(`\n${thresholdTable(thresholds)}`)
  const settings = { rounds, gateways: GATEWAYS, journals: JOURNALS }
  console.log(`\nResults: ${writeResults('cluster', { thresholds, settings, results: { measured, takeovers } })}`)
  return thresholds.every(isMet)
}

const LOADED_HEAD = [
  'processes',
  'age p50 ms',
  'p99',
  'ack p50 ms',
  'p99',
  'gateway %',
  'venue %',
  'NATS %',
  'events/s at most',
  'gateway starts ms',
]
const TAKEOVER_HEAD = ['events in the journal', 'silence ms', 'killed venue has caught up ms']

function summarize(rounds: readonly Loaded[]): Loaded {
  const median = (of: (one: Loaded) => number) => medianOf(rounds.map(of))
  return {
    gateways: rounds[0]!.gateways,
    ageP50Ms: median(one => one.ageP50Ms),
    ageP99Ms: median(one => one.ageP99Ms),
    ackP50Ms: median(one => one.ackP50Ms),
    ackP99Ms: median(one => one.ackP99Ms),
    gatewayPercent: median(one => one.gatewayPercent),
    venuePercent: median(one => one.venuePercent),
    natsPercent: median(one => one.natsPercent),
    eventsPerSecondMost: median(one => one.eventsPerSecondMost),
    gatewayStartMs: median(one => one.gatewayStartMs),
  }
}

function loadedRow(one: Loaded): string[] {
  const ofCluster = (value: number) => (one.gateways === 0 ? '-' : value.toFixed(0))
  return [
    nameOf(one.gateways),
    one.ageP50Ms.toFixed(1),
    one.ageP99Ms.toFixed(1),
    one.ackP50Ms.toFixed(1),
    one.ackP99Ms.toFixed(1),
    one.gatewayPercent.toFixed(0),
    one.venuePercent.toFixed(0),
    ofCluster(one.natsPercent),
    one.eventsPerSecondMost.toFixed(0),
    one.gatewayStartMs.toFixed(0),
  ]
}

const takeoverRow = ({ events, silenceMs, returnMs }: Takeover) => [
  `${events}`,
  silenceMs.toFixed(0),
  returnMs.toFixed(0),
]

function nameOf(gateways: number): string {
  if (gateways === 0) return 'one process'
  return gateways === 1 ? 'venue, one gateway' : `venue, ${gateways} gateways`
}
