// Constants of alerts: what one may wait for, what becomes of it, and how many an account has.

export const ALERT_CONDITIONS = ['priceCrosses', 'priceMoves', 'orderFills', 'halts', 'resumes'] as const
export type AlertCondition = (typeof ALERT_CONDITIONS)[number]

/** An alert is canceled when the order that it waits for ends without a fill. */
export const ALERT_STATUSES = ['active', 'triggered', 'canceled'] as const
export type AlertStatus = (typeof ALERT_STATUSES)[number]

/** Of an account. Of those that have ended the newest are listed. */
export const ALERT_LIMITS = { activeMax: 100, endedListed: 100 } as const

/** Of a price move. */
export const ALERT_PERCENT = { least: 0.01, most: 1_000 } as const
