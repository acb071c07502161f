// The version of HTTP of this page as a React hook: the newest that the browser reports.

'use client'

import { useEffect, useState } from 'react'
import { isDemo } from '../../demo/demo-mode.ts'
import { pageProtocol } from './page-protocol.ts'

/** Undefined in the exported HTML, and in the demo, whose requests end in the page. */
export function useProtocol(): string | undefined {
  const [protocol, setProtocol] = useState<string>()
  useEffect(() => {
    if (isDemo()) return
    const read = () => setProtocol(pageProtocol())
    read()
    const observer = new PerformanceObserver(read)
    observer.observe({ type: 'resource' })
    return () => observer.disconnect()
  }, [])
  return protocol
}
