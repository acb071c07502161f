// The rooms that all gateways of a market share, at one of them: they live with the leader, to whom the requests of
// connections go, and who sends each message once for all connections of a gateway. Restores what its connections had
// joined at the next leader. Keeps no message.

import { WorkQueue } from '@papertape/feed'
import {
  CodedError,
  type ConnectionRooms,
  FAN_OUT_SLICE,
  type RoomService,
  type RoomSessionConnection,
  SharedText,
} from '@papertape/gateway'
import type { Clock, Outbound, RoomMessagesAnswer, RoomsAnswer } from '@papertape/protocol'
import type { RoomDelivery, RoomMessageToGateway, RoomQuery, RoomQueryAnswer } from '../log/room-messages.ts'
import { decodeMessage, encodeMessage } from '../log/wire.ts'
import type { ClusterConnection } from '../nats/cluster-connection.ts'
import { RemoteConnectionRooms } from './remote-connection-rooms.ts'

/** A request that is not served is sent again. */
const SEND_AGAIN_MS = 1_000
const RESTORED_PER_MESSAGE = 200
const QUERY_MAX_MS = 1_000
const QUERY_TRIES = 10
const QUERY_AGAIN_MS = 100
const BUSY_RETRY_MS = 2_000
/** Of these the gateway must know what they say. */
const OF_ROOM_STATE = /^\{"type":"room\.(?:joined|message)"/

export class RemoteRooms implements RoomService {
  readonly #connection: ClusterConnection
  readonly #gateway: string
  readonly #fanOut: WorkQueue
  readonly #connections = new Map<number, RemoteConnectionRooms>()
  #lastId = 0
  /** Of the newest leader that has sent something. */
  #term = 0

  constructor(connection: ClusterConnection, gateway: string, clock: Clock) {
    this.#connection = connection
    this.#gateway = gateway
    this.#fanOut = new WorkQueue({ ...FAN_OUT_SLICE, clock })
    connection.listen(connection.subjects.roomsOf(gateway), decodeMessage<RoomMessageToGateway>, message =>
      this.#receive(message),
    )
    // Messages to and from this gateway may have been lost.
    connection.watch(() => this.#restore())
    setInterval(() => this.#sendAgain(SEND_AGAIN_MS), SEND_AGAIN_MS)
  }

  open(connection: RoomSessionConnection): ConnectionRooms {
    const id = ++this.#lastId
    const gateway = this.#gateway
    const opened = new RemoteConnectionRooms({
      id,
      idPrefix: gateway,
      connection,
      send: request => this.#publish({ type: 'request', gateway, connection: id, ...request }),
      onClose: () => {
        this.#connections.delete(id)
        this.#publish({ type: 'close', gateway, connection: id })
      },
    })
    this.#connections.set(id, opened)
    return opened
  }

  async list(): Promise<RoomsAnswer['rooms']> {
    return (await this.#ask({ type: 'list' })) as RoomsAnswer['rooms']
  }

  async messages(room: string, limit: number, before?: number): Promise<RoomMessagesAnswer> {
    return (await this.#ask({ type: 'messages', room, limit, before })) as RoomMessagesAnswer
  }

  async mute(room: string, user: string, durationMs: number): Promise<void> {
    await this.#ask({ type: 'mute', room, user, durationMs })
  }

  #receive({ term, restore, deliveries }: RoomMessageToGateway): void {
    // An earlier leader that does not know yet that it leads no more.
    if (term < this.#term) return
    this.#term = term
    for (const delivery of deliveries) this.#deliver(delivery)
    if (restore === true) this.#restore()
  }

  /** In the order in which the leader has sent it. */
  #deliver(delivery: RoomDelivery): void {
    if ('to' in delivery) {
      const { to, text } = delivery
      const shared = new SharedText(text)
      const message = OF_ROOM_STATE.test(text) ? (JSON.parse(text) as Outbound) : undefined
      for (const id of to) this.#fanOut.add(() => this.#connections.get(id)?.deliver(shared, message))
    } else if ('served' in delivery) {
      const { of, served, error } = delivery
      this.#fanOut.add(() => this.#connections.get(of)?.served(served, error))
    } else {
      const { of, answered } = delivery
      this.#fanOut.add(() => this.#connections.get(of)?.answeredUpTo(answered))
    }
  }

  /** After what was delivered: it says what the connections have. */
  #restore(): void {
    this.#fanOut.add(() => {
      const connections = [...this.#connections.values()].map(one => one.restored())
      const gateway = this.#gateway
      for (let at = 0; at === 0 || at < connections.length; at += RESTORED_PER_MESSAGE) {
        const some = connections.slice(at, at + RESTORED_PER_MESSAGE)
        this.#publish({ type: 'restore', gateway, isFirst: at === 0, connections: some })
      }
      this.#sendAgain()
    })
  }

  #sendAgain(waitedMs?: number): void {
    for (const connection of this.#connections.values()) connection.sendAgain(waitedMs)
  }

  #publish(message: Parameters<typeof encodeMessage>[0]): void {
    const { nats, subjects } = this.#connection
    if (!nats.isClosed()) nats.publish(subjects.rooms, encodeMessage(message))
  }

  async #ask(query: RoomQuery): Promise<unknown> {
    const { nats, subjects } = this.#connection
    for (let tries = 0; tries < QUERY_TRIES; tries++) {
      const reply = await nats
        .request(subjects.roomQuery, encodeMessage(query), { timeout: QUERY_MAX_MS })
        .catch(() => undefined)
      if (reply !== undefined) return resultOf(decodeMessage<RoomQueryAnswer>(reply.data))
      await new Promise(resolve => setTimeout(resolve, QUERY_AGAIN_MS))
    }
    throw new CodedError('busy', 'nobody leads the market now; ask again', BUSY_RETRY_MS)
  }
}

/** @throws {CodedError} what the leader has refused it with */
function resultOf(answer: RoomQueryAnswer): unknown {
  if ('result' in answer) return answer.result
  const { code, text, retryMs } = answer.error
  throw new CodedError(code, text, retryMs)
}
