// A fake browser whose tabs have locks and channels and can be frozen, suspended and killed. Messages and lock grants
// arrive a turn later, in order; those for a frozen tab when it runs again. Each tab has a clock of its own. For tests
// only.

import type { PageLifecycleEvent, TabChannel, TabLockOptions, TabLocks, TabsPlatform } from '../tabs/tabs-platform.ts'
import { TestEnvironment } from './bad-server.ts'

interface LockRequest {
  readonly tab: FakeTab
  readonly run: () => unknown
  readonly settle: (value: unknown) => void
  readonly fail: (error: Error) => void
}

interface Lock {
  holder: LockRequest | undefined
  queue: LockRequest[]
}

const aborted = () => new DOMException('The request was aborted', 'AbortError')

export class FakeBrowser {
  readonly tabs: FakeTab[] = []
  readonly locks = new Map<string, Lock>()
  readonly channels: { readonly name: string; readonly tab: FakeTab; readonly take: (message: unknown) => void }[] = []

  openTab(): FakeTab {
    const tab = new FakeTab(this)
    this.tabs.push(tab)
    return tab
  }

  /** Advances the clocks of all tabs that are not frozen, in small steps. */
  async pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 50) {
      for (const tab of this.tabs) if (!tab.isFrozen) tab.clock.advance(50)
      await settle()
    }
  }

  lockOf(name: string): Lock {
    const lock = this.locks.get(name) ?? { holder: undefined, queue: [] }
    this.locks.set(name, lock)
    return lock
  }

  grant(lock: Lock): void {
    const next = lock.queue.shift()
    lock.holder = next
    if (next === undefined) return
    const free = () => {
      if (lock.holder === next) this.grant(lock)
    }
    next.tab.later(() => {
      Promise.resolve(next.run()).then(
        value => {
          next.settle(value)
          free()
        },
        error => {
          next.fail(error)
          free()
        },
      )
    })
  }
}

export class FakeTab implements TabsPlatform {
  readonly clock = new TestEnvironment()
  readonly #browser: FakeBrowser
  #backlog: (() => void)[] | undefined
  #dead = false
  #visible = true
  #onLife: (event: PageLifecycleEvent) => void = () => {}

  constructor(browser: FakeBrowser) {
    this.#browser = browser
    // As in a browser, the monotonic clock has another origin than the wall clock.
    const startMs = this.clock.wallMs()
    this.clock.nowMs = () => this.clock.wallMs() - startMs
    // With the same random numbers tabs would have the same id.
    let drawn = browser.tabs.length + 1
    this.clock.random = () => {
      drawn = (drawn * 7919 + 13) % 104_729
      return drawn / 104_729
    }
  }

  get isFrozen(): boolean {
    return this.#backlog !== undefined || this.#dead
  }

  /** As a debugger or an endless loop does: without a lifecycle event. */
  freeze(): void {
    this.#backlog = []
  }

  thaw(): void {
    const backlog = this.#backlog ?? []
    this.#backlog = undefined
    for (const task of backlog) task()
  }

  /** Its process ends: its locks are released without a message. */
  kill(): void {
    this.#dead = true
    for (const lock of this.#browser.locks.values()) {
      lock.queue = lock.queue.filter(({ tab }) => tab !== this)
      if (lock.holder?.tab === this) this.#browser.grant(lock)
    }
  }

  live(event: PageLifecycleEvent): void {
    if (event === 'hidden' || event === 'shown') this.#visible = event === 'shown'
    this.#onLife(event)
  }

  later(task: () => void): void {
    queueMicrotask(() => {
      if (this.#dead) return
      if (this.#backlog === undefined) task()
      else this.#backlog.push(task)
    })
  }

  isVisible = () => this.#visible
  watchLifecycle(onEvent: (event: PageLifecycleEvent) => void): () => void {
    this.#onLife = onEvent
    return () => {
      this.#onLife = () => {}
    }
  }

  openChannel(name: string, onMessage: (message: unknown) => void): TabChannel {
    const { channels } = this.#browser
    const own = { name, tab: this as FakeTab, take: onMessage }
    channels.push(own)
    const isOpen = () => channels.includes(own)
    return {
      post: message => {
        if (!isOpen()) throw new DOMException('The channel is closed', 'InvalidStateError')
        const copy = structuredClone(message)
        for (const other of channels) {
          if (other === own || other.name !== name) continue
          other.tab.later(() => channels.includes(other) && other.take(copy))
        }
      },
      close: () => void channels.splice(channels.indexOf(own), 1),
    }
  }

  readonly locks: TabLocks = {
    request: <T>(name: string, ...rest: [TabLockOptions, () => T] | [() => T]): Promise<T> => {
      const [options, run] = rest.length === 1 ? [{} as TabLockOptions, rest[0]] : rest
      const { promise, resolve, reject } = Promise.withResolvers<unknown>()
      const lock = this.#browser.lockOf(name)
      const request: LockRequest = { tab: this, run, settle: resolve, fail: reject }
      options.signal?.addEventListener('abort', () => {
        if (!lock.queue.includes(request)) return
        lock.queue = lock.queue.filter(other => other !== request)
        reject(aborted())
      })
      if (options.signal?.aborted) reject(aborted())
      else if (options.steal) {
        const robbed = lock.holder
        lock.queue.unshift(request)
        this.#browser.grant(lock)
        robbed?.tab.later(() => robbed.fail(aborted()))
      } else {
        lock.queue.push(request)
        if (lock.holder === undefined) this.#browser.grant(lock)
      }
      return promise as Promise<T>
    },
  }
}

/** Waits until all messages between the tabs are delivered. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate)
}
