// The Transports screen.

import type { Metadata } from 'next'
import { TransportsScreen } from '../../transports/TransportsScreen.tsx'

export const metadata: Metadata = { title: 'Transports' }

export default function Page() {
  return <TransportsScreen />
}
