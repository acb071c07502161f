// Pointers as gestures: what a mouse, one finger and two fingers do.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createGestures, type GesturePoint } from './gestures.ts'

function open() {
  const did: string[] = []
  let longPress = () => {}
  const gestures = createGestures(
    {
      hover: (x, y) => did.push(`hover ${x} ${y}`),
      leave: () => did.push('leave'),
      drag: dx => did.push(`drag ${dx}`),
      zoom: (factor, x) => did.push(`zoom ${factor} ${x}`),
      tap: ({ x, y, kind, shift }) => did.push(`tap ${kind} ${x} ${y}${shift ? ' with Shift' : ''}`),
    },
    run => {
      longPress = run
      return () => {
        longPress = () => {}
      }
    },
  )
  const take = () => did.splice(0)
  return { gestures, take, waitLong: () => longPress() }
}
const mouse = (x: number, y = 50): GesturePoint => ({ id: 1, kind: 'mouse', x, y, shift: false })
const finger = (id: number, x: number, y = 50): GesturePoint => ({ id, kind: 'touch', x, y, shift: false })

test('a mouse hovers, drags by what it moved, and a press without movement is a tap', () => {
  const { gestures, take } = open()
  gestures.move(mouse(10))
  gestures.down(mouse(10))
  gestures.move(mouse(12))
  assert.deepEqual(take(), ['hover 10 50'])
  gestures.move(mouse(30))
  gestures.move(mouse(25))
  gestures.leave()
  gestures.up(mouse(25))
  assert.deepEqual(take(), ['drag 20', 'hover 30 50', 'drag -5', 'hover 25 50'], 'a drag that leaves goes on')
  gestures.down(mouse(25))
  gestures.up(mouse(26))
  gestures.leave()
  gestures.down(mouse(25))
  gestures.up({ ...mouse(25), shift: true })
  assert.deepEqual(take(), ['tap mouse 26 50', 'leave', 'tap mouse 25 50 with Shift'])
})

test('one finger drags; held still it moves the crosshair, and the page must not scroll', () => {
  const { gestures, take, waitLong } = open()
  gestures.down(finger(7, 100))
  gestures.move(finger(7, 90))
  assert.equal(gestures.holdsPage, false)
  gestures.up(finger(7, 90))
  assert.deepEqual(take(), ['drag -10'])
  gestures.down(finger(8, 100))
  waitLong()
  assert.equal(gestures.holdsPage, true)
  gestures.move(finger(8, 140, 60))
  gestures.up(finger(8, 140, 60))
  assert.deepEqual(take(), ['hover 100 50', 'hover 140 60'])
  assert.equal(gestures.holdsPage, false)
  gestures.down(finger(9, 100))
  gestures.up(finger(9, 100))
  waitLong()
  assert.deepEqual(take(), ['tap touch 100 50'], 'a short press is no long one')
})

test('two fingers zoom around their middle; the one that stays drags', () => {
  const { gestures, take } = open()
  gestures.down(finger(1, 100))
  gestures.down(finger(2, 200))
  assert.equal(gestures.holdsPage, true)
  gestures.move(finger(2, 300))
  assert.deepEqual(take(), ['zoom 2 200', 'drag 50'])
  gestures.up(finger(1, 100))
  gestures.move(finger(2, 290))
  gestures.up(finger(2, 290))
  assert.deepEqual(take(), ['drag -10'], 'the end of a pinch is no tap')
})

test('a finger that the browser takes to scroll the page does nothing more', () => {
  const { gestures, take, waitLong } = open()
  gestures.down(finger(1, 100))
  gestures.cancel(1)
  waitLong()
  gestures.move(finger(1, 150))
  gestures.up(finger(1, 150))
  assert.deepEqual(take(), [])
})
