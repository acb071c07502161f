// The version of HTTP that this page and the server speak, as the browser reports it of answers that have come.

import { BASE_PATH } from '../../base-path.ts'

/** Of an answer: its address and `nextHopProtocol`, which is empty where the browser keeps it to itself. */
export type AnswerTiming = Pick<PerformanceResourceTiming, 'name' | 'nextHopProtocol'>

export const PROTOCOL_LABELS: Readonly<Record<string, string>> = {
  'http/1.1': 'HTTP/1.1',
  h2: 'HTTP/2',
  h3: 'HTTP/3',
}

/**
 * Of the newest answer of the API: a browser that learns from the document that there is HTTP/3 changes to it
 * afterwards. A stream that runs has no timing yet, and files may come from the browser's cache.
 * @param document of the page itself, for a page that has had no such answer.
 * @param api the address that those of the API begin with.
 */
export function newestProtocol(document: string, answers: readonly AnswerTiming[], api: string): string {
  const newest = answers.findLast(({ name, nextHopProtocol }) => name.startsWith(api) && nextHopProtocol !== '')
  return newest?.nextHopProtocol ?? document
}

/** `http/1.1`, `h2` or `h3`. */
export function pageProtocol(): string {
  const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[]
  const answers = performance.getEntriesByType('resource') as PerformanceResourceTiming[]
  return newestProtocol(navigation?.nextHopProtocol || 'http/1.1', answers, `${location.origin}${BASE_PATH}/v1/`)
}
