// A lockstep session: one answer for each request, in their order. Holds the episodes and checkpoints of one client, by
// number. A request that is refused changes nothing. Knows no pipe and no socket: the caller passes lines.

import { type Command, readDuration } from '@papertape/protocol'
import { selectInstruments } from '../market/instruments.ts'
import { type Invalid, messageValidator } from '../run-options/message-validator.ts'
import { ACCOUNT_CASH, ORDER_MESSAGES, orderCommand } from '../run-options/order-command.ts'
import { runHeader, runTimes } from '../run-options/run-header.ts'
import { parseScenarioSchedule, ScheduleError } from '../run-options/scenario-schedule.ts'
import { parseMoment, timeOfDay } from '../run-options/time-of-day.ts'
import { DAY_MS, microseconds } from '../time-units.ts'
import {
  createEpisode,
  type Episode,
  type EpisodeState,
  type EpisodeTerms,
  OWN_ACCOUNT,
  reseedEpisode,
} from './episode.ts'
import { LockstepError, type LockstepErrorCode } from './lockstep-error.ts'
import { LOCKSTEP_REQUESTS, type LockstepRequest, type LockstepRequestType } from './requests.ts'

/** Changes when a client of before would misread an answer. */
const LOCKSTEP_PROTOCOL = 1

const EPISODES_MAX = 256
const CHECKPOINTS_MAX = 1024
const DURATION_MAX_MS = 366 * DAY_MS

export interface LockstepSession {
  /** @returns the answer to a request, both as JSON without a line end. */
  answer(line: string): string
  /** The answer to a line that was too long to be kept. */
  refuseLong(lengthMax: number): string
}

const checkRequest = messageValidator(LOCKSTEP_REQUESTS)
const checkOrder = messageValidator(ORDER_MESSAGES)

const badRequest: Invalid = reason => new LockstepError('bad-request', reason)

export function createLockstepSession(): LockstepSession {
  const episodes = new Map<number, Episode>()
  const checkpoints = new Map<number, EpisodeState>()
  let lastEpisode = 0
  let lastCheckpoint = 0

  function episodeOf({ episode }: { readonly episode: number }): Episode {
    const found = episodes.get(episode)
    if (found !== undefined) return found
    throw new LockstepError('unknown-episode', `there is no episode ${episode}; open one, or fork a checkpoint`)
  }

  function checkpointOf({ checkpoint, seed }: { readonly checkpoint: number; readonly seed?: number }): EpisodeState {
    const state = checkpoints.get(checkpoint)
    if (state !== undefined) return seed === undefined ? state : reseedEpisode(state, seed)
    throw new LockstepError('unknown-checkpoint', `there is no checkpoint ${checkpoint}; save an episode first`)
  }

  function add(create: () => Episode): object {
    if (episodes.size >= EPISODES_MAX) {
      throw new LockstepError('too-many', `at most ${EPISODES_MAX} episodes are open; close one first`)
    }
    const episode = create()
    episodes.set(++lastEpisode, episode)
    return opened(lastEpisode, episode)
  }

  function put(number: number, episode: Episode): object {
    episodes.set(number, episode)
    return opened(number, episode)
  }

  const answers: { readonly [T in LockstepRequestType]: (request: LockstepRequest<T>) => object } = {
    step(request) {
      const episode = episodeOf(request)
      const until = stepEnd(request, episode)
      return { type: 'stepped', ...episode.step(until, readOrders(request)) }
    },
    open: request => add(() => createEpisode(readTerms(request))),
    fork: request => {
      const state = checkpointOf(request)
      return add(() => createEpisode(state.terms, state))
    },
    reset(request) {
      const { terms } = episodeOf(request)
      return put(request.episode, createEpisode({ ...terms, header: { ...terms.header, seed: request.seed } }))
    },
    restore(request) {
      episodeOf(request)
      const state = checkpointOf(request)
      return put(request.episode, createEpisode(state.terms, state))
    },
    save(request) {
      const episode = episodeOf(request)
      if (checkpoints.size >= CHECKPOINTS_MAX) {
        throw new LockstepError('too-many', `at most ${CHECKPOINTS_MAX} checkpoints are kept; drop one first`)
      }
      checkpoints.set(++lastCheckpoint, episode.save())
      return { type: 'saved', checkpoint: lastCheckpoint, episode: request.episode, time: episode.time }
    },
    drop(request) {
      checkpointOf({ checkpoint: request.checkpoint })
      checkpoints.delete(request.checkpoint)
      return { type: 'done' }
    },
    close(request) {
      episodeOf(request)
      episodes.delete(request.episode)
      return { type: 'done' }
    },
  }

  return {
    answer(line) {
      try {
        const request = readRequest(line)
        return JSON.stringify((answers[request.type] as (request: LockstepRequest) => object)(request))
      } catch (error) {
        if (error instanceof LockstepError) return refusal(error.code, error.message)
        throw error
      }
    },
    refuseLong: lengthMax => refusal('too-large', `a request has at most ${lengthMax} bytes; send it in parts`),
  }
}

function opened(number: number, episode: Episode): object {
  const observation = episode.observe()
  return { type: 'opened', protocol: LOCKSTEP_PROTOCOL, episode: number, ...episode.describe(), ...observation }
}

function refusal(code: LockstepErrorCode, text: string): string {
  return JSON.stringify({ type: 'error', code, text })
}

function readRequest(line: string): LockstepRequest {
  let request: unknown
  try {
    request = JSON.parse(line)
  } catch {
    throw new LockstepError('bad-json', 'a request is one JSON object in one line')
  }
  if (typeof request !== 'object' || request === null || Array.isArray(request)) {
    throw new LockstepError('bad-json', 'a request is one JSON object in one line')
  }
  checkRequest(request as Record<string, unknown>, badRequest)
  return request as LockstepRequest
}

function readTerms(request: LockstepRequest<'open'>): EpisodeTerms {
  const { seed, preset = 'mixed', symbols = 1, scenario, levels = 1, cash = ACCOUNT_CASH } = request
  const { duration = '1h', warmUp = '10s', margin = false, events = [] } = request
  const durationMs = readMs('duration', duration, DURATION_MAX_MS)
  const warmUpMs = warmUp === '0s' ? 0 : readMs('warmUp', warmUp, durationMs - 1)
  const scenarios = readScenarios(scenario, durationMs)
  const names = selectInstruments(symbols).map(({ symbol }) => symbol)
  const header = runHeader({ lines: 'tape', seed, preset, scenarios, symbols: names, durationMs, orders: null })
  return { header, warmUpMs, levels, cash, margin, events }
}

function readMs(name: string, text: string, mostMs: number): number {
  const durationMs = readDuration(text)
  if (durationMs !== undefined && durationMs <= mostMs) return durationMs
  throw badRequest(`${name} takes values such as 90s, 30m or 6.5h, at most ${mostMs / 1000} s here, not "${text}"`)
}

function readScenarios(text: string | undefined, durationMs: number) {
  try {
    return parseScenarioSchedule(text, runTimes(durationMs))
  } catch (error) {
    if (error instanceof ScheduleError) throw badRequest(error.message)
    throw error
  }
}

/** In whole microseconds, not before the present. */
function stepEnd({ by, until }: LockstepRequest<'step'>, episode: Episode): number {
  const { startTime, midnightTime } = episode.terms.header
  if (episode.done) {
    throw new LockstepError(
      'episode-over',
      `it has ended at ${timeOfDay(episode.time, midnightTime)}; reset it, or restore a checkpoint`,
    )
  }
  if ((by === undefined) === (until === undefined)) throw badRequest('step takes either by or until')
  if (until === undefined) return wholeMicroseconds(episode.time + readStep(by!))
  const end = typeof until === 'string' ? parseMoment(until, midnightTime, startTime) : wholeMicroseconds(until)
  if (end === undefined) throw badRequest(`until takes a time such as 10:15:00 or 45m after the start, not "${until}"`)
  if (end >= episode.time) return end
  throw badRequest(
    `until is ${episode.time - end} ms before the episode's time, ${episode.time}; time does not run back`,
  )
}

function readStep(by: number | string): number {
  const stepMs = typeof by === 'string' ? readDuration(by) : by
  if (stepMs === undefined) throw badRequest(`by takes milliseconds or a duration such as 1s, not "${by}"`)
  return stepMs
}

function wholeMicroseconds(ms: number): number {
  return microseconds(ms) / 1000
}

/** Checks all of them before any is applied. */
function readOrders({ orders = [] }: LockstepRequest<'step'>): Command[] {
  return orders.map((order, i) => {
    checkOrder(order, reason => new LockstepError('bad-order', `orders[${i}]: ${reason}`))
    return orderCommand(OWN_ACCOUNT, order)
  })
}
