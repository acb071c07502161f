// The tabs of one origin that share one connection: who leads, who else is there, and what they say to each other. Runs
// the machine in leader-election.ts with a lock, a channel and a timer. It knows nothing of feeds and orders: shared-feed.ts and
// shared-orders.ts each open a group.

import { Deadline } from '../platform/deadline.ts'
import type { Environment } from '../platform/environment.ts'
import { next, startTab, type TabEffect, type TabEvent, type TabState } from './leader-election.ts'
import type { TabChannel, TabsPlatform } from './tabs-platform.ts'

/** In the names of locks and channels: tabs that run another build's protocol form a group of their own. */
export const TABS_VERSION = 1

/** `seeking`: no leader has been heard yet. `alone`: nothing can be shared here. */
export type TabRole = 'seeking' | 'follower' | 'leader' | 'alone'

export interface Sharing {
  readonly role: TabRole
  /** How many share it, this tab included. */
  readonly tabs: number
}

export interface GroupOptions<Message> {
  readonly name: string
  readonly environment: Environment
  readonly platform: TabsPlatform
  /** This tab leads from now on: open what is shared. */
  onLead(): void
  /** It does not any more: close it. */
  onYield(): void
  /** From the leader when we follow, from a follower when we lead. */
  onMessage(message: Message, from: string): void
  /** A leader is heard that was not before; `wasAway` when what was said meanwhile was not. */
  onLeader(wasAway: boolean): void
  /** Role, silence, members, or what a member wants. */
  onChange(): void
}

/** Everything that goes over the channel. */
type Envelope<Message> = { readonly from: string } & (
  | { readonly kind: 'here'; readonly wants: unknown }
  | { readonly kind: 'gone' }
  /** `term` is when this leader began, by this machine's clock: the later one is in power. */
  | { readonly kind: 'alive'; readonly term: number; readonly members: readonly (readonly [string, unknown])[] }
  | { readonly kind: 'told'; readonly term: number; readonly to: string | undefined; readonly message: Message }
  | { readonly kind: 'asked'; readonly to: string; readonly message: Message }
)

export class TabGroup<Message> {
  readonly id: string
  readonly #options: GroupOptions<Message>
  readonly #name: string
  readonly #deadline: Deadline
  /** Every tab and what it wants, as the leader knows it; this tab's own is #wants. */
  #members = new Map<string, unknown>()
  #wants: unknown
  #state: TabState
  /** Of the leader in power, ourselves included. */
  #term = 0
  #leader: string | undefined
  #channel: TabChannel | undefined
  #wasAway = false
  #release = () => {}
  /** Gives back the lock that says that this tab lives. */
  #die = () => {}
  #watching = new Map<string, AbortController>()
  readonly #stopLife: () => void

  constructor(options: GroupOptions<Message>, wants: unknown) {
    const { environment, platform } = options
    this.#options = options
    this.#name = `papertape/${TABS_VERSION} ${options.name}`
    this.#wants = wants
    const digits = () => Math.floor(environment.random() * 36 ** 6).toString(36)
    this.id = `${digits()}${digits()}`
    this.#state = startTab(platform.isVisible())
    this.#deadline = new Deadline(environment, () => this.#apply({ type: 'timeout' }))
    this.#stopLife = platform.watchLifecycle(type => {
      if (type === 'resume') this.#join('resume')
      else this.#apply({ type })
    })
    // The caller holds the group before its first callback comes.
    queueMicrotask(() => this.#join('start'))
  }

  get sharing(): Sharing {
    const { kind } = this.#state
    if (kind === 'alone') return { role: 'alone', tabs: 1 }
    const tabs = new Set(this.#members.keys()).add(this.id).size
    if (kind === 'leading') return { role: 'leader', tabs }
    return { role: this.#leader === undefined ? 'seeking' : 'follower', tabs }
  }

  get leads(): boolean {
    return this.#state.kind === 'leading' || this.#state.kind === 'alone'
  }

  /** The leader does not answer, or has gone and no other is heard yet. */
  get isSilent(): boolean {
    const { kind } = this.#state
    return kind === 'checking' || kind === 'stealing' || kind === 'suspended' || (kind === 'seeking' && this.#term > 0)
  }

  /** What every tab wants, this one's included. */
  get wants(): unknown[] {
    const others = [...this.#members].filter(([id]) => id !== this.id).map(([, wants]) => wants)
    return [this.#wants, ...others]
  }

  want(wants: unknown): void {
    this.#wants = wants
    if (this.leads) this.#changed()
    else this.#post({ kind: 'here', wants })
  }

  /** From the leader, to all followers or to one. */
  tell(message: Message, to?: string): void {
    if (this.#state.kind === 'leading') this.#post({ kind: 'told', term: this.#term, to, message })
  }

  /** From a follower to the leader in power. */
  ask(message: Message): void {
    if (!this.leads && this.#leader !== undefined) this.#post({ kind: 'asked', to: this.#leader, message })
  }

  resign(): void {
    this.#apply({ type: 'resign' })
  }

  close(): void {
    if (this.#state.kind === 'closed') return
    this.#stopLife()
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
    else if (effect === 'ping') this.#post({ kind: 'here', wants: this.#wants })
    else if (effect === 'lead') this.#lead()
    else this.#yield()
  }

  #lead(): void {
    // The clock may have been set back: a term is later than every one that was heard.
    this.#term = Math.max(this.#options.environment.wallMs(), this.#term + 1)
    if (this.#state.kind === 'alone') this.#leave()
    this.#leader = this.id
    this.#wasAway = false
    this.#options.onLead()
    if (this.#state.kind !== 'leading') return
    this.#members.set(this.id, this.#wants)
    for (const id of this.#members.keys()) this.#watch(id)
    this.#sayAlive()
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
    const { promise: held, resolve: letGo } = Promise.withResolvers<void>()
    let given = false
    this.#release = () => {
      given = true
      abort.abort()
      letGo()
    }
    const hold = () => {
      if (given) return
      this.#apply({ type: 'granted' })
      return held
    }
    const options = steal ? { steal } : { signal: abort.signal }
    this.#options.platform.locks?.request(`${this.#name} leader`, options, hold).catch(error => {
      if (!given) this.#apply({ type: (error as Error).name === 'AbortError' ? 'lost' : 'refused' })
    })
  }

  /** Opens the channel and takes the lock that says that this tab lives; whoever waits for it learns when it does not. */
  #join(type: 'start' | 'resume'): void {
    const { platform } = this.#options
    const { kind } = this.#state
    if (kind !== 'idle' && kind !== 'suspended') return
    const refuse = () => this.#apply({ type: 'refused' })
    if (platform.locks === undefined) {
      refuse()
      return
    }
    try {
      this.#channel ??= platform.openChannel(this.#name, message => this.#read(message as Envelope<Message>))
    } catch {
      // An opaque origin, or a browser without channels: `sharing` says that this tab is alone.
      refuse()
      return
    }
    const { promise, resolve } = Promise.withResolvers<void>()
    let ended = false
    this.#die = () => {
      ended = true
      resolve()
    }
    const live = () => {
      if (!ended) this.#apply({ type })
      return promise
    }
    platform.locks.request(this.#lifeLock(this.id), live).catch(refuse)
  }

  #leave(): void {
    this.#post({ kind: 'gone' })
    this.#channel?.close()
    this.#channel = undefined
    this.#leader = undefined
    this.#wasAway = true
    this.#die()
  }

  #lifeLock(id: string): string {
    return `${this.#name} tab ${id}`
  }

  /** As the leader: learns when a member is gone, also one that was killed. */
  #watch(id: string): void {
    const { locks } = this.#options.platform
    if (id === this.id || locks === undefined || this.#watching.has(id)) return
    const abort = new AbortController()
    this.#watching.set(id, abort)
    locks
      .request(this.#lifeLock(id), { signal: abort.signal }, () => this.#drop(id))
      .catch(() => {
        // Aborted, because we do not lead any more.
      })
  }

  #drop(id: string): void {
    this.#watching.get(id)?.abort()
    this.#watching.delete(id)
    if (this.#state.kind === 'leading' && this.#members.delete(id)) this.#changed()
  }

  #changed(): void {
    if (this.#state.kind === 'leading') {
      this.#members.set(this.id, this.#wants)
      this.#sayAlive()
    }
    this.#options.onChange()
  }

  #sayAlive(): void {
    this.#post({ kind: 'alive', term: this.#term, members: [...this.#members] })
  }

  // An Omit of a union would lose its members.
  #post(body: Envelope<Message> extends infer E ? (E extends unknown ? Omit<E, 'from'> : never) : never): void {
    this.#channel?.post({ from: this.id, ...body })
  }

  #read(envelope: Envelope<Message>): void {
    switch (envelope.kind) {
      case 'here':
        if (this.#state.kind !== 'leading') break
        this.#welcome(envelope.from, envelope.wants)
        break
      case 'gone':
        this.#drop(envelope.from)
        break
      case 'asked':
        if (envelope.to === this.id && this.#state.kind === 'leading') {
          this.#options.onMessage(envelope.message, envelope.from)
        }
        break
      case 'alive':
      case 'told':
        this.#hear(envelope)
    }
  }

  #welcome(id: string, wants: unknown): void {
    const known = this.#members.has(id) && JSON.stringify(this.#members.get(id)) === JSON.stringify(wants)
    this.#members.set(id, wants)
    this.#watch(id)
    if (known) this.#sayAlive()
    else this.#changed()
  }

  /** Of two leaders the later one counts; what the other still says is of the past. */
  #hear(envelope: Extract<Envelope<Message>, { term: number }>): void {
    const { term, from } = envelope
    if (term < this.#term || (term === this.#term && this.#leader !== undefined && from < this.#leader)) return
    const isOther = this.#leader !== from || term !== this.#term
    if (this.#state.kind === 'leading') this.#apply({ type: 'outranked' })
    this.#term = term
    this.#leader = from
    this.#apply({ type: 'leaderMessage' })
    if (isOther) {
      // The new leader has to know what we want before anything else.
      this.#post({ kind: 'here', wants: this.#wants })
      this.#options.onLeader(this.#wasAway)
      this.#wasAway = false
    }
    if (envelope.kind === 'alive') {
      const before = this.#members.size
      this.#members = new Map(envelope.members)
      if (isOther || before !== this.#members.size) this.#options.onChange()
    } else if (envelope.to === undefined || envelope.to === this.id) this.#options.onMessage(envelope.message, from)
  }
}
