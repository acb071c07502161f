// The headlines so far, newest first: of all instruments, or of the selected one. The symbols of a headline select
// their instrument.

'use client'

import type { News } from '@papertape/protocol'
import { memo } from 'react'
import { useDashboard } from '../dashboard/dashboard-context.tsx'
import type { Preference } from '../dashboard/preferences.ts'
import { usePreference } from '../dashboard/use-preference.tsx'
import { formatTime } from '../format/format.ts'
import { concerns, SEVERITY_LABELS } from '../market/news.ts'
import { useObservable } from '../reactive/use-observable.tsx'
import panelCss from '../ui/Panel.module.css'
import { Empty, Panel } from '../ui/Panel.tsx'
import css from './NewsPanel.module.css'

const SHOWN_NEWS: Preference<'all' | 'selected'> = {
  key: 'news',
  read: stored => (stored === 'selected' ? 'selected' : 'all'),
}

export function NewsPanel({ className }: { readonly className?: string }) {
  const { store, selection } = useDashboard()
  const news = useObservable(store.news)
  const isLoading = useObservable(store.instruments).length === 0
  const { symbol } = useObservable(selection.state)
  const [which] = usePreference(SHOWN_NEWS)
  const shown = which === 'all' ? news : news.filter(one => concerns(one, symbol))
  return (
    <Panel title="News" feeds={['news']} tools={<NewsFilter symbol={symbol} />} className={className} testId="news">
      {shown.length === 0 ? (
        <Empty>{isLoading ? 'Loading news…' : which === 'all' ? 'No news yet.' : `No news of ${symbol} yet.`}</Empty>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by keys
        <section className={css.scroll} aria-label="Headlines" tabIndex={0}>
          <ol>
            {shown.map(one => (
              <Headline key={one.seq} news={one} selected={symbol} />
            ))}
          </ol>
        </section>
      )}
    </Panel>
  )
}

function NewsFilter({ symbol }: { readonly symbol: string }) {
  const [which, setWhich] = usePreference(SHOWN_NEWS)
  const choices = [
    ['all', 'All'],
    ['selected', symbol || 'Selected'],
  ] as const
  return (
    <fieldset className={css.filter}>
      <legend className="visually-hidden">Headlines of</legend>
      {choices.map(([choice, label]) => (
        <button
          key={choice}
          type="button"
          className={panelCss.tool}
          aria-pressed={which === choice}
          data-testid={`news-${choice}`}
          onClick={() => setWhich(choice)}
        >
          {label}
        </button>
      ))}
    </fieldset>
  )
}

interface HeadlineProps {
  readonly news: News
  readonly selected: string
}

const Headline = memo(function Headline({ news, selected }: HeadlineProps) {
  const { selection } = useDashboard()
  const { time, headline, symbols, severity } = news
  return (
    <li className={css.item} data-severity={severity} data-concerns={symbols.includes(selected)}>
      <p className={css.about}>
        <time dateTime={new Date(time).toISOString()}>{formatTime(time)}</time>
        <span className={css.severity}>{SEVERITY_LABELS[severity]}</span>
        {symbols.length === 0 && 'whole market'}
        {symbols.map(symbol => (
          <button
            key={symbol}
            type="button"
            className={css.symbol}
            aria-current={symbol === selected ? 'true' : undefined}
            title={`Show ${symbol}`}
            onClick={() => selection.select({ symbol })}
          >
            {symbol}
          </button>
        ))}
      </p>
      <p>{headline}</p>
    </li>
  )
})
