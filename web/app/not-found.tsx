// The page for unknown addresses. Replaces Next's own, whose inline styles the content policy forbids.

import Link from 'next/link'

export default function NotFound() {
  return (
    <div className="message-page">
      <h1>Page not found</h1>
      <p>
        Go to the <Link href="/">trading screen</Link>.
      </p>
    </div>
  )
}
