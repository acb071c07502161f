// Takes the frames of a lane, whatever its transport, into its record. Keeps the position up to which the lane has
// received. Used by the runners.

import { parsePosition } from '@papertape/protocol'
import { type LaneSetting, RACE_EVENTS } from './lane.ts'
import type { EventKind } from './lane-record.ts'

export interface ReceivedFrame {
  readonly id?: string | undefined
  readonly event: string
  readonly data: unknown
}

export interface Delivery {
  /** Where the lane resumes. */
  readonly position: string
  deliver(frame: ReceivedFrame): void
  /** The position of a poll's answer, which may be past its last event. */
  moveTo(position: string): void
}

function isRaceEvent(event: string): event is EventKind {
  return (RACE_EVENTS as readonly string[]).includes(event)
}

export function createDelivery({ record, start, nowMs, onOtherMarket }: LaneSetting): Delivery {
  const { epoch } = parsePosition(start)!
  let position = start

  function moveTo(next: string): void {
    if (parsePosition(next)?.epoch === epoch) position = next
    else onOtherMarket()
  }

  return {
    get position() {
      return position
    },
    moveTo,
    deliver({ id, event, data }) {
      if (event === 'reset') record.reset()
      if (id === undefined || id === '') return
      moveTo(id)
      if (!isRaceEvent(event)) return
      const { ts } = data as { readonly ts: number }
      record.add({ seq: parsePosition(id)!.seq, kind: event, sequencedMs: ts / 1_000 }, nowMs())
    },
  }
}
