// The headlines of the news panel. Pure.

import type { News } from '@papertape/protocol'

/** Whether a headline is about the instrument: it names it, or none, which means the whole market. */
export function concerns({ symbols }: News, symbol: string): boolean {
  return symbols.length === 0 || symbols.includes(symbol)
}

export const SEVERITY_LABELS: Readonly<Record<News['severity'], string>> = {
  info: 'Info',
  warning: 'Warning',
  alert: 'Alert',
}
