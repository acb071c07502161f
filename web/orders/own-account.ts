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
  /** Runs it while no other tab does. */
  alone<T>(run: () => Promise<T>): Promise<T>
}

/** Attempts since the server last knew us. An answer that is lost may have made an account: they are few. */
const CREATIONS_MAX = 3

const NOT_MADE = 'none could be made in three attempts. Reload to try again.'
const NO_COOKIE = 'the browser keeps no cookie of this page. Allow cookies for it and reload.'

/** @returns the account, a new one the first time; rejects with what to do when there is none to be had. */
export function createOwnAccount(requests: AccountRequests): () => Promise<AccountName> {
  let creations = 0
  let problem = NOT_MADE

  async function read(): Promise<AccountName | undefined> {
    const account = await requests.read()
    if (account !== undefined) creations = 0
    return account
  }

  async function createOne(): Promise<AccountName> {
    // Another tab may have made one while this one waited for its turn.
    const made = await read()
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

  return async () => (await read()) ?? requests.alone(createOne)
}
