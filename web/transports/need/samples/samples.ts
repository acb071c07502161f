// Code for each transport that runs against this server as it stands. The programs that a test runs are read from the
// page, so that what is shown is what was tried (tests/laboratory/samples.test.ts).

import type { Transport } from '@papertape/protocol'
import type { CodeSample } from '../../exhibit/CodeSamples.tsx'
import { longPollSamples } from './long-poll.ts'
import { restSamples } from './rest.ts'
import type { SampleTarget } from './sample-target.ts'
import { sseSamples } from './sse.ts'
import { webSocketSamples } from './web-socket.ts'

export const SAMPLES: Readonly<Record<Transport, (target: SampleTarget) => readonly CodeSample[]>> = {
  rest: restSamples,
  sse: sseSamples,
  longPoll: longPollSamples,
  websocket: webSocketSamples,
}
