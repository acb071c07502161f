// The order channel: the WebSocket /v1/socket, subprotocol papertape.v1, over ws. What messages are answered with is
// decided in the gateway's ChannelEndpoint.

import type { ConnectionPace } from '@papertape/feed'
import {
  ChannelEndpoint,
  type ChannelEndpointDeps,
  CodedError,
  type LabConnection,
  type LabConnections,
  type LabControls,
} from '@papertape/gateway'
import { type Clock, type LabCloseCode, SUBPROTOCOL } from '@papertape/protocol'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { WebSocket } from 'ws'
import type { AddressSockets } from '../auth/address-sockets.ts'
import { browserAccounts } from '../auth/identity.ts'
import type { Drain } from '../connections/drain.ts'
import { checkHandshake } from '../http/upgrade.ts'
import type { ConnectionCounts, CountedConnection } from '../metrics/connection-counts.ts'
import { countSocket, type SocketErrorListener, takeUpgraded } from './counted-socket.ts'
import type { Heartbeats } from './heartbeats.ts'
import { socketSchema } from './route-schemas.ts'
import { type ConnectionOptions, SocketConnection } from './socket-connection.ts'

export interface OrderChannelOptions {
  readonly deps: ChannelEndpointDeps
  /** Undefined when the laboratory is off. */
  readonly connections: LabConnections | undefined
  readonly addressSockets: AddressSockets
  readonly counts: ConnectionCounts
  readonly drain: Drain
  readonly heartbeats: Heartbeats
  readonly onSocketError: SocketErrorListener
}

export function orderChannelRoutes(app: FastifyInstance, options: OrderChannelOptions): void {
  const { addressSockets, drain } = options
  app.route({
    method: 'GET',
    url: '/socket',
    schema: socketSchema,
    // Before the upgrade, so that a refusal is an HTTP answer with a problem. The origin has been checked before.
    preValidation: async request => {
      if (!request.ws) return
      checkHandshake(request.headers)
      drain.requireOpen()
      addressSockets.require(request.ip)
    },
    handler: async () => {
      throw new CodedError('upgrade-required', `open a WebSocket here, with the subprotocol ${SUBPROTOCOL}`)
    },
    // Attaches its listeners before anything is awaited: a frame that comes at once is not lost.
    wsHandler: (socket, request) => void new ChannelSocket(socket, request, options),
  })
}

/** One WebSocket and the service's end of it. */
class ChannelSocket implements ConnectionOptions, LabControls {
  readonly #options: OrderChannelOptions
  readonly #socket: WebSocket
  readonly #connection: SocketConnection
  readonly #channel: ChannelEndpoint
  readonly #lab: LabConnection | undefined
  readonly #addressKey: string
  readonly counted: CountedConnection

  constructor(socket: WebSocket, request: FastifyRequest, options: OrderChannelOptions) {
    const { deps, connections, addressSockets, counts, drain, onSocketError } = options
    this.#options = options
    this.#socket = socket
    this.#addressKey = addressSockets.open(request.ip)
    this.counted = countSocket(request, { counts, endpoint: 'orderChannel' })
    this.#lab = connections?.add(this)
    this.#connection = new SocketConnection(socket, takeUpgraded(socket, request, onSocketError), this)
    const { active } = browserAccounts(request, deps.feed.log.epoch)
    this.#channel = new ChannelEndpoint(deps, this.#connection, active, this.#lab?.key)
    drain.add(this.#channel)
    this.#channel.open()
  }

  get clock(): Clock {
    return this.#options.deps.clock
  }

  get heartbeats(): Heartbeats {
    return this.#options.heartbeats
  }

  get lagMaxMs(): number {
    return this.#options.deps.feed.lagMaxMs
  }

  get pace(): ConnectionPace | undefined {
    return this.#lab?.pace
  }

  onMessage(data: Buffer, isBinary: boolean): void {
    if (isBinary) this.#connection.close('binaryFrame')
    else this.#channel.receive(data.toString())
  }

  onPing(): void {
    this.#channel.receiveControlFrame()
  }

  onOtherPong(): void {
    this.#channel.receiveControlFrame()
  }

  heartbeat(): string {
    return JSON.stringify(this.#channel.heartbeat())
  }

  onEnd(): void {
    const { connections, drain } = this.#options
    drain.remove(this.#channel)
    this.#channel.release()
    if (this.#lab !== undefined) connections?.remove(this.#lab)
  }

  onClose(): void {
    this.#options.addressSockets.close(this.#addressKey)
  }

  cut(): void {
    this.#socket.terminate()
  }

  close(code: LabCloseCode): void {
    this.#channel.closeAtRequest(code)
  }
}
