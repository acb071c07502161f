// The windows in which each screen is pictured, and a picture of one: WebP, reduced where the window is large, so that
// all of them together stay small enough for the repository.

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CDPSession, Page } from 'playwright-core'

interface Look {
  readonly width: number
  readonly height: number
  /** Pixels of the picture for each pixel of the page. */
  readonly scale: number
}

export const PHONE: Look = { width: 360, height: 780, scale: 1 }
export const DESKTOPS: readonly Look[] = [
  { width: 1280, height: 800, scale: 0.75 },
  { width: 1440, height: 900, scale: 0.75 },
  { width: 1920, height: 1080, scale: 0.5 },
  { width: 2560, height: 1440, scale: 0.5 },
]
/** The last one is that in which the next page is loaded. */
const SCHEMES = ['light', 'dark'] as const

const QUALITY = 40
/** Charts are painted ten times a second, toasts and bars move for less. */
const SETTLED_MS = 400

/** In the page: the dashboard has taken the scheme; the documents follow the browser without more. */
const isInScheme = (scheme: string) => [undefined, scheme].includes(document.documentElement.dataset.theme)

export interface Camera {
  /** Writes `<name>-<width>-<scheme>.webp` in each look, and goes back to the first one. */
  take(page: Page, name: string): Promise<void>
}

export interface CameraSettings {
  readonly folder: string
  readonly looks: readonly Look[]
  /** Instead of each look's own. */
  readonly scale: number | undefined
  /** Whether a picture is wanted. */
  wants(file: string): boolean
}

export function createCamera({ folder, looks, scale, wants }: CameraSettings): Camera {
  const sessions = new WeakMap<Page, CDPSession>()
  mkdirSync(folder, { recursive: true })
  return {
    async take(page, name) {
      const session = sessions.get(page) ?? (await page.context().newCDPSession(page))
      sessions.set(page, session)
      // Nothing is hovered over in the other windows.
      await page.mouse.move(0, 0)
      for (const look of looks) {
        const { width, height } = look
        for (const colorScheme of SCHEMES) {
          const file = `${name}-${width}-${colorScheme}.webp`
          if (!wants(file)) continue
          await page.setViewportSize({ width, height })
          await page.emulateMedia({ colorScheme })
          await page.waitForFunction(isInScheme, colorScheme)
          await page.waitForTimeout(SETTLED_MS)
          // Of what is seen, also where a state has scrolled the page.
          const y = await page.evaluate(() => scrollY)
          const clip = { x: 0, y, width, height, scale: scale ?? look.scale }
          const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality: QUALITY, clip })
          writeFileSync(join(folder, file), Buffer.from(data, 'base64'))
        }
      }
      await page.setViewportSize(looks[0]!)
    },
  }
}
