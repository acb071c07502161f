// The entry of the service: settings, gateway, app, ports. A failure at start is reported in one line.

import { existsSync } from 'node:fs'
import { isIP } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { VenueNodeState } from '@papertape/cluster'
import { Admission } from '@papertape/feed'
import { CHANNEL_LIMITS, LocalRooms, MemoryRoomStore, openGateway } from '@papertape/gateway'
import { PRESETS, parseSchedule, scenarioNames } from '@papertape/simulators'
import { callerFolder } from '@papertape/simulators/input'
import { formatPace, type MarketPlan, type VenueOptions } from '@papertape/venue'
import { buildApp } from './app.ts'
import { operatorToken } from './auth/operator.ts'
import type { MarketOverNats } from './cluster/connect-gateway.ts'
import { Drain } from './connections/drain.ts'
import { readTcpTables } from './delivery/tcp-table.ts'
import { localCertificate } from './http/certificate.ts'
import { createListeners, requireFreePorts } from './http/listeners.ts'
import type { OpenPorts } from './http/own-origins.ts'
import { openProbes } from './http/probes.ts'
import { JOURNAL_FILE, TAIL_FILE } from './journal/journal-folder.ts'
import { verifyFolder } from './journal/open-journal.ts'
import { describeFailure } from './process/failure.ts'
import { LogOutput } from './process/log-output.ts'
import { secrets } from './process/secrets.ts'
import { systemClock } from './process/system-clock.ts'
import { SqliteRoomStore } from './rooms/sqlite-room-store.ts'
import { ConfigError, readConfig } from './settings/config.ts'
import { describeServiceLinks } from './settings/environment.ts'
import { helpText } from './settings/help.ts'
import { marketOf, readMarketFile, settingDefaultsOf } from './settings/market-file.ts'
import { type Config, VARIABLES } from './settings/settings.ts'
import { startSimulationThread } from './simulations/simulation-thread.ts'
import { Simulations } from './simulations/simulations.ts'
import { MarketPlanError, openMarket } from './venue/open-market.ts'
import { connectWorker } from './venue/worker-connection.ts'

const WEB_FOLDER = fileURLToPath(new URL('../../web/out', import.meta.url))
const output = new LogOutput(process.stdout)
const errors = new LogOutput(process.stderr)
/** Of the end of the process after the last connection was notified, unless --stop-max-ms is longer. */
const END_MAX_MS = 5_000
/** How long a venue that leads, and is to end, waits for another one that can. */
const SUCCESSOR_MAX_MS = 10_000
/** Connections are cut before it. */
const AFTER_CUT_MS = 500
const DAY_MS = 86_400_000
const EXIT = { failed: 1, usage: 2 } as const

async function serve(config: Config): Promise<void> {
  const plan = planOf(config)
  const dataFolder = config.memory ? undefined : config.dataFolder
  // Read here first, so that an unusable replay file is reported before anything is opened.
  const market = await openMarket(plan)
  if (config.verify) {
    await verifyJournal(plan, config.dataFolder)
    return
  }
  if (config.role === 'venue') {
    await serveVenue(config, plan)
    return
  }
  const { host, basePath } = config
  await requireFreePorts(host, [config.port, config.tlsPort])
  // Nobody knows a port that is picked.
  const probes = config.port === 0 ? undefined : await openProbes({ host, port: config.port, basePath })

  const remote = config.role === 'gateway' ? await connectToVenues(config, market.name) : undefined
  const { venue, feed, streams, holders } = await openGateway({
    connect:
      remote?.connect ??
      connectWorker({ ...venueOptionsOf(config, plan), dataFolder, fresh: config.fresh, repair: config.repair }),
    eventsKept: config.eventsKept,
    clock: systemClock,
    streamsMax: config.streamsMax,
    lagMaxMs: config.lagMaxMs,
    isOneOfMany: config.role === 'gateway',
    admission: new Admission(config.loopLagMaxMs),
    otherLimits: {
      streamAgeMaxMs: config.streamAgeMaxMs,
      subscriptionsMax: CHANNEL_LIMITS.subscriptionsMax,
      addressSocketsMax: config.addressSocketsMax,
    },
    onOpened: () => output.write(`Papertape is opening the market: ${describeMarket(config)}\n`),
    onCatchingUp: showCatchingUp,
    onNotice: text => errors.write(`papertape: ${text}\n`),
    onFailure: error => stop(describeFailure(error), EXIT.failed),
    onError: error => errors.write(`${describeFailure(error)}\n`),
  })
  const listeners = createListeners({
    certificate: await localCertificate(dataFolder, new Date(systemClock.wallMs())),
    basePath,
    clock: systemClock,
  })
  const { serverFactory } = listeners
  const token = operatorToken(dataFolder)
  // In the market's folder, which its venue has locked: no other server writes there.
  const storedRooms =
    dataFolder === undefined || config.role === 'gateway'
      ? undefined
      : new SqliteRoomStore(join(dataFolder, market.name, 'rooms.sqlite'), systemClock)
  const rooms =
    remote?.rooms ??
    new LocalRooms(
      { store: storedRooms ?? new MemoryRoomStore(), clock: systemClock, symbols: () => feed.view.symbols },
      error => errors.write(`${describeFailure(error)}\n`),
    )
  const drain = new Drain({
    clock: systemClock,
    random: Math.random,
    maxMs: config.drainMaxMs,
    admission: feed.admission,
    onError: error => errors.write(`${describeFailure(error)}\n`),
  })
  let ports: OpenPorts | undefined
  const app = await buildApp({
    feed,
    venue,
    streams,
    holders,
    sharedSessions: remote?.sharedSessions,
    sharedLimits: remote?.sharedLimits,
    simulations: new Simulations({
      startThread: startSimulationThread,
      newId: () => `sim-${secrets.random(4, 'hex')}`,
      wallMs: () => systemClock.wallMs(),
    }),
    rooms,
    readTcpTables,
    clock: systemClock,
    secrets,
    random: Math.random,
    serverFactory,
    ports: () => ports,
    webFolder: WEB_FOLDER,
    operatorToken: token,
    lab: config.lab === 'on',
    adapters: config.adapters === 'on',
    marketTerms: {
      feeRates: { maker: Number(config.feeMaker), taker: Number(config.feeTaker) },
      tradingHours: tradingHoursOf(config),
    },
    drain,
    streamAgeMaxMs: config.streamAgeMaxMs,
    logLevel: config.log,
    logStream: output,
    access: {
      origins: config.origins,
      hosts: config.hosts,
      trustProxy: config.trustProxy,
      basePath,
    },
    limits: {
      commandsPerSecond: config.commandsPerSecond,
      burst: config.commandBurst,
      addressSocketsMax: config.addressSocketsMax,
      openOrdersMax: config.openOrdersMax,
      newAccounts: { burst: config.accountBurst, perHour: config.accountsPerHour },
    },
  })

  await probes?.close()
  await app.listen({ host, port: config.port })
  const port = (app.server.address() as { port: number }).port
  const tlsPort = await listeners.listenSecure(host, config.tlsPort)
  ports = { clear: port, secure: tlsPort }
  greet(config, port, tlsPort, `${basePath}/#operator=${token}`)

  const end = async () => {
    const stopped = listeners.stop(config.stopMaxMs)
    await app.close()
    await stopped
    storedRooms?.close()
    await venue.close()
  }
  whenSignalled({
    async close() {
      // The ports stay open: see docs/decisions/0038-drain-and-rotation.md.
      await drain.begin()
      // The journal is complete without the last checkpoint, which only makes the next start faster.
      await Promise.race([end(), passed(Math.max(config.stopMaxMs, END_MAX_MS) + AFTER_CUT_MS)])
    },
    hurry() {
      const { isUnderWay } = drain
      drain.end()
      return isUnderWay
    },
  })
}

function venueOptionsOf(config: Config, plan: MarketPlan): VenueOptions {
  const { pace, pastMinutes, pastDays, eventsKept, privateDaysKept } = config
  return { plan, pace, pastMs: pastMinutes * 60_000, pastDays, eventsKept, privateKeptMs: privateDaysKept * DAY_MS }
}

/** A gateway's venue is on another machine. The client of NATS is loaded by those who need it only. */
async function connectToVenues(config: Config, market: string): Promise<MarketOverNats> {
  const { natsSettings } = await import('./cluster/nats-settings.ts')
  const { connectGateway } = await import('./cluster/connect-gateway.ts')
  return connectGateway(
    natsSettings(config),
    market,
    line => errors.write(`papertape: ${line}\n`),
    error => stop(describeFailure(error), EXIT.failed),
  )
}

/** The venue alone: it answers probes, and gateways through NATS. */
async function serveVenue(config: Config, plan: MarketPlan): Promise<void> {
  const { natsSettings } = await import('./cluster/nats-settings.ts')
  const { startVenueProcess } = await import('./cluster/venue-process.ts')
  let isReady = false
  const probes = await openProbes({ ...config, isReady: () => isReady })
  const venue = startVenueProcess({
    worker: {
      nats: natsSettings(config),
      log: { replicas: config.natsReplicas, bytesMax: config.natsLogBytes },
      venue: venueOptionsOf(config, plan),
      dataFolder: config.memory ? undefined : config.dataFolder,
      fresh: config.fresh,
      silenceMaxMs: config.venueSilenceMaxMs,
      successorMaxMs: SUCCESSOR_MAX_MS,
    },
    onState(state) {
      isReady = state.isReady
      output.write(`papertape: ${describeState(state)}\n`)
    },
    onNotice: text => errors.write(`papertape: ${text}\n`),
    onFailure: error => stop(describeFailure(error), EXIT.failed),
  })
  whenSignalled({
    async close() {
      await Promise.race([venue.close(), passed(SUCCESSOR_MAX_MS + Math.max(config.stopMaxMs, END_MAX_MS))])
      await probes.close()
    },
    hurry: () => false,
  })
}

function describeState(state: VenueNodeState): string {
  if (state.role === 'standby') return state.isReady ? 'standby: has caught up with the log' : 'standby: reads the log'
  return `${state.isReady ? 'leads' : 'takes the lead'}, term ${state.term}`
}

/** What a signal does. */
interface Shutdown {
  /** Settles when the process may end. */
  close(): Promise<void>
  /** Notifies all connections that are left. Returns false when there is nothing to shorten. */
  hurry(): boolean
}

function passed(ms: number): Promise<void> {
  return new Promise(resolve => systemClock.setTimer(resolve, ms))
}

/** Nothing has to be closed before the market is open: the journal is complete at any time. */
let shutdown: Shutdown = { close: async () => {}, hurry: () => false }

function whenSignalled(given: Shutdown): void {
  shutdown = given
}

/** The first signal closes the service, a second one notifies all connections at once, one more ends the process. */
function endOnSignals(): void {
  let isClosing = false
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (isClosing) {
        if (!shutdown.hurry()) process.exit(EXIT.failed)
        return
      }
      isClosing = true
      shutdown.close().then(
        () => process.exit(0),
        error => stop(describeFailure(error), EXIT.failed),
      )
    })
  }
}

async function verifyJournal(plan: MarketPlan, dataFolder: string): Promise<void> {
  const market = await openMarket(plan)
  const folder = join(dataFolder, market.name)
  if (![JOURNAL_FILE, TAIL_FILE].some(name => existsSync(join(folder, name))))
    throw new ConfigError(`there is no journal in ${folder}; --data, --seed, --config and --replay name the market`)
  const { hash, seq, commands } = verifyFolder(market, folder)
  output.write(`${commands} commands replayed, every event up to ${seq} as it was published\nstate ${hash}\n`)
}

function planOf(config: Config): MarketPlan {
  const { replay, seed, symbols, scenario, bands, collar, schedule } = config
  const { feeMaker, feeTaker, feePerShare, marginInitial, marginLong, marginShort, marginGraceMs, openOrdersMax } =
    config
  const fees = { feeMaker, feeTaker, feePerShare }
  const accountRules = { ...fees, marginInitial, marginLong, marginShort, marginGraceMs, openOrdersMax }
  if (replay !== '') return { kind: 'replay', file: replay, accountRules }
  const rules = { bands, collar, schedule }
  const preset = PRESETS.find(name => name === config.preset)
  const market = config.config === '' ? { symbols } : marketOf(config.config, preset, symbols)
  requireScenarios(scenario, scenarioNames('settings' in market ? market.settings : undefined))
  return { kind: 'simulated', seed, ...market, preset, rules, accountRules, scenarios: scenario }
}

function requireScenarios(names: readonly string[], known: readonly string[]): void {
  const unknown = names.find(name => !known.includes(name))
  if (unknown === undefined) return
  throw new ConfigError(`--scenario takes a comma list of ${known.join(', ')}, or nothing; there is no ${unknown}`)
}

/** Flags, variables, and the file of --config, which they name. */
function readSettings(): Config | 'help' {
  const given = [process.argv.slice(2), process.env, callerFolder(process.env, process.cwd())] as const
  const config = readConfig(...given)
  if (config === 'help' || config.config === '') return config
  if (config.replay !== '') throw new ConfigError('--config is for a simulated market, not for a replay of real data')
  return readConfig(...given, settingDefaultsOf(readMarketFile(config.config), config.config))
}

/** Undefined for a market that never closes, and for a replay, which has no schedule. */
function tradingHoursOf({ replay, schedule }: Config): { openMs: number; closeMs: number } | undefined {
  const day = replay === '' ? parseSchedule(schedule) : null
  return day == null ? undefined : { openMs: day.continuousMs, closeMs: day.closingAuctionMs }
}

function showCatchingUp(behindMs: number): void {
  if (errors.isTerminal) errors.write(`\rCatching up with the clock: ${Math.ceil(behindMs / 60_000)} min to go \x1b[K`)
}

function describeMarket({ replay, seed, symbols, config, pace }: Config): string {
  const configured = config === '' ? '' : `, ${config}`
  const source = replay === '' ? `seed ${seed}, ${symbols} symbols${configured}` : `replay of ${replay}`
  return `${source}, pace ${formatPace(pace)}`
}

/** @param operatorLink path and fragment; browsers do not send the fragment. */
function greet(config: Config, port: number, tlsPort: number, operatorLink: string): void {
  const isLocal = ['127.0.0.1', '0.0.0.0', '::'].includes(config.host)
  const host = isLocal ? 'localhost' : isIP(config.host) === 6 ? `[${config.host}]` : config.host
  if (errors.isTerminal) errors.write('\r\x1b[K')
  output.write(
    `  dashboard  http://${host}:${port}    https://${host}:${tlsPort}\n` +
      `  feed       curl -N http://${host}:${port}/v1/stream\n` +
      `  orders     ws://${host}:${port}/v1/socket, subprotocol papertape.v1\n` +
      `  operator   http://${host}:${port}${operatorLink}\n` +
      `  ${config.memory ? 'data in memory only' : `data in ${config.dataFolder}`}; Ctrl-C stops it\n`,
  )
}

function stop(line: string, exitCode: number): never {
  errors.write(`papertape: ${line}\n`)
  process.exit(exitCode)
}

// Files and folders that the process creates are readable by its user only.
process.umask(0o077)

try {
  const config = readSettings()
  endOnSignals()
  const links = describeServiceLinks(process.env, VARIABLES)
  if (links !== undefined) errors.write(`papertape: ${links}\n`)
  if (config === 'help') output.write(helpText())
  else await serve(config)
} catch (error) {
  // An unknown host name in --host is a usage error too.
  const isUnknownName = (error as NodeJS.ErrnoException).code === 'ENOTFOUND'
  const isUsage = error instanceof ConfigError || error instanceof MarketPlanError || isUnknownName
  stop(describeFailure(error), isUsage ? EXIT.usage : EXIT.failed)
}
