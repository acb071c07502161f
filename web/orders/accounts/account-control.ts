// Changes of the accounts that this browser holds: another one becomes active, one is added, started anew or forgotten.
// One change at a time over all tabs, each of which is notified; the desk then goes on with the active account. No
// markup.

import type { NewAccount } from '@papertape/protocol'

/** What the server answers to a change: the account that is active now, if any. */
export type ActiveAccount = Promise<{ readonly accountId: string | null }>

export interface AccountChanges {
  switchTo(accountId: string): ActiveAccount
  add(account?: NewAccount): ActiveAccount
  reset(accountId: string, account?: NewAccount): ActiveAccount
  forget(accountId: string): ActiveAccount
}

/** Each change rejects with what to do about it when the server refuses. */
export interface AccountControl {
  switchTo(accountId: string): Promise<void>
  /** Opens an account, which becomes the active one; a cash account when none is described. */
  add(account?: NewAccount): Promise<void>
  /** Cancels its open orders, and puts a new account in its place. */
  reset(accountId: string, account?: NewAccount): Promise<void>
  /** The exchange keeps it, but nobody can trade with it any more. */
  forget(accountId: string): Promise<void>
  /**
   * Calls back at each change, of this tab or another one, with the account that is active now; null when it is not
   * known.
   */
  follow(listener: (active: string | null) => void): () => void
}

export interface AccountControlPorts {
  readonly requests: AccountChanges
  /** Runs it under a lock that all tabs share. */
  alone<T>(run: () => Promise<T>): Promise<T>
  /** A channel to the other tabs; undefined where the browser has none. */
  openTabs(onMessage: (active: string | null) => void): TabsChannel | undefined
}

interface TabsChannel {
  post(active: string | null): void
  close(): void
}

export function createAccountControl({ requests, alone, openTabs }: AccountControlPorts): AccountControl {
  const listeners = new Set<(active: string | null) => void>()
  let tabs: TabsChannel | undefined
  const notify = (active: string | null) => {
    for (const listener of [...listeners]) listener(active)
  }

  async function change(run: () => ActiveAccount): Promise<void> {
    // After a failure it is not known: a request without an answer may have been carried out.
    let active: string | null = null
    try {
      active = (await alone(run)).accountId
    } finally {
      // The other tabs first: none should take over the channel of the account that this one leaves.
      tabs?.post(active)
      notify(active)
    }
  }

  return {
    switchTo: accountId => change(() => requests.switchTo(accountId)),
    add: account => change(() => requests.add(account)),
    reset: (accountId, account) => change(() => requests.reset(accountId, account)),
    forget: accountId => change(() => requests.forget(accountId)),
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
