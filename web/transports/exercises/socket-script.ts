// An exercise on a socket: steps, each with what is sent and the answer that it waits for. A pure reducer.

export interface SocketStep {
  readonly id: string
  readonly text: string
  /** Sent when the step before it is done; nothing for a step that only waits. */
  readonly send?: Readonly<Record<string, unknown>>
  /** What completes the step: the type of a message, or the event that one carries. */
  readonly expects: string
}

export interface ScriptState {
  /** How many steps are done. */
  readonly done: number
  /** What the server said instead; the script ends with it. */
  readonly refusal?: string
}

export interface ServerMessage {
  readonly type: string
  /** Of a message of type event: which. */
  readonly event?: string
  readonly code?: string
  readonly text?: string
}

export function nextScriptState(steps: readonly SocketStep[], state: ScriptState, message: ServerMessage): ScriptState {
  const step = steps[state.done]
  if (step === undefined || state.refusal !== undefined) return state
  if ((message.event ?? message.type) === step.expects) return { done: state.done + 1 }
  if (message.type !== 'error' && message.type !== 'logon.reject') return state
  return { ...state, refusal: `${message.code}: ${message.text}` }
}
