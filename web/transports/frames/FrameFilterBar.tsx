// Above the list of frames: text and events to filter by, pause, clear, totals and rates.

'use client'

import { formatBytes, formatSize } from '../../format/format.ts'
import { useNow } from '../../ui/use-now.tsx'
import type { FrameFilter, FrameView } from './frame-log.ts'
import type { FrameWatch } from './frame-watch.ts'
import css from './frames.module.css'

interface FrameFilterBarProps {
  readonly watch: FrameWatch
  readonly view: FrameView
  readonly filter: FrameFilter
  readonly onFilter: (filter: FrameFilter) => void
  readonly onClear: () => void
}

export function FrameFilterBar({ watch, view, filter, onFilter, onClear }: FrameFilterBarProps) {
  const toggle = (name: string) => {
    const { events } = filter
    onFilter({ ...filter, events: events.includes(name) ? events.filter(one => one !== name) : [...events, name] })
  }
  return (
    <>
      <div className={css.tools}>
        <input
          type="search"
          aria-label="Text in the frames"
          placeholder="Text in the frames"
          value={filter.text}
          onChange={event => onFilter({ ...filter, text: event.target.value })}
          data-testid="frames-text"
        />
        <button
          type="button"
          className={css.tool}
          aria-pressed={view.isPaused}
          onClick={() => watch.setPaused(!view.isPaused)}
          data-testid="frames-pause"
        >
          Pause
        </button>
        <button type="button" className={css.tool} onClick={onClear} data-testid="frames-clear">
          Clear
        </button>
        <Totals watch={watch} view={view} />
      </div>
      {view.events.length > 1 && (
        <fieldset className={css.chips}>
          <legend className="visually-hidden">Events to show; all if none is chosen</legend>
          {view.events.map(([name, count]) => (
            <button
              key={name}
              type="button"
              aria-pressed={filter.events.includes(name)}
              onClick={() => toggle(name)}
              data-testid={`frames-event-${name}`}
            >
              {name} <span>{formatSize(count)}</span>
            </button>
          ))}
        </fieldset>
      )}
    </>
  )
}

function Totals({ watch, view }: Pick<FrameFilterBarProps, 'watch' | 'view'>) {
  const { framesPerSecond, bytesPerSecond } = watch.rate(useNow())
  return (
    <p className={css.totals} data-testid="frames-totals" data-count={view.count} data-bytes={view.bytes}>
      {formatSize(view.count)} frames, {formatBytes(view.bytes)}
      {' · '}
      {framesPerSecond.toFixed(1)}/s, {formatBytes(Math.round(bytesPerSecond))}/s
      {view.isPaused && <b> · paused, {formatSize(view.waiting)} more</b>}
    </p>
  )
}
