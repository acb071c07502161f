// Where the operator bar stands on the screens that it is for. Its code is loaded in the operator's browser alone.

'use client'

import { usePathname } from 'next/navigation'
import { useDashboard } from '../dashboard/dashboard-context.tsx'
import { useObservable } from '../reactive/use-observable.tsx'
import { loadPart } from '../ui/load-part.tsx'

const Bar = loadPart(async () => {
  const [{ OperatorBar }, { marketControl }] = await Promise.all([
    import('../operator/OperatorBar.tsx'),
    import('./market-control-port.ts'),
  ])
  return () => <OperatorBar control={marketControl} />
})

export function OperatorPlace() {
  const isOperator = useObservable(useDashboard().operator)
  const isShown = !usePathname().startsWith('/transports')
  return isOperator && isShown ? <Bar /> : null
}
