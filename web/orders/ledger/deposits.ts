// Deposits of paper money: what a person may type, and the request, which is sent again under its id as long as it has
// no answer. No markup. Loaded with the ledger.

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

export interface Deposits {
  /** @returns why it was refused; undefined: the cash is there. */
  send(amount: number): Promise<string | undefined>
}

export function createDeposits(requests: Pick<Rest, 'deposit'>, newId: () => string): Deposits {
  /** It may have been carried out: sent again under its id, it is the same deposit. */
  let unanswered: { readonly amount: number; readonly clientDepositId: string } | undefined
  return {
    async send(amount) {
      const asked = unanswered?.amount === amount ? unanswered : { amount, clientDepositId: newId() }
      unanswered = asked
      try {
        await requests.deposit(asked)
        unanswered = undefined
        return undefined
      } catch (error) {
        const { status = 0 } = error as { readonly status?: number }
        const isRefused = status >= 400 && status < 500
        if (isRefused) unanswered = undefined
        return isRefused
          ? refusalDetail(error)
          : `There was no answer: ${refusalDetail(error)}. Sent again, it is the same deposit.`
      }
    },
  }
}
