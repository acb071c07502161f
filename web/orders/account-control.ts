// Changes of the accounts that this browser holds: another one becomes active, one is added, started anew or forgotten.
// One change at a time over all tabs, each of which is notified; the desk then goes on with the active account. No
// markup.

/** Each rejects with what to do about it when the server refuses. */
export interface AccountChanges {
  switchTo(accountId: string): Promise<unknown>
  /** Opens an account, which becomes the active one; with 1,000,000 in cash when none is given. */
  add(cash?: number): Promise<unknown>
  /** Cancels its open orders, and puts a new account with fresh cash in its place. */
  reset(accountId: string, cash?: number): Promise<unknown>
  /** The exchange keeps it, but nobody can trade with it any more. */
  forget(accountId: string): Promise<unknown>
}

export interface AccountControl extends AccountChanges {
  /** Calls back when an account may have changed, in this tab or another one. */
  follow(listener: () => void): () => void
}

export interface AccountControlPorts {
  readonly changes: AccountChanges
  /** Runs it under a lock that all tabs share. */
  alone<T>(run: () => Promise<T>): Promise<T>
  /** A channel to the other tabs; undefined where the browser has none. */
  openTabs(onMessage: () => void): { post(): void; close(): void } | undefined
}

export function createAccountControl({ changes, alone, openTabs }: AccountControlPorts): AccountControl {
  const listeners = new Set<() => void>()
  let tabs: ReturnType<AccountControlPorts['openTabs']>
  const notify = () => {
    for (const listener of [...listeners]) listener()
  }

  async function change(run: () => Promise<unknown>): Promise<void> {
    try {
      await alone(run)
    } finally {
      // Also after a failure: a request without an answer may have been carried out.
      tabs?.post()
      notify()
    }
  }

  return {
    switchTo: accountId => change(() => changes.switchTo(accountId)),
    add: cash => change(() => changes.add(cash)),
    reset: (accountId, cash) => change(() => changes.reset(accountId, cash)),
    forget: accountId => change(() => changes.forget(accountId)),
    follow(listener) {
      tabs ??= openTabs(notify)
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
        if (listeners.size > 0) return
        tabs?.close()
        tabs = undefined
      }
    },
  }
}
