// Variables of the environment that are no settings: those of Kubernetes, and misspelt names.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { describeServiceLinks, describeUnknownVariable, describeWrapping } from './environment.ts'

const KNOWN = ['PORT', 'TLS_PORT', 'PAPERTAPE_SEED', 'PAPERTAPE_LOG', 'PAPERTAPE_STREAMS_MAX', 'PAPERTAPE_DATA']
/** As in a pod beside a Service papertape with two ports, and one papertape-data. */
const LINKS = {
  PAPERTAPE_SERVICE_HOST: '10.0.0.1',
  PAPERTAPE_SERVICE_PORT: '8080',
  PAPERTAPE_SERVICE_PORT_HTTP: '8080',
  PAPERTAPE_SERVICE_PORT_WEB_TLS: '8443',
  PAPERTAPE_PORT: 'tcp://10.0.0.1:8080',
  PAPERTAPE_PORT_8080_TCP: 'tcp://10.0.0.1:8080',
  PAPERTAPE_PORT_8080_TCP_PROTO: 'tcp',
  PAPERTAPE_PORT_8080_TCP_PORT: '8080',
  PAPERTAPE_PORT_8080_TCP_ADDR: '10.0.0.1',
  PAPERTAPE_PORT_53_UDP: 'udp://10.0.0.1:53',
  PAPERTAPE_DATA_SERVICE_HOST: '10.0.0.2',
  PAPERTAPE_DATA_PORT: 'tcp://[fd00::1]:5432',
  PAPERTAPE_DATA_PORT_5432_TCP_ADDR: 'fd00::1',
}

describe('service links', () => {
  test('are not taken for misspelt settings, each by itself and all together', () => {
    for (const env of [LINKS, ...Object.entries(LINKS).map(([name, value]) => ({ [name]: value }))]) {
      assert.equal(describeUnknownVariable(env, KNOWN), undefined, Object.keys(env).join())
      assert.match(describeServiceLinks(env, KNOWN)!, /Kubernetes.*enableServiceLinks: false/)
    }
    assert.match(describeServiceLinks(LINKS, KNOWN)!, /^the environment has PAPERTAPE_PORT=tcp:\S+ and 12 more/)
  })

  test('may have the name of a setting', () => {
    assert.match(describeServiceLinks({ TLS_PORT: 'tcp://10.0.0.3:443' }, KNOWN)!, /TLS_PORT=tcp/)
    assert.equal(describeServiceLinks({ TLS_PORT: '443' }, KNOWN), undefined)
  })

  test('of other Services are ignored', () => {
    const others = { REDIS_PORT: 'tcp://10.0.0.4:6379', TLS_SERVICE_HOST: '10.0.0.3', HOME: '/root' }
    assert.equal(describeServiceLinks(others, KNOWN), undefined)
    assert.equal(describeUnknownVariable(others, KNOWN), undefined)
  })
})

describe('a misspelt variable', () => {
  for (const [name, meant] of [
    ['PAPERTAPE_SEDE', 'PAPERTAPE_SEED'],
    ['PAPERTAPE_STREAM_MAX', 'PAPERTAPE_STREAMS_MAX'],
    ['PAPERTAPE_PORT', 'PORT'],
    ['PAPERTAPE_TLS_PORT', 'TLS_PORT'],
    ['PAPERTAPE_LOG_LEVEL', 'PAPERTAPE_LOG'],
    ['PAPERTAPE_DATA_FOLDER', 'PAPERTAPE_DATA'],
  ] as const) {
    test(`${name} is reported with ${meant}`, () => {
      const line = describeUnknownVariable({ HOME: '/', [name]: '8080' }, KNOWN)!
      assert.ok(line.includes(`${name}, which is not a setting: did you mean ${meant}? --help`), line)
      assert.equal(describeServiceLinks({ [name]: '8080' }, KNOWN), undefined)
    })
  }

  test('that is near no setting is reported without a suggestion', () => {
    assert.equal(
      describeUnknownVariable({ PAPERTAPE_XYZZY_QUUX: '' }, KNOWN),
      'the environment has PAPERTAPE_XYZZY_QUUX, which is not a setting; --help lists them',
    )
  })
})

test('quotes and spaces around a value are reported', () => {
  for (const text of ['"8080"', "'8080'", '""']) assert.equal(describeWrapping(text), 'leave out the quotes')
  for (const text of [' 8080', '8080 ', '8080\r', '\t', '   ']) assert.match(describeWrapping(text)!, /spaces/)
  for (const text of ['8080', '', "it's", '"half', 'a b']) assert.equal(describeWrapping(text), undefined)
})
