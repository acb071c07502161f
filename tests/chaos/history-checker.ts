// Judges a history: each command had one answer, which the log bears out; each order was carried out once and not
// before it was sent; the private stream had every event; no reader went back or missed an event, in one epoch; cash
// and shares are what the fills make of them. A pure function; knows nothing of the cluster.

import type { HistoryEntry, LoggedExecution } from './history.ts'

type EntryOf<Type extends HistoryEntry['type']> = Extract<HistoryEntry, { type: Type }>

/** Cash is compared in millionths. */
const CASH_UNITS = 1e6

/** @returns what is wrong, a line each; nothing for a history that keeps the promises */
export function checkHistory(lines: readonly HistoryEntry[]): string[] {
  const of = <Type extends HistoryEntry['type']>(type: Type) =>
    lines.filter((line): line is EntryOf<Type> => line.type === type)
  const by = <Item extends { readonly account: string }>(items: readonly Item[]) =>
    Map.groupBy(items, item => item.account)
  const [invokes, answers, events] = [by(of('invoke')), by(of('ok')), by(of('private'))]
  const [logged, closings] = [by(of('logged')), by(of('closing'))]
  const found = [...checkReads(of('read')), ...checkTrades(of('logged'), of('trade'))]
  for (const { account, cash } of of('account')) {
    const [log, [closing]] = [logged.get(account) ?? [], closings.get(account) ?? []]
    const sent = invokes.get(account) ?? []
    found.push(...checkCommands(account, sent, answers.get(account) ?? [], log))
    found.push(...checkOrder(account, sent, answers.get(account) ?? [], events.get(account) ?? []))
    if (closing === undefined) found.push(`${account}: no closing balance`)
    else {
      found.push(...checkStream(account, events.get(account) ?? [], log, closing.seq))
      found.push(...checkBalance(cash, closing, log))
    }
  }
  return found
}

/** Each command has one answer, and the log has what it says, once. */
function checkCommands(
  account: string,
  sent: readonly EntryOf<'invoke'>[],
  answers: readonly EntryOf<'ok'>[],
  log: readonly LoggedExecution[],
) {
  const found: string[] = []
  const answersOf = Map.groupBy(answers, ({ command }) => command)
  const bySeq = new Map(log.map(execution => [execution.seq, execution]))
  const carriedOut = executionsByCommand(log)
  const canceled = new Map<string, number>()
  for (const { command, kind, clientOrderId } of sent) {
    const name = `${kind} ${clientOrderId} of ${account}`
    const results = answersOf.get(command) ?? []
    const done = carriedOut(kind, clientOrderId)
    if (results.length !== 1) found.push(`${name}: ${results.length === 0 ? 'no' : results.length} terminal answers`)
    if (done.length > 1) found.push(`${name}: carried out ${done.length} times`)
    for (const { result } of results) {
      if ('refused' in result) {
        const isBornOut = kind === 'cancel' || done.every(({ code }) => code === result.refused)
        if (!isBornOut) found.push(`${name}: refused with ${result.refused}, and the log has ${done[0]!.execType}`)
        continue
      }
      const execution = bySeq.get(result.seq)
      const { execType, orderId } = execution ?? {}
      if (execution === undefined) found.push(`${name}: lost, the log has no event ${result.seq}`)
      else if (
        execType !== result.execType ||
        orderId !== result.orderId ||
        !done.some(({ seq }) => seq === result.seq)
      )
        found.push(`${name}: answered ${JSON.stringify(result)}, and the log has ${execType} of ${orderId}`)
      if (kind === 'cancel') canceled.set(result.orderId, (canceled.get(result.orderId) ?? 0) + 1)
    }
  }
  for (const [orderId, count] of canceled)
    if (count > 1) found.push(`order ${orderId} of ${account}: canceled ${count} times`)
  const placed = new Set(sent.filter(({ kind }) => kind === 'place').map(({ clientOrderId }) => clientOrderId))
  const first = new Map(log.toReversed().map(execution => [execution.orderId, execution]))
  for (const { clientOrderId } of first.values())
    if (!placed.has(clientOrderId)) found.push(`order ${clientOrderId} of ${account}: nobody sent it`)
  return found
}

/** An order has another clientOrderId after each replacement, and each of them means it. */
function executionsByCommand(log: readonly LoggedExecution[]) {
  const first = new Map(log.toReversed().map(execution => [execution.orderId, execution]))
  const placed = Map.groupBy(first.values(), ({ clientOrderId }) => clientOrderId)
  const replaced = Map.groupBy(
    log.filter(({ execType }) => execType === 'replaced'),
    ({ clientOrderId }) => clientOrderId,
  )
  const canceled = Map.groupBy(
    log.filter(({ execType }) => execType === 'canceled'),
    ({ orderId }) => orderId,
  )
  const orderIds = new Map(log.map(({ clientOrderId, orderId }) => [clientOrderId, orderId]))
  return (kind: EntryOf<'invoke'>['kind'], clientOrderId: string): readonly LoggedExecution[] => {
    if (kind === 'place') return placed.get(clientOrderId) ?? []
    if (kind === 'replace') return replaced.get(clientOrderId) ?? []
    return canceled.get(orderIds.get(clientOrderId) ?? '') ?? []
  }
}

/** Nothing is seen before it was sent, and what was sent after an answer comes after it in the log. */
function checkOrder(
  account: string,
  sent: readonly EntryOf<'invoke'>[],
  answers: readonly EntryOf<'ok'>[],
  events: readonly EntryOf<'private'>[],
) {
  const found: string[] = []
  const orders = sent.filter(({ kind }) => kind !== 'cancel')
  const sentAt = new Map(orders.map(({ clientOrderId, at }) => [clientOrderId, at]))
  for (const { clientOrderId, at } of events)
    if (clientOrderId !== undefined && at < (sentAt.get(clientOrderId) ?? 0))
      found.push(`order ${clientOrderId} of ${account}: seen before it was sent`)
  const ends = answers.toSorted((one, other) => one.at - other.at)
  const byCommand = new Map(answers.map(answer => [answer.command, answer.result]))
  let [end, newest] = [0, 0]
  for (const { command, at, kind, clientOrderId } of sent.toSorted((one, other) => one.at - other.at)) {
    for (; end < ends.length && ends[end]!.at < at; end++) {
      const { result } = ends[end]!
      if ('seq' in result) newest = Math.max(newest, result.seq)
    }
    const result = byCommand.get(command)
    if (result !== undefined && 'seq' in result && result.seq <= newest)
      found.push(
        `${kind} ${clientOrderId} of ${account}: event ${result.seq}, though ${newest} was known when it was sent`,
      )
  }
  return found
}

/** One stream from its snapshot on: each number once, and every execution of the log. */
function checkStream(
  account: string,
  events: readonly EntryOf<'private'>[],
  log: readonly LoggedExecution[],
  closing: number,
) {
  const snapshots = events.filter(({ event }) => event === 'account.snapshot')
  if (snapshots.length !== 1) return [`${account}: ${snapshots.length} snapshots of the private stream`]
  const from = snapshots[0]!.seq
  const received = events.filter(({ event }) => event !== 'account.snapshot')
  const found = received.flatMap(({ seq }, n) =>
    seq === from + 1 + n ? [] : [`${account}: private event ${seq} in the place of ${from + 1 + n}`],
  )
  const bySeq = new Map(received.map(event => [event.seq, event]))
  for (const { seq, execType, clientOrderId } of log) {
    if (seq <= from || seq > closing) continue
    const event = bySeq.get(seq)
    if (event?.execType !== execType || event.clientOrderId !== clientOrderId)
      found.push(`${account}: the private stream lacks ${execType} ${seq} of ${clientOrderId}`)
  }
  return found.slice(0, 1)
}

function checkBalance(
  opening: number,
  { account, seq, cash, shares }: EntryOf<'closing'>,
  log: readonly LoggedExecution[],
) {
  const units = (value: number) => Math.round(value * CASH_UNITS)
  let expectedCash = units(opening)
  const expected = new Map<string, number>()
  for (const { seq: at, fill } of log) {
    if (fill === undefined || at > seq) continue
    const size = fill.side === 'buy' ? fill.size : -fill.size
    expectedCash -= units(fill.price) * size + units(fill.fee)
    expected.set(fill.symbol, (expected.get(fill.symbol) ?? 0) + size)
  }
  const found: string[] = []
  if (expectedCash !== units(cash))
    found.push(`${account}: cash ${cash}, the fills make it ${expectedCash / CASH_UNITS}`)
  for (const symbol of new Set([...expected.keys(), ...Object.keys(shares)])) {
    const [has, is] = [shares[symbol] ?? 0, expected.get(symbol) ?? 0]
    if (has !== is) found.push(`${account}: ${has} shares of ${symbol}, the fills make it ${is}`)
  }
  return found
}

/** Each fill is of a trade of the log at its price, and the accounts have no more of it than was traded. */
function checkTrades(logged: readonly EntryOf<'logged'>[], trades: readonly EntryOf<'trade'>[]) {
  const byId = new Map(trades.map(trade => [trade.tradeId, trade]))
  const filled = new Map<string, number>()
  const found: string[] = []
  for (const { account, fill } of logged) {
    if (fill === undefined) continue
    const { tradeId, side, size, price } = fill
    const key = `${tradeId} ${side}`
    filled.set(key, (filled.get(key) ?? 0) + size)
    const trade = byId.get(tradeId)
    if (trade?.price !== price || filled.get(key)! > trade.size)
      found.push(`trade ${tradeId}: ${account} has a ${side} of ${size} at ${price}, the log ${JSON.stringify(trade)}`)
  }
  return found
}

/** Raw: each event once. Conflated: never back. All: one epoch. */
function checkReads(reads: readonly EntryOf<'read'>[]) {
  const found: string[] = []
  const positions = new Map<string, number>()
  const epochs = new Set(reads.map(({ epoch }) => epoch))
  if (epochs.size > 1) found.push(`epochs ${[...epochs].join(' and ')}`)
  for (const { reader, mode, via, from, to } of reads) {
    const before = positions.get(reader)
    if (before !== undefined && from <= before && (mode === 'raw' || from < before))
      found.push(`${reader} over ${via}: goes back from ${before} to ${from}`)
    else if (before !== undefined && mode === 'raw' && from > before + 1)
      found.push(`${reader} over ${via}: misses what is between ${before} and ${from}`)
    positions.set(reader, to)
  }
  return found
}
