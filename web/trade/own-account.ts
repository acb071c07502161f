// The account of this browser: known by an HttpOnly cookie that no script reads, so the page asks the server who it is and
// makes an account only where there is none. One at a time over all tabs, and never in a loop. Called by desk.ts; the
// requests are app/adapters.ts's.

export interface AccountName {
  readonly accountId: string
}

export interface AccountRequests {
  /** Whose cookie this browser has; undefined when the market knows none. */
  read(): Promise<AccountName | undefined>
  create(): Promise<unknown>
  /** Runs it while no other tab does, and says whether it had to wait for one. */
  alone<T>(run: (hasWaited: boolean) => Promise<T>): Promise<T>
  /** What an earlier visit has noted; null when nothing. No token: only that there is something to ask for. */
  note(): string | null
  setNote(text: string): void
}

/** Attempts since the server last knew us. An answer that is lost may have made an account: they are few. */
const CREATIONS_MAX = 3

const FIRST_VISIT = 'none'
const NOT_MADE = 'none could be made in three attempts. Reload to try again.'
const NO_COOKIE = 'the browser keeps no cookie of this page. Allow cookies for it and reload.'

/** @returns the account, a new one the first time; rejects with what to do when there is none to be had. */
export function createOwnAccount(requests: AccountRequests): () => Promise<AccountName> {
  let creations = 0
  let problem = NOT_MADE

  /** A first visit has no account to ask for, and a browser reports each 401. Where nothing can be noted, it is asked. */
  function mayBeKnown(): boolean {
    if (requests.note() === null) requests.setNote(FIRST_VISIT)
    return requests.note() !== FIRST_VISIT
  }

  async function read(): Promise<AccountName | undefined> {
    const account = await requests.read()
    if (account !== undefined) {
      creations = 0
      requests.setNote('made')
    }
    return account
  }

  async function createOne(hasWaited: boolean): Promise<AccountName> {
    // What another tab has noted a moment ago may not have reached this one's process; its cookie has reached the browser.
    const made = hasWaited || mayBeKnown() ? await read() : undefined
    if (made !== undefined) return made
    if (creations >= CREATIONS_MAX) throw new Error(problem)
    creations++
    await requests.create()
    const own = await read()
    if (own !== undefined) return own
    creations = CREATIONS_MAX
    problem = NO_COOKIE
    throw new Error(problem)
  }

  return async () => {
    const known = mayBeKnown() ? await read() : undefined
    return known ?? requests.alone(createOne)
  }
}
