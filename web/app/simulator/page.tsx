// The Simulator screen.

import type { Metadata } from 'next'
import { SimulatorPage } from './SimulatorPage.tsx'

export const metadata: Metadata = { title: 'Simulator' }

export default function Page() {
  return <SimulatorPage />
}
