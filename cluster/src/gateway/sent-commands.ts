// The commands of a gateway that have no answer yet, and their numbers: sent again in order to whoever leads, until the
// log has their answers. Sends nothing itself.

import type { Command } from '@papertape/protocol'
import type { Logon } from '@papertape/venue'
import type { SentCommand } from '../log/wire.ts'

interface KeptCommand {
  readonly commandId: number
  readonly command: Command
  readonly logon: Logon | undefined
}

export class SentCommands {
  readonly gateway: string
  /** By number, in order. */
  readonly #unanswered = new Map<number, KeptCommand>()
  #next = 0

  /** @param gateway unlike the name of any other gateway, and of this one before a restart. */
  constructor(gateway: string) {
    this.gateway = gateway
  }

  /** @param commandId of the gateway's venue client. @returns what is to be sent */
  add(commandId: number, command: Command, logon: Logon | undefined): SentCommand {
    const number = this.#next++
    this.#unanswered.set(number, { commandId, command, logon })
    return { gateway: this.gateway, number, firstUnanswered: this.#firstUnanswered, command, logon }
  }

  /** Those without an answer, from a number on. */
  *from(number: number): Generator<SentCommand> {
    const firstUnanswered = this.#firstUnanswered
    for (const [sent, { command, logon }] of this.#unanswered) {
      if (sent >= number) yield { gateway: this.gateway, number: sent, firstUnanswered, command, logon }
    }
  }

  /** The commandId of an answered command, which is not sent again; undefined when it has been answered before. */
  take(number: number): number | undefined {
    const commandId = this.#unanswered.get(number)?.commandId
    this.#unanswered.delete(number)
    return commandId
  }

  commandIdOf(number: number): number | undefined {
    return this.#unanswered.get(number)?.commandId
  }

  get isEmpty(): boolean {
    return this.#unanswered.size === 0
  }

  get #firstUnanswered(): number {
    const [first] = this.#unanswered.keys()
    return first ?? this.#next
  }
}
