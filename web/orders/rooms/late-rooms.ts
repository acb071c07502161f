// Rooms in the part of the page that is loaded first: decides when their code is loaded. It is when this page is in a
// room and has a channel, or when somebody looks for one.

import type { FrameScheduler } from '../../reactive/frame-scheduler.ts'
import { createObservable, type Observable } from '../../reactive/observable.ts'
import type { PageRooms, RoomsPorts } from './rooms.ts'

export interface LateRooms {
  /** null until they are loaded. */
  readonly loaded: Observable<PageRooms | null>
  load(): void
  start(): () => void
}

export interface LateRoomsDeps extends RoomsPorts {
  /** The code could not be loaded. */
  onMissing(): void
}

export function createLateRooms(deps: LateRoomsDeps, frames: FrameScheduler): LateRooms {
  const { entry, joined } = deps
  const loaded = createObservable<PageRooms | null>(null)
  let isLoading = false

  async function open(): Promise<void> {
    if (isLoading) return
    isLoading = true
    try {
      const { createPageRooms } = await import('./rooms.ts')
      loaded.set(createPageRooms(deps, frames))
    } catch {
      isLoading = false
      deps.onMissing()
    }
  }

  return {
    loaded,
    load: () => void open(),
    start: () => entry.subscribe(() => entry.get() !== null && joined.get().rooms.length > 0 && void open()),
  }
}
