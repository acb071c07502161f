// What makes the server close a WebSocket with each code, as data. close-run.ts carries it out; a code without an entry
// is not to be had from a page.

import { type CloseCode, FRAME_BYTES_MAX } from '@papertape/protocol'

/** Sends the same frame so many times. */
interface SendFrames {
  readonly type: 'send'
  readonly frame: string | Uint8Array<ArrayBuffer>
  readonly times: number
}

/** Asks the server to do it to this connection: `POST /v1/lab/<control>` with its key. */
interface AskServer {
  readonly type: 'ask'
  readonly control: 'cut' | 'close' | 'stall'
  readonly body: Readonly<Record<string, number>>
}

interface Provocation {
  readonly code: CloseCode
  /** On its button. */
  readonly label: string
  /** `wait`: does nothing; `takeOver`: opens the session again on a second connection. */
  readonly action: SendFrames | AskServer | { readonly type: 'wait' | 'takeOver' }
}

const send = (message: object, times = 1): SendFrames => ({ type: 'send', frame: JSON.stringify(message), times })
const close = (code: CloseCode): AskServer => ({ type: 'ask', control: 'close', body: { code } })

export const PROVOCATIONS = {
  logout: { code: 1000, label: 'Log out', action: send({ type: 'logout' }) },
  shutdown: { code: 1001, label: 'Ask the server for 1001', action: close(1001) },
  binary: { code: 1003, label: 'Send a binary frame', action: { type: 'send', frame: new Uint8Array(4), times: 1 } },
  cut: { code: 1006, label: 'Ask the server to cut it', action: { type: 'ask', control: 'cut', body: {} } },
  policy: { code: 1008, label: 'Ask the server for 1008', action: close(1008) },
  large: {
    code: 1009,
    label: 'Send 8,193 bytes',
    action: { type: 'send', frame: 'x'.repeat(FRAME_BYTES_MAX + 1), times: 1 },
  },
  fault: { code: 1011, label: 'Ask the server for 1011', action: close(1011) },
  malformed: { code: 4400, label: 'Send “{” six times', action: { type: 'send', frame: '{', times: 6 } },
  silence: { code: 4401, label: 'Say nothing for 5 s', action: { type: 'wait' } },
  badToken: { code: 4401, label: 'Log on with a bad token', action: send({ type: 'logon', token: 'not-a-token' }) },
  lagging: { code: 4408, label: 'Ask the server for 4408', action: close(4408) },
  takeOver: { code: 4409, label: 'Open the session again', action: { type: 'takeOver' } },
  flood: { code: 4429, label: 'Send 500 pings at once', action: send({ type: 'ping' }, 500) },
} as const satisfies Record<string, Provocation>
export type ProvocationName = keyof typeof PROVOCATIONS
export const PROVOCATION_NAMES = Object.keys(PROVOCATIONS) as ProvocationName[]
