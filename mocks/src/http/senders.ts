// Who sends a request to the market in a page or a test: by the token of the Authorization header, or as the one
// browser that the market has, which keeps the accounts that it opened as the server's cookie does.

import { CodedError, formatBrowserAccounts, parseBrowserAccounts, type Sender } from '@papertape/gateway'

export interface SendersOptions {
  readonly operatorToken: string
  /** A page: requests without a token are those of its browser. */
  readonly hasBrowser: boolean
}

export class Senders {
  readonly #options: SendersOptions
  #isBrowserOperator = false
  /** The cookie of the browser's accounts; undefined before it has one. */
  browserCookie: string | undefined

  constructor(options: SendersOptions) {
    this.#options = options
  }

  /** Of the browser's active account. */
  get browserToken(): string | undefined {
    return parseBrowserAccounts(this.browserCookie).active
  }

  /** @param setHeaders of the answer. */
  of({ headers }: Request, setHeaders: Sender['setHeaders']): Sender {
    const { operatorToken, hasBrowser } = this.#options
    const bearer = /^Bearer +([\x21-\x7e]{1,256}) *$/i.exec(headers.get('authorization') ?? '')?.[1]
    const isBrowser = hasBrowser && bearer === undefined
    return {
      accountToken: bearer ?? this.browserToken,
      isOperator: bearer === undefined ? isBrowser && this.#isBrowserOperator : bearer === operatorToken,
      addressKey: 'local',
      isOwnPage: isBrowser,
      browserAccounts: parseBrowserAccounts(this.browserCookie),
      keepBrowserAccounts: accounts => {
        this.browserCookie = formatBrowserAccounts(accounts)
      },
      setHeaders,
      logOnOperator: token => {
        if (token !== operatorToken) throw new CodedError('not-operator', "this is not the market's operatorToken")
        this.#isBrowserOperator = isBrowser
      },
      logOffOperator: () => {
        this.#isBrowserOperator = false
      },
    }
  }
}
