// Sets theme and palette before the first paint, so that no other theme shows first. A file, because the content policy
// forbids inline scripts. Reads what dashboard/settings.ts writes, and has the rule of its themeOf().
;(() => {
  let settings = {}
  try {
    settings = JSON.parse(localStorage.getItem('papertape.settings') ?? '{}') ?? {}
  } catch {
    // Storage is blocked or holds something else: use the theme of the system.
  }
  const light =
    settings.theme === 'light' || (settings.theme !== 'dark' && matchMedia('(prefers-color-scheme: light)').matches)
  document.documentElement.dataset.theme = light ? 'light' : 'dark'
  document.documentElement.dataset.palette = settings.palette === 'blue' ? 'blue' : 'green'
})()
