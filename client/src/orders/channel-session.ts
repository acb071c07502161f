// Which session of which market the order channel continues: epoch, logon, and the position in the private stream.
// Pure; order-channel.ts calls it with what it receives.

import type { ChannelSession } from './channel-interface.ts'
import type { LogonOk, OutboundMessage } from './channel-messages.ts'
import { PrivateStreamPosition, privateSeq } from './private-stream-position.ts'

export class ChannelSessionState {
  #position: PrivateStreamPosition
  /** To continue with, until the first logon. */
  #earlier: ChannelSession | undefined
  #epoch: string | undefined
  #logon: LogonOk | undefined
  /** The last logon asked to resume from a number of the private stream. */
  #requestedSeq = false

  constructor(session: ChannelSession | undefined) {
    this.#earlier = session
    this.#epoch = session?.epoch
    this.#position = new PrivateStreamPosition(session?.nextSeq)
  }

  /** What another connection needs to continue; undefined before a logon. */
  get session(): ChannelSession | undefined {
    const sessionId = this.#logon?.sessionId ?? this.#earlier?.sessionId
    return sessionId === undefined ? undefined : { sessionId, nextSeq: this.#position.nextSeq, epoch: this.#epoch }
  }

  /** Of the public log. */
  get epoch(): string | undefined {
    return this.#epoch
  }

  get logon(): LogonOk | undefined {
    return this.#logon
  }

  /** The private stream was received up to the logon. */
  get isCaughtUp(): boolean {
    return this.#logon !== undefined && (this.#position.nextSeq ?? 0) > this.#logon.lastSeq
  }

  /** The server has sent private events up to this number; a heartbeat says so. True when some did not arrive. */
  hasMissed(lastSeq: number | null): boolean {
    return lastSeq !== null && (this.#position.nextSeq ?? 0) <= lastSeq
  }

  /** The fields of a logon that is sent now. */
  startLogon(): { sessionId: string | undefined; nextSeq: number | undefined } {
    const { sessionId, nextSeq } = this.session ?? {}
    this.#requestedSeq = nextSeq !== undefined
    return { sessionId, nextSeq }
  }

  /** @returns whether another market replaced the one of before */
  setEpoch(epoch: string): boolean {
    const isReplaced = this.#epoch !== undefined && this.#epoch !== epoch
    this.#epoch = epoch
    if (isReplaced) this.#forget()
    return isReplaced
  }

  /** @returns `isReplaced`, as setEpoch; `needsReconnect`: the number named was of another stream */
  acceptLogon(logon: LogonOk): { isReplaced: boolean; needsReconnect: boolean } {
    const { epoch } = this.#position
    const isReplaced = epoch !== undefined && epoch !== logon.privateEpoch
    if (isReplaced) this.#forget()
    this.#position.setEpoch(logon.privateEpoch)
    this.#logon = logon
    // Resumed by a number of another stream: without one the next logon is answered with the whole account.
    const needsReconnect = this.#requestedSeq && logon.resumed && this.#position.nextSeq === undefined
    return { isReplaced, needsReconnect }
  }

  /** Messages of the private stream; others are ignored. Alerts and unknown types have a number of it too. */
  receive(message: OutboundMessage): void {
    if (message.type === 'account.snapshot') this.#position.reset(message.seq)
    else this.#position.advance(privateSeq(message))
  }

  #forget(): void {
    this.#logon = undefined
    this.#earlier = undefined
    this.#position = new PrivateStreamPosition()
  }
}
