// The ledger of the account as the page knows it: the newest page, requested again when the cash has changed, and the
// earlier ones that somebody has asked for. Of one account; another one has another. No markup. Loaded with its tab.

import type { Rest } from '@papertape/client'
import type { LedgerAnswer, LedgerEntry } from '@papertape/protocol'
import type { FrameScheduler, FrameTask } from '../../reactive/frame-scheduler.ts'
import { createComputed, type Observable } from '../../reactive/observable.ts'
import { refusalDetail } from '../accounts/refusal-detail.ts'

export interface LedgerState {
  /** Newest first, without a gap. */
  readonly entries: readonly LedgerEntry[]
  /** The server has answered. */
  readonly isLoaded: boolean
  readonly isLoadingEarlier: boolean
  readonly hasEarlier: boolean
  /** Why the last request failed. */
  readonly problem: string | null
}

export interface AccountLedger {
  readonly state: Observable<LedgerState>
  /** The cash may have changed: requests the newest page. */
  refresh(): void
  /** Requests the next page. */
  loadEarlier(): void
  /** Repeats the request that failed. */
  retry(): void
}

const PAGE = 50
/** Many fills in a row are one request: an account may read only so often. */
const REFRESH_MS = 1_000

export function createLedger(requests: Pick<Rest, 'ledger'>, frames: FrameScheduler): AccountLedger {
  let entries: readonly LedgerEntry[] = []
  let next: string | null = null
  let isLoaded = false
  let problem: string | null = null
  /** What the last request asked for; undefined: the newest page. */
  let asked: string | undefined
  let isLoading = false
  /** The cash has changed since the request that is open was sent. */
  let isOld = false
  const state = createComputed(frames, () => ({
    entries,
    isLoaded,
    isLoadingEarlier: isLoading && asked !== undefined,
    hasEarlier: next !== null,
    problem,
  }))
  const refreshing: FrameTask = {
    intervalMs: REFRESH_MS,
    run() {
      isOld = isLoading
      if (!isLoading) void load(undefined)
    },
  }

  async function load(after: string | undefined): Promise<void> {
    asked = after
    isLoading = true
    state.invalidate()
    try {
      const page = await requests.ledger({ limit: PAGE, ...(after !== undefined && { after }) })
      if (after === undefined) addNewest(page)
      else addEarlier(page)
      isLoaded = true
      problem = null
    } catch (error) {
      problem = refusalDetail(error)
    }
    isLoading = false
    state.invalidate()
    if (isOld) frames.request(refreshing)
  }

  function addNewest(page: LedgerAnswer): void {
    const newestSeq = entries[0]?.seq ?? Number.POSITIVE_INFINITY
    const isContinued = page.entries.some(({ seq }) => seq <= newestSeq)
    if (entries.length > 0 && isContinued) {
      entries = [...page.entries.filter(({ seq }) => seq > newestSeq), ...entries]
      return
    }
    // The first one, or more has happened than one page holds.
    entries = page.entries
    next = page.after
  }

  function addEarlier(page: LedgerAnswer): void {
    entries = [...entries, ...page.entries]
    next = page.after
  }

  return {
    state,
    refresh: () => frames.request(refreshing),
    loadEarlier() {
      if (next !== null && !isLoading) void load(next)
    },
    retry() {
      if (!isLoading) void load(asked)
    },
  }
}
