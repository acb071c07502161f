// Constants of the controls of one connection, POST /v1/lab: what a reader may have done to its own connection.

/** What the server closes a WebSocket with on request. 1006 is never sent: it is what a cut looks like. */
export const LAB_CLOSE_CODES = [1000, 1001, 1008, 1011, 4400, 4401, 4408, 4409, 4429] as const
export type LabCloseCode = (typeof LAB_CLOSE_CODES)[number]

/** What a stall and a slow link of a WebSocket concern. */
export const LAB_SCOPES = ['feed', 'all'] as const

export const LAB_LIMITS = {
  stallMsMax: 60_000,
  slowMsMax: 600_000,
  bytesPerSecond: { least: 1_000, most: 10_000_000 },
  latencyMsMax: 10_000,
} as const
