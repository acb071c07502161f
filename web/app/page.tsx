// The trading screen.

import { TradingScreen } from './TradingScreen.tsx'

export default function Page() {
  return <TradingScreen />
}
