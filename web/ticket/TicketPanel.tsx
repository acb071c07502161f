// The panel of the order ticket, and the switch in its head that arms the keys.

'use client'

import { useDashboard } from '../dashboard/dashboard-context.tsx'
import { DEFAULT_SETTINGS } from '../dashboard/settings.ts'
import { useObservable } from '../reactive/use-observable.tsx'
import { Empty, Panel } from '../ui/Panel.tsx'
import css from './Ticket.module.css'
import { TicketForm } from './TicketForm.tsx'

export function TicketPanel({ className }: { readonly className?: string }) {
  const { store, selection } = useDashboard()
  const { symbol } = useObservable(selection.state)
  useObservable(store.instruments)
  const instrument = store.instrument(symbol)
  return (
    <Panel title="Order ticket" feeds={['trading']} className={className} testId="ticket" tools={<ArmedSwitch />}>
      {instrument === undefined ? <Empty>Loading instruments…</Empty> : <TicketForm instrument={instrument} />}
    </Panel>
  )
}

function ArmedSwitch() {
  const { settings } = useDashboard()
  const { keysSend } = useObservable(settings.state, DEFAULT_SETTINGS)
  return (
    <button
      type="button"
      role="switch"
      aria-checked={keysSend}
      className={css.armed}
      title="Armed, keys send and change orders (A, twice). Keys always cancel, and buttons always act."
      onClick={() => settings.change({ keysSend: !keysSend })}
      data-testid="armed"
    >
      <span className={css.track} aria-hidden="true" />
      Armed
    </button>
  )
}
