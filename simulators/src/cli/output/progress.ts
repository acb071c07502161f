// Progress on stderr: a bar on a terminal, JSON lines otherwise. Never writes to stdout.

import { progressFigures } from '../../recording/run-progress.ts'

export interface Progress {
  /** Draws at most at its rate; may be called any number of times. */
  report(time: number, events: number): void
  /** Clears the bar, or writes the last JSON line. */
  end(): void
}

const DRAW_MS = 100
const PIPED_MS = 1000
const BAR = 24

export interface ProgressSpan {
  readonly startTime: number
  readonly endTime: number
  /** Formats a time for the user; as a time of day when absent. */
  readonly format?: (time: number) => string
  /** The position of a resumed run. */
  readonly from?: { readonly time: number; readonly events: number }
}

const timeOfDay = (time: number) => new Date(time).toISOString().slice(11, 19)

export function createProgress(stream: NodeJS.WriteStream, span: ProgressSpan): Progress {
  const { startTime, endTime, format = timeOfDay, from = { time: startTime, events: 0 } } = span
  const startedAt = performance.now()
  const redraws = stream.isTTY === true
  let drawnAt = startedAt
  let last = from

  const figures = () => progressFigures({ startTime, endTime, from }, last, performance.now() - startedAt)

  function draw(): void {
    const { share, eventsPerSecond, leftMs } = figures()
    if (!redraws) {
      const { time, events } = last
      stream.write(
        `${JSON.stringify({ progress: Math.round(share * 1000) / 1000, time, events, eventsPerSecond, leftMs })}\n`,
      )
      return
    }
    const filled = Math.round(share * BAR)
    const parts = [
      `${'█'.repeat(filled)}${'░'.repeat(BAR - filled)} ${Math.floor(share * 100)} %`,
      format(last.time),
      `${last.events.toLocaleString('en')} events`,
      `${eventsPerSecond.toLocaleString('en')}/s`,
      leftMs === undefined ? '' : `${Math.ceil(leftMs / 1000)} s left`,
    ]
    // A line wider than the window would wrap and not be overwritten.
    const line = parts.filter(part => part !== '').join('  ')
    stream.write(`\r\x1b[K${line.slice(0, Math.max(20, (stream.columns ?? 80) - 1))}`)
  }

  return {
    report(time, events) {
      last = { time, events }
      const now = performance.now()
      if (now - drawnAt < (redraws ? DRAW_MS : PIPED_MS)) return
      drawnAt = now
      draw()
    },
    end() {
      if (redraws) stream.write('\r\x1b[K')
      else draw()
    },
  }
}
