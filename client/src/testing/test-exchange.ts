// An exchange with one account over real sockets, with the parts of the contract that tabs depend on: sessions that can
// be taken over, a private stream with resume and resend, one order for each clientOrderId. For tests only.

import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import { type WebSocket, WebSocketServer } from 'ws'

interface ReceivedMessage {
  readonly type: string
  readonly requestId?: unknown
  readonly [field: string]: unknown
}

type SentPrivateEvent = { readonly seq: number; readonly [field: string]: unknown }

const SESSIONS_MAX = 10
const LIMITS = { commandsPerSecond: 1_000, burst: 1_000 }

export async function startTestExchange(t: TestContext) {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  await once(server, 'listening')
  t.after(() => {
    for (const socket of server.clients) socket.terminate()
    server.close()
  })
  const sessions = new Map<string, WebSocket>()
  const events: SentPrivateEvent[] = []
  const orders = new Map<string, SentPrivateEvent>()
  const received: ReceivedMessage[] = []
  const rooms = new Map<string, { readonly members: Set<WebSocket>; readonly texts: Map<string, number> }>()
  let sessionsMade = 0
  let answers = true

  const say = (socket: WebSocket, message: object) => socket.send(JSON.stringify(message))
  function publish(event: object, asker?: WebSocket, requestId?: unknown): SentPrivateEvent {
    const numbered = { ...event, seq: events.length + 1 }
    events.push(numbered)
    if (!answers) return numbered
    for (const socket of sessions.values()) {
      say(socket, socket === asker ? { ...numbered, requestId } : numbered)
    }
    return numbered
  }

  function logOn(socket: WebSocket, { sessionId, nextSeq, requestId }: ReceivedMessage): void {
    const known = sessions.get(String(sessionId))
    if (known !== undefined && known !== socket) known.close(4409, 'taken over')
    const name = known === undefined ? `s${++sessionsMade}` : String(sessionId)
    if (known === undefined && sessions.size >= SESSIONS_MAX) {
      say(socket, { type: 'logon.reject', requestId, code: 'too-many-sessions', text: 'Ten are the most' })
      return
    }
    sessions.set(name, socket)
    const resumed = typeof nextSeq === 'number'
    const lastSeq = events.length
    say(socket, {
      type: 'logon.ok',
      requestId,
      sessionId: name,
      accountId: 'a1',
      privateEpoch: 'p1',
      lastSeq,
      resumed,
      limits: LIMITS,
    })
    if (resumed) for (const event of events.slice(nextSeq - 1)) say(socket, event)
    else {
      const account = { accountId: 'a1', seq: lastSeq, orders: [], positions: [], balance: { cash: 1, buyingPower: 1 } }
      say(socket, { type: 'account.snapshot', ...account })
    }
  }

  function place(socket: WebSocket, { clientOrderId, requestId }: ReceivedMessage): void {
    const id = String(clientOrderId)
    const first = orders.get(id)
    if (first !== undefined) {
      if (answers) say(socket, { ...first, requestId, duplicate: true })
      return
    }
    const order = { type: 'execution', orderId: `o-${id}`, clientOrderId: id, symbol: 'AAA', leavesSize: 1 }
    const created = { ...order, execType: 'new', orderStatus: 'new', lastSize: 0, cumSize: 0 }
    orders.set(id, publish(created, socket, requestId))
    publish({ ...order, execType: 'fill', orderStatus: 'filled', lastSize: 1, cumSize: 1, leavesSize: 0 })
  }

  /** Rooms without names, rates and presence. */
  function talk(socket: WebSocket, message: ReceivedMessage): void {
    const { type, requestId, text } = message
    const name = String(message.room)
    const room = rooms.get(name) ?? { members: new Set<WebSocket>(), texts: new Map<string, number>() }
    rooms.set(name, room)
    const shown = ([said, messageId]: [string, number]) => ({ messageId, user: 'ann', text: said, ts: 1 })
    if (type === 'room.join') {
      room.members.add(socket)
      const messages = [...room.texts].map(shown)
      say(socket, { type: 'room.joined', room: name, user: 'ann', users: ['ann'], count: 1, messages })
    } else if (!room.members.has(socket)) {
      say(socket, { type: 'error', requestId, code: 'not-in-room', text: 'Join it first' })
      return
    }
    if (type === 'room.leave') room.members.delete(socket)
    if (type !== 'room.message') say(socket, { type: 'ack', requestId })
    else {
      const isDuplicate = room.texts.has(String(text))
      const messageId = room.texts.get(String(text)) ?? room.texts.size + 1
      room.texts.set(String(text), messageId)
      say(socket, { type: 'ack', requestId, messageId, ...(isDuplicate && { duplicate: true }) })
      const sent = { type: 'room.message', room: name, ...shown([String(text), messageId]) }
      if (!isDuplicate) for (const member of room.members) say(member, sent)
    }
  }

  server.on('connection', socket => {
    say(socket, { type: 'welcome', epoch: 'mkt1', head: 0, serverTime: 1, limits: LIMITS })
    socket.on('message', data => {
      const message = JSON.parse(String(data)) as ReceivedMessage
      received.push(message)
      const { type, requestId } = message
      if (type === 'logon') logOn(socket, message)
      else if (type === 'order.place') place(socket, message)
      else if (type === 'logout') socket.close(1000)
      else if (!answers) return
      else if (type.startsWith('room.')) talk(socket, message)
      else if (type === 'ping') say(socket, { type: 'pong', requestId, serverTime: 1 })
      else if (type === 'order.cancel') {
        say(socket, { type: 'cancel.reject', requestId, code: 'unknown-order', text: 'There is none' })
      } else if (type === 'resend') {
        for (const event of events.slice(Number(message.from) - 1)) say(socket, event)
        say(socket, { type: 'ack', requestId })
      } else say(socket, { type: 'ack', requestId, count: 0 })
    })
    socket.on('close', () => {
      for (const { members } of rooms.values()) members.delete(socket)
      for (const [name, holder] of sessions) {
        // Without a logout the session can be taken over.
        if (holder === socket && received.at(-1)?.type === 'logout') sessions.delete(name)
      }
    })
  })

  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/v1/socket`,
    received,
    /** Orders that were created. */
    orders,
    get sockets() {
      return server.clients.size
    },
    get sessionsMade() {
      return sessionsMade
    },
    said: (type: string) => received.filter(message => message.type === type),
    /** How many connections are in a room. */
    membersOf: (room: string) => rooms.get(room)?.members.size ?? 0,
    /** false: commands are carried out without an answer. */
    setAnswers(value: boolean): void {
      answers = value
    },
    event: (event: object) => publish(event),
  }
}
