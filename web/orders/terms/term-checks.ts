// The checks of terms that few orders have: a trail, an expiry, exits, an iceberg, a minimum size. Pure. The ticket
// loads this code for the first order that has one of them (ticket/use-ticket-check.tsx).

import type { Instrument } from '@papertape/protocol'
import { stopCautions } from '../order-cautions.ts'
import {
  canFillInPart,
  canRest,
  type DraftContext,
  type OrderDraft,
  type ReadField,
  type TermChecks,
} from '../order-draft.ts'
import { isCallPhase } from '../order-phases.ts'
import { bracketCautions, heldPriceOfExits, readExits } from './exits.ts'
import { checkExpiry } from './expiry.ts'
import type { Exits, OrderWithoutIds } from './order-without-ids.ts'
import { checkTypedDisplaySize, checkTypedMinSize } from './part-sizes.ts'
import { checkLimitOffset, checkTypedTrail, firstStopPrice, heldPrice } from './trail.ts'

export const TERM_CHECKS: TermChecks = {
  heldPrice: (draft, instrument, last) =>
    draft.orderClass === 'oco' ? heldPriceOfExits(draft, instrument) : heldPrice(draft, instrument, last),
  read(draft, { size, price, stopPrice }, instrument, context, read) {
    const { lotSize } = instrument
    const trail = draft.orderType === 'trailingStop' ? readTrail(draft, instrument, context, read) : undefined
    const displaySize = canRest(draft)
      ? read('displaySize', checkTypedDisplaySize(draft.displaySize, size, lotSize))
      : undefined
    const minSize = canFillInPart(draft)
      ? read('minSize', checkTypedMinSize(draft.minSize, size, lotSize, isCallPhase(context.phase)))
      : undefined
    const expires = draft.timeInForce === 'GTD'
    const expireTime = expires
      ? read('expiresIn', checkExpiry(draft.expiresIn, context.isStale ? 0 : context.timeMs))
      : undefined
    const exits = readExits(draft, price, instrument, read)
    const entry = price ?? stopPrice ?? context.last
    return {
      terms: {
        ...trail?.terms,
        ...(expireTime === undefined ? {} : { expireTime }),
        ...(displaySize === undefined ? {} : { displaySize }),
        ...(minSize === undefined ? {} : { minSize }),
        ...exits,
      },
      stopPrice: trail?.stopPrice,
      cautions: exits === undefined ? [] : exitCautions(draft, exits, entry, instrument, context),
    }
  },
}

interface CheckedTrail {
  readonly terms: Pick<OrderWithoutIds, 'trailAmount' | 'trailPercent' | 'limitOffset'>
  /** Where it starts. */
  readonly stopPrice: number | undefined
}

function readTrail(draft: OrderDraft, instrument: Instrument, { last }: DraftContext, read: ReadField): CheckedTrail {
  const trail = read('trail', checkTypedTrail(draft, instrument, last))
  const limitOffset = read('limitOffset', checkLimitOffset(draft.limitOffset, instrument))
  if (trail === undefined) return { terms: {}, stopPrice: undefined }
  const terms = {
    ...(draft.trailUnit === 'amount' ? { trailAmount: trail } : { trailPercent: trail }),
    ...(limitOffset === undefined ? {} : { limitOffset }),
  }
  return { terms, stopPrice: last === null ? undefined : firstStopPrice(draft, trail, last, instrument) }
}

function exitCautions(
  { side }: OrderDraft,
  exits: Exits,
  entry: number | null,
  instrument: Instrument,
  context: DraftContext,
): string[] {
  if (exits.orderClass === 'bracket') return bracketCautions(side, exits, entry, instrument)
  return stopCautions({ side }, exits.stopLoss, instrument, context)
}
