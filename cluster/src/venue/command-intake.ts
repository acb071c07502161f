// Takes the commands of gateways in the order in which each gateway has sent them, and each once: core NATS may lose a
// message, and gateways send again what is not answered. Remembers which gateway a command of the venue came from.

import type { Command } from '@papertape/protocol'
import type { Logon } from '@papertape/venue'
import type { TakenCommand } from '../log/entry-codec.ts'
import type { SentCommand } from '../log/wire.ts'

export interface CommandIntakeOptions {
  readonly submit: (commandId: number, command: Command) => void
  /** True once another connection has taken the session over. */
  readonly isTakenOver: (command: Command, logon: Logon) => boolean
  readonly drop: (gateway: string, number: number) => void
  /** Asks a gateway for its commands from a number on. */
  readonly askAgain: (gateway: string, from: number) => void
}

export class CommandIntake {
  readonly #options: CommandIntakeOptions
  /** The number of each gateway's next command. */
  readonly #next = new Map<string, number>()
  /** By commandId of the venue, until the answer is in the log. */
  readonly #taken = new Map<number, TakenCommand>()
  #lastId = 0

  constructor(options: CommandIntakeOptions) {
    this.#options = options
  }

  receive({ gateway, number, firstUnanswered, command, logon }: SentCommand): void {
    const next = Math.max(this.#next.get(gateway) ?? 0, firstUnanswered)
    if (number > next) {
      this.#next.set(gateway, next)
      this.#options.askAgain(gateway, next)
      return
    }
    // It was sent again, and is applied already.
    if (number < next) return
    this.#next.set(gateway, number + 1)
    if (logon !== undefined && this.#options.isTakenOver(command, logon)) {
      this.#options.drop(gateway, number)
      return
    }
    const commandId = ++this.#lastId
    const isShared = command.type === 'account.profile' || command.type === 'token.revoke'
    this.#taken.set(commandId, { origin: { gateway, number }, change: isShared ? command : undefined })
    this.#options.submit(commandId, command)
  }

  /** The gateway's command, which has its answer now; undefined for one that no gateway has sent. */
  take(commandId: number): TakenCommand | undefined {
    const taken = this.#taken.get(commandId)
    this.#taken.delete(commandId)
    return taken
  }
}
