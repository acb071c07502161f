// Disturbs the connection of a lane by way of the server, which knows it by the key of its greeting. Used by the
// runners whose transport keeps a connection.

import type { LaneRunner, ServerControls } from './lane.ts'

/**
 * @param connection of this moment: undefined while the lane is away, when there is nothing to disturb; a connection
 * without a key is of a server that disturbs none.
 */
export function serverDisturbances(
  controls: ServerControls,
  connection: () => { readonly key: string | undefined } | undefined,
): Pick<LaneRunner, 'cut' | 'stall' | 'slow'> {
  async function withKey(run: (key: string) => Promise<void>): Promise<void> {
    const current = connection()
    if (current === undefined) return
    if (current.key === undefined) throw new Error('This server disturbs no connections: it runs with --lab off.')
    await run(current.key)
  }
  return {
    cut: () => withKey(controls.cut),
    stall: durationMs => withKey(key => controls.stall(key, durationMs)),
    slow: durationMs => withKey(key => controls.slow(key, durationMs)),
  }
}
