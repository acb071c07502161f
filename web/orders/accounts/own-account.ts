// The active account of this browser. It is known by an HttpOnly cookie that no script reads: the page asks the server
// for the account, and creates one if there is none. One at a time over all tabs, never in a loop. Called by desk.ts.

export interface AccountName {
  readonly accountId: string
}

export interface OwnAccount extends AccountName {
  /** All that this browser holds, this one among them, in the order in which they were opened. */
  readonly accounts: readonly AccountName[]
}

export interface AccountRequests {
  /** The active account of this browser's cookie; undefined if the server knows none. */
  read(): Promise<OwnAccount | undefined>
  create(): Promise<unknown>
  /** Runs it under a lock that all tabs share. */
  alone<T>(run: () => Promise<T>): Promise<T>
}

/** Attempts since the server last knew the account. Few: a request without an answer may have created one. */
const CREATIONS_MAX = 3

const NOT_CREATED = 'three attempts to create one failed. Reload the page to try again.'
const NO_COOKIE = 'the browser blocks cookies. Allow cookies for this site and reload the page.'

/** @returns the account, created the first time. Rejects with what to do if that fails. */
export function createOwnAccount(requests: AccountRequests): () => Promise<OwnAccount> {
  let creations = 0
  let problem = NOT_CREATED

  async function read(): Promise<OwnAccount | undefined> {
    const account = await requests.read()
    if (account !== undefined) creations = 0
    return account
  }

  async function createOne(): Promise<OwnAccount> {
    // Another tab may have created one while this one waited for the lock.
    const created = await read()
    if (created !== undefined) return created
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
