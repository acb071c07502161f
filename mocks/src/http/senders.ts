// Who sends a request to the market in a page or a test: by the token of the Authorization header, or as the one
// browser that the market has, which keeps the token of the account that it opened as the server's cookie does.

import { CodedError, type Sender } from '@papertape/gateway'

export interface SendersOptions {
  readonly operatorToken: string
  /** A page: requests without a token are those of its browser. */
  readonly hasBrowser: boolean
}

export class Senders {
  readonly #options: SendersOptions
  #isBrowserOperator = false
  /** Of the browser's account; undefined before it has one. */
  browserToken: string | undefined

  constructor(options: SendersOptions) {
    this.#options = options
  }

  of({ headers }: Request): Sender {
    const { operatorToken, hasBrowser } = this.#options
    const bearer = /^Bearer +([\x21-\x7e]{1,256}) *$/i.exec(headers.get('authorization') ?? '')?.[1]
    const isBrowser = hasBrowser && bearer === undefined
    return {
      accountToken: bearer ?? this.browserToken,
      isOperator: bearer === undefined ? isBrowser && this.#isBrowserOperator : bearer === operatorToken,
      addressKey: 'local',
      keepAccountToken: token => {
        if (isBrowser) this.browserToken = token
      },
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
