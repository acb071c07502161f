// The rooms of all gateways, at the leader: a session for each of their connections that has asked for something. A
// leader begins with none, and asks each gateway that it does not know for what its connections had joined. Keeps no
// message: that is the room log's.

import {
  CodedError,
  type RoomRequest,
  RoomSession,
  type RoomSessionConnection,
  type RoomStore,
  Rooms,
  type SharedText,
} from '@papertape/gateway'
import type { Clock, Outbound } from '@papertape/protocol'
import type {
  RefusedRequest,
  RestoredConnection,
  RoomMessageToGateway,
  RoomMessageToLeader,
  RoomQuery,
  RoomQueryAnswer,
  RoomRequestOfConnection,
} from '../log/room-messages.ts'
import { RoomOutbox } from './room-outbox.ts'

export interface RoomHostOptions {
  readonly store: RoomStore
  readonly clock: Clock
  readonly symbols: readonly string[]
  readonly term: number
  readonly send: (gateway: string, message: RoomMessageToGateway) => void
  /** What is no fault of a request. */
  readonly onError: (error: unknown) => void
}

interface HostedGateway {
  readonly outbox: RoomOutbox
  readonly connections: Map<number, HostedConnection>
}

interface HostedConnection {
  readonly session: RoomSession
  /** The last request that was served, and how. */
  served: { readonly number: number; readonly error?: RefusedRequest }
}

export class RoomHost {
  readonly #options: RoomHostOptions
  readonly #rooms: Rooms
  readonly #gateways = new Map<string, HostedGateway>()

  constructor(options: RoomHostOptions) {
    const { store, clock, symbols } = options
    this.#options = options
    this.#rooms = new Rooms({ store, clock, symbols: () => symbols })
  }

  /** A gateway lives. */
  seen(gateway: string): void {
    const { send, term } = this.#options
    if (!this.#gateways.has(gateway)) send(gateway, { term, restore: true, deliveries: [] })
  }

  receive(message: RoomMessageToLeader): void {
    const { gateway: name } = message
    if (message.type === 'restore') {
      if (message.isFirst) this.#begin(name)
      for (const connection of message.connections) this.#restore(name, connection)
      return
    }
    const gateway = this.#gateways.get(name)
    if (gateway === undefined) this.seen(name)
    else if (message.type === 'request') this.#serve(gateway, message)
    else this.#close(gateway, message.connection)
  }

  answer(query: RoomQuery): RoomQueryAnswer {
    try {
      return { result: this.#resultOf(query) ?? null }
    } catch (error) {
      return { error: this.#refusalOf(error) }
    }
  }

  /** The gateway's connections are gone. */
  lose(name: string): void {
    const gateway = this.#gateways.get(name)
    for (const connection of gateway?.connections.keys() ?? []) this.#close(gateway!, connection)
    this.#gateways.delete(name)
  }

  /** Messages to gateways may have been lost: each is asked for what its connections had joined. */
  forgetAll(): void {
    for (const name of [...this.#gateways.keys()]) this.lose(name)
  }

  #begin(name: string): void {
    this.lose(name)
    const { clock, send, term } = this.#options
    const outbox = new RoomOutbox(clock, deliveries => send(name, { term, deliveries }))
    this.#gateways.set(name, { outbox, connections: new Map() })
  }

  #open(gateway: HostedGateway, connection: number, number: number, to: RoomSessionConnection): HostedConnection {
    const { onError } = this.#options
    const opened = { session: new RoomSession({ rooms: this.#rooms, connection: to, onError }), served: { number } }
    gateway.connections.set(connection, opened)
    return opened
  }

  #serve(gateway: HostedGateway, message: RoomRequestOfConnection): void {
    const { connection, number, accountId, request } = message
    const { outbox } = gateway
    const hosted = gateway.connections.get(connection) ?? this.#open(gateway, connection, 0, wireTo(outbox, connection))
    if (number > hosted.served.number) {
      hosted.served = { number, ...this.#handle(hosted, accountId, request) }
      if (request.type === 'room.message')
        void hosted.session.answered().then(() => outbox.add({ of: connection, answered: number }))
    }
    const { number: served, error } = hosted.served
    outbox.add({ of: connection, served, ...(error !== undefined && { error }) })
  }

  #handle({ session }: HostedConnection, accountId: string, request: RoomRequest): { error?: RefusedRequest } {
    try {
      session.handle(accountId, request)
      return {}
    } catch (error) {
      return { error: this.#refusalOf(error) }
    }
  }

  /** The connection is sent what it has missed, and nothing of its being restored. */
  #restore(name: string, { connection, accountId, number, rooms }: RestoredConnection): void {
    const gateway = this.#gateways.get(name)
    if (gateway === undefined) return
    const wire = wireTo(gateway.outbox, connection)
    let joined: Outbound<'room.joined'> | undefined
    let send = (text: string) => {
      const message = JSON.parse(text) as Outbound
      if (message.type === 'room.joined') joined = message
    }
    const hosted = this.#open(gateway, connection, number, {
      send: text => send(text),
      sendShared: message => wire.sendShared(message),
    })
    for (const { room, user, lastMessageId } of rooms) {
      const { error } = this.#handle(hosted, accountId, { type: 'room.join', room, user })
      if (error?.code === 'name-taken') this.#handle(hosted, accountId, { type: 'room.join', room })
      const missed = joined?.messages.filter(({ messageId }) => messageId > lastMessageId) ?? []
      joined = undefined
      for (const message of missed) wire.send(JSON.stringify({ type: 'room.message', room, ...message }))
    }
    send = text => wire.send(text)
  }

  #close({ connections }: HostedGateway, connection: number): void {
    connections.get(connection)?.session.leaveAll()
    connections.delete(connection)
  }

  #resultOf(query: RoomQuery): unknown {
    if (query.type === 'list') return this.#rooms.list()
    if (query.type === 'messages') return this.#rooms.messages(query.room, query.limit, query.before)
    return this.#rooms.mute(query.room, query.user, query.durationMs)
  }

  #refusalOf(error: unknown): RefusedRequest {
    if (error instanceof CodedError) return { code: error.code, text: error.message, retryMs: error.retryMs }
    this.#options.onError(error)
    return { code: 'internal', text: 'the request could not be served' }
  }
}

function wireTo(outbox: RoomOutbox, connection: number): RoomSessionConnection {
  return {
    send: text => outbox.add({ to: [connection], text }),
    sendShared: (message: SharedText) => outbox.share(message, connection),
  }
}
