// The schema of the exchange's rules in a configuration, with the units of the server's settings: basis points, per
// cent, currency. The parsers of the settings check the numbers.

import Type, { type Static } from 'typebox'
import { parseMargin, parsePerShare, parseRate } from './account-rules.ts'
import { parsePercent, parseSchedule } from './market-rules.ts'

/** `takes` is what an error message says of the value. */
type Described = { readonly takes: string; readonly description: string }

const closed = { additionalProperties: false } as const

const parsedNumber = (keywords: Described & { minimum: number; maximum: number }, parse: (text: string) => unknown) =>
  Type.Optional(Type.Refine(Type.Number(keywords), value => parse(String(value)) !== undefined))

const fee = (description: string) =>
  parsedNumber(
    { minimum: 0, maximum: 1_000, takes: 'basis points from 0 to 1000, with two decimals at most', description },
    parseRate,
  )
const margin = (description: string) =>
  parsedNumber(
    { minimum: 1, maximum: 100, takes: 'a percentage from 1 to 100, with two decimals at most', description },
    parseMargin,
  )
const percentOrOff = (description: string) =>
  Type.Optional(
    Type.Refine(
      Type.Union([Type.Null(), Type.Number()], {
        takes: 'a percentage from 0.01 to 50, with two decimals at most, or null',
        description,
      }),
      value => value === null || parsePercent(String(value)) !== undefined,
    ),
  )

/** The parts of the document, each optional: what is absent is as without a configuration. */
export const RULE_PARTS = {
  fees: Type.Optional(
    Type.Object(
      {
        makerBp: fee('Of the value of a fill of a resting order, and in an auction'),
        takerBp: fee('Of the value of a fill against a resting order'),
        perShare: parsedNumber(
          {
            minimum: 0,
            maximum: 9.9999,
            takes: 'an amount from 0 to 9.9999, with four decimals at most',
            description: 'In currency, for each share of a fill, besides the other two',
          },
          parsePerShare,
        ),
      },
      { ...closed, description: "Fees of users' accounts" },
    ),
  ),
  margin: Type.Optional(
    Type.Object(
      {
        initialPercent: margin('Equity that a position of a margin account needs to be opened'),
        longPercent: margin('Equity that what it holds needs'),
        shortPercent: margin('Equity that what it has sold short needs'),
        graceMs: Type.Optional(
          Type.Integer({
            minimum: 0,
            maximum: 86_400_000,
            description: 'Milliseconds from a margin call to the liquidation',
          }),
        ),
      },
      { ...closed, description: 'Margin accounts, which may sell short' },
    ),
  ),
  rules: Type.Optional(
    Type.Object(
      {
        bandsPercent: percentOrOff('Price bands around the mean price of the last minutes; null: none'),
        collarPercent: percentOrOff('How far from the best price a market order may trade; null: any'),
        schedule: Type.Optional(
          Type.Refine(
            Type.String({
              takes: 'five ascending times of day (UTC) such as 13:00,13:28,13:30,20:00,20:05, or an empty text',
              description:
                'Start of pre-open, opening auction, trading, closing auction and close (UTC); empty: it never closes',
            }),
            text => parseSchedule(text) !== undefined,
          ),
        ),
        openOrdersMax: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000, description: 'Of an account' })),
      },
      { ...closed, description: 'Rules of trading' },
    ),
  ),
} as const

const RulesSchema = Type.Object(RULE_PARTS, closed)

export type RuleTerms = Readonly<Static<typeof RulesSchema>>
