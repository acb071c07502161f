// The live frames of a scope: filter, pause, list, and the chosen frame. The exhibit and the drawer show it. Choosing a
// frame pauses the list, so that it stays where it is.

'use client'

import { useEffect, useState } from 'react'
import { sharingText } from '../../connections/connection-texts.ts'
import type { ConnectionName } from '../../connections/panels.ts'
import { useDashboard } from '../../dashboard/dashboard-context.tsx'
import { useObservable } from '../../reactive/use-observable.tsx'
import { FrameDetail } from './FrameDetail.tsx'
import { FrameFilterBar } from './FrameFilterBar.tsx'
import { FrameList } from './FrameList.tsx'
import { EVERYTHING, type LoggedFrame } from './frame-log.ts'
import type { FrameScope } from './frame-scope.ts'
import { createFrameWatch } from './frame-watch.ts'
import css from './frames.module.css'

const CONNECTIONS = { feed: 'tape', orders: 'orders', requests: 'requests' } as const

/** @param scope stays the same: the caller gives another key with another scope */
export function FrameViewer({ scope }: { readonly scope: FrameScope }) {
  const { frameSources, frames: scheduler } = useDashboard()
  const [watch] = useState(() => createFrameWatch(frameSources, scheduler, scope))
  const [filter, setFilter] = useState(EVERYTHING)
  const [chosen, setChosen] = useState<LoggedFrame>()
  const view = useObservable(watch.view)

  useEffect(() => watch.start(), [watch])
  useEffect(() => watch.setFilter(filter), [watch, filter])

  const choose = (frame: LoggedFrame) => {
    setChosen(frame)
    watch.setPaused(true)
  }
  const clear = () => {
    setChosen(undefined)
    watch.clear()
  }

  return (
    <div className={css.viewer}>
      <div className={css.columns} data-testid="frames">
        <div className={css.bar}>
          <FrameFilterBar watch={watch} view={view} filter={filter} onFilter={setFilter} onClear={clear} />
          <p className={css.note}>
            <SharingNote connection={CONNECTIONS[scope.source]} /> A page is not shown control frames (ping, pong),
            frame heads, masks, TLS and TCP; sizes are of the text.
          </p>
        </div>
        <FrameList view={view} chosen={chosen} onChoose={choose} isRequests={scope.source === 'requests'} />
        <FrameDetail scope={scope} chosen={chosen} request={chosen && watch.requestOf(chosen)} />
      </div>
    </div>
  )
}

function SharingNote({ connection }: { readonly connection: ConnectionName }) {
  const { connections } = useDashboard()
  const facts = useObservable(connections[connection].facts)
  return (
    <span data-testid="frames-sharing">
      {facts.sharing?.role === 'follower'
        ? 'Another tab of this browser holds this connection and passes its frames on: they are shown as this tab gets them.'
        : `This connection is ${sharingText(facts)}.`}
    </span>
  )
}
