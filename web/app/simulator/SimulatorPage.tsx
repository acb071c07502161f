// Gives the Simulator screen its connections, and closes them when it is left.

'use client'

import { useEffect, useState } from 'react'
import { SimulatorScreen } from '../../simulator/SimulatorScreen.tsx'
import { createSimulator } from '../../simulator/simulator.ts'
import { simulatorPorts } from './simulator-ports.ts'

export function SimulatorPage() {
  const [simulator] = useState(() => createSimulator(simulatorPorts()))
  useEffect(() => {
    simulator.start()
    return () => simulator.stop()
  }, [simulator])
  return <SimulatorScreen simulator={simulator} />
}
