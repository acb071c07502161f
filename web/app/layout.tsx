// The document of every screen: metadata, the theme before the first paint, the session, the shell.

import type { Metadata, Viewport } from 'next'
import type { ReactNode } from 'react'
import '../styles/tokens.css'
import '../styles/base.css'
import { applyStoredLook } from '../dashboard/first-paint-script.ts'
import { Shell } from '../shell/Shell.tsx'
import { PAGE_ICON } from '../styles/page-icon.ts'
import { THEME_COLORS } from '../styles/theme-color.ts'
import { OperatorPlace } from './OperatorPlace.tsx'
import { Session } from './Session.tsx'

export const metadata: Metadata = {
  title: { default: 'Papertape', template: '%s · Papertape' },
  description: 'A paper stock exchange with a live tape.',
  applicationName: 'Papertape',
  icons: { icon: { url: PAGE_ICON, type: 'image/svg+xml', sizes: 'any' } },
}

export const viewport: Viewport = {
  width: 'device-width',
  initialScale: 1,
  themeColor: [
    { media: '(prefers-color-scheme: dark)', color: THEME_COLORS.dark },
    { media: '(prefers-color-scheme: light)', color: THEME_COLORS.light },
  ],
}

export default function Layout({ children }: { readonly children: ReactNode }) {
  return (
    // The script changes this element before React hydrates it.
    <html lang="en" suppressHydrationWarning>
      <head>
        {/* biome-ignore lint/security/noDangerouslySetInnerHtml: our own text; the content policy has its hash */}
        <script dangerouslySetInnerHTML={{ __html: `(${applyStoredLook})()` }} />
      </head>
      <body>
        <Session>
          <Shell>
            <OperatorPlace />
            {children}
          </Shell>
        </Session>
      </body>
    </html>
  )
}
