// A log of frames: the newest ones, what a filter leaves of them, counts and rates, and a pause that keeps what is
// shown while it counts what arrives. Pure: times are the frames' own.

import type { TappedFrame } from '@papertape/client'

export interface LoggedFrame extends TappedFrame {
  /** In order of arrival, from 1. */
  readonly number: number
}

export interface FrameFilter {
  /** Part of the text, in any case; empty for all. */
  readonly text: string
  /** Names of events; empty for all. */
  readonly events: readonly string[]
}

/** What of the log is to be shown. */
export interface FrameView {
  /** Newest first, as the filter has it. */
  readonly frames: readonly LoggedFrame[]
  /** Of how many that are kept. */
  readonly kept: number
  /** Since the log began or was cleared. */
  readonly count: number
  readonly bytes: number
  /** Names in order of first arrival, each with its count. */
  readonly events: readonly (readonly [name: string, count: number])[]
  readonly isPaused: boolean
  /** Arrived since the pause began. */
  readonly waiting: number
}

export interface FrameRate {
  readonly framesPerSecond: number
  readonly bytesPerSecond: number
}

export const EVERYTHING: FrameFilter = { text: '', events: [] }
export const FRAMES_MAX = 500
/** Rates are means over this many whole seconds. */
const RATE_SECONDS = 5

export class FrameLog {
  #frames: LoggedFrame[] = []
  #paused: { readonly frames: readonly LoggedFrame[]; readonly atCount: number } | undefined
  /** How far the last view went: a pause keeps that, not what has arrived since. */
  #viewed = { number: 0, count: 0 }
  #numbers = 0
  #count = 0
  #bytes = 0
  #events = new Map<string, number>()
  /** Of the last seconds. */
  #seconds: { readonly second: number; frames: number; bytes: number }[] = []

  add(frame: TappedFrame): void {
    this.#frames.push({ ...frame, number: ++this.#numbers })
    if (this.#frames.length > FRAMES_MAX) this.#frames.shift()
    this.#count++
    this.#bytes += frame.bytes
    this.#events.set(frame.event, (this.#events.get(frame.event) ?? 0) + 1)
    this.#countSecond(frame)
  }

  setPaused(paused: boolean): void {
    const { number, count } = this.#viewed
    const frames = this.#frames.filter(frame => frame.number <= number)
    this.#paused = paused ? { frames, atCount: count } : undefined
  }

  /** Forgets what arrived so far; a pause ends. */
  clear(): void {
    this.#frames = []
    this.#paused = undefined
    this.#count = 0
    this.#bytes = 0
    this.#viewed = { number: this.#numbers, count: 0 }
    this.#events.clear()
  }

  view({ text, events }: FrameFilter): FrameView {
    if (this.#paused === undefined) this.#viewed = { number: this.#numbers, count: this.#count }
    const kept = this.#paused?.frames ?? this.#frames
    const wanted = text.toLowerCase()
    const frames = kept.filter(
      frame =>
        (events.length === 0 || events.includes(frame.event)) &&
        (wanted === '' || frame.text.toLowerCase().includes(wanted)),
    )
    return {
      frames: frames.reverse(),
      kept: kept.length,
      count: this.#count,
      bytes: this.#bytes,
      events: [...this.#events],
      isPaused: this.#paused !== undefined,
      waiting: this.#paused === undefined ? 0 : this.#count - this.#paused.atCount,
    }
  }

  /** The request that an answer belongs to, or the frame itself. */
  requestOf(frame: LoggedFrame): LoggedFrame {
    const isRequest = (one: LoggedFrame) => one.direction === 'out' && one.id === frame.id && one.number <= frame.number
    return (this.#paused?.frames ?? this.#frames).findLast(isRequest) ?? frame
  }

  /** Over the last whole seconds before now. */
  rate(nowMs: number): FrameRate {
    const now = Math.floor(nowMs / 1_000)
    const recent = this.#seconds.filter(({ second }) => second < now && second >= now - RATE_SECONDS)
    const sum = (field: 'frames' | 'bytes') => recent.reduce((total, one) => total + one[field], 0) / RATE_SECONDS
    return { framesPerSecond: sum('frames'), bytesPerSecond: sum('bytes') }
  }

  #countSecond({ atMs, bytes }: TappedFrame): void {
    const second = Math.floor(atMs / 1_000)
    let last = this.#seconds.at(-1)
    if (last === undefined || last.second < second) {
      last = { second, frames: 0, bytes: 0 }
      this.#seconds.push(last)
      if (this.#seconds.length > RATE_SECONDS + 1) this.#seconds.shift()
    }
    last.frames++
    last.bytes += bytes
  }
}
