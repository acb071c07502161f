// How far a run is, on stderr: one line that is drawn again and again on a terminal, lines of JSON when it is piped.
// Never writes to stdout, which belongs to results.

export interface Progress {
  /** Draws when it is time to; call it as often as you like. */
  report(time: number, events: number): void
  /** Takes the line away, or writes the last one. */
  end(): void
}

const DRAW_MS = 100
const PIPED_MS = 1000
const BAR = 24

export interface ProgressSpan {
  readonly startTime: number
  readonly endTime: number
}

export function createProgress(stream: NodeJS.WriteStream, { startTime, endTime }: ProgressSpan): Progress {
  const startedAt = performance.now()
  const redraws = stream.isTTY === true
  let drawnAt = startedAt
  let last = { time: startTime, events: 0 }

  function figures() {
    const elapsedMs = Math.max(1, performance.now() - startedAt)
    const share = Math.min(1, (last.time - startTime) / Math.max(1, endTime - startTime))
    return {
      share,
      eventsPerSecond: Math.round((last.events * 1000) / elapsedMs),
      leftMs: share === 0 ? undefined : Math.round((elapsedMs * (1 - share)) / share),
    }
  }

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
      new Date(last.time).toISOString().slice(11, 19),
      `${last.events.toLocaleString('en')} events`,
      `${eventsPerSecond.toLocaleString('en')}/s`,
      leftMs === undefined ? '' : `${Math.ceil(leftMs / 1000)} s left`,
    ]
    // A line wider than the window would wrap, and the next one would not cover it.
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
