// The results of the race in sentences. Pure: figures in, text out.

import { formatAge, formatBytes, formatSize } from '../../format/format.ts'
import { LANES, type LaneName } from './lanes/lane.ts'
import type { LaneFigures } from './lanes/lane-record.ts'

export interface LaneFinding {
  readonly title: string
  readonly figures: LaneFigures
}

/** With fewer events a median says nothing. */
const EVENTS_MIN = 10

/** A latency with the digits that can be measured: `0.8 ms`, `3.1 ms`, `512 ms`, `1.9 s`. */
export function formatLatency(latencyMs: number | undefined): string {
  if (latencyMs === undefined) return '–'
  if (latencyMs >= 1_000) return `${(latencyMs / 1_000).toFixed(1)} s`
  return `${latencyMs.toFixed(latencyMs < 10 ? 1 : 0)} ms`
}

const plural = (count: number, noun: string) => `${formatSize(count)} ${noun}${count === 1 ? '' : 's'}`

function costOf({ requests, requestsPerMinute, headBytesPerEvent }: LaneFigures): string {
  const heads = formatBytes(Math.round(headBytesPerEvent ?? 0))
  const asked =
    requests <= 3
      ? `${plural(requests, 'request')} in all`
      : `${plural(Math.round(requestsPerMinute), 'request')} a minute`
  return `${asked}, ${heads} of heads and frames an event`
}

function lossOf({ missed, repeated, outages, lastReconnectMs, isOpen, resets }: LaneFigures): string {
  const isComplete = missed === 0 && repeated === 0
  const lost = isComplete ? 'nothing missed' : `${missed} missed, ${repeated} received twice`
  if (resets > 0) return `The server could not resume it: ${lost}.`
  if (!isOpen) return 'Away now; it will ask for what it missed.'
  if (outages > 0) return `Back ${formatLatency(lastReconnectMs)} after it was cut, ${lost}.`
  return isComplete ? '' : `${plural(missed, 'event')} missed, ${repeated} received twice.`
}

/** A sentence or two below a lane. */
export function findingOf(name: LaneName, figures: LaneFigures): string {
  if (figures.events < EVENTS_MIN) return LANES[name].look
  const late = `An event is ${formatLatency(figures.medianMs)} late at the median`
  return `${late}; ${costOf(figures)}. ${lossOf(figures)}`.trim()
}

export interface BackgroundStay {
  readonly durationMs: number
  readonly polls: number
  readonly pollIntervalMs: number
}

/** What a browser did to the timers of the page while its tab was hidden. */
export function backgroundText({ durationMs, polls, pollIntervalMs }: BackgroundStay): string {
  return (
    `The tab was in the background for ${formatAge(durationMs)}: polling asked ${plural(polls, 'time')}, ` +
    `where its timer is set for ${formatSize(Math.floor(durationMs / pollIntervalMs))}. Streams and sockets went on receiving.`
  )
}

/** The result of the whole race; undefined while there is too little of it. */
export function conclusionOf(lanes: readonly LaneFinding[]): string | undefined {
  const ranked = lanes
    .filter(({ figures }) => figures.events >= EVENTS_MIN)
    .toSorted((one, other) => one.figures.medianMs! - other.figures.medianMs!)
  const [fastest, slowest] = [ranked[0], ranked.at(-1)]
  if (fastest === undefined || slowest === undefined || fastest === slowest) return undefined
  const missed = lanes.reduce((sum, { figures }) => sum + figures.missed, 0)
  return (
    `${fastest.title} was the fastest: ${formatLatency(fastest.figures.medianMs)} at the median, ` +
    `${slowest.title} the slowest: ${formatLatency(slowest.figures.medianMs)}. ` +
    (missed === 0 ? 'No lane missed an event.' : `${plural(missed, 'event')} missed in all lanes.`)
  )
}
