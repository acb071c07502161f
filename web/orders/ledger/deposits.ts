// Deposits of paper money: what a person may type, and the request, which is sent again under its id until it is
// carried out. No markup. Loaded with the ledger.

import type { Rest } from '@papertape/client'
import { DEPOSIT_MAX } from '@papertape/protocol'
import { formatPrice } from '../../format/format.ts'
import { refusalDetail } from '../accounts/refusal-detail.ts'
import { readTypedNumber } from '../typed-number.ts'

type TypedDeposit = { readonly amount: number } | { readonly problem: string }

export function checkDeposit(text: string): TypedDeposit {
  if (/^\s*[-\u2212\u2013]/.test(text)) return { problem: 'Enter an amount above 0: nothing can be taken out.' }
  const typed = readTypedNumber(text, 2)
  if (typed.value === undefined) return { problem: typed.empty ? 'Enter an amount.' : typed.problem }
  if (typed.value <= 0) return { problem: 'Enter an amount above 0.' }
  if (typed.value > DEPOSIT_MAX) return { problem: `Enter ${formatPrice(DEPOSIT_MAX, 0)} at most.` }
  // Where the point is between thousands, 1.234 would be much more than is read here.
  if (/\.\d{3}/.test(text)) return { problem: 'Enter two decimals at most.' }
  return { amount: typed.value }
}

/** Of one account. */
export interface Deposits {
  /** @returns why it was refused; undefined: the cash is there. */
  send(amount: number): Promise<string | undefined>
}

/**
 * The id of each deposit that was sent and is not known to be carried out, by account and amount. Kept as long as the
 * page: the form may be closed, or send another amount, before this one is sent again.
 */
export type OpenDeposits = Map<string, string>

interface DepositPorts {
  readonly cash: Pick<Rest, 'deposit'>
  readonly openDeposits: OpenDeposits
  newId(): string
}

export function createDeposits({ cash, openDeposits, newId }: DepositPorts, accountId: string): Deposits {
  return {
    async send(amount) {
      const key = `${accountId} ${amount}`
      const clientDepositId = openDeposits.get(key) ?? newId()
      openDeposits.set(key, clientDepositId)
      try {
        await cash.deposit({ amount, clientDepositId })
        if (openDeposits.get(key) === clientDepositId) openDeposits.delete(key)
        return undefined
      } catch (error) {
        // A refusal leaves the id too: it may be of this request alone, such as of its rate, and an earlier one, which
        // had no answer, may have been carried out.
        const { status = 0 } = error as { readonly status?: number }
        const isRefused = status >= 400 && status < 500
        return isRefused
          ? refusalDetail(error)
          : `There was no answer: ${refusalDetail(error)}. Sent again, it is the same deposit.`
      }
    },
  }
}
