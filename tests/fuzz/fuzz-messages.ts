// The messages of the order channel, from the schemas' own examples: each that has a valid requestId gets exactly one
// answer, none of them a fault of the server.

import assert from 'node:assert/strict'
import { JSON_DEPTH_MAX } from '@papertape/protocol'
import { INBOUND } from '@papertape/protocol/schemas'
import { openChannel } from '../support/channel.ts'
import type { TestRandom } from '../support/random.ts'
import { mutatedJson, pick } from './mutations.ts'
import { drawTerms } from './order-terms.ts'

interface TypedMessage {
  readonly type: string
}

const CLOSES = [1000, 1005, 1006, 1007, 1009, 4400, 4401, 4409, 4429]
/** Below the burst of a connection. */
const MESSAGES_MAX = 40
const EXAMPLES = Object.values(INBOUND).flatMap(schema => (schema as unknown as { examples: TypedMessage[] }).examples)
const ORDERS = EXAMPLES.filter(({ type }) => type.startsWith('order.'))
const PLACEMENTS = EXAMPLES.filter(({ type }) => type === 'order.place')
const ANSWERS_MAX_MS = 10_000

/** One connection of the token's account. @returns how many messages were sent */
export async function fuzzMessages(url: string, token: string, symbol: string, random: TestRandom): Promise<number> {
  const channel = await openChannel(url)
  let code: number | undefined
  channel.socket.once('close', closeCode => {
    code = closeCode
  })
  try {
    // Sometimes it has not logged on, or only by a message of the fuzz.
    if (random.below(8) > 0) await channel.ask({ type: 'logon', token })
    const asked = new Set<unknown>()
    const connection = random.below(1e9)
    const count = 1 + random.below(MESSAGES_MAX)
    for (let n = 1; n <= count; n++) {
      const example = pick(pick([PLACEMENTS, PLACEMENTS, ORDERS, EXAMPLES], random), random)
      const terms = PLACEMENTS.includes(example) ? drawTerms(random) : {}
      const named = { ...('symbol' in example ? { symbol } : {}), ...idsOf(example, connection, random) }
      const requestId = `request-${n}`
      const text = mutatedJson({ ...example, ...terms, ...named, requestId }, random)
      if (requestIdOf(text) === requestId) asked.add(requestId)
      channel.socket.send(text)
    }
    const answered = () => channel.messages.filter(({ requestId }) => asked.has(requestId))
    const untilMs = performance.now() + ANSWERS_MAX_MS
    while (answered().length < asked.size && code === undefined && performance.now() < untilMs) {
      await new Promise(resolve => setTimeout(resolve, 5))
    }
    const faults = channel.messages.filter(message => message.code === 'internal')
    assert.deepEqual(faults, [])
    const ids = answered().map(({ requestId }) => requestId)
    const repeated = answered().filter(({ requestId }) => ids.indexOf(requestId) !== ids.lastIndexOf(requestId))
    assert.deepEqual(repeated, [], 'one answer each')
    if (code === undefined)
      assert.equal(ids.length, asked.size, `${[...asked].filter(id => !ids.includes(id))} unanswered`)
    else assert.ok(CLOSES.includes(code), `closed with ${code}`)
    return count
  } finally {
    channel.socket.terminate()
  }
}

/** Few ids on a connection, so that orders, changes and cancels meet. */
function idsOf(example: object, connection: number, random: TestRandom): object {
  const ids: Record<string, string> = {}
  for (const field of ['clientOrderId', 'origClientOrderId'])
    if (field in example) ids[field] = `${connection}-${random.below(9)}`
  return ids
}

/** Undefined when a parser sees none, or the text is refused before it is parsed. */
function requestIdOf(text: string): unknown {
  try {
    const message = JSON.parse(text) as { requestId?: unknown } | null
    return isDeeper(message, JSON_DEPTH_MAX) ? undefined : message?.requestId
  } catch {
    return undefined
  }
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  return levels === 0 || Object.values(value).some(inner => isDeeper(inner, levels - 1))
}
