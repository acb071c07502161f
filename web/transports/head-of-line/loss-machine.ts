// The state machine of one experiment: streams are opened, a packet is lost, and the trial is shown when its effect is
// over. Pure: `next` is the whole machine. loss-experiment.ts runs it.

export const LOSS_PHASES = ['closed', 'opening', 'running', 'losing', 'settling', 'shown'] as const
export type LossPhase = (typeof LOSS_PHASES)[number]

export const LOSS_EVENTS = ['open', 'opened', 'drop', 'lost', 'refused', 'settled', 'close'] as const
/** `opened`: every stream has had an event. `refused`: no packet was lost. `close` is a failure too. */
export type LossEvent = (typeof LOSS_EVENTS)[number]

const stay = (phase: LossPhase): Readonly<Record<LossEvent, LossPhase>> => ({
  open: phase,
  opened: phase,
  drop: phase,
  lost: phase,
  refused: phase,
  settled: phase,
  close: 'closed',
})

const TABLE: Readonly<Record<LossPhase, Readonly<Record<LossEvent, LossPhase>>>> = {
  closed: { ...stay('closed'), open: 'opening' },
  opening: { ...stay('opening'), opened: 'running' },
  running: { ...stay('running'), drop: 'losing' },
  losing: { ...stay('losing'), lost: 'settling', refused: 'running' },
  settling: { ...stay('settling'), settled: 'shown' },
  // The streams are still open: another packet can be lost.
  shown: { ...stay('shown'), drop: 'losing' },
}

export function next(phase: LossPhase, event: LossEvent): LossPhase {
  return TABLE[phase][event]
}
