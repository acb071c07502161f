// `npm run bench -- page`: the dashboard in a real Chromium: its first load, its frames in a busy market, how soon
// prices are painted, its heap over minutes, and its candle chart against lightweight-charts. Server and browser are
// processes of their own; on a machine with other work the times are longer, so its load is printed beside them.

import { formatTable, writeResults } from '../report.ts'
import { isMet, type Threshold, thresholdTable } from '../thresholds.ts'
import { type BusyMarket, measureBusyMarket } from './busy-market.ts'
import { launchChromium } from './chromium.ts'
import {
  type FirstLoad,
  gzippedScript,
  type LoadTimes,
  measureFirstLoad,
  uncompressed,
  withoutImmutable,
} from './first-load.ts'
import { measurePainter, type PainterCost } from './painter.ts'

const KB = 1_000
const MB = 1_000_000

export async function benchPage(heapMinutes = 3): Promise<boolean> {
  const browser = await launchChromium()
  try {
    console.log(`Chromium ${browser.version()}.\n`)
    const firstLoad = await measureFirstLoad(browser)
    printFirstLoad(firstLoad)
    const painter = await measurePainter(browser)
    printPainter(painter)
    const market = await measureBusyMarket(browser, heapMinutes)
    printMarket(market)
    const thresholds = [...loadThresholds(firstLoad), ...marketThresholds(market), painterThreshold(painter)]
    console.log(`\n${thresholdTable(thresholds)}`)
    const settings = { chromium: browser.version(), heapMinutes, peer: 'lightweight-charts 5.2.1' }
    console.log(`\nResults: ${writeResults('page', { thresholds, settings, firstLoad, painter, market })}`)
    return thresholds.every(isMet)
  } finally {
    await browser.close()
  }
}

function loadThresholds({ answers, loopback, slow }: FirstLoad): Threshold[] {
  const before = answers.filter(({ isBeforeUsable }) => isBeforeUsable)
  return [
    { name: 'kB of gzipped script until usable', value: gzippedScript(before) / KB, atMost: 215, decimals: 1 },
    { name: 'requests until usable', value: before.length, atMost: 12, decimals: 0 },
    { name: 'answers that are not compressed', value: uncompressed(answers).length, atMost: 0, decimals: 0 },
    {
      name: 'static files that may be requested again',
      value: withoutImmutable(answers).length,
      atMost: 0,
      decimals: 0,
    },
    { name: 's to a live price at 50 kB/s', value: slow.priceMs / 1_000, atMost: 5, decimals: 2 },
    { name: 's until usable on loopback', value: loopback.usableMs / 1_000, atMost: 1, decimals: 2 },
  ]
}

function marketThresholds({ eventsPerSecond, framesPerSecond, busyPercent, painted, heap }: BusyMarket): Threshold[] {
  const selected = painted.find(({ place }) => place === 'selected')!
  return [
    { name: 'public events/s', value: eventsPerSecond, atLeast: 1_000, decimals: 0 },
    { name: 'frames/s', value: framesPerSecond, atLeast: 55, decimals: 1 },
    { name: '% of the time in which the main thread is busy', value: busyPercent, atMost: 60, decimals: 1 },
    { name: '% of price changes in the next frame', value: selected.nextFramePercent, atLeast: 100, decimals: 1 },
    { name: `% from the mean, heap in ${heap.minutes} minutes`, value: heap.deviationPercent, atMost: 10, decimals: 1 },
  ]
}

function painterThreshold({ ratio }: PainterCost): Threshold {
  return { name: 'cost of a frame of the chart, relative to lightweight-charts', value: ratio, atMost: 1, decimals: 2 }
}

const fixed = (value: number, decimals = 1) => value.toFixed(decimals)

function printFirstLoad({ answers, loopback, slow }: FirstLoad): void {
  const rows = answers.map(({ path, type, bytes, gzipBytes, encoding, cacheControl, isBeforeUsable }) => [
    path,
    type,
    String(bytes),
    gzipBytes === 0 ? '' : String(gzipBytes),
    encoding,
    cacheControl,
    isBeforeUsable ? 'before' : 'after',
  ])
  console.log(formatTable([['request', 'type', 'bytes', 'gzipped', 'encoding', 'cache-control', 'usable'], ...rows]))
  const sums = (list: FirstLoad['answers']) => {
    const sent = list.reduce((sum, { bytes }) => sum + bytes, 0)
    return [String(list.length), fixed(gzippedScript(list) / KB), fixed(sent / KB)]
  }
  const times = ({ priceMs, usableMs }: LoadTimes) => [fixed(priceMs / 1_000, 2), fixed(usableMs / 1_000, 2)]
  const loads = [
    ['first load', 'requests', 'kB of script, gzipped', 'kB sent'],
    ['until usable', ...sums(answers.filter(({ isBeforeUsable }) => isBeforeUsable))],
    ['without interaction', ...sums(answers)],
  ]
  const networks = [
    ['network', 's to a live price', 's until usable'],
    ['loopback', ...times(loopback)],
    ['50 kB/s, latency 40 ms', ...times(slow)],
  ]
  console.log(`\n${formatTable(loads)}\n\n${formatTable(networks)}\n`)
}

function printPainter({ oursMs, theirsMs, emptyMs, ratios, ratio }: PainterCost): void {
  const costs = [
    ['chart', 'ms of processor time a frame'],
    ['papertape', fixed(oursMs, 2)],
    ['lightweight-charts', fixed(theirsMs, 2)],
    ['none, counted in neither', fixed(emptyMs, 2)],
  ]
  console.log(formatTable(costs))
  console.log(`Ratio ${fixed(ratio, 2)} (${fixed(Math.min(...ratios), 2)}, ${fixed(Math.max(...ratios), 2)})\n`)
}

function printMarket({ candles, rounds, pageEventsPerSecond, painted, heap }: BusyMarket): void {
  const roundRows = rounds.map(round => [
    fixed(round.eventsPerSecond, 0),
    fixed(round.framesPerSecond),
    `${fixed(round.busyPercent)} %`,
    `${fixed(round.cpuPercent)} %`,
    `${fixed(round.machineBusyPercent)} %`,
    fixed(round.machineLoad),
  ])
  console.log(formatTable([['public events/s', 'frames/s', 'busy', 'processor', 'machine busy', 'load'], ...roundRows]))
  console.log(`${candles} candles in view; the page reads ${fixed(pageEventsPerSecond, 0)} events/s.\n`)
  const placeRows = painted.map(({ place, changes, nextFramePercent, framesMax, p50Ms, p99Ms }) => [
    place === 'selected' ? 'selected instrument' : 'row of the watchlist',
    String(changes),
    `${fixed(nextFramePercent)} %`,
    String(framesMax),
    fixed(p50Ms),
    fixed(p99Ms),
  ])
  console.log(formatTable([['last price', 'changes', 'next frame', 'frames', 'p50 ms', 'p99 ms'], ...placeRows]))
  const megabytes = [heap.meanBytes, Math.min(...heap.bytes), Math.max(...heap.bytes)].map(b => fixed(b / MB, 2))
  const heapRow = [`${heap.minutes} min`, ...megabytes, fixed(heap.growthPercentPerMinute, 2)]
  console.log(`\n${formatTable([['heap', 'mean MB', 'lowest', 'highest', '% a minute'], heapRow])}`)
}
