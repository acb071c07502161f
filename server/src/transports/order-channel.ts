// The order channel: the WebSocket /v1/socket, subprotocol papertape.v1, over ws. What messages are answered with is
// decided in the gateway's ChannelEndpoint.

import { ChannelEndpoint, type ChannelEndpointDeps, CodedError, type LabConnections } from '@papertape/gateway'
import { SUBPROTOCOL } from '@papertape/protocol'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { WebSocket } from 'ws'
import type { AddressSockets } from '../auth/address-sockets.ts'
import { browserAccounts } from '../auth/identity.ts'
import type { Drain } from '../connections/drain.ts'
import { checkHandshake } from '../http/upgrade.ts'
import type { ConnectionCounts } from '../metrics/connection-counts.ts'
import { countSocket } from './counted-socket.ts'
import { socketSchema } from './route-schemas.ts'
import { SocketConnection } from './socket-connection.ts'

export interface OrderChannelOptions {
  readonly deps: ChannelEndpointDeps
  /** Undefined when the laboratory is off. */
  readonly connections: LabConnections | undefined
  readonly addressSockets: AddressSockets
  readonly counts: ConnectionCounts
  readonly drain: Drain
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
    wsHandler: (socket, request) => {
      socket.once('close', addressSockets.open(request.ip))
      openChannel(socket, request, options)
    },
  })
}

function openChannel(socket: WebSocket, request: FastifyRequest, options: OrderChannelOptions): void {
  const { deps, connections, counts, drain } = options
  const { feed, clock } = deps
  const lab = connections?.add({ cut: () => socket.terminate(), close: code => channel.closeAtRequest(code) })
  const connection = new SocketConnection(socket, request.raw.socket, {
    clock,
    lagMaxMs: feed.lagMaxMs,
    counted: countSocket(socket, request, { counts, endpoint: 'orderChannel' }),
    heartbeat: () => JSON.stringify(channel.heartbeat()),
    onOtherPong: () => channel.receiveControlFrame(),
    onEnd: () => {
      drain.remove(channel)
      channel.release()
      if (lab !== undefined) connections?.remove(lab)
    },
    pace: lab?.pace,
  })
  const channel = new ChannelEndpoint(deps, connection, browserAccounts(request, feed.log.epoch).active, lab?.key)
  drain.add(channel)
  socket.on('message', (data, isBinary) => {
    if (isBinary) connection.close('binaryFrame')
    else channel.receive(data.toString())
  })
  socket.on('ping', () => channel.receiveControlFrame())
  channel.open()
}
