// "Copy as": the program that brings the frames of a scope, or that sends a chosen request or message. Pure.

import type { CodeSample } from '../exhibit/CodeSamples.tsx'
import { requestCode, socketMessageCode, streamReaderCode } from '../exhibit/request-code.ts'
import type { LoggedFrame } from './frame-log.ts'
import type { FrameScope } from './frame-scope.ts'

/** What the dashboard itself subscribes to. */
const DASHBOARD_EVENTS = ['quote', 'trade', 'book', 'status', 'news']
const LOGON = '{"type":"logon","requestId":"logon","token":"TOKEN"}'
/** Routes that act for an account. */
const PRIVATE = /\/v1\/(account|alerts|fills|orders|positions|session|operator)\b/

/**
 * @param base the service's address with its base path, such as `http://localhost:8080`
 * @param chosen the chosen frame, or the request that it answers
 */
export function frameCode(scope: FrameScope, chosen: LoggedFrame | undefined, base: string): readonly CodeSample[] {
  if (chosen?.direction === 'out' && /^[A-Z]+ \S+\/v1\/(?!stream|socket)/.test(chosen.text)) {
    return requestCode(parseRequest(chosen.text, base))
  }
  if (scope.source === 'feed') return streamReaderCode(`${base}/v1/stream?${subscription(scope)}`, eventsOf(scope))
  if (scope.source === 'orders') return socketMessageCode(`${base.replace(/^http/, 'ws')}/v1/socket`, messages(chosen))
  return requestCode({ method: 'GET', url: `${base}/v1/instruments`, isPrivate: false })
}

const eventsOf = ({ events }: FrameScope) => (events.length === 0 ? DASHBOARD_EVENTS : events)

function subscription(scope: FrameScope): string {
  const symbols = scope.symbol === null ? '' : `symbols=${encodeURIComponent(scope.symbol)}&`
  return `${symbols}events=${eventsOf(scope).join(',')}`
}

function parseRequest(text: string, base: string) {
  const [line = '', ...rest] = text.split('\n\n')
  const [method = 'GET', target = ''] = line.split(' ')
  const body = rest.length === 0 ? undefined : rest.join('\n\n')
  return { method, url: new URL(target, base).href, body, isPrivate: PRIVATE.test(target) }
}

/** A chosen message follows a logon, as it did here. */
function messages(chosen: LoggedFrame | undefined): readonly string[] {
  if (chosen?.direction !== 'out' || chosen.event === 'logon' || chosen.event === 'open') return [LOGON]
  return [LOGON, chosen.text]
}
