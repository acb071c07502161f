// The accounts in a room and their names: an account has one name, unique in the room without regard to case, however
// many of its connections have joined. Sends nothing.

import { crc32 } from '@papertape/protocol'
import { CodedError } from '../errors/coded-error.ts'

interface NamedMember {
  readonly user: string
  connections: number
}

/** Of the names that are made: four digits of base 36, which do not give the account away. */
const GUESTS = 36 ** 4

export class MemberList {
  readonly #members = new Map<string, NamedMember>()
  /** The accounts by their names in lower case. */
  readonly #accounts = new Map<string, string>()

  get size(): number {
    return this.#members.size
  }

  /** Sorted. */
  get users(): string[] {
    return [...this.#members.values()].map(({ user }) => user).sort()
  }

  userOf(accountId: string): string | undefined {
    return this.#members.get(accountId)?.user
  }

  accountOf(user: string): string | undefined {
    return this.#accounts.get(user.toLowerCase())
  }

  /**
   * A connection of the account joins. An account that is a member keeps its name.
   * @param user the name that it asks for.
   * @returns whether the account is a new member.
   * @throws {CodedError} name-taken
   */
  join(accountId: string, user: string | undefined): boolean {
    const member = this.#members.get(accountId)
    if (member !== undefined) {
      member.connections++
      return false
    }
    const name = user ?? this.#guestName(accountId)
    if (this.accountOf(name) !== undefined) {
      throw new CodedError('name-taken', `another member is ${name}; join as somebody else, or without a name`)
    }
    this.#members.set(accountId, { user: name, connections: 1 })
    this.#accounts.set(name.toLowerCase(), accountId)
    return true
  }

  /** A connection of the account leaves. @returns whether the account is a member no longer. */
  leave(accountId: string): boolean {
    const member = this.#members.get(accountId)!
    if (--member.connections > 0) return false
    this.#members.delete(accountId)
    this.#accounts.delete(member.user.toLowerCase())
    return true
  }

  /** The same in each room, as long as nobody else has it. */
  #guestName(accountId: string): string {
    for (let number = crc32(accountId); ; number++) {
      const name = `guest-${(number % GUESTS).toString(36).padStart(4, '0')}`
      if (this.accountOf(name) === undefined) return name
    }
  }
}
