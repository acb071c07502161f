// The page for unknown addresses. Replaces Next's own, whose inline styles the content policy forbids.

'use client'

import Link from 'next/link'
import { useSyncExternalStore } from 'react'
import { BASE_PATH } from '../base-path.ts'

export default function NotFound() {
  // The exported page is the same for all addresses.
  const path = useSyncExternalStore(
    () => () => {},
    () => location.pathname,
    () => '',
  )
  return (
    <div className="message-page">
      <h1>Page not found</h1>
      <p>
        There is no page at <code>{path}</code>. It may have been mistyped, or belong to another version.
      </p>
      <p>
        Go to the <Link href="/">trading screen</Link>, the <Link href="/transports/">transports</Link>, the{' '}
        <Link href="/simulator/">simulator</Link> or the <a href={`${BASE_PATH}/docs`}>reference</a>.
      </p>
    </div>
  )
}
