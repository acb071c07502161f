// Colours are in tokens.css alone: no other file has one but the icon, and theme-color.ts agrees with it.

import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { THEME_COLORS } from './theme-color.ts'

const WEB = join(import.meta.dirname, '..')
const OWNERS = ['styles/tokens.css', 'styles/theme-color.ts', 'styles/page-icon.ts']
/** Hexadecimal, functional and named colours; system colours such as Canvas follow the user and are allowed. */
const COLOR =
  /#(?:[\da-f]{8}|[\da-f]{6}|[\da-f]{3,4})\b|\b(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch|color|color-mix)\(|(?<=[:\s'"])(?:white|black|red|green|blue|yellow|orange|purple|gr[ae]y|silver|navy|teal|lime|aqua|maroon|olive|fuchsia)(?=\s*[;,'"])/gi
const NO_COLORS: Readonly<Record<string, RegExp>> = {
  // The names of the palettes and of the setting.
  'dashboard/first-paint-script.ts': /'(?:blue|green)'/g,
  'dashboard/settings.ts': /'(?:blue|green)'/g,
  'shell/HelpDialog.tsx': /"(?:blue|green)"/g,
}

function colorsIn(path: string): string[] {
  const text = readFileSync(join(WEB, path), 'utf8').replaceAll(NO_COLORS[path] ?? /$^/g, '')
  return [...text.matchAll(COLOR)].map(([color]) => `${path}: ${color}`)
}

test('the pattern finds colours and nothing else', () => {
  for (const text of ['color: #fff;', "'#101319'", 'rgb(0 0 0)', 'border: 1px solid red;', 'background: #00000080']) {
    assert.notEqual(text.match(COLOR), null, text)
  }
  for (const text of ['color: Canvas;', 'var(--panel)', 'transparent', '#filter', 'url(#mark)', 'currentColor', '#c']) {
    assert.equal(text.match(COLOR), null, text)
  }
})

test('no file but tokens.css, theme-color.ts and page-icon.ts has a colour', () => {
  const files = globSync('**/*.{css,ts,tsx,js}', { cwd: WEB })
    .map(path => path.replaceAll('\\', '/'))
    .filter(path => !/^(?:node_modules|out|\.next)\/|\.test\.ts$|^testing\//.test(path) && !OWNERS.includes(path))
  assert.ok(files.length > 80, `${files.length} files`)
  assert.deepEqual(files.flatMap(colorsIn), [])
})

test('the theme colours of the browser are the panel colours of the themes', () => {
  const css = readFileSync(join(WEB, 'styles/tokens.css'), 'utf8')
  const panelIn = (selector: string) => {
    const block = css.slice(css.indexOf(`${selector} {`))
    return /--panel: (#\w+);/.exec(block)?.[1]
  }
  assert.deepEqual({ dark: panelIn(':root'), light: panelIn(':root[data-theme="light"]') }, THEME_COLORS)
})
