// The alerts of the account: the form that sets one, the switch of the browser's notifications, and the list of those
// that wait and those that have triggered. Loaded when its tab is opened.

'use client'

import type { AlertState } from '@papertape/protocol'
import { useEffect, useState } from 'react'
import { useDashboard } from '../../dashboard/dashboard-context.tsx'
import { useAlerts } from '../../dashboard/use-alerts.tsx'
import { formatTime } from '../../format/format.ts'
import { alertText, causeText } from '../../orders/alerts/alert-texts.ts'
import type { LoadedAlerts } from '../../orders/alerts/late-alerts.ts'
import lists from '../../ui/lists.module.css'
import { Empty } from '../../ui/Panel.tsx'
import { EmptyAccount } from '../EmptyAccount.tsx'
import tables from '../tables.module.css'
import { AlertForm } from './AlertForm.tsx'
import css from './alerts.module.css'
import { NotifySwitch } from './NotifySwitch.tsx'

const LOADING = <Empty>Loading alerts…</Empty>

/** @property isShown false while the dock is collapsed: nobody sees what has triggered. */
export function AlertList({ isShown }: { readonly isShown: boolean }) {
  const { alerts } = useDashboard()
  const [, loaded] = useAlerts()
  useEffect(() => void alerts.load(), [alerts])
  return loaded === null ? LOADING : <LoadedList isShown={isShown} loaded={loaded} />
}

interface LoadedListProps {
  readonly isShown: boolean
  readonly loaded: LoadedAlerts
}

function LoadedList({ isShown, loaded }: LoadedListProps) {
  const [{ phase, problem, alerts, unseen }] = useAlerts()
  const fresh = useFresh(isShown, unseen, loaded)
  const [refusal, setRefusal] = useState('')
  const remove = async (id: string) => setRefusal((await loaded.remove(id)) ?? '')
  return (
    <>
      <div className={css.tools}>
        <AlertForm loaded={loaded} />
        <NotifySwitch notifications={loaded.notifications} />
      </div>
      {refusal !== '' && (
        <p className={tables.problem} role="alert">
          The alert was not removed: {refusal}
        </p>
      )}
      {phase === 'failed' && (
        <div className={tables.more}>
          <p role="alert">The alerts could not be loaded: {problem}</p>
          <button type="button" className={lists.act} onClick={loaded.refresh}>
            Try again
          </button>
        </div>
      )}
      {phase === 'loading' && LOADING}
      {phase === 'ready' && alerts.length === 0 && (
        <EmptyAccount text="No alerts. Set one here, or at a price of the chart." />
      )}
      {alerts.length > 0 && <AlertTable alerts={alerts} fresh={fresh} onRemove={remove} />}
    </>
  )
}

/** Those that the list shows as new: what it marks as seen stays new until it is opened again. */
function useFresh(isShown: boolean, unseen: ReadonlySet<string>, loaded: LoadedAlerts): ReadonlySet<string> {
  const [fresh, setFresh] = useState(unseen)
  useEffect(() => {
    if (!isShown || unseen.size === 0) return
    setFresh(before => new Set([...before, ...unseen]))
    const see = () => document.visibilityState === 'visible' && loaded.markSeen()
    see()
    document.addEventListener('visibilitychange', see)
    return () => document.removeEventListener('visibilitychange', see)
  }, [isShown, unseen, loaded])
  return fresh
}

interface AlertTableProps {
  readonly alerts: readonly AlertState[]
  readonly fresh: ReadonlySet<string>
  readonly onRemove: (alertId: string) => void
}

function AlertTable({ alerts, fresh, onRemove }: AlertTableProps) {
  return (
    <div className={lists.scroll}>
      <table className={`${tables.table} ${css.table}`}>
        <caption className="visually-hidden">Alerts, newest first</caption>
        <thead>
          <tr>
            <th scope="col">Alert</th>
            <th scope="col" className={css.outcome}>
              State
            </th>
            <th scope="col" className={`num ${css.act}`}>
              <span className="visually-hidden">Remove</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {alerts.map(alert => (
            <AlertRow key={alert.alertId} alert={alert} isFresh={fresh.has(alert.alertId)} onRemove={onRemove} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

interface AlertRowProps extends Pick<AlertTableProps, 'onRemove'> {
  readonly alert: AlertState
  readonly isFresh: boolean
}

function AlertRow({ alert, isFresh, onRemove }: AlertRowProps) {
  const { store } = useDashboard()
  const decimalsOf = (symbol: string) => store.instrument(symbol)?.priceDecimals ?? 2
  const { alertId, status, createdAt, endedAt } = alert
  const text = alertText(alert, decimalsOf)
  return (
    <tr data-testid={`alert-${alertId}`} data-status={status}>
      <td className={tables.what} title={`Set ${formatTime(createdAt)}`}>
        {text}
      </td>
      <td className={css.outcome}>
        {status === 'active' && <span className={lists.faint}>Active</span>}
        {status === 'triggered' && (
          <>
            {isFresh && <span className={css.fresh}>New</span>}
            <span className={lists.strong}>{formatTime(endedAt!)}</span>{' '}
            <span className={tables.sub}>{causeText(alert, decimalsOf)}</span>
          </>
        )}
        {status === 'canceled' && <span className={lists.faint}>Canceled: the order ended without a fill</span>}
      </td>
      <td className="num">
        <button type="button" className={lists.act} aria-label={`Remove: ${text}`} onClick={() => onRemove(alertId)}>
          Remove
        </button>
      </td>
    </tr>
  )
}
