// Whether the events of a stream are without a hole and without a repeat, also over lost connections. A pure reducer.

export interface Continuity {
  readonly hellos: number
  readonly losses: number
  readonly events: number
  /** Events since the last loss. */
  readonly eventsSince: number
  readonly missed: number
  readonly repeated: number
  readonly lastSeq: number | undefined
  readonly lastId: string
}

export type StreamHappening =
  | { readonly type: 'hello' | 'lost' | 'reset' }
  | { readonly type: 'event'; readonly seq: number; readonly id: string }

export const NOTHING_YET: Continuity = {
  hellos: 0,
  losses: 0,
  events: 0,
  eventsSince: 0,
  missed: 0,
  repeated: 0,
  lastSeq: undefined,
  lastId: '',
}

export function nextContinuity(state: Continuity, happening: StreamHappening): Continuity {
  switch (happening.type) {
    case 'hello':
      return { ...state, hellos: state.hellos + 1 }
    case 'lost':
      return { ...state, losses: state.losses + 1, eventsSince: 0 }
    case 'reset':
      // Another log: its numbers have nothing to do with those before.
      return { ...state, lastSeq: undefined }
    case 'event': {
      const { seq, id } = happening
      const { lastSeq = seq - 1 } = state
      const isRepeated = seq <= lastSeq
      return {
        ...state,
        events: state.events + 1,
        eventsSince: state.eventsSince + 1,
        missed: state.missed + (isRepeated ? 0 : seq - lastSeq - 1),
        repeated: state.repeated + (isRepeated ? 1 : 0),
        lastSeq: Math.max(seq, lastSeq),
        lastId: id,
      }
    }
  }
}

/** The steps of the exercise that are done. */
export function stepsDone({ hellos, losses, events, eventsSince, missed, repeated }: Continuity): readonly string[] {
  const isWhole = missed === 0 && repeated === 0
  return [
    ...(hellos > 0 ? ['hello'] : []),
    ...(events > 1 && isWhole ? ['events'] : []),
    ...(losses > 0 ? ['lost'] : []),
    ...(losses > 0 && hellos > 1 && eventsSince > 0 && isWhole ? ['resumed'] : []),
  ]
}
