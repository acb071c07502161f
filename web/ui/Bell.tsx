// The sign of an alert. Decoration: its button or text says what it is.

export function Bell() {
  return (
    <svg viewBox="0 0 16 16" width="12" height="12" aria-hidden="true" fill="currentColor">
      <path d="M8 1a4.5 4.5 0 0 0-4.5 4.5C3.5 9 2 10 2 12h12c0-2-1.5-3-1.5-6.5A4.5 4.5 0 0 0 8 1zM6.3 13a1.7 1.7 0 0 0 3.4 0z" />
    </svg>
  )
}
