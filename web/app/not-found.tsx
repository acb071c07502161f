// Where nothing is. Ours, because Next's own carries inline styles that the content policy forbids.

import Link from 'next/link'

export default function NotFound() {
  return (
    <div className="lonely">
      <h1>There is nothing at this address</h1>
      <p>
        The market is <Link href="/">on the trading screen</Link>.
      </p>
    </div>
  )
}
