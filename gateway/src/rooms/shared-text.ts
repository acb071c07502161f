// A text message that many connections are sent: what carries it is made once, by the first of them.

export class SharedText {
  readonly text: string
  #encoded: unknown

  constructor(text: string) {
    this.text = text
  }

  /** @param encode always the same function. */
  encodeOnce<Encoded>(encode: (text: string) => Encoded): Encoded {
    this.#encoded ??= encode(this.text)
    return this.#encoded as Encoded
  }
}
