// The trading screen: which panels there are and where they stand. Everything else is theirs.

import { TradingScreen } from './TradingScreen.tsx'

export default function Page() {
  return <TradingScreen />
}
