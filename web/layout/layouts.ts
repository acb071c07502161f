// The layouts of the trading screen: which panels each has, and the sizes that a person can set. Pure.
// app/TradingScreen.tsx renders the panels, app/trading.module.css places them and has the default sizes,
// dashboard/first-paint-script.ts applies what is stored before the first paint.

import { objectOf, type Preference, type Preferences } from '../dashboard/preferences.ts'

const ALL_PANELS = ['watchlist', 'headline', 'chart', 'account', 'ladder', 'tape', 'news', 'rooms', 'ticket'] as const
export type ScreenPanel = (typeof ALL_PANELS)[number]

export interface Layout {
  readonly title: string
  readonly hint: string
  readonly panels: readonly ScreenPanel[]
}

export const LAYOUTS = {
  trade: { title: 'Trade', hint: 'One instrument, with ticket and account', panels: ALL_PANELS },
  watch: {
    title: 'Watch',
    hint: 'Many instruments, without ticket and account',
    panels: ['watchlist', 'headline', 'chart', 'tape', 'news'],
  },
  learn: { title: 'Learn', hint: 'Each panel says why it uses its transport', panels: ALL_PANELS },
} as const satisfies Record<string, Layout>
export type LayoutName = keyof typeof LAYOUTS
export const LAYOUT_NAMES = Object.keys(LAYOUTS) as LayoutName[]

export interface SizeLimits {
  readonly label: string
  readonly axis: 'width' | 'height'
  /** Where it grows to: 1 right or down, -1 left or up. */
  readonly grows: 1 | -1
  readonly minPx: number
  readonly maxPx: number
  /** The first of these that a layout has is as large as the size. */
  readonly panels: readonly ScreenPanel[]
}

export const SIZES = {
  left: { label: 'Width of the markets', axis: 'width', grows: 1, minPx: 240, maxPx: 800, panels: ['watchlist'] },
  right: {
    label: 'Width of the ladder',
    axis: 'width',
    grows: -1,
    minPx: 264,
    maxPx: 640,
    panels: ['ticket', 'news'],
  },
  side: { label: 'Width of time and sales', axis: 'width', grows: -1, minPx: 240, maxPx: 560, panels: ['tape'] },
  lower: {
    label: 'Height of the panel beneath',
    axis: 'height',
    grows: -1,
    minPx: 160,
    maxPx: 900,
    panels: ['ticket', 'news'],
  },
  dock: { label: 'Height of the account', axis: 'height', grows: -1, minPx: 96, maxPx: 900, panels: ['account'] },
} as const satisfies Record<string, SizeLimits>
export type SizeName = keyof typeof SIZES
const SIZE_NAMES = Object.keys(SIZES) as SizeName[]

/** In pixels; a size that is not set is the default of the style sheet. */
export type LayoutSizes = { readonly [Name in SizeName]?: number }

/** How a person has arranged the trading screen. */
export interface Arrangement {
  readonly layout: LayoutName
  readonly dock: 'open' | 'collapsed'
  readonly sizes: { readonly [Name in LayoutName]?: LayoutSizes }
}

export const ARRANGEMENT: Preference<Arrangement> = { key: 'layout', read: readArrangement }

/** Each valid part of what is stored; the rest as in the exported HTML. */
function readArrangement(stored: unknown): Arrangement {
  const { layout, dock, sizes } = objectOf(stored)
  const sizesOf = (name: LayoutName): LayoutSizes => {
    const found = objectOf(objectOf(sizes)[name])
    const valid = SIZE_NAMES.filter(size => Number.isFinite(found[size]))
    return Object.fromEntries(valid.map(size => [size, withinLimits(size, found[size] as number)]))
  }
  return {
    layout: LAYOUT_NAMES.find(name => name === layout) ?? 'trade',
    dock: dock === 'collapsed' ? 'collapsed' : 'open',
    sizes: Object.fromEntries(LAYOUT_NAMES.map(name => [name, sizesOf(name)])),
  }
}

function withinLimits(size: SizeName, px: number): number {
  const { minPx, maxPx } = SIZES[size]
  return Math.min(maxPx, Math.max(minPx, Math.round(px)))
}

/** @param px the account collapses when it is made smaller than half of its least height. */
export function withSize(arrangement: Arrangement, size: SizeName, px: number): Arrangement {
  if (size === 'dock' && px < SIZES.dock.minPx / 2) return { ...arrangement, dock: 'collapsed' }
  const dock = size === 'dock' ? 'open' : arrangement.dock
  return { ...withSizes(arrangement, { ...sizesOf(arrangement), [size]: withinLimits(size, px) }), dock }
}

export function withDefaultSize(arrangement: Arrangement, size: SizeName): Arrangement {
  const { [size]: _, ...others } = sizesOf(arrangement)
  return withSizes(arrangement, others)
}

/** All sizes of the present layout as they were at first. */
export function withDefaultSizes(arrangement: Arrangement): Arrangement {
  return { ...withSizes(arrangement, {}), dock: 'open' }
}

export function isDefault({ layout, dock, sizes }: Arrangement): boolean {
  return dock === 'open' && Object.keys(sizes[layout] ?? {}).length === 0
}

function sizesOf({ layout, sizes }: Arrangement): LayoutSizes {
  return sizes[layout] ?? {}
}

function withSizes(arrangement: Arrangement, sizes: LayoutSizes): Arrangement {
  return { ...arrangement, sizes: { ...arrangement.sizes, [arrangement.layout]: sizes } }
}

/** For the switch in the top bar, and for a hotkey. */
export function selectLayout(preferences: Preferences, layout: LayoutName): void {
  const arrangement = preferences.of(ARRANGEMENT)
  arrangement.set({ ...arrangement.get(), layout })
}

interface StyledRoot {
  readonly dataset: DOMStringMap
  readonly style: Pick<CSSStyleDeclaration, 'setProperty' | 'removeProperty'>
}

/** The style sheet reads the layout from the document's root. dashboard/first-paint-script.ts does the same. */
export function applyArrangement({ dataset, style }: StyledRoot, arrangement: Arrangement): void {
  dataset.layout = arrangement.layout
  dataset.dock = arrangement.dock
  const sizes = sizesOf(arrangement)
  for (const size of SIZE_NAMES) {
    if (sizes[size] === undefined) style.removeProperty(`--size-${size}`)
    else style.setProperty(`--size-${size}`, `${sizes[size]}px`)
  }
}
