// What this browser keeps about alerts: up to when they were seen, and whether it shows notifications.

import type { SeenAlerts } from '../orders/alerts/seen-alerts.ts'
import { objectOf, type Preference } from './preferences.ts'

export const SEEN_ALERTS: Preference<SeenAlerts> = {
  key: 'alerts-seen',
  read: stored =>
    Object.fromEntries(Object.entries(objectOf(stored)).filter(([, seenMs]) => Number.isFinite(seenMs))) as SeenAlerts,
}

export const ALERT_NOTIFICATIONS: Preference<boolean> = { key: 'alerts-notify', read: stored => stored === true }
