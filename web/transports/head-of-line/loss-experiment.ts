// Runs experiments, one at a time: opens six streams over one version of HTTP, loses a packet on request, and keeps
// what arrived around the loss and the outcome of each trial. Knows nothing of how it is shown.

import { type HttpVersion, LOSS_LAB, type PacketLoss } from '@papertape/protocol'
import type { FrameScheduler } from '../../reactive/frame-scheduler.ts'
import { createComputed, type Observable } from '../../reactive/observable.ts'
import type { LabStreamHandlers } from './lab-streams.ts'
import { type LossEvent, type LossPhase, next } from './loss-machine.ts'
import { type Arrival, type LossOutcome, lossOutcome } from './order-of-arrival.ts'

export interface LossExperimentPorts {
  readonly frames: FrameScheduler
  openStreams(origin: string, handlers: LabStreamHandlers): { close(): void }
  losePacket(port: number, version: HttpVersion): Promise<PacketLoss>
  /** Returns what cancels it. */
  setTimer(run: () => void, delayMs: number): () => void
}

export interface LossTrial {
  readonly arrivals: readonly Arrival[]
  readonly loss: PacketLoss
  readonly outcome: LossOutcome
}

export interface LossExperimentView {
  readonly phase: LossPhase
  /** Of the streams that are open. */
  readonly version: HttpVersion | undefined
  /** The last seconds, in the order in which they came. */
  readonly arrivals: readonly Arrival[]
  readonly trials: Readonly<Record<HttpVersion, readonly LossTrial[]>>
  /** Why the streams are closed or no packet was lost; empty when nothing went wrong. */
  readonly problem: string
}

export interface LossExperiment {
  readonly view: Observable<LossExperimentView>
  /**
   * @param port of the laboratory's control endpoint.
   * @param closedText what to do when the streams do not open, or end.
   */
  open(port: number, version: HttpVersion, origin: string, closedText: string): void
  drop(): void
  close(): void
}

const DRAW_MS = 100
const KEPT_MS = 4_000
const OPEN_MAX_MS = 8_000
/** A lost packet has been sent again by then, and what waited for it has come. */
const SETTLE_MS = 1_000
/** What arrives before the loss shows the pace. */
const BEFORE_LOSS_MS = 200

export function createLossExperiment(ports: LossExperimentPorts): LossExperiment {
  let phase: LossPhase = 'closed'
  let controlPort = 0
  let version: HttpVersion | undefined
  let problem = ''
  let arrivals: Arrival[] = []
  const trials: Record<HttpVersion, readonly LossTrial[]> = { http1: [], http2: [], http3: [] }
  let closeStreams = () => {}
  let cancelTimer = () => {}
  const view = createComputed(
    ports.frames,
    (): LossExperimentView => ({ phase, version, arrivals: [...arrivals], trials: { ...trials }, problem }),
    DRAW_MS,
  )

  function change(event: LossEvent, text = ''): void {
    phase = next(phase, event)
    problem = text
    view.invalidate()
  }

  function close(text = ''): void {
    closeStreams()
    cancelTimer()
    version = undefined
    arrivals = []
    change('close', text)
  }

  function take(arrival: Arrival): void {
    arrivals.push(arrival)
    while (arrivals[0]!.atMs < arrival.atMs - KEPT_MS) arrivals.shift()
    if (phase === 'opening' && new Set(arrivals.map(({ lane }) => lane)).size === LOSS_LAB.streams) {
      cancelTimer()
      change('opened')
    }
    view.invalidate()
  }

  function settle(lost: PacketLoss): void {
    const around = arrivals.filter(({ atMs }) => atMs >= lost.lostAtMs - BEFORE_LOSS_MS)
    const trial = { arrivals: around, loss: lost, outcome: lossOutcome(around) }
    trials[lost.version] = [...trials[lost.version], trial]
    change('settled')
  }

  return {
    view,
    open(port, opened, origin, closedText) {
      close()
      controlPort = port
      version = opened
      change('open')
      const streams = ports.openStreams(origin, { onArrival: take, onEnd: () => close(closedText) })
      closeStreams = streams.close
      cancelTimer = ports.setTimer(() => close(closedText), OPEN_MAX_MS)
    },
    drop() {
      if (version === undefined || next(phase, 'drop') === phase) return
      change('drop')
      ports.losePacket(controlPort, version).then(
        lost => {
          // The streams may have been closed, or opened over another version, meanwhile.
          if (lost.version !== version || phase !== 'losing') return
          change('lost')
          cancelTimer = ports.setTimer(() => settle(lost), SETTLE_MS)
        },
        (error: Error) => change('refused', error.message),
      )
    },
    close: () => close(),
  }
}
