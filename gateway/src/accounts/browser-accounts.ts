// The accounts of one browser, as the value of its cookie: the tokens in the order in which they were added, one of
// them active. Pure; knows no cookies and no accounts.

/** A browser sends all of them with each request. */
export const BROWSER_ACCOUNTS_MAX = 8

export interface BrowserAccounts {
  readonly tokens: readonly string[]
  /** One of the tokens; undefined when there is none. */
  readonly active: string | undefined
}

const SEPARATOR = '.'
/** Before the active token, where it is not the first. Neither is in a token. */
const ACTIVE_MARK = '~'

export function parseBrowserAccounts(cookie: string | undefined): BrowserAccounts {
  const parts = (cookie ?? '')
    .split(SEPARATOR)
    .filter(part => part !== '')
    .slice(0, BROWSER_ACCOUNTS_MAX)
  const tokens = parts.map(part => (part.startsWith(ACTIVE_MARK) ? part.slice(ACTIVE_MARK.length) : part))
  const marked = parts.findIndex(part => part.startsWith(ACTIVE_MARK))
  return { tokens, active: tokens[Math.max(0, marked)] }
}

/** Empty without a token. */
export function formatBrowserAccounts({ tokens, active }: BrowserAccounts): string {
  return tokens.map((token, i) => (i > 0 && token === active ? `${ACTIVE_MARK}${token}` : token)).join(SEPARATOR)
}
