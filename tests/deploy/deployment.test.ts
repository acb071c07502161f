// deploy/compose.yaml, deploy/kubernetes and deploy/systemd: every service runs without root, has health checks and the
// time to drain, and sets only what the server has. Starts none of them: no Docker and no Kubernetes is needed.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { parse, parseAllDocuments } from 'yaml'
import { environmentOf, healthCommandOf, readDockerfile, startCommandOf, stepsOf } from './dockerfile.ts'

// biome-ignore lint/suspicious/noExplicitAny: documents of many kinds
type YamlDocument = any

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')
const SETTINGS = [...read('docs/settings.md').matchAll(/^\| `(--[\w-]+)` \| `(\w+)` \|.*\| `?([^|`]*)`? \|$/gm)]
const VARIABLES = new Set(SETTINGS.map(([, , variable]) => variable!))
const PROBES = ['/health/live', '/health/ready']

/** The standard of a setting, seconds. */
const standardSeconds = (flag: string) => Number(SETTINGS.find(([, name]) => name === flag)![3]) / 1_000
const DRAIN_S = standardSeconds('--drain-max-ms') + standardSeconds('--stop-max-ms')

const stages = new Map(readDockerfile().map(stage => [stage.name, stage]))
const images = [...stages.values()].filter(({ name }) => name !== 'build')
const imageNamed = (image: string) => stages.get(image === 'papertape' ? image : image.replace('papertape-', ''))

function requireKnown(variables: Iterable<string>, where: string): void {
  for (const name of variables) assert.ok(VARIABLES.has(name), `${where}: there is no setting ${name}`)
}

describe('deploy/Dockerfile', () => {
  for (const stage of images) {
    it(`${stage.name}: Debian slim, no root, a health check, a command`, () => {
      assert.match(stage.base, /^debian:\w+-slim$/)
      assert.match(stepsOf(stage, 'USER').at(-1) ?? '', /^[1-9]\d*$/)
      assert.ok(healthCommandOf(stage).length > 0 && startCommandOf(stage).length > 0)
      requireKnown(Object.keys(environmentOf(stage)), stage.name)
    })
  }
})

describe('deploy/compose.yaml', () => {
  const compose: YamlDocument = parse(read('deploy/compose.yaml'), { merge: true })
  const services = Object.entries<YamlDocument>(compose.services)

  it('has NATS, two venues, two gateways and a balancer', () => {
    const names = services.map(([name]) => name)
    assert.deepEqual(names, ['nats', 'venue-1', 'venue-2', 'gateway-1', 'gateway-2', 'balancer'])
    const roles = services.map(([, { environment }]) => environment?.PAPERTAPE_ROLE)
    assert.deepEqual(roles, [undefined, 'venue', 'venue', 'gateway', 'gateway', undefined])
  })

  for (const [name, service] of services) {
    it(`${name}: its image is a stage, and it cannot become root`, () => {
      assert.equal(service.build.dockerfile, 'deploy/Dockerfile')
      assert.equal(service.build.target, imageNamed(service.image)?.name)
      assert.equal(service.user, undefined, 'the user of the image')
      assert.deepEqual(service.cap_drop, ['ALL'])
      assert.ok(service.security_opt.includes('no-new-privileges:true'))
      assert.equal(service.read_only, true)
    })

    it(`${name}: settings, grace period, volumes and dependencies are there`, () => {
      requireKnown(Object.keys(service.environment ?? {}), name)
      assert.ok(Number(/^(\d+)s$/.exec(service.stop_grace_period)?.[1]) > DRAIN_S)
      for (const volume of service.volumes ?? []) {
        const [source, target] = volume.split(':')
        assert.ok(source in compose.volumes, volume)
        assert.equal(target, '/data')
      }
      for (const [other, { condition }] of Object.entries<YamlDocument>(service.depends_on ?? {})) {
        assert.ok(other in compose.services, other)
        assert.equal(condition, 'service_healthy')
      }
      for (const port of service.ports ?? []) {
        const exposed = stepsOf(imageNamed(service.image)!, 'EXPOSE').join(' ').split(' ')
        assert.ok(exposed.includes(port.split(':')[1]), port)
      }
    })
  }

  it('gives venues journals of their own, and all the same market', () => {
    const venues = [compose.services['venue-1'], compose.services['venue-2']]
    assert.notDeepEqual(venues[0].volumes, venues[1].volumes)
    const market = ({ environment }: YamlDocument) =>
      ['PAPERTAPE_NATS', 'PAPERTAPE_SEED', 'PAPERTAPE_SYMBOLS'].map(variable => environment[variable])
    const all = services.map(([, service]) => service).filter(({ environment }) => environment !== undefined)
    for (const one of all) assert.deepEqual(market(one), market(venues[0]))
    assert.equal(market(venues[0])[0].split(':')[0], 'nats')
  })

  it('names the gateways as the balancer does', () => {
    const servers = [
      ...read('deploy/balancers/haproxy-http.cfg').matchAll(/^ {2}server \S+ (\S+):(\d+)( no-check backup)?$/gm),
    ]
    assert.deepEqual(
      servers.map(([, host]) => host),
      ['gateway-1', 'gateway-2', 'gateway-1', 'gateway-2'],
    )
    for (const [, , port] of servers) assert.equal(port, environmentOf(stages.get('papertape')!).PORT)
  })
})

describe('deploy/kubernetes', () => {
  const FOLDER = 'deploy/kubernetes'
  const files = readdirSync(join(ROOT, FOLDER)).filter(file => file !== 'kustomization.yaml')
  const kustomization: YamlDocument = parse(read(`${FOLDER}/kustomization.yaml`))
  const manifests: YamlDocument[] = files.flatMap(file =>
    parseAllDocuments(read(`${FOLDER}/${file}`)).map(document => {
      assert.deepEqual(document.errors, [], file)
      return document.toJS()
    }),
  )
  const workloads = manifests.filter(({ kind }) => ['StatefulSet', 'Deployment'].includes(kind))

  it('lists its files, and what the market is', () => {
    assert.deepEqual([...kustomization.resources].sort(), files.sort())
    const [{ literals }] = kustomization.configMapGenerator
    requireKnown(
      literals.map((literal: string) => literal.split('=')[0]),
      'papertape-market',
    )
  })

  it('has a StatefulSet of NATS and of two venues, and a Deployment of gateways, with Services and budgets', () => {
    const named = manifests.map(({ kind, metadata }) => `${kind} ${metadata.name}`).sort()
    assert.deepEqual(named, [
      'Deployment gateway',
      'PodDisruptionBudget gateway',
      'PodDisruptionBudget venue',
      'Service nats',
      'Service papertape',
      'Service venue',
      'StatefulSet nats',
      'StatefulSet venue',
    ])
    for (const { kind, spec, metadata } of manifests) {
      const labels = spec.selector.matchLabels ?? spec.selector
      const selected = workloads.find(one => one.spec.template.metadata.labels.app === labels.app)
      assert.ok(selected !== undefined, `${kind} ${metadata.name} selects nobody`)
    }
  })

  for (const { kind, metadata, spec } of workloads) {
    const pod = spec.template.spec
    const all: YamlDocument[] = [...pod.containers, ...(pod.initContainers ?? [])]

    it(`${kind} ${metadata.name}: runs without root and without privileges`, () => {
      assert.ok(pod.securityContext.runAsNonRoot && pod.securityContext.runAsUser > 0)
      for (const { name, image, securityContext, resources } of all) {
        const user = stepsOf(imageNamed(image) ?? assert.fail(`there is no image ${image}`), 'USER')[0]
        assert.equal(pod.securityContext.runAsUser, Number(user), name)
        assert.equal(securityContext.allowPrivilegeEscalation, false)
        assert.equal(securityContext.readOnlyRootFilesystem, true)
        assert.deepEqual(securityContext.capabilities.drop, ['ALL'])
        assert.ok(resources.requests.cpu !== undefined && resources.requests.memory !== undefined)
      }
    })

    it(`${kind} ${metadata.name}: is probed, and has the time to drain`, () => {
      for (const { image, readinessProbe, livenessProbe, ports, lifecycle } of pod.containers) {
        const names = ports.map(({ name }: YamlDocument) => name)
        for (const { httpGet } of [readinessProbe, livenessProbe]) assert.ok(names.includes(httpGet.port))
        const paths = [livenessProbe, readinessProbe].map(({ httpGet }) => httpGet.path)
        if (image === 'papertape') assert.deepEqual(paths, PROBES)
        const preStopS = Number(lifecycle?.preStop.exec.command[1] ?? 0)
        assert.ok(pod.terminationGracePeriodSeconds > preStopS + DRAIN_S)
      }
    })

    it(`${kind} ${metadata.name}: settings, volumes and ports are there`, () => {
      const claims: YamlDocument[] = spec.volumeClaimTemplates ?? []
      const volumes = [
        ...claims.map(claim => claim.metadata.name),
        ...(pod.volumes ?? []).map((v: YamlDocument) => v.name),
      ]
      for (const { name, image, env = [], envFrom = [], volumeMounts, ports = [] } of all) {
        requireKnown(
          env.map((variable: YamlDocument) => variable.name),
          name,
        )
        for (const { configMapRef } of envFrom)
          assert.equal(configMapRef.name, kustomization.configMapGenerator[0].name)
        for (const mount of volumeMounts) assert.ok(volumes.includes(mount.name), mount.name)
        const exposed = stepsOf(imageNamed(image)!, 'EXPOSE').join(' ').split(' ')
        for (const { containerPort } of ports) assert.ok(exposed.includes(String(containerPort)), `${containerPort}`)
      }
      const names = pod.containers.flatMap(({ ports }: YamlDocument) => ports.map((port: YamlDocument) => port.name))
      const services = manifests.filter(one => one.kind === 'Service' && one.spec.selector.app === metadata.name)
      for (const service of services) {
        for (const { name, targetPort } of service.spec.ports) assert.ok(names.includes(targetPort ?? name), name)
      }
    })
  }
})

describe('deploy/systemd/papertape.service', () => {
  const unit = read('deploy/systemd/papertape.service')
  const valuesOf = (name: string) => [...unit.matchAll(new RegExp(`^${name}=(.*)$`, 'gm'))].map(([, value]) => value!)

  it('runs without root, and has the time to drain', () => {
    assert.notEqual(valuesOf('User')[0], 'root')
    assert.deepEqual(valuesOf('KillSignal'), ['SIGTERM'])
    assert.ok(Number.parseInt(valuesOf('TimeoutStopSec')[0]!, 10) > DRAIN_S)
    requireKnown(
      valuesOf('Environment').map(pair => pair.split('=')[0]!),
      'the unit',
    )
  })

  it('is what systemd-analyze takes, with little exposure', test => {
    if (spawnSync('systemd-analyze', ['--version']).status !== 0) return test.skip('systemd-analyze is not installed')
    const folder = mkdtempSync(join(tmpdir(), 'papertape-systemd-'))
    test.after(() => rmSync(folder, { recursive: true, force: true }))
    const file = join(folder, 'papertape.service')
    // The program and the user of this machine.
    const here = unit
      .replaceAll('/opt/papertape', ROOT.replace(/\/$/, ''))
      .replace(/^User=.*/m, `User=${userInfo().username}`)
    writeFileSync(file, here)
    const analyze = (...words: string[]) => {
      const { status, stdout, stderr } = spawnSync('systemd-analyze', words, { encoding: 'utf8', timeout: 20_000 })
      return { status, text: `${stdout}${stderr}` }
    }
    const verified = analyze('verify', '--recursive-errors=no', file)
    assert.deepEqual([verified.status, verified.text], [0, ''])
    const { text } = analyze('security', '--offline=true', '--no-pager', file)
    assert.ok(Number(/exposure level for \S+: ([\d.]+)/.exec(text)?.[1]) < 3, text.slice(-200))
  })
})
