// Requests to the control endpoint of the loss laboratory. Fails with a sentence for the user.

import type { HttpVersion, LossLabAnswer, PacketLoss, Problem } from '@papertape/protocol'

/** Longer than the laboratory waits for a packet. */
const ANSWER_MAX_MS = 5_000

export function readLab(port: number): Promise<LossLabAnswer> {
  return ask<LossLabAnswer>(port, '/lab', 'GET')
}

/** Loses the next packet with an event on the link of this version. */
export function losePacket(port: number, version: HttpVersion): Promise<PacketLoss> {
  return ask<PacketLoss>(port, `/lab/drop?version=${version}`, 'POST')
}

async function ask<Answer>(port: number, path: string, method: string): Promise<Answer> {
  let response: Response
  try {
    const signal = AbortSignal.timeout(ANSWER_MAX_MS)
    response = await fetch(`http://127.0.0.1:${port}${path}`, { method, cache: 'no-store', signal })
  } catch {
    // The browser gives the page no reason.
    throw new Error(`Nothing answers at 127.0.0.1:${port}. Start the laboratory with npm run lab, then connect again.`)
  }
  if (response.ok) return (await response.json()) as Answer
  throw new Error(((await response.json()) as Problem).detail)
}
