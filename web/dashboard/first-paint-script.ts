// Sets theme, palette and layout before the first paint, so that no others show first. app/layout.tsx writes the text
// of the function into the head of each page: it must use nothing from outside of itself. Reads what settings.ts and
// layout/layouts.ts write, and has the rules of themeOf() and applyArrangement().

export function applyStoredLook(): void {
  function read(entry: string): Readonly<Record<string, unknown>> {
    try {
      return JSON.parse(localStorage.getItem(entry) ?? '{}') ?? {}
    } catch {
      // Storage is blocked or holds something else: the theme of the system, the layout of the style sheet.
      return {}
    }
  }
  const { dataset, style } = document.documentElement
  const settings = read('papertape.settings')
  const light =
    settings.theme === 'light' || (settings.theme !== 'dark' && matchMedia('(prefers-color-scheme: light)').matches)
  dataset.theme = light ? 'light' : 'dark'
  dataset.palette = settings.palette === 'blue' ? 'blue' : 'green'
  const { layout, dock, sizes } = read('papertape.layout')
  dataset.layout = layout === 'watch' || layout === 'learn' ? layout : 'trade'
  dataset.dock = dock === 'collapsed' ? 'collapsed' : 'open'
  const set = (sizes as Readonly<Record<string, object>> | undefined)?.[dataset.layout]
  for (const [size, px] of Object.entries(set ?? {})) style.setProperty(`--size-${size}`, `${px}px`)
}
