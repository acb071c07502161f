// The page events, with a page's event targets put in place: each is reported, and none after the watch is stopped.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type PageEvent, watchPageEvents } from './page-events.ts'

test('reports network, visibility and freeze events of the page until it is stopped', t => {
  const window = new EventTarget()
  const document = Object.assign(new EventTarget(), { visibilityState: 'hidden' })
  const globals = {
    addEventListener: window.addEventListener.bind(window),
    removeEventListener: window.removeEventListener.bind(window),
    document,
  }
  // watchPageEvents uses the global object as an event target, so its methods have to be there.
  for (const [name, value] of Object.entries(globals)) {
    Object.defineProperty(globalThis, name, { value, configurable: true })
    t.after(() => Reflect.deleteProperty(globalThis, name))
  }
  const events: PageEvent[] = []
  const stop = watchPageEvents(event => events.push(event))
  const pageshow = (persisted: boolean) => Object.assign(new Event('pageshow'), { persisted })
  const dispatchAll = () => {
    document.visibilityState = 'hidden'
    document.dispatchEvent(new Event('visibilitychange'))
    window.dispatchEvent(pageshow(false))
    window.dispatchEvent(new Event('offline'))
    window.dispatchEvent(new Event('online'))
    document.visibilityState = 'visible'
    document.dispatchEvent(new Event('visibilitychange'))
    document.dispatchEvent(new Event('resume'))
    window.dispatchEvent(pageshow(true))
  }
  dispatchAll()
  const expected = ['offline', 'online', 'visible', 'resumed', 'resumed']
  assert.deepEqual(events, expected)
  stop()
  dispatchAll()
  assert.deepEqual(events, expected)
})

test('does nothing outside of a page', () => {
  watchPageEvents(() => assert.fail())()
})
