// Constants of the controls of one connection, POST /v1/lab: what a reader may have done to its own connection.

export const LAB_LIMITS = {
  stallMsMax: 60_000,
  slowMsMax: 600_000,
  bytesPerSecond: { least: 1_000, most: 10_000_000 },
  latencyMsMax: 10_000,
} as const
