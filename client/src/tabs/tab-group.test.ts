// The tabs of a browser among themselves: one leads, whatever happens to it. Against tabs that can be frozen and killed,
// and against Node's own locks and channels.

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
    members.push(join(browser.openTab(), 'test', `wish ${i}`))
    await settle()
  }
  const roles = () => members.map(({ group }) => group.sharing.role)
  return { browser, members, roles }
}

describe('one leads', () => {
  test('the first; the others follow, and it knows what each wants', async () => {
    const { members, roles } = await open(3)
    assert.deepEqual(roles(), ['leader', 'follower', 'follower'])
    assert.deepEqual([...members[0]!.group.interests].sort(), ['wish 0', 'wish 1', 'wish 2'])
    assert.deepEqual(
      members.map(({ group }) => group.sharing.tabs),
      [3, 3, 3],
    )
    members[2]!.group.setInterest('another')
    await settle()
    assert.deepEqual([...members[0]!.group.interests].sort(), ['another', 'wish 0', 'wish 1'])
  })

  test('what the leader tells all or one, and what it is asked', async () => {
    const { members } = await open(3)
    const [a, b, c] = members
    a!.group.send('to all')
    a!.group.send('to c', c!.group.id)
    b!.group.sendToLeader('of b')
    c!.group.send('a follower tells nobody')
    await settle()
    assert.deepEqual(
      members.map(({ messages }) => messages),
      [['of b'], ['to all'], ['to all', 'to c']],
    )
  })

  test('its end passes the lead on at once, and takes it out of the list', async () => {
    for (const end of ['kill', 'close', 'suspend'] as const) {
      const { members, roles } = await open(3)
      const [a, b, c] = members
      if (end === 'kill') a!.tab.kill()
      else if (end === 'close') a!.group.close()
      else a!.tab.live('suspend')
      await settle()
      assert.deepEqual(roles().slice(1), ['leader', 'follower'], end)
      assert.deepEqual([b!.group.sharing.tabs, c!.group.sharing.tabs], [2, 2], end)
      assert.deepEqual([...b!.group.interests].sort(), ['wish 1', 'wish 2'], end)
      assert.deepEqual(a!.log, end === 'kill' ? ['lead'] : ['lead', 'yield'], end)
    }
  })

  test('a follower that is killed is missed, though nobody asks', async () => {
    const { members } = await open(3)
    members[1]!.tab.kill()
    await settle()
    assert.deepEqual([members[0]!.group.sharing.tabs, members[2]!.group.sharing.tabs], [2, 2])
  })

  test('an application that resigns is led by another, or by itself when it is the only one', async () => {
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

describe('a leader that is there but does not answer', () => {
  test('is noticed and robbed; when it wakes it yields and follows', async () => {
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
    const thief = members.slice(1).find(({ group }) => group.sharing.role === 'leader')
    assert.deepEqual(members.filter(({ log }) => log.includes('lead')).length, 2, 'one thief')
    a!.tab.thaw()
    // Before it has received anything it may still speak as the leader of old: nobody listens.
    a!.group.send('from the past')
    await settle()
    assert.deepEqual(a!.log, ['lead', 'yield', 'leader'])
    assert.deepEqual(roles().filter(role => role === 'leader').length, 1)
    assert.equal(thief!.group.sharing.role, 'leader')
    assert.deepEqual(
      members.map(({ messages }) => messages),
      [[], [], []],
    )
  })

  test('is not robbed while it answers, or while its followers are away themselves', async () => {
    const { browser, members, roles } = await open(3)
    await browser.pass(10 * NOTICED_MS)
    assert.deepEqual(roles(), ['leader', 'follower', 'follower'])
    // A tab that was stopped for a minute finds its timers due all at once.
    members[1]!.tab.clock.jump(60_000)
    await browser.pass(NOTICED_MS)
    assert.deepEqual(roles(), ['leader', 'follower', 'follower'])
  })

  test('is noticed by a hidden tab when that is shown, and not before', async () => {
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

  test('a tab that comes while the leader is frozen does not wait for ever', async () => {
    const { browser, members } = await open(1)
    members[0]!.tab.freeze()
    const late = join(browser.openTab())
    await browser.pass(NOTICED_MS)
    assert.deepEqual(late.log, ['lead'])
  })

  test('the lock may go to a frozen follower: it is robbed too', async () => {
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

describe('a page that the browser keeps for later', () => {
  test('holds nothing, and follows when it is back', async () => {
    const { browser, members, roles } = await open(2)
    const [a, b] = members
    a!.tab.live('suspend')
    await settle()
    assert.equal(browser.channels.filter(({ tab }) => tab === a!.tab).length, 0)
    b!.group.send('unheard')
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
    test(`${name} lead alone, each for itself`, async () => {
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

  test('of another group do not meet', async () => {
    const browser = new FakeBrowser()
    const a = join(browser.openTab(), 'account 1')
    const b = join(browser.openTab(), 'account 2')
    await settle()
    assert.deepEqual([a.group.sharing, b.group.sharing], Array(2).fill({ role: 'leader', tabs: 1 }))
  })
})

describe('withLock', () => {
  test('runs one after the other, over Node\u2019s own locks', async () => {
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

  test('runs without locks, runs once where they are refused, and throws what is thrown in it', async () => {
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

test('over Node\u2019s own locks and channels: one leads, and its end passes the lead on', {
  timeout: 10_000,
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
