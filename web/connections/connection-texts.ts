// What the page writes about its connections: their state, a loss, which tab holds them. Pure.

import { formatAge, formatSize } from '../format/format.ts'
import { type ConnectionFacts, isStale } from './connection.ts'
import type { FeedOutage } from './outage.ts'

/** The age of live data from which on it is marked as old. */
export const OLD_MS = 5_000

/** In whole seconds: a figure that changes four times a second cannot be read. */
export function ageText(ageMs: number | null): string {
  if (ageMs === null || ageMs >= 60_000) return formatAge(ageMs)
  return ageMs < 1_000 ? '< 1 s' : `${Math.floor(ageMs / 1_000)} s`
}

/** One or two words without a count, so that the status bar does not change its width every second. */
export function stateText(facts: Pick<ConnectionFacts, 'state' | 'retries' | 'staleSinceMs'>): string {
  switch (facts.state) {
    case 'idle':
      return 'not connected'
    case 'connecting':
      return facts.retries > 0 || isStale(facts) ? 'reconnecting' : 'connecting'
    case 'live':
      return isStale(facts) ? 'no response' : 'live'
    case 'stale':
      return 'no response'
    case 'waiting':
      return 'reconnecting'
    case 'closed':
      return 'closed'
  }
}

type LossFacts = Pick<ConnectionFacts, 'state' | 'staleSinceMs' | 'retryAtMs'>

export type LossesFacts = Readonly<Record<'tape' | 'book' | 'orders', LossFacts>>

/** Since when any of them is lost: everything that counts the seconds of a loss counts from here. */
export function lostSinceMs({ tape, book, orders }: LossesFacts): number | null {
  const since = [tape, book, orders].map(one => one.staleSinceMs).filter(one => one !== null)
  return since.length === 0 ? null : Math.min(...since)
}

/** One sentence about all connections that are lost, with the seconds until the next attempt; undefined if none is. */
export function lossText(all: LossesFacts, nowMs: number): string | undefined {
  const { tape, book, orders } = all
  const feeds = [tape, book].filter(isStale)
  const lost = feeds.length > 0 ? feeds : [orders].filter(isStale)
  if (lost.length === 0) return undefined
  const problem =
    feeds.length === 0
      ? 'Orders cannot be sent'
      : isStale(orders)
        ? 'Prices may be old and orders cannot be sent'
        : 'Prices may be old'
  return `${problem}: no data for ${ageText(nowMs - (lostSinceMs(all) ?? nowMs))}. ${retryText(lost, nowMs)}`
}

function retryText(lost: readonly LossFacts[], nowMs: number): string {
  if (lost.some(({ state }) => state === 'connecting' || state === 'stale')) return 'Retrying…'
  const nextMs = Math.min(...lost.map(({ retryAtMs }) => retryAtMs ?? Number.POSITIVE_INFINITY))
  if (nextMs > nowMs && Number.isFinite(nextMs)) return `Retrying in ${seconds(nextMs - nowMs)}.`
  return lost.some(({ state }) => state === 'closed') ? 'Reload the page.' : 'Waiting for data…'
}

const seconds = (ms: number) => `${Math.max(1, Math.ceil(ms / 1_000))} s`

/** One sentence or two after a loss. */
export function outageText({ awayMs, missed, replayed, isReset }: FeedOutage): string {
  const back = `Back after ${Math.max(1, Math.round(awayMs / 1_000))} s`
  if (missed === null || missed === 0) return `${back}. Nothing was missed.`
  const events = `${back}: ${formatSize(missed)} ${missed === 1 ? 'event was' : 'events were'} missed`
  if (isReset) return `${events}, too many to replay. Everything is shown anew from a snapshot.`
  if (replayed === 0) return `${events}, all of quotes and books, which are up to date.`
  const durable =
    replayed === 1
      ? 'The trade, halt or news among them was replayed'
      : `The ${formatSize(replayed)} trades, halts and news among them were replayed`
  return `${events}. ${durable}; quotes and books are up to date.`
}

/** Which tab holds the connection. */
export function sharingText({ sharing }: ConnectionFacts): string {
  if (sharing === null) return 'of this tab alone'
  const others = sharing.tabs - 1
  const tabs = `${others} other ${others === 1 ? 'tab' : 'tabs'}`
  switch (sharing.role) {
    case 'alone':
      return 'of this tab alone: the browser does not let tabs share it'
    case 'seeking':
      return 'looking for other tabs'
    case 'leader':
      return others === 0 ? 'held by this tab' : `held by this tab for ${tabs}`
    case 'follower':
      return `shared with ${tabs}; another tab holds it`
  }
}
