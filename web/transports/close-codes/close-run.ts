// Makes the server close a WebSocket in one way, with the client's own order channel on it: what it does next, and how
// long it waits, is the channel's decision. One run at a time; ends when the client is back or has given up.

import type { ChannelOptions, ChannelState, OrderChannel, OutboundMessage } from '@papertape/client'
import type { FrameScheduler } from '../../reactive/frame-scheduler.ts'
import { createComputed, type Observable } from '../../reactive/observable.ts'
import { PROVOCATIONS, type ProvocationName } from './provocations.ts'
import { recordedWebSocket } from './recorded-socket.ts'
import { type CloseRunState, type RunEvent, reduceRun, startRun } from './run-state.ts'

export interface CloseRunPorts {
  openChannel(options: ChannelOptions): OrderChannel
  /** `POST /v1/lab/<control>`. */
  control(control: string, body: object): Promise<unknown>
  nowMs(): number
  readonly frames: FrameScheduler
}

const DRAW_MS = 100

export interface CloseRun {
  readonly provocation: ProvocationName
  readonly state: Observable<CloseRunState>
  /** Closes what it has opened. */
  stop(): void
}

/** @param failures how many attempts after the close are to fail */
export function startCloseRun(ports: CloseRunPorts, provocation: ProvocationName, failures: number): CloseRun {
  const { action } = PROVOCATIONS[provocation]
  let current = startRun(ports.nowMs())
  // A flood is hundreds of frames in a moment.
  const state = createComputed(ports.frames, () => current, DRAW_MS)
  const open: OrderChannel[] = []
  let socket: WebSocket | undefined

  const apply = (event: RunEvent) => {
    current = reduceRun(current, event)
    state.invalidate()
    if (current.outcome !== 'running') for (const one of open.splice(0)) one.leave()
  }

  const WebSocket = recordedWebSocket({
    mustFail: connection => connection > 1 && connection <= 1 + failures,
    opening(_, opened) {
      socket = opened
    },
    received(connection, text) {
      const message = JSON.parse(text) as OutboundMessage
      if (connection === 1) apply({ type: 'received', ...describe(message, text), atMs: ports.nowMs() })
      if (message.type !== 'welcome') return
      if (connection > 1) apply({ type: 'reconnected' })
      else provoke(message.labKey)
    },
    closed: (_, { code, reason, wasClean }) => apply({ type: 'closed', code, reason, wasClean, atMs: ports.nowMs() }),
  })

  function provoke(key: string | undefined): void {
    if (action.type === 'send') {
      for (let sent = 0; sent < action.times; sent++) sendFrame(action.frame)
    } else if (action.type === 'ask') {
      if (key === undefined)
        apply({
          type: 'failed',
          text: 'This server closes no connection on request: its laboratory is off (--lab off).',
        })
      else void ask(action.control, { ...action.body, key })
    }
  }

  function sendFrame(frame: string | Uint8Array<ArrayBuffer>): void {
    socket?.send(frame)
    const text = typeof frame === 'string' ? frame : `${frame.length} binary bytes`
    apply({ type: 'sent', kind: text, text, atMs: ports.nowMs() })
  }

  async function ask(control: string, body: object): Promise<void> {
    try {
      await ports.control(control, body)
    } catch (error) {
      apply({ type: 'failed', text: error instanceof Error ? error.message : String(error) })
    }
  }

  let waitingSinceMs = 0
  function follow(channel: ChannelState): void {
    if (channel.phase === 'closed') finish(channel)
    else if (channel.phase === 'waiting' && channel.sinceMs !== waitingSinceMs) {
      waitingSinceMs = channel.sinceMs
      const { retryInMs = 0, attempts } = channel
      apply({ type: 'waiting', waitMs: retryInMs, failures: attempts, atMs: ports.nowMs() })
    } else if (action.type === 'takeOver' && channel.phase === 'ready' && open.length === 1) takeOver()
  }

  /** A channel that gives up before its socket was closed was not let in. */
  function finish({ reason }: ChannelState): void {
    if (current.close !== undefined) apply({ type: 'ended' })
    else apply({ type: 'failed', text: reason?.text ?? 'The connection was not opened.' })
  }

  function takeOver(): void {
    const { session } = open[0]!
    if (session !== undefined) open.push(ports.openChannel({ session }))
  }

  open.push(ports.openChannel({ logon: action.type === 'takeOver', onState: follow, WebSocket }))
  // A connection that neither logs on nor subscribes is closed.
  if (action.type === 'ask') {
    open[0]!
      .subscribe({ subscription: 'status', events: ['status'] }, () => {})
      .catch(() => {
        // The run ends with the channel, and shows why.
      })
  }
  return { provocation, state, stop: () => apply({ type: 'stopped' }) }
}

function describe(message: OutboundMessage, text: string) {
  const code = 'code' in message ? ` ${message.code}` : ''
  const retryMs = 'retryMs' in message ? message.retryMs : undefined
  return { kind: `${message.type}${code}`, text, retryMs }
}
