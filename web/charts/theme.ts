// The colours and the font of styles/tokens.css, for charts that paint on a canvas.

export interface ChartTheme {
  readonly panel: string
  readonly raised: string
  readonly line: string
  readonly lineStrong: string
  readonly text: string
  readonly muted: string
  readonly faint: string
  readonly accent: string
  readonly warn: string
  readonly up: string
  readonly upWash: string
  readonly upInk: string
  readonly down: string
  readonly downWash: string
  readonly downInk: string
  readonly font: string
}

export function readTheme(element: Element): ChartTheme {
  const style = getComputedStyle(element)
  const read = (name: string) => style.getPropertyValue(name).trim()
  return {
    panel: read('--panel'),
    raised: read('--raised'),
    line: read('--line'),
    lineStrong: read('--line-strong'),
    text: read('--text'),
    muted: read('--muted'),
    faint: read('--faint'),
    accent: read('--accent'),
    warn: read('--warn'),
    up: read('--up'),
    upWash: read('--up-wash'),
    upInk: read('--up-ink'),
    down: read('--down'),
    downWash: read('--down-wash'),
    downInk: read('--down-ink'),
    font: read('--font'),
  }
}

/** Calls back when the theme or the palette of the page changes. Returns what ends it. */
export function watchTheme(changed: () => void): () => void {
  const observer = new MutationObserver(changed)
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme', 'data-palette'] })
  return () => observer.disconnect()
}
