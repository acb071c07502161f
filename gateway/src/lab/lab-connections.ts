// The open connections that their owners may cut, stall, slow down or close, by the secret that each was sent in its
// hello or welcome. Knows no transport. Transports add their connections; routes/lab-connections.ts looks them up.

import { ConnectionPace } from '@papertape/feed'
import type { Clock, LabCloseCode } from '@papertape/protocol'
import { CodedError } from '../errors/coded-error.ts'

/** What a transport does to one of its connections on request. */
export interface LabControls {
  /** The connection is lost, without an end. */
  cut(): void
  /** Of a WebSocket. */
  readonly close?: (code: LabCloseCode) => void
}

export interface LabConnection {
  readonly controls: LabControls
  readonly key: string
  readonly pace: ConnectionPace
}

export interface LabConnectionsDeps {
  readonly clock: Clock
  /** Must not be guessable: who has the key may cut the connection. */
  readonly newKey: () => string
}

export class LabConnections {
  readonly #deps: LabConnectionsDeps
  readonly #open = new Map<string, LabConnection>()

  constructor(deps: LabConnectionsDeps) {
    this.#deps = deps
  }

  add(controls: LabControls): LabConnection {
    const { clock, newKey } = this.#deps
    const connection = { controls, key: newKey(), pace: new ConnectionPace(clock) }
    this.#open.set(connection.key, connection)
    return connection
  }

  /** The connection has gone: its key is unknown from now on. */
  remove({ key, pace }: LabConnection): void {
    this.#open.delete(key)
    pace.close()
  }

  /** @throws {CodedError} unknown-connection */
  find(key: string): LabConnection {
    const found = this.#open.get(key)
    if (found !== undefined) return found
    throw new CodedError(
      'unknown-connection',
      'no open connection has this key: it has ended, or never was; a new connection has a new labKey in its hello or welcome',
    )
  }
}
