// Parameters of Binance's requests, of the query and of a form in the body. Pure.

import { BinanceError, badSymbol, CODES, missingParameter } from './errors.ts'
import { symbolOfPair } from './symbols.ts'

export class BinanceParameters {
  readonly #values: URLSearchParams

  /** @param texts in which the first value of a name counts. */
  constructor(...texts: readonly string[]) {
    this.#values = new URLSearchParams(texts.filter(text => text !== '').join('&'))
  }

  /** undefined when it is absent or empty. */
  text(name: string): string | undefined {
    return this.#values.get(name) || undefined
  }

  /** @throws {BinanceError} */
  requireText(name: string): string {
    const value = this.text(name)
    if (value === undefined) throw missingParameter(name)
    return value
  }

  /** A decimal number above 0. @throws {BinanceError} */
  decimal(name: string): number | undefined {
    const value = this.text(name)
    if (value === undefined) return undefined
    if (/^\d{1,15}(\.\d{1,16})?$/.test(value) && Number(value) > 0) return Number(value)
    throw illegal(name, 'a decimal number above 0')
  }

  /** A whole number. @throws {BinanceError} */
  whole(name: string): number | undefined {
    const value = this.text(name)
    if (value === undefined) return undefined
    if (/^\d{1,16}$/.test(value)) return Number(value)
    throw illegal(name, 'a whole number')
  }

  /** @param most greater values count as this one. @throws {BinanceError} */
  limit(standard: number, most: number): number {
    const value = this.whole('limit') ?? standard
    if (value < 1) throw illegal('limit', `1 to ${most}`)
    return Math.min(value, most)
  }

  /** A value of a list. @throws {BinanceError} with the code. */
  choice<Value extends string>(name: string, values: readonly Value[], code: number): Value | undefined {
    const text = this.text(name)
    if (text === undefined) return undefined
    const found = values.find(value => value === text)
    if (found === undefined) throw new BinanceError(code, `Invalid ${name}: it is one of ${values.join(', ')}.`)
    return found
  }

  /** The instrument of `symbol`; undefined when absent. @throws {BinanceError} */
  symbol(): string | undefined {
    const pair = this.text('symbol')
    if (pair === undefined) return undefined
    const symbol = symbolOfPair(pair)
    if (symbol === undefined) throw badSymbol()
    return symbol
  }

  /** The instruments of `symbols`, a JSON list; undefined when absent. @throws {BinanceError} */
  symbols(): readonly string[] | undefined {
    const text = this.text('symbols')
    if (text === undefined) return undefined
    if (!/^\["[^"\\]+"(,"[^"\\]+")*\]$/.test(text)) throw illegal('symbols', 'a list such as ["PPRUSD"]')
    return (JSON.parse(text) as string[]).map(pair => {
      const symbol = symbolOfPair(pair)
      if (symbol === undefined) throw badSymbol()
      return symbol
    })
  }
}

function illegal(name: string, taken: string): BinanceError {
  return new BinanceError(CODES.illegalParameter, `Illegal value of parameter '${name}': it is ${taken}.`)
}
