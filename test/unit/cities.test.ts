// The fifteen city files: whole, right, and known to editors by a schema that is not stale.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { parse } from 'yaml'
import { isReference, noPlaces } from '../../config/belonging.ts'
import { checkCities, loadCities, policyDigest } from '../../config/cities.ts'
import { fieldsOf } from '../../config/credentials.ts'
import { channelSettings } from '../../config/secrets.ts'
import { schemaFile, schemaText } from '../../config/write-schema.ts'
import { connectors } from '../../connectors/index.ts'
import { Refusal } from '../../src/announcement/refusal.ts'
import { platforms } from '../../src/policy/platforms.ts'

const folder = join(import.meta.dirname, '../../config/cities')
const { cities, digests, out } = loadCities(folder, connectors, { tolerant: false })

/** Amtlicher Gemeindeschlüssel of each city: the Regionalschlüssel without the four digits of the Gemeindeverband. */
const municipalities: Readonly<Record<string, string>> = {
  kassel: '06611',
  aachen: '05334002',
  dortmund: '05913',
  'frankfurt-am-main': '06412',
  reutlingen: '08415061',
  bonn: '05314',
  'kreis-soest': '05974',
  mainz: '07315',
  karlsruhe: '08212',
  marburg: '06534014',
  hochsauerlandkreis: '05958',
  ronnenberg: '03241015',
  augsburg: '09761',
  hanau: '06415',
  dresden: '14612',
}

describe('the city files', () => {
  it('are those of the fifteen municipalities, none of them wrong', () => {
    assert.deepEqual([...cities.keys()].sort(), Object.keys(municipalities).sort())
    assert.deepEqual(out, [])
  })

  it('can be read alone', () => {
    assert.deepEqual([...loadCities(folder, new Map(), { tolerant: false, only: ['bonn'] }).cities.keys()], ['bonn'])
  })

  it('do not know a city that has none, and guess which was meant', () => {
    assert.throws(
      () => loadCities(folder, new Map(), { tolerant: true, only: ['bonn', 'kasel'] }),
      (error) => error instanceof Refusal && error.code === 'unknown-city' && error.problems[0]!.de.includes('Meinten Sie »kassel«?'),
    )
  })

  it('have digests that are all different and survive another order of keys', () => {
    assert.equal(new Set(digests.values()).size, cities.size)
    const bonn = cities.get('bonn')!
    const reversed = Object.fromEntries(Object.entries(bonn).reverse()) as unknown as typeof bonn
    assert.equal(policyDigest(reversed), digests.get('bonn'))
    assert.notEqual(policyDigest({ ...bonn, city: 'Bonn am Rhein' }), digests.get('bonn'))
  })

  it('are reported on one by one', () => {
    const checks = checkCities(folder, new Map())
    assert.equal(checks.length, 15)
    const bonn = checks.find(({ city }) => city?.key === 'bonn')!
    assert.equal(bonn.file, join(folder, 'bonn.yaml'))
    assert.deepEqual(bonn.city, { key: 'bonn', name: 'Bonn', channels: 8, rules: 6 })
  })

  for (const city of cities.values()) {
    describe(city.city, () => {
      it('has its Regionalschlüssel', () => {
        assert.match(city.ars, /^\d{12}$/)
        const municipality = city.ars.slice(0, 5) + city.ars.slice(9)
        assert.ok(municipality.startsWith(municipalities[city.key]!), `${city.ars} is not in ${municipalities[city.key]}`)
      })

      it('has its own page, open for everything', () => {
        const newsroom = city.channels.filter(({ platform }) => platform === 'newsroom')
        assert.deepEqual(
          newsroom.map(({ use, kinds, topics }) => ({ use, kinds, topics })),
          [{ use: 'all', kinds: null, topics: null }],
        )
      })

      it('keeps its credentials elsewhere', () => {
        for (const { settings, platform } of city.channels) {
          const connector = connectors.get(platform)
          const fields = connector && fieldsOf(connector)
          const isOpen = (name: string) => (fields ? fields.get(name)?.secret === false : ['handle', 'base'].includes(name))
          for (const [name, value] of Object.entries(settings)) if (!isOpen(name)) assert.ok(isReference(value), name)
        }
      })

      it('gives a German reason and a date wherever a channel is closed or restricted', () => {
        for (const { use, since, because } of city.channels)
          if (use === 'emergency-only' || use === 'dormant' || use === 'left') assert.ok(since && because?.endsWith('.'))
      })

      it('puts everything that goes to a platform on its own page as well', () => {
        for (const { name, channels } of city.rules) assert.ok(channels === 'all' || channels.includes('newsroom'), name)
      })

      it('gives every connector settings with which it can rehearse', () => {
        const config = { mode: 'rehearsal', labPort: 4711, variable: () => undefined, ...noPlaces } as const
        for (const channel of city.channels) {
          const connector = connectors.get(channel.platform)
          if (connector === undefined || channel.platform === 'newsroom') continue
          const { base } = channelSettings(config, city, channel, connector) as { base: string }
          assert.equal(base, `http://127.0.0.1:4711/${channel.platform}`)
        }
      })

      it('names platforms that are known', () => {
        for (const { platform } of city.channels) assert.ok(platforms.has(platform), platform)
      })
    })
  }
})

describe('the schema for editors', () => {
  it('is not stale (else: node config/write-schema.ts)', () => {
    assert.equal(readFileSync(schemaFile, 'utf8'), schemaText())
  })

  const ajv = addFormats.default(new Ajv2020({ strict: true, allErrors: true }))
  const validate = ajv.compile(JSON.parse(schemaText()))

  for (const file of readdirSync(folder)) {
    const text = readFileSync(join(folder, file), 'utf8')
    it(`is named by ${file}, which is right by it`, () => {
      assert.equal(text.split('\n', 1)[0], '# yaml-language-server: $schema=../city.schema.json')
      assert.ok(validate(parse(text)), ajv.errorsText(validate.errors))
    })
    it(`finds an unknown key and a wrong word in ${file}`, () => {
      const wrong = parse(text)
      wrong.channels[0].use = 'sometimes'
      wrong.rules[0].chanels = 'all'
      assert.ok(!validate(wrong))
      const places = validate.errors!.map(({ instancePath }) => instancePath)
      assert.ok(places.includes('/channels/0/use') && places.includes('/rules/0'), places.join())
    })
  }
})
