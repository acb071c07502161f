// The tabs of one origin that share one connection: which one leads, which others exist, and their messages. Runs the
// machine in leader-election.ts with a lock, a channel and a timer. Knows nothing of feeds and orders: shared-feed.ts
// and shared-orders.ts each open a group.

import { Deadline } from '../platform/deadline.ts'
import type { Environment } from '../platform/environment.ts'
import { next, startTab, type TabEffect, type TabEvent, type TabState } from './leader-election.ts'
import type { TabChannel, TabsPlatform } from './tabs-platform.ts'

/** Part of the names of locks and channels: tabs of a build with other messages form a group of their own. */
const TABS_VERSION = 3

/** `seeking`: no leader is known yet. `alone`: nothing can be shared here. */
export type TabRole = 'seeking' | 'follower' | 'leader' | 'alone'

export interface Sharing {
  readonly role: TabRole
  /** How many tabs share the connection, including this one. */
  readonly tabs: number
}

interface GroupOptions<TabMessage> {
  readonly name: string
  readonly environment: Environment
  readonly platform: TabsPlatform
  /** This tab leads from now on: open the shared connection. */
  onLead(): void
  /** It does not lead any more: close it. */
  onYield(): void
  /** From the leader when following, from a follower when leading. */
  onMessage(message: TabMessage, from: string): void
  /** Another leader than before is known; `wasAway` when this tab missed messages meanwhile. */
  onLeader(wasAway: boolean): void
  /** Role, silence of the leader, members, or their interests. */
  onChange(): void
}

/** Everything that goes over the channel. */
type Envelope<TabMessage> = { readonly from: string } & (
  | { readonly kind: 'present'; readonly interest: unknown }
  | { readonly kind: 'left' }
  /** `term` is when this leader began, by this machine's clock: the latest one is the leader. */
  | { readonly kind: 'leader'; readonly term: number; readonly members: readonly (readonly [string, unknown])[] }
  | { readonly kind: 'message'; readonly term: number; readonly to: string | undefined; readonly message: TabMessage }
  | { readonly kind: 'request'; readonly to: string; readonly message: TabMessage }
)

export class TabGroup<TabMessage> {
  readonly id: string
  readonly #options: GroupOptions<TabMessage>
  readonly #name: string
  readonly #deadline: Deadline
  /** Every tab and its interest, as known to the leader; this tab's own is #interest. */
  #members = new Map<string, unknown>()
  #interest: unknown
  #state: TabState
  /** Of the current leader, which may be this tab. */
  #term = 0
  #leader: string | undefined
  #channel: TabChannel | undefined
  #wasAway = false
  /** Releases the leader lock, or the request for it. */
  #release = () => {}
  /** Releases the lock by which the leader knows that this tab exists. */
  #releaseLife = () => {}
  #watching = new Map<string, AbortController>()
  readonly #stopWatchingLifecycle: () => void

  /** @param interest what this tab needs of the shared connection */
  constructor(options: GroupOptions<TabMessage>, interest: unknown) {
    const { environment, platform } = options
    this.#options = options
    this.#name = `papertape/${TABS_VERSION} ${options.name}`
    this.#interest = interest
    const digits = () => Math.floor(environment.random() * 36 ** 6).toString(36)
    this.id = `${digits()}${digits()}`
    this.#state = startTab(platform.isVisible())
    this.#deadline = new Deadline(environment, () => this.#apply({ type: 'timeout' }))
    this.#stopWatchingLifecycle = platform.watchLifecycle(type => {
      if (type === 'resume') this.#enter('resume')
      else this.#apply({ type })
    })
    // The constructor returns before the first callback.
    queueMicrotask(() => this.#enter('start'))
  }

  get sharing(): Sharing {
    const { kind } = this.#state
    if (kind === 'alone') return { role: 'alone', tabs: 1 }
    const tabs = new Set(this.#members.keys()).add(this.id).size
    if (kind === 'leading') return { role: 'leader', tabs }
    return { role: this.#leader === undefined ? 'seeking' : 'follower', tabs }
  }

  get isLeader(): boolean {
    return this.#state.kind === 'leading' || this.#state.kind === 'alone'
  }

  /** The leader does not answer, or is lost and no other is known yet. */
  get isLeaderSilent(): boolean {
    const { kind } = this.#state
    return kind === 'checking' || kind === 'stealing' || kind === 'suspended' || (kind === 'seeking' && this.#term > 0)
  }

  /** Of every tab, including this one. */
  get interests(): unknown[] {
    const others = [...this.#members].filter(([id]) => id !== this.id).map(([, interest]) => interest)
    return [this.#interest, ...others]
  }

  setInterest(interest: unknown): void {
    this.#interest = interest
    if (this.isLeader) this.#membersChanged()
    else this.#post({ kind: 'present', interest })
  }

  /** From the leader, to all followers or to one. */
  send(message: TabMessage, to?: string): void {
    if (this.#state.kind === 'leading') this.#post({ kind: 'message', term: this.#term, to, message })
  }

  /** From a follower to the current leader. */
  sendToLeader(message: TabMessage): void {
    if (!this.isLeader && this.#leader !== undefined) this.#post({ kind: 'request', to: this.#leader, message })
  }

  resign(): void {
    this.#apply({ type: 'resign' })
  }

  close(): void {
    if (this.#state.kind === 'closed') return
    this.#stopWatchingLifecycle()
    this.#apply({ type: 'close' })
  }

  #apply(event: TabEvent): void {
    const { environment } = this.#options
    const before = this.#state
    const { state, effects } = next(before, event, { nowMs: environment.nowMs(), chance: environment.random() })
    this.#state = state
    for (const effect of effects) this.#run(effect)
    this.#deadline.set(this.#state.deadlineMs)
    if (state.kind === before.kind) return
    if (state.kind === 'suspended' || state.kind === 'closed') this.#leave()
    this.#options.onChange()
  }

  #run(effect: TabEffect): void {
    if (effect === 'request') this.#request(false)
    else if (effect === 'steal') this.#request(true)
    else if (effect === 'release') this.#release()
    else if (effect === 'ping') this.#post({ kind: 'present', interest: this.#interest })
    else if (effect === 'lead') this.#lead()
    else this.#yield()
  }

  #lead(): void {
    // The wall clock may have been set back: a term is later than every known one.
    this.#term = Math.max(this.#options.environment.wallMs(), this.#term + 1)
    if (this.#state.kind === 'alone') this.#leave()
    this.#leader = this.id
    this.#wasAway = false
    this.#options.onLead()
    if (this.#state.kind !== 'leading') return
    this.#members.set(this.id, this.#interest)
    for (const id of this.#members.keys()) this.#watch(id)
    this.#announceLeader()
  }

  #yield(): void {
    this.#leader = undefined
    for (const abort of this.#watching.values()) abort.abort()
    this.#watching.clear()
    this.#options.onYield()
  }

  #request(steal: boolean): void {
    this.#release()
    const abort = new AbortController()
    const { promise: held, resolve: releaseHeld } = Promise.withResolvers<void>()
    let isReleased = false
    this.#release = () => {
      isReleased = true
      abort.abort()
      releaseHeld()
    }
    const hold = () => {
      if (isReleased) return
      this.#apply({ type: 'granted' })
      return held
    }
    const options = steal ? { steal } : { signal: abort.signal }
    this.#options.platform.locks?.request(`${this.#name} leader`, options, hold).catch(error => {
      if (!isReleased) this.#apply({ type: (error as Error).name === 'AbortError' ? 'lost' : 'refused' })
    })
  }

  /** Opens the channel and takes the lock of this tab; the leader waits for that lock to learn when the tab ends. */
  #enter(type: 'start' | 'resume'): void {
    const { platform } = this.#options
    const { kind } = this.#state
    if (kind !== 'idle' && kind !== 'suspended') return
    const refuse = () => this.#apply({ type: 'refused' })
    if (platform.locks === undefined) {
      refuse()
      return
    }
    try {
      this.#channel ??= platform.openChannel(this.#name, message => this.#receive(message as Envelope<TabMessage>))
    } catch {
      // An opaque origin, or a browser without channels: `sharing` reports that this tab is alone.
      refuse()
      return
    }
    const { promise, resolve } = Promise.withResolvers<void>()
    let isReleased = false
    this.#releaseLife = () => {
      isReleased = true
      resolve()
    }
    const hold = () => {
      if (!isReleased) this.#apply({ type })
      return promise
    }
    platform.locks.request(this.#lifeLock(this.id), hold).catch(refuse)
  }

  #leave(): void {
    this.#post({ kind: 'left' })
    this.#channel?.close()
    this.#channel = undefined
    this.#leader = undefined
    this.#wasAway = true
    this.#releaseLife()
  }

  #lifeLock(id: string): string {
    return `${this.#name} tab ${id}`
  }

  /** As the leader: learns when a member ends, even if its process was killed. */
  #watch(id: string): void {
    const { locks } = this.#options.platform
    if (id === this.id || locks === undefined || this.#watching.has(id)) return
    const abort = new AbortController()
    this.#watching.set(id, abort)
    locks
      .request(this.#lifeLock(id), { signal: abort.signal }, () => this.#removeMember(id))
      .catch(() => {
        // Aborted, because this tab does not lead any more.
      })
  }

  #removeMember(id: string): void {
    this.#watching.get(id)?.abort()
    this.#watching.delete(id)
    if (this.#state.kind === 'leading' && this.#members.delete(id)) this.#membersChanged()
  }

  #membersChanged(): void {
    if (this.#state.kind === 'leading') {
      this.#members.set(this.id, this.#interest)
      this.#announceLeader()
    }
    this.#options.onChange()
  }

  #announceLeader(): void {
    this.#post({ kind: 'leader', term: this.#term, members: [...this.#members] })
  }

  // Distributes Omit over the union: on the union itself it would keep the common fields only.
  #post(body: Envelope<TabMessage> extends infer E ? (E extends unknown ? Omit<E, 'from'> : never) : never): void {
    this.#channel?.post({ from: this.id, ...body })
  }

  #receive(envelope: Envelope<TabMessage>): void {
    switch (envelope.kind) {
      case 'present':
        if (this.#state.kind === 'leading') this.#addMember(envelope.from, envelope.interest)
        break
      case 'left':
        this.#removeMember(envelope.from)
        break
      case 'request':
        if (envelope.to === this.id && this.#state.kind === 'leading') {
          this.#options.onMessage(envelope.message, envelope.from)
        }
        break
      case 'leader':
      case 'message':
        this.#receiveFromLeader(envelope)
    }
  }

  #addMember(id: string, interest: unknown): void {
    const isKnown = this.#members.has(id) && JSON.stringify(this.#members.get(id)) === JSON.stringify(interest)
    this.#members.set(id, interest)
    this.#watch(id)
    if (isKnown) this.#announceLeader()
    else this.#membersChanged()
  }

  /** Of two leaders the one with the later term counts; messages of the other are old. */
  #receiveFromLeader(envelope: Extract<Envelope<TabMessage>, { term: number }>): void {
    const { term, from } = envelope
    if (term < this.#term || (term === this.#term && this.#leader !== undefined && from < this.#leader)) return
    const isOther = this.#leader !== from || term !== this.#term
    if (this.#state.kind === 'leading') this.#apply({ type: 'outranked' })
    this.#term = term
    this.#leader = from
    this.#apply({ type: 'leaderMessage' })
    if (isOther) {
      // The new leader needs this tab's interest before its requests.
      this.#post({ kind: 'present', interest: this.#interest })
      this.#options.onLeader(this.#wasAway)
      this.#wasAway = false
    }
    if (envelope.kind === 'leader') {
      const before = this.#members.size
      this.#members = new Map(envelope.members)
      if (isOther || before !== this.#members.size) this.#options.onChange()
    } else if (envelope.to === undefined || envelope.to === this.id) this.#options.onMessage(envelope.message, from)
  }
}
