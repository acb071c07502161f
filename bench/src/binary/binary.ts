// `npm run bench -- binary`: the events of a seeded market as text and as binary messages of the socket: their bytes,
// and what it costs to decode them in Node and in Chromium.

import { cpuNs, medianOf } from '../measure.ts'
import { launchChromium } from '../page/chromium.ts'
import { serveModules } from '../page/module-server.ts'
import { formatTable, writeResults } from '../report.ts'
import { isMet, type Threshold, thresholdTable } from '../thresholds.ts'
import { type DecodeCost, decodeInRounds } from './decode-rounds.ts'
import { type RecordedSubscription, recordSubscriptions } from './recorded-subscription.ts'

const SEED = 20_261_121
const ROUNDS = 11
const START_MAX_MS = 60_000

interface SubscriptionResult {
  readonly name: string
  readonly events: number
  readonly binaryMessages: number
  readonly textBytes: number
  readonly binaryBytes: number
  readonly node: DecodeCost
  readonly chromium: DecodeCost
}

export async function benchBinary(): Promise<boolean> {
  console.log(`Seed ${SEED}; ${ROUNDS} rounds.\n`)
  const recorded = await recordSubscriptions(SEED)
  const { browser, costs } = await decodeInChromium(recorded)
  const results = recorded.map((one, index): SubscriptionResult => {
    const { name, texts, binaries } = one
    return {
      name,
      events: texts.length,
      binaryMessages: binaries.length,
      textBytes: bytesOf(texts.map(text => Buffer.byteLength(text))),
      binaryBytes: bytesOf(binaries.map(({ length }) => length)),
      node: decodeInRounds(
        texts,
        binaries.map(({ buffer }) => buffer),
        ROUNDS,
        work => cpuNs(work) / 1e6,
      ),
      chromium: costs[index]!,
    }
  })
  printResults(results)
  const thresholds = results.flatMap(thresholdsOf)
  console.log(`\n${thresholdTable(thresholds)}`)
  const settings = { seed: SEED, rounds: ROUNDS, chromium: browser }
  console.log(`\nResults: ${writeResults('binary', { thresholds, settings, results })}`)
  return thresholds.every(isMet)
}

/** Of messages with their heads, RFC 6455 5.2. */
function bytesOf(payloads: readonly number[]): number {
  return payloads.reduce((sum, bytes) => sum + bytes + (bytes < 126 ? 2 : bytes < 65_536 ? 4 : 10), 0)
}

async function decodeInChromium(recorded: readonly RecordedSubscription[]) {
  const server = await serveModules('bench/src/binary/decode-page.ts')
  const browser = await launchChromium()
  try {
    const page = await browser.newPage()
    await page.goto(server.url)
    await page.waitForFunction(() => 'measureDecoding' in globalThis, undefined, { timeout: START_MAX_MS })
    const costs: DecodeCost[] = []
    for (const { texts, binaries } of recorded) {
      const base64 = binaries.map(bytes => Buffer.from(bytes).toString('base64'))
      const cost = await page.evaluate(([given, encoded, rounds]) => measureDecoding(given, encoded, rounds), [
        texts,
        base64,
        ROUNDS,
      ] as const)
      costs.push(cost)
    }
    return { browser: browser.version(), costs }
  } finally {
    await browser.close()
    server.close()
  }
}

function thresholdsOf({ name, textBytes, binaryBytes, node, chromium }: SubscriptionResult): Threshold[] {
  return [
    { name: `${name}: bytes of text over binary`, value: textBytes / binaryBytes, atLeast: 4, decimals: 2 },
    { name: `${name}: decoding text over binary, Chromium`, value: medianOf(chromium.ratios), atLeast: 3, decimals: 1 },
    { name: `${name}: decoding text over binary, Node`, value: medianOf(node.ratios), atLeast: 3, decimals: 1 },
  ]
}

function printResults(results: readonly SubscriptionResult[]): void {
  const head = ['subscription', 'events', 'a message', 'text', 'binary', 'decode text', 'binary', 'in Node', 'binary']
  const ns = (value: number) => `${value.toFixed(0)} ns`
  const rows = results.map(({ name, events, binaryMessages, textBytes, binaryBytes, node, chromium }) => [
    name,
    String(events),
    (events / binaryMessages).toFixed(1),
    `${(textBytes / events).toFixed(1)} B`,
    `${(binaryBytes / events).toFixed(1)} B`,
    ns(chromium.textNs),
    ns(chromium.binaryNs),
    ns(node.textNs),
    ns(node.binaryNs),
  ])
  console.log(
    `An event, with the heads of messages; decoded in Chromium and in Node:\n\n${formatTable([head, ...rows])}`,
  )
}
