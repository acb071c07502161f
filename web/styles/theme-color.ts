// The background of the browser's own bars, by theme: the surface of the top bar, --panel in tokens.css. In a file of
// its own because a <meta> cannot read CSS variables.

export const THEME_COLORS = { dark: '#101319', light: '#fdfdfe' } as const
