// What the lanes of a race run over, found out before its start: the position from which all of them start, the version
// of HTTP of both ports, and the difference of the clocks.

import { RequestError, type Rest } from '@papertape/client'
import type { QuotesAnswer } from '@papertape/protocol'
import { BASE_PATH } from '../../base-path.ts'
import type { HttpProtocol } from '../exhibit/byte-cost.ts'
import { PROTOCOL_LABELS, pageProtocol } from '../exhibit/page-protocol.ts'
import { readServerOrigins } from '../exhibit/server-origins.ts'
import { measureOffset } from './clock-offset.ts'
import { LANES, type LaneName } from './lanes/lane.ts'

/** A lane that can run. */
export interface LanePlan {
  readonly name: LaneName
  readonly title: string
  readonly baseUrl: string
  readonly protocol: HttpProtocol
  readonly isOwn: boolean
}

/** A lane that cannot, and why. */
export interface MissingLane {
  readonly title: string
  readonly why: string
  /** To be opened once, so that the browser accepts the certificate. */
  readonly link?: string
}

export interface RaceSetting {
  readonly start: string
  /** How far the server's clock is ahead. */
  readonly offsetMs: number
  readonly plans: readonly LanePlan[]
  readonly missing: readonly MissingLane[]
}

const httpLabel = (protocol: string) => PROTOCOL_LABELS[protocol] ?? protocol

export async function readRaceSetting(rest: Rest, symbol: string): Promise<RaceSetting> {
  const protocol = pageProtocol() as HttpProtocol
  const origins = await readServerOrigins(rest)
  const own = { baseUrl: `${location.origin}${BASE_PATH}/`, protocol, isOwn: true }
  const other = await planOther(origins.other, symbol)
  const [{ id }, offsetMs] = await Promise.all([rest.quotes([symbol]), measureOffset(own.baseUrl)])
  const plans: LanePlan[] = [
    { ...own, name: 'polling', title: LANES.polling.title },
    { ...own, name: 'longPoll', title: LANES.longPoll.title },
    { ...own, name: 'sse', title: `SSE over ${httpLabel(protocol)}` },
    { ...own, name: 'webSocket', title: LANES.webSocket.title },
    { ...own, name: 'webSocketBinary', title: LANES.webSocketBinary.title },
  ]
  if ('why' in other) return { start: id, offsetMs, plans, missing: [other] }
  return { start: id, offsetMs, plans: [...plans, other], missing: [] }
}

async function planOther(origin: string | undefined, symbol: string): Promise<LanePlan | MissingLane> {
  const { title } = LANES.otherSse
  if (origin === undefined) {
    return { title, why: 'This page comes through a proxy, and the other port of the server is not known here.' }
  }
  const baseUrl = `${origin}${BASE_PATH}/`
  const protocol = await protocolOf(`${baseUrl}v1/quotes?symbols=${symbol}`)
  if (protocol !== undefined)
    return { name: 'otherSse', title: `SSE over ${httpLabel(protocol)}`, baseUrl, protocol, isOwn: false }
  if (!origin.startsWith('https:')) return { title, why: `This browser does not connect to ${origin} from here.` }
  return {
    title,
    why: 'This browser does not trust the certificate of the other port. Open it once, accept the certificate, and start again:',
    link: baseUrl,
  }
}

/** The version of HTTP of an address on another port; undefined when the browser does not reach it. */
async function protocolOf(url: string): Promise<HttpProtocol | undefined> {
  try {
    const response = await fetch(url, { cache: 'no-store', credentials: 'omit' })
    await (response.json() as Promise<QuotesAnswer>)
    const entries = performance.getEntriesByName(url) as PerformanceResourceTiming[]
    return (entries.at(-1)?.nextHopProtocol || (url.startsWith('https:') ? 'h2' : 'http/1.1')) as HttpProtocol
  } catch {
    // A certificate that is not trusted, or a port that is not reached, looks the same to a page.
    return undefined
  }
}

/** Why a race did not start, in a sentence. */
export function refusalText(error: unknown): string {
  if (error instanceof RequestError) return `The server did not answer as needed: ${error.detail}`
  return error instanceof Error ? error.message : String(error)
}
