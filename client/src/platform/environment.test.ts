// The platform's own signs of doubt, with the targets of a page put in their place: each is passed on, and none after the
// watch has been stopped.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Doubt, watchReturns } from './environment.ts'

test('what a page hears of its network, its tab and its freezing is passed on, until it is stopped', t => {
  const window = new EventTarget()
  const document = Object.assign(new EventTarget(), { visibilityState: 'hidden' })
  const globals = {
    addEventListener: window.addEventListener.bind(window),
    removeEventListener: window.removeEventListener.bind(window),
    document,
  }
  // watchReturns hands the global object on as a target: it has to be one as a whole.
  for (const [name, value] of Object.entries(globals)) {
    Object.defineProperty(globalThis, name, { value, configurable: true })
    t.after(() => Reflect.deleteProperty(globalThis, name))
  }
  const doubts: Doubt[] = []
  const stop = watchReturns(why => doubts.push(why))
  const pageshow = (persisted: boolean) => Object.assign(new Event('pageshow'), { persisted })
  const happen = () => {
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
  happen()
  const heard = ['offline', 'online', 'visible', 'woken', 'woken']
  assert.deepEqual(doubts, heard)
  stop()
  happen()
  assert.deepEqual(doubts, heard)
})

test('outside of a page there is nothing to watch', () => {
  watchReturns(() => assert.fail())()
})
