// Groups of tabs: exactly one leads, also when leaders freeze or are killed. With fake tabs, and with Node's own locks
// and channels.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { DEFAULT_ENVIRONMENT } from '../platform/environment.ts'
import { FakeBrowser, type FakeTab, settle } from '../testing/fake-tabs.ts'
import { PATIENCE_MS, SILENCE_MS, SPREAD_MS } from './leader-election.ts'
import { TabGroup } from './tab-group.ts'
import { BROWSER, type TabsPlatform, withLock } from './tabs-platform.ts'

const NOTICED_MS = SILENCE_MS + PATIENCE_MS + SPREAD_MS + 100

function join(tab: FakeTab, name = 'test', interest: unknown = 'nothing', platform: TabsPlatform = tab) {
  const log: string[] = []
  const messages: string[] = []
  const group: TabGroup<string> = new TabGroup<string>(
    {
      name,
      environment: tab.clock,
      platform,
      onLead: () => log.push('lead'),
      onYield: () => log.push('yield'),
      onLeader: wasAway => log.push(wasAway ? 'leader after absence' : 'leader'),
      onMessage: message => messages.push(message),
      onChange: () => {},
    },
    interest,
  )
  return { tab, group, log, messages }
}

async function open(count: number) {
  const browser = new FakeBrowser()
  const members: ReturnType<typeof join>[] = []
  for (let i = 0; i < count; i++) {
    members.push(join(browser.openTab(), 'test', `interest ${i}`))
    await settle()
  }
  const roles = () => members.map(({ group }) => group.sharing.role)
  return { browser, members, roles }
}

describe('the leader', () => {
  test('is the first tab; it knows the interests of the others', async () => {
    const { members, roles } = await open(3)
    assert.deepEqual(roles(), ['leader', 'follower', 'follower'])
    assert.deepEqual([...members[0]!.group.interests].sort(), ['interest 0', 'interest 1', 'interest 2'])
    assert.deepEqual(
      members.map(({ group }) => group.sharing.tabs),
      [3, 3, 3],
    )
    members[2]!.group.setInterest('another')
    await settle()
    assert.deepEqual([...members[0]!.group.interests].sort(), ['another', 'interest 0', 'interest 1'])
  })

  test('sends messages to all or to one, and receives requests', async () => {
    const { members } = await open(3)
    const [a, b, c] = members
    a!.group.send('to all')
    a!.group.send('to c', c!.group.id)
    b!.group.sendToLeader('of b')
    c!.group.send('of a follower')
    await settle()
    assert.deepEqual(
      members.map(({ messages }) => messages),
      [['of b'], ['to all'], ['to all', 'to c']],
    )
  })

  test('is replaced at once when it ends, and leaves the list', async () => {
    for (const end of ['kill', 'close', 'suspend'] as const) {
      const { members, roles } = await open(3)
      const [a, b, c] = members
      if (end === 'kill') a!.tab.kill()
      else if (end === 'close') a!.group.close()
      else a!.tab.live('suspend')
      await settle()
      assert.deepEqual(roles().slice(1), ['leader', 'follower'], end)
      assert.deepEqual([b!.group.sharing.tabs, c!.group.sharing.tabs], [2, 2], end)
      assert.deepEqual([...b!.group.interests].sort(), ['interest 1', 'interest 2'], end)
      assert.deepEqual(a!.log, end === 'kill' ? ['lead'] : ['lead', 'yield'], end)
    }
  })

  test('notices that a follower was killed', async () => {
    const { members } = await open(3)
    members[1]!.tab.kill()
    await settle()
    assert.deepEqual([members[0]!.group.sharing.tabs, members[2]!.group.sharing.tabs], [2, 2])
  })

  test('after resigning follows another tab, or leads again when it is the only one', async () => {
    const { members, roles } = await open(2)
    members[0]!.group.resign()
    await settle()
    assert.deepEqual(roles(), ['follower', 'leader'])
    members[0]!.group.close()
    members[1]!.group.resign()
    await settle()
    assert.deepEqual(members[1]!.log, ['leader', 'lead', 'yield', 'lead'])
  })
})

describe('a silent leader', () => {
  test('loses its lock to a follower, and follows when it runs again', async () => {
    const { browser, members, roles } = await open(3)
    const [a] = members
    a!.tab.freeze()
    await browser.pass(SILENCE_MS + 100)
    assert.deepEqual(
      members.slice(1).map(({ group }) => group.isLeaderSilent),
      [true, true],
    )
    await browser.pass(NOTICED_MS)
    assert.deepEqual(roles().slice(1).sort(), ['follower', 'leader'])
    const successor = members.slice(1).find(({ group }) => group.sharing.role === 'leader')
    assert.deepEqual(members.filter(({ log }) => log.includes('lead')).length, 2, 'one successor')
    a!.tab.thaw()
    // Before it receives a message it may still send as the leader: that is ignored.
    a!.group.send('outdated')
    await settle()
    assert.deepEqual(a!.log, ['lead', 'yield', 'leader'])
    assert.deepEqual(roles().filter(role => role === 'leader').length, 1)
    assert.equal(successor!.group.sharing.role, 'leader')
    assert.deepEqual(
      members.map(({ messages }) => messages),
      [[], [], []],
    )
  })

  test('keeps its lock while it answers, and while its followers do not run', async () => {
    const { browser, members, roles } = await open(3)
    await browser.pass(10 * NOTICED_MS)
    assert.deepEqual(roles(), ['leader', 'follower', 'follower'])
    // All timers of a tab that was stopped for a minute are due at once.
    members[1]!.tab.clock.jump(60_000)
    await browser.pass(NOTICED_MS)
    assert.deepEqual(roles(), ['leader', 'follower', 'follower'])
  })

  test('is noticed by a hidden tab only once that is shown', async () => {
    const { browser, members, roles } = await open(2)
    members[1]!.tab.live('hidden')
    await settle()
    const { timers } = members[1]!.tab.clock
    members[0]!.tab.freeze()
    await browser.pass(60_000)
    assert.deepEqual([timers, ...roles()], [0, 'leader', 'follower'])
    members[1]!.tab.live('shown')
    await browser.pass(NOTICED_MS)
    assert.equal(roles()[1], 'leader')
  })

  test('loses its lock to a new tab too', async () => {
    const { browser, members } = await open(1)
    members[0]!.tab.freeze()
    const late = join(browser.openTab())
    await browser.pass(NOTICED_MS)
    assert.deepEqual(late.log, ['lead'])
  })

  test('may be followed by a frozen leader, which loses its lock too', async () => {
    const { browser, members, roles } = await open(3)
    members[1]!.tab.freeze()
    members[0]!.tab.kill()
    await browser.pass(2 * NOTICED_MS)
    assert.equal(roles()[2], 'leader')
    members[1]!.tab.thaw()
    await settle()
    assert.deepEqual(roles().slice(1), ['follower', 'leader'])
  })
})

describe('a page in the back-forward cache', () => {
  test('releases everything, and follows when it is resumed', async () => {
    const { browser, members, roles } = await open(2)
    const [a, b] = members
    a!.tab.live('suspend')
    await settle()
    assert.equal(browser.channels.filter(({ tab }) => tab === a!.tab).length, 0)
    b!.group.send('missed')
    await settle()
    a!.tab.live('resume')
    await settle()
    assert.deepEqual(roles(), ['follower', 'leader'])
    assert.deepEqual([a!.log, a!.messages], [['lead', 'yield', 'leader after absence'], []])
  })
})

describe('tabs that cannot share', () => {
  const refusing = () => Promise.reject(new DOMException('Access to the TabLocks API is denied', 'SecurityError'))
  const throwing = () => {
    throw new DOMException('denied', 'SecurityError')
  }
  const CASES: Record<string, () => Partial<TabsPlatform>> = {
    'without locks': () => ({ locks: undefined }),
    'whose locks are refused': () => ({ locks: { request: refusing } as TabsPlatform['locks'] }),
    'whose channel throws': () => ({ openChannel: throwing }),
  }
  for (const [name, change] of Object.entries(CASES)) {
    test(`${name} lead alone`, async () => {
      const browser = new FakeBrowser()
      const roles = []
      for (let i = 0; i < 2; i++) {
        const tab = browser.openTab()
        const { locks, isVisible } = tab
        const openChannel = tab.openChannel.bind(tab)
        const { group, log } = join(tab, 'test', undefined, {
          locks,
          isVisible,
          openChannel,
          watchLifecycle: () => () => {},
          ...change(),
        })
        await settle()
        roles.push(group.sharing.role, ...log)
        group.close()
      }
      assert.deepEqual(roles, ['alone', 'lead', 'alone', 'lead'])
    })
  }

  test('of another group do not share', async () => {
    const browser = new FakeBrowser()
    const a = join(browser.openTab(), 'account 1')
    const b = join(browser.openTab(), 'account 2')
    await settle()
    assert.deepEqual([a.group.sharing, b.group.sharing], Array(2).fill({ role: 'leader', tabs: 1 }))
  })
})

describe('withLock', () => {
  test('runs one after the other, with Node\u2019s own locks', async () => {
    const log: string[] = []
    const once = (name: string) =>
      withLock('test account', async () => {
        log.push(`${name} begins`)
        await new Promise(setImmediate)
        log.push(`${name} ends`)
        return name
      })
    assert.deepEqual(await Promise.all([once('a'), once('b')]), ['a', 'b'])
    assert.deepEqual(log, ['a begins', 'a ends', 'b begins', 'b ends'])
  })

  test('runs without locks, runs once where they are refused, and throws what `run` throws', async () => {
    const run = async () => 'done'
    assert.equal(await withLock('x', run, { ...BROWSER, locks: undefined }), 'done')
    const request = () => Promise.reject(new DOMException('denied', 'SecurityError'))
    assert.equal(await withLock('x', run, { ...BROWSER, locks: { request } as TabsPlatform['locks'] }), 'done')
    let runs = 0
    const fails = async () => {
      runs++
      throw new RangeError('of its own')
    }
    await assert.rejects(withLock('x', fails), RangeError)
    assert.equal(runs, 1)
  })
})

test('over Node\u2019s own locks and channels: one leads, and the other when it ends', {
  timeout: 60_000,
}, async () => {
  const groups: TabGroup<string>[] = []
  const received: string[] = []
  const { promise: led, resolve } = Promise.withResolvers<void>()
  const joinReal = (name: string, onLead: () => void) => {
    const group: TabGroup<string> = new TabGroup<string>(
      {
        name: `real ${process.pid}`,
        environment: DEFAULT_ENVIRONMENT,
        platform: BROWSER,
        onLead,
        onYield: () => {},
        onLeader: () => group.sendToLeader(`hello from ${name}`),
        onMessage: message => {
          received.push(message)
          groups[0]!.close()
        },
        onChange: () => {},
      },
      name,
    )
    groups.push(group)
  }
  await new Promise<void>(done => joinReal('a', done))
  joinReal('b', resolve)
  await led
  assert.deepEqual(received, ['hello from b'])
  assert.equal(groups[1]!.sharing.role, 'leader')
  groups[1]!.close()
})
