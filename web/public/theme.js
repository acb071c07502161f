// Sets theme and palette before the first paint, so that nothing flashes. A file, not an inline script: the page's
// content policy stays the same whatever is written here. shell/settings.ts writes what is read here.
;(() => {
  let settings = {}
  try {
    settings = JSON.parse(localStorage.getItem('papertape.settings') ?? '{}') ?? {}
  } catch {
    // Storage is shut or holds something else: the system's theme will do.
  }
  const light =
    settings.theme === 'light' || (settings.theme !== 'dark' && matchMedia('(prefers-color-scheme: light)').matches)
  document.documentElement.dataset.theme = light ? 'light' : 'dark'
  document.documentElement.dataset.palette = settings.palette === 'blue' ? 'blue' : 'green'
})()
