// Sets theme and palette before the first paint, so that no other theme shows first. app/layout.tsx writes the text of
// the function into the head of each page: it must use nothing from outside of itself. Reads what settings.ts writes,
// and has the rule of its themeOf().

export function applyStoredTheme(): void {
  let settings: { theme?: unknown; palette?: unknown } = {}
  try {
    settings = JSON.parse(localStorage.getItem('papertape.settings') ?? '{}') ?? {}
  } catch {
    // Storage is blocked or holds something else: use the theme of the system.
  }
  const light =
    settings.theme === 'light' || (settings.theme !== 'dark' && matchMedia('(prefers-color-scheme: light)').matches)
  document.documentElement.dataset.theme = light ? 'light' : 'dark'
  document.documentElement.dataset.palette = settings.palette === 'blue' ? 'blue' : 'green'
}
