// The ages of events when they arrive, by their `ts`, from the text of a stream or of messages, and their percentiles
// over a time. Does no I/O and reads no clock.

import { percentile } from '../../measure.ts'

/** Microseconds since 1970. Of what is about the stream itself there is none. */
const STAMP = /"seq":\d+,"ts":(\d+)/g

interface Age {
  readonly atMs: number
  readonly ms: number
}

export interface AgeSummary {
  readonly events: number
  readonly p50Ms: number
  readonly p99Ms: number
}

export class EventAges {
  readonly #ages: Age[] = []
  #unread = ''

  /** @param text a part of a stream. @param nowMs since 1970. */
  push(text: string, nowMs: number): void {
    const all = this.#unread + text
    const end = all.lastIndexOf('\n') + 1
    this.#unread = all.slice(end)
    this.pushWhole(all.slice(0, end), nowMs)
  }

  /** @param text of whole events */
  pushWhole(text: string, nowMs: number): void {
    for (const [, stamp] of text.matchAll(STAMP)) this.#ages.push({ atMs: nowMs, ms: nowMs - Number(stamp) / 1_000 })
  }

  /** Of what arrived in this time, the end not included; undefined when nothing did. */
  summary(fromMs: number, toMs: number): AgeSummary | undefined {
    const taken = this.#ages.filter(({ atMs }) => atMs >= fromMs && atMs < toMs).map(({ ms }) => ms)
    if (taken.length === 0) return undefined
    const ages = Float64Array.from(taken)
    return { events: taken.length, p50Ms: percentile(ages, 0.5), p99Ms: percentile(ages, 0.99) }
  }
}
