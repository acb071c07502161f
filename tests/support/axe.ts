// Runs axe in a page: what it finds, as lines.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'
import type { PageSettings } from './page.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** The looks in which a screen must be without findings. */
export const AXE_LOOKS = {
  dark: { colorScheme: 'dark' },
  'light, 360 px': { colorScheme: 'light', width: 360, height: 740 },
  'forced colours': { forcedColors: 'active' },
} as const satisfies Record<string, PageSettings>

declare global {
  interface Window {
    axe: { run(context: Document, options: object): Promise<AxeResults> }
  }
}

/** The findings of axe, one line each; with its experimental rules and those for target sizes. */
export async function axeFindings(page: Page): Promise<string[]> {
  // Evaluated by the debugger, which the page's content policy does not bind.
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE)
  return page.evaluate(async () => {
    const rules = { 'label-content-name-mismatch': { enabled: true }, 'target-size': { enabled: true } }
    const { violations } = await window.axe.run(document, { rules, resultTypes: ['violations'] })
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(
        ({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary?.replaceAll(/\s+/g, ' ')}`,
      ),
    )
  })
}
