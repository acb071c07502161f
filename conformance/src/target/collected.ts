// What has come from the target, in order, and waits for what is to come. Streams and sockets have one each.

import { Deviation } from '../judgement/expect.ts'
import type { TargetClock } from './target-clock.ts'

/** A market with users' events has what a check waits for well before. */
const WAIT_MAX_MS = 20_000

export class Collected<Item> {
  readonly items: Item[] = []
  readonly #clock: TargetClock
  readonly #describe: (item: Item) => string
  readonly #looks = new Set<() => void>()
  #end: string | undefined

  /** @param describe for the report of what was seen instead. */
  constructor(clock: TargetClock, describe: (item: Item) => string) {
    this.#clock = clock
    this.#describe = describe
  }

  add(item: Item): void {
    this.items.push(item)
    this.#lookAll()
  }

  /** Nothing comes any more. @param reason such as `the stream has ended`. */
  end(reason: string): void {
    this.#end ??= reason
    this.#lookAll()
  }

  /** The first item from `from` on that satisfies. @param what as in `no trade within 20 s`. */
  until(what: string, satisfies: (item: Item) => boolean, { from = 0, limitMs = WAIT_MAX_MS } = {}): Promise<Item> {
    return new Promise((resolve, reject) => {
      let looked = from
      const finish = (settle: () => void) => {
        cancel()
        this.#looks.delete(look)
        settle()
      }
      const look = () => {
        while (looked < this.items.length) {
          const item = this.items[looked++]!
          if (satisfies(item)) return finish(() => resolve(item))
        }
        if (this.#end !== undefined) finish(() => reject(this.#missing(what, this.#end!)))
      }
      const late = () => finish(() => reject(this.#missing(what, `it did not come within ${limitMs / 1_000} s`)))
      const cancel = this.#clock.setTimer(late, limitMs)
      this.#looks.add(look)
      look()
    })
  }

  /** Waits until there are as many that satisfy, and returns all of these. */
  async count(what: string, wanted: number, satisfies: (item: Item) => boolean): Promise<Item[]> {
    for (let from = 0, found = 0; found < wanted; found++) {
      const item = await this.until(`${wanted} of ${what}`, satisfies, { from })
      from = this.items.indexOf(item, from) + 1
    }
    return this.items.filter(satisfies)
  }

  #lookAll(): void {
    for (const look of [...this.#looks]) look()
  }

  #missing(what: string, reason: string): Deviation {
    const last = this.items.at(-1)
    const seen = last === undefined ? 'nothing' : `${this.items.length}, the last ${this.#describe(last).slice(0, 300)}`
    return new Deviation(`expected: ${what}; ${reason}; seen: ${seen}`)
  }
}
