// A feed session against the bad server, with a record of everything it delivered and reported. Waits between
// connections pass at once. For tests only.

import type { TestContext } from 'node:test'
import type { ControlEvent, FeedEvent } from '@papertape/protocol'
import type { FeedOptions, FeedState } from '../feed/feed-interface.ts'
import { openFeed } from '../feed/feed-session.ts'
import { hurry, type RequestHandler, startBadServer, TestEnvironment, Watch } from './bad-server.ts'

export async function watchFeed(t: TestContext, answer: RequestHandler, options: Partial<FeedOptions> = {}) {
  const server = await startBadServer(t, answer)
  const clock = new TestEnvironment()
  const watch = new Watch()
  const events: (FeedEvent | ControlEvent)[] = []
  const ids: string[] = []
  const states: FeedState[] = []
  /** Called when this id arrives. */
  const at = new Map<string | undefined, () => void>()
  const session = openFeed({
    baseUrl: server.baseUrl,
    environment: clock,
    ...options,
    onEvent: (event, id) => {
      events.push(event)
      if (id !== undefined && event.event !== 'snapshot') ids.push(id)
      at.get(id)?.()
      watch.look()
    },
    onState: state => {
      states.push(state)
      hurry(clock, state)
      watch.look()
    },
  })
  t.after(() => session.close())
  const names = () => events.map(({ event }) => event)
  const phases = () => states.map(({ phase }) => phase)
  return { server, clock, watch, events, ids, states, session, at, names, phases, until: watch.until.bind(watch) }
}
