// The documents' chat between two browsers, over a server that is killed and started again: each message once and in
// one order in both, who is there and who types, what is unread, what was typed meanwhile, and the attempts as drawn.

import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser, Locator, Page } from 'playwright-core'
import { readOperatorToken } from '../support/market.ts'
import { launchBrowser, openPage, untilLive, type WatchedPage } from '../support/page.ts'
import { call } from '../support/rest.ts'
import { type RunningServer, startServer } from '../support/server.ts'

/** What a browser writes about a server that is gone. */
const NETWORK_ERROR = /Failed to load resource|WebSocket connection to .* failed/
/** For what waits for attempts, or for the start of the server. */
const LOST_MAX_MS = 120_000

describe('rooms', { timeout: 300_000 }, () => {
  let server: RunningServer
  let browser: Browser
  before(async () => {
    server = await startServer({ flags: ['--symbols', '2'] })
    browser = await launchBrowser()
  })
  after(async () => {
    await browser?.close()
    await server?.dispose()
  })

  const openRooms = (page: Page) => page.getByTestId('upper-panels').getByRole('button', { name: 'Rooms' }).click()
  const say = async (page: Page, text: string) => {
    await page.getByTestId('room-field').fill(text)
    await page.getByTestId('room-field').press('Enter')
  }
  const said = (page: Page) => page.getByTestId('room-text').allTextContents()
  const showing = (found: Locator, text: string | RegExp) => found.filter({ hasText: text }).waitFor()
  const untilSaid = (page: Page, text: string) => showing(page.getByTestId('room-message'), text)

  /** If it is there: the page may do the same by itself at any moment. */
  const press = (page: Page, selector: string) =>
    page.evaluate(found => document.querySelector<HTMLButtonElement>(found)?.click(), selector)
  /** Sends it again while the rate of the room is used up. */
  const pressAgainUntilSaid = (page: Page, text: string) =>
    page.waitForFunction(
      sought => {
        const find = (id: string) =>
          [...document.querySelectorAll(`[data-testid=${id}]`)].find(one => one.textContent.includes(sought))
        find('room-outgoing')?.querySelector<HTMLButtonElement>('[data-testid=room-again]')?.click()
        return find('room-message') !== undefined
      },
      text,
      { polling: 500 },
    )
  const retryNow = (page: Page) => press(page, '[data-testid=banner] button')

  /** A browser of its own, in the room. */
  async function enter(name: string, room: string): Promise<WatchedPage> {
    const watched = await openPage(browser, server.url)
    const { page } = watched
    await untilLive(page)
    await openRooms(page)
    await page.getByTestId('room-user').fill(name)
    await page.getByTestId('room-name').fill(room)
    await page.getByTestId('room-join').click()
    return watched
  }

  it('bring a talk to two browsers, over a kill -9 of the server', async () => {
    const ann = await enter('ann', 'veltr')
    const bob = await enter('bob', 'veltr')
    const pages = [ann.page, bob.page]
    await showing(ann.page.getByTestId('room-count'), '2 here')
    await ann.page.getByTestId('room-count').click()
    assert.deepEqual(await ann.page.getByTestId('room-users').getByRole('listitem').allTextContents(), ['ann', 'bob'])

    await bob.page.getByTestId('room-field').pressSequentially('I th')
    await showing(ann.page.getByTestId('room-typing'), 'bob is typing…')
    await ann.page.getByTestId('room-typing').and(ann.page.locator(':empty')).waitFor()
    await say(ann.page, '<b>Who sold that?</b>')
    await say(bob.page, 'Not me')
    for (const page of pages) for (const text of ['Who sold that?', 'Not me']) await untilSaid(page, text)

    // Behind another panel it counts.
    await ann.page.getByTestId('upper-panels').getByRole('button', { name: 'Ladder' }).click()
    for (const text of ['one', 'two']) await say(bob.page, text)
    await showing(ann.page.getByTestId('upper-panels').getByTestId('unread'), '2 unread')

    await server.kill('SIGKILL')
    await openRooms(ann.page)
    await ann.page.getByTestId('retries').waitFor()
    await say(ann.page, 'while away')
    await showing(ann.page.getByTestId('room-outgoing'), /while away.*Sending…/)
    const steps = ann.page.getByTestId('retries').getByRole('listitem')
    assert.equal(await steps.count(), 5)
    await showing(steps.first(), /Attempt 1, after (\d\.\d s|\d s at most): (failed|waiting|trying)/)
    // Until it is marked as not sent, and all attempts have failed.
    await showing(ann.page.getByTestId('room-outgoing'), 'Not sent. No answer came.')
    for (const endMs = Date.now() + LOST_MAX_MS; !(await ann.page.getByTestId('connect-again').isVisible()); ) {
      assert.ok(Date.now() < endMs, 'five attempts have failed')
      await retryNow(ann.page)
      await ann.page.waitForTimeout(100)
    }
    const drawn = await steps.allTextContents()
    assert.equal(drawn.filter(text => text.endsWith(': failed')).length, 5)
    // The first may have passed before the panel was open. The others were seen, and are drawn as long as they were.
    assert.ok(
      drawn.slice(1).some(text => /, after \d+\.\d s: /.test(text)),
      drawn.join('\n'),
    )

    await server.restart()
    await retryNow(bob.page)
    await press(ann.page, '[data-testid=connect-again]')
    for (const page of pages) {
      await page.getByTestId('retries').waitFor({ state: 'detached', timeout: LOST_MAX_MS })
    }
    await ann.page.getByTestId('room-again').click()
    const talk = ['<b>Who sold that?</b>', 'Not me', 'one', 'two', 'while away']
    for (const page of pages) {
      await untilSaid(page, 'while away')
      assert.deepEqual(await said(page), talk)
    }
    assert.equal(await ann.page.getByTestId('room-outgoing').count(), 0)
    await showing(ann.page.getByTestId('room-count'), '2 here')

    // Typed while it is down for a moment, it is sent when it is back.
    await server.kill('SIGKILL')
    await bob.page.getByTestId('retries').waitFor()
    const restarting = server.restart()
    await say(bob.page, 'in a moment')
    await restarting
    for (const page of pages) await retryNow(page)
    // Or, where the server took longer than a message waits, by hand.
    const sent = bob.page.getByTestId('room-message').filter({ hasText: 'in a moment' })
    const again = bob.page.getByTestId('room-again')
    await sent.or(again).first().waitFor({ timeout: LOST_MAX_MS })
    if ((await sent.count()) === 0) await again.click()
    for (const page of pages) {
      await untilSaid(page, 'in a moment')
      assert.deepEqual(await said(page), [...talk, 'in a moment'])
    }

    // A page that is opened again is in the room again, and has its history.
    await ann.page.reload()
    await untilLive(ann.page)
    await openRooms(ann.page)
    await untilSaid(ann.page, 'in a moment')
    assert.deepEqual(await said(ann.page), [...talk, 'in a moment'])
    await showing(ann.page.getByTestId('room-own-name'), 'You: ann')

    await ann.page.getByTestId('room-leave').click()
    await showing(bob.page.getByTestId('room-count'), '1 here')
    for (const { page, complaints } of [ann, bob]) {
      assert.deepEqual(
        complaints().filter(text => !NETWORK_ERROR.test(text)),
        [],
      )
      await page.context().close()
    }
  })

  it('say in words what is refused, and let one go on', async () => {
    const ann = await enter('ann', 'desk')
    const { page } = await enter('ANN', 'desk')
    await showing(page.getByTestId('room-refused'), 'Somebody else has that name here')
    await page.getByTestId('room-new-name').fill('cyd')
    await page.getByTestId('room-new-name').press('Enter')
    await showing(page.getByTestId('room-own-name'), 'You: cyd')

    await page.getByTestId('room-field').fill('x'.repeat(501))
    await showing(page.getByTestId('rooms'), '1 too many: a message has at most 500 characters.')
    await page.getByTestId('room-field').press('Enter')
    assert.equal(await page.getByTestId('room-field').inputValue(), 'x'.repeat(501))

    for (let number = 0; number < 8; number++) await say(page, `quick ${number}`)
    await showing(page.getByTestId('room-outgoing').first(), 'Not sent. Too many at once: wait a second.')

    const token = readOperatorToken(server)
    const mute = (seconds: number) =>
      call(server.url, 'POST /v1/rooms/desk/mute', { token, body: { user: 'cyd', seconds } })
    assert.equal((await mute(600)).status, 200)
    await say(page, 'hello?')
    await showing(page.getByTestId('room-muted'), /muted you here for another (10:00|9:\d\d)/)
    await showing(page.getByTestId('room-outgoing'), 'hello?')
    await mute(0)
    await pressAgainUntilSaid(page, 'hello?')
    await untilSaid(ann.page, 'hello?')
    await page.getByTestId('room-muted').waitFor({ state: 'detached' })

    // Another name.
    await page.getByTestId('room-own-name').click()
    await page.getByTestId('room-new-name').fill('zoe')
    await page.getByTestId('room-new-name').press('Enter')
    await showing(page.getByTestId('room-own-name'), 'You: zoe')
    await say(page, 'renamed')
    await pressAgainUntilSaid(page, 'renamed')
    await untilSaid(ann.page, 'renamed')
    await showing(ann.page.getByTestId('room-message').last(), 'zoe')
    for (const one of [page, ann.page]) await one.context().close()
  })

  it('are used by keys alone, and found by a screen reader', async () => {
    const { page } = await enter('kay', 'quiet')
    await say(page, 'alone')
    await untilSaid(page, 'alone')
    const other = await enter('bob', 'quiet')
    await say(other.page, 'hello')
    await showing(page.getByTestId('announcer'), 'bob: hello')
    assert.equal(await page.getByRole('log', { name: 'Messages in quiet' }).getAttribute('aria-live'), 'off')
    await page.getByTestId('room-tab-quiet').focus()
    await page.keyboard.press('ArrowLeft')
    await page.locator('[data-testid=room-tab-all]:focus').waitFor()
    await page.getByTestId('room-name').waitFor()
    await page.keyboard.press('ArrowRight')
    await untilSaid(page, 'hello')
    for (const one of [page, other.page]) await one.context().close()
  })
})
