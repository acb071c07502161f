// Mounts the adapters below their prefixes: every request there goes to the adapter as it was sent, so that what it
// does not offer is answered in its venue's form too. What is answered is decided in adapters/.

import type { Adapter, AdapterAnswer, AdapterRequest } from '@papertape/adapters'
import { CodedError } from '@papertape/gateway'
import { HEARTBEAT_MS } from '@papertape/protocol'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { WebSocket } from 'ws'
import type { AddressSockets } from '../auth/address-sockets.ts'
import type { Drain } from '../connections/drain.ts'
import { HIDDEN } from '../docs/route-schema.ts'
import { checkSocketRequest } from '../http/upgrade.ts'
import type { ConnectionCounts } from '../metrics/connection-counts.ts'
import { asCodedError } from '../plugins/problems.ts'
import { countSocket, type SocketErrorListener, takeUpgraded } from './counted-socket.ts'
import { type ConnectionOptions, SocketConnection } from './socket-connection.ts'

export interface AdapterMount extends Pick<ConnectionOptions, 'clock' | 'heartbeats' | 'lagMaxMs'> {
  readonly adapters: readonly Adapter[]
  readonly addressSockets: AddressSockets
  readonly counts: ConnectionCounts
  readonly drain: Drain
  readonly onSocketError: SocketErrorListener
}

export async function adapterRoutes(app: FastifyInstance, mount: AdapterMount): Promise<void> {
  for (const adapter of mount.adapters) {
    await app.register(async scope => mountAdapter(scope, adapter, mount), { prefix: adapter.prefix })
  }
}

function mountAdapter(app: FastifyInstance, adapter: Adapter, mount: AdapterMount): void {
  const { addressSockets, counts, drain, onSocketError, heartbeats, clock, lagMaxMs } = mount
  // A signature is over the text of the body, in whatever form it is sent.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body))
  // Some clients send an empty one without a body, which Fastify would refuse.
  app.addHook('onRequest', async ({ raw }) => {
    if (raw.headers['content-type'] === '') delete raw.headers['content-type']
  })
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const coded = asCodedError(error, request)
    if (coded.code === 'internal') request.log.error(error)
    return send(reply, adapter.answerError(coded))
  })
  const handler = async (request: FastifyRequest, reply: FastifyReply) =>
    send(reply, await adapter.answer(asAdapterRequest(request, adapter)))

  app.route({ ...HIDDEN, method: ['POST', 'PUT', 'PATCH', 'DELETE'], url: '/*', handler })
  app.route({
    ...HIDDEN,
    method: 'GET',
    url: '/*',
    handler,
    // Before the upgrade, so that a refusal is an HTTP answer.
    preValidation: async request => {
      if (!request.ws) return
      const asked = asAdapterRequest(request, adapter)
      if (adapter.openSocket(asked) === undefined)
        throw new CodedError('not-found', `there is no stream at ${asked.path}`)
      checkSocketRequest(request.headers)
      drain.requireOpen()
      addressSockets.require(request.ip)
    },
    wsHandler: (socket, request) => openStream(socket, request),
  })

  function openStream(socket: WebSocket, request: FastifyRequest): void {
    const addressKey = addressSockets.open(request.ip)
    const connection = new SocketConnection(socket, takeUpgraded(socket, request, onSocketError), {
      clock,
      heartbeats,
      lagMaxMs,
      counted: countSocket(request, { counts, endpoint: 'adapter' }),
      onMessage: (data, isBinary) => stream.receive(isBinary ? data : data.toString()),
      onPing: () => stream.receiveControlFrame(),
      onOtherPong: () => stream.receiveControlFrame(),
      onEnd: () => {
        drain.remove(leaving)
        stream.release()
      },
      onClose: () => addressSockets.close(addressKey),
    })
    const stream = adapter.openSocket(asAdapterRequest(request, adapter))!(connection)
    // A notice of ours would be no message to its client.
    const leaving = { drain: () => connection.close('shutdown') }
    drain.add(leaving)
    connection.startHeartbeat(HEARTBEAT_MS)
  }
}

function asAdapterRequest(request: FastifyRequest, { prefix }: Adapter): AdapterRequest {
  const { method, url, headers, body } = request
  const queryAt = url.indexOf('?')
  return {
    method,
    path: url.slice(prefix.length, queryAt < 0 ? undefined : queryAt),
    queryText: queryAt < 0 ? '' : url.slice(queryAt + 1),
    headers: headers as AdapterRequest['headers'],
    bodyText: typeof body === 'string' ? body : '',
  }
}

function send(reply: FastifyReply, { status, body, headers = {} }: AdapterAnswer): FastifyReply {
  reply.code(status).headers({ 'cache-control': 'no-store', ...headers })
  return body === undefined ? reply.send() : reply.type('application/json').send(JSON.stringify(body))
}
