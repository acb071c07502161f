// The order channel as a bot would use it: a WebSocket, JSON, requestIds. Written from the contract, without the
// client.

import { once } from 'node:events'
import { within } from '@papertape/protocol/testing/within'
import WebSocket from 'ws'

// biome-ignore lint/suspicious/noExplicitAny: tests read fields of many kinds of messages
export type ChannelMessage = any

export interface Channel {
  readonly socket: WebSocket
  readonly messages: readonly ChannelMessage[]
  send(message: object): void
  /** Sends a command and returns the one message with its requestId. */
  ask(message: object): Promise<ChannelMessage>
  until(satisfies: (message: ChannelMessage) => boolean): Promise<ChannelMessage>
  readonly closed: Promise<{ code: number; reason: string }>
}

const WAIT_MAX_MS = 20_000

export async function openChannel(
  url: string,
  headers: Record<string, string> = {},
  protocols = ['papertape.v1'],
): Promise<Channel> {
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/v1/socket`, protocols, {
    headers,
    rejectUnauthorized: false,
  })
  const messages: ChannelMessage[] = []
  const waiters = new Set<() => void>()
  socket.on('message', data => {
    messages.push(JSON.parse(data.toString()))
    for (const wake of waiters) wake()
  })
  const closed = new Promise<{ code: number; reason: string }>(resolve =>
    socket.once('close', (code, reason) => resolve({ code, reason: reason.toString() })),
  )
  await within(once(socket, 'open'), 'the opening of the socket', WAIT_MAX_MS)
  // Failures after the opening appear as close codes.
  socket.on('error', () => {})
  let lastRequest = 0

  function until(satisfies: (message: ChannelMessage) => boolean): Promise<ChannelMessage> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        waiters.delete(look)
        reject(new Error(`nothing of the kind in ${JSON.stringify(messages).slice(-2_000)}`))
      }, WAIT_MAX_MS)
      const look = () => {
        const found = messages.find(satisfies)
        if (found === undefined) return
        clearTimeout(timer)
        waiters.delete(look)
        resolve(found)
      }
      waiters.add(look)
      look()
    })
  }
  const send = (message: object) => socket.send(JSON.stringify(message))

  return {
    socket,
    messages,
    send,
    ask(message) {
      const requestId = `r${++lastRequest}`
      send({ ...message, requestId })
      return until(answer => answer.requestId === requestId)
    },
    until,
    get closed() {
      return within(closed, 'the close of the socket', WAIT_MAX_MS)
    },
  }
}

export async function openAccount(
  url: string,
  cash?: number,
): Promise<{ accountId: string; token: string; cash: number }> {
  const body = cash === undefined ? {} : { cash }
  const response = await fetch(`${url}/v1/accounts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return (await response.json()) as { accountId: string; token: string; cash: number }
}

/** A connection that is logged on, and its account. */
export async function logOn(url: string, token: string, more: object = {}) {
  const channel = await openChannel(url)
  const logon = await channel.ask({ type: 'logon', token, ...more })
  return { channel, logon }
}
