// What a list of the account shows while it has no lines: that there are none, or that the account is not known yet.

'use client'

import { useDashboard } from '../dashboard/dashboard-context.tsx'
import { useObservable } from '../reactive/use-observable.tsx'
import { Empty } from '../ui/Panel.tsx'

/** @param text `No fills yet.`: of an account that is known. */
export function EmptyAccount({ text }: { readonly text: string }) {
  const { desk } = useDashboard()
  const { balance, problem } = useObservable(desk.state)
  if (balance !== null) return <Empty>{text}</Empty>
  return <Empty>{problem === null ? 'Opening a paper account…' : `Could not open an account: ${problem}`}</Empty>
}
