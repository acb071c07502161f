// The classes of equal subscriptions. They write in turns: a chunk is made when the turn of its class has come, so that
// the last of many thousand readers is sent what is news then, not what was when the first was written to. Knows no
// events.

interface Waiting<Member> {
  readonly member: Member
  readonly begin: () => void
}

export class ClassGroup<Member extends { readonly users: number }> {
  readonly #members = new Set<Member>()
  #writing: Member | undefined
  #waiting: Waiting<Member>[] = []

  get size(): number {
    return this.#members.size
  }

  /** One with fewer readers than that. */
  findPlace(readersMax: number): Member | undefined {
    for (const member of this.#members) if (member.users < readersMax) return member
    return undefined
  }

  add(member: Member): void {
    this.#members.add(member)
  }

  delete(member: Member): void {
    this.#members.delete(member)
    this.#waiting = this.#waiting.filter(waiting => waiting.member !== member)
    this.endTurn(member)
  }

  /** @param begin called when the member's turn begins: at once when nobody has it. It has the turn until endTurn(). */
  awaitTurn(member: Member, begin: () => void): void {
    if (this.#writing === undefined) {
      this.#writing = member
      begin()
    } else this.#waiting.push({ member, begin })
  }

  /** Of a member that has not got it nothing ends. */
  endTurn(member: Member): void {
    if (this.#writing !== member) return
    const next = this.#waiting.shift()
    this.#writing = next?.member
    next?.begin()
  }
}
