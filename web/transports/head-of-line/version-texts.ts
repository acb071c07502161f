// The texts of the exhibit by version of HTTP and outcome. Pure.

import { type HttpVersion, LOSS_LAB } from '@papertape/protocol'
import { type LossOutcome, lossFinding } from './order-of-arrival.ts'

interface VersionTexts {
  readonly name: string
  readonly why: string
  readonly loss: string
  /** When the streams do not open, or end. */
  closedText(origin: string): string
}

const TCP_LOSS = 'modelled: the connection delivers nothing for one retransmission'

export const VERSION_TEXTS: Readonly<Record<HttpVersion, VersionTexts>> = {
  http1: {
    name: 'HTTP/1.1',
    why: `Each stream has a TCP connection of its own, and a browser opens six to an origin. What is lost on one holds up
      that one.`,
    loss: TCP_LOSS,
    closedText: () => 'The streams are closed: the laboratory has ended, or another tab holds its six connections.',
  },
  http2: {
    name: 'HTTP/2',
    why: `All streams share one TCP connection, and TCP delivers bytes in order. What is lost holds up everything behind
      it, of every stream.`,
    loss: TCP_LOSS,
    closedText: origin =>
      `The streams are closed: the browser has not accepted the certificate of ${origin}, or the laboratory has ended.`,
  },
  http3: {
    name: 'HTTP/3',
    why: `All streams share one QUIC connection, and QUIC orders each stream for itself. What is lost holds up only the
      streams whose data it carried.`,
    loss: 'real: the datagram is dropped, and QUIC sends its data again',
    closedText: () =>
      'The streams are closed: this browser has not opened HTTP/3 to the laboratory, or the laboratory has ended.',
  },
}

const OTHERS = LOSS_LAB.streams - 1

/** `5 of 5`. */
function ranOnText({ ranOn }: LossOutcome): string {
  return `${ranOn.length} of ${OTHERS}`
}

/** A sentence. */
export function outcomeText(outcome: LossOutcome): string {
  switch (lossFinding(outcome, LOSS_LAB.streams)) {
    case 'independent':
      return `${ranOnText(outcome)} other streams ran on: only the stream whose packet was lost waited.`
    case 'some':
      return `${ranOnText(outcome)} other streams ran on: the lost packet carried data of several.`
    case 'shared':
      return `${ranOnText(outcome)} other streams ran on: all waited together, for ${Math.round(outcome.silenceMs)} ms.`
    case 'unclear':
      return 'No stream waited long enough to be seen. Drop another packet.'
  }
}

export function connectionsText(connections: number): string {
  return connections === 1 ? '1 connection' : `${connections} connections`
}
