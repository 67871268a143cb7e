// The newsroom in a real browser: readable by everyone, on a phone and a desk, in light and dark, without script and without strangers.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { AxeBuilder } from '@axe-core/playwright'
import Fastify, { type FastifyInstance } from 'fastify'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { newsroomPages } from '../../src/newsroom/routes.ts'
import type { City } from '../../src/policy/policy.ts'
import { aChannel, aCity } from '../support/builders.ts'
import { chromiumMissing, chromiumPath } from '../support/chromium.ts'
import { aDatabase, type TestDatabase } from '../support/database.ts'
import { aPng } from '../support/png.ts'
import { fillAWeek, type Week } from './newsroom-content.ts'

const cities: ReadonlyMap<string, City> = new Map([
  [
    'bonn',
    aCity({
      channels: [
        aChannel(),
        aChannel({ name: 'm', platform: 'mastodon', title: '@bonn@social.example', url: 'https://social.example/@bonn' }),
        aChannel({ name: 'x', platform: 'x', use: 'emergency-only', since: '2025-02-14', because: 'X nur noch im Notfall.' }),
        aChannel({ name: 'f', platform: 'facebook', use: 'dormant', since: '2025-02-07' }),
        aChannel({ name: 'g', platform: 'google-plus', use: 'left' }),
      ],
    }),
  ],
  // hard to read on anything: the page has to mend it
  ['mainz', aCity({ key: 'mainz', city: 'Mainz', colours: { primary: '#ffe600', onPrimary: '#ffffff' } })],
])

describe('the newsroom in Chromium', { skip: chromiumMissing() }, () => {
  let store: TestDatabase
  let app: FastifyInstance
  let browser: Browser
  let week: Week
  let origin: string
  const dataDir = mkdtempSync(join(tmpdir(), 'rundruf-newsroom-'))

  before(async () => {
    store = await aDatabase()
    const bytes = aPng({ width: 1200, height: 675, colour: 0x46719a })
    const alt = 'Die neue Promenade am Rhein im Abendlicht.'
    week = await fillAWeek(store.db, 'https://rundruf.example', { bytes, type: 'image/png', width: 1200, height: 675, alt })
    app = Fastify()
    await app.register(newsroomPages({ db: store.db, cities, publicUrl: 'https://rundruf.example', dataDir, refreshSeconds: 0 }))
    origin = await app.listen({ port: 0, host: '127.0.0.1' })
    browser = await chromium.launch({ executablePath: chromiumPath(), args: ['--no-sandbox', '--disable-dev-shm-usage'] })
  })
  after(async () => {
    await browser?.close()
    await app?.close()
    await store?.[Symbol.asyncDispose]()
    rmSync(dataDir, { recursive: true, force: true })
  })

  const paths = (): readonly string[] => ['/', '/bonn', `/bonn/${week.warning}`, `/bonn/${week.retracted}`, '/mainz', '/bonn/nirgendwo']

  const visit = async (options: BrowserContextOptions, look: (page: Page, path: string) => Promise<void>): Promise<void> => {
    const context = await browser.newContext(options)
    const page = await context.newPage()
    for (const path of paths()) {
      await page.goto(origin + path)
      await look(page, path)
    }
    await context.close()
  }

  for (const colorScheme of ['light', 'dark'] as const)
    for (const width of [360, 1280])
      test(`no barrier that axe knows of: ${colorScheme}, ${width} pixels wide`, async () => {
        await visit({ colorScheme, viewport: { width, height: 900 } }, async (page, path) => {
          const { violations } = await new AxeBuilder({ page }).analyze()
          const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)
          assert.deepEqual(found, [], path)
          const overflow = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
          assert.equal(overflow, 0, `${path} is wider than the screen`)
        })
      })

  test('no request leaves for another host, nothing is refused by the policy, and no cookie is set', async () => {
    const strangers: string[] = []
    const complaints: string[] = []
    const context = await browser.newContext()
    const page = await context.newPage()
    page.on('request', (request) => {
      if (!request.url().startsWith(`${origin}/`) && !request.url().startsWith('data:')) strangers.push(request.url())
    })
    page.on('console', (message) => {
      if (!message.text().includes('status of 404')) complaints.push(message.text())
    })
    for (const path of paths()) await page.goto(origin + path, { waitUntil: 'networkidle' })
    assert.deepEqual(strangers, [])
    assert.deepEqual(complaints, [])
    assert.deepEqual(await context.cookies(), [])
    await context.close()
  })

  test('a page with style sheets weighs less than 60 KB as a browser fetches it', async () => {
    const context = await browser.newContext()
    for (const path of ['/', '/bonn']) {
      const page = await context.newPage()
      const sizes: Promise<number>[] = []
      page.on('requestfinished', (request) => {
        if (request.resourceType() !== 'image') sizes.push(request.sizes().then((size) => size.responseBodySize + size.responseHeadersSize))
      })
      await page.goto(origin + path, { waitUntil: 'networkidle' })
      const sum = (await Promise.all(sizes)).reduce((total, size) => total + size, 0)
      assert.ok(sizes.length >= 3 && sum > 0 && sum < 60_000, `${path}: ${sum} bytes in ${sizes.length} requests`)
      await page.close()
    }
    await context.close()
  })

  test('without script everything is there, and every way leads on', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false })
    const page = await context.newPage()
    await page.goto(`${origin}/`)
    await page.getByRole('link', { name: 'Bonn', exact: true }).click()
    assert.equal(new URL(page.url()).pathname, '/bonn')
    assert.ok(await page.getByRole('heading', { name: 'Aktuelle Warnung' }).isVisible())
    assert.ok(await page.getByRole('img', { name: 'Die neue Promenade am Rhein im Abendlicht.' }).isVisible())
    await page.getByRole('link', { name: 'Rauch über Beuel: Fenster und Türen schließen' }).first().click()
    assert.match(new URL(page.url()).pathname, /^\/bonn\/[0-9a-f-]{36}$/)
    await page.getByRole('link', { name: 'Zur Entwarnung' }).click()
    assert.ok(await page.getByRole('heading', { name: 'Entwarnung: Brand in Beuel gelöscht' }).isVisible())
    await page.getByRole('link', { name: 'Alle Meldungen: Bonn' }).click()
    assert.equal(new URL(page.url()).pathname, '/bonn')
    await context.close()
  })

  test('the keyboard finds the way past the header first, and every focus can be seen', async () => {
    const context = await browser.newContext()
    const page = await context.newPage()
    await page.goto(`${origin}/bonn`)
    await page.keyboard.press('Tab')
    assert.equal(await page.evaluate('document.activeElement.textContent'), 'Zum Inhalt springen')
    assert.equal(await page.evaluate('document.activeElement.getBoundingClientRect().left'), 0)
    await page.keyboard.press('Enter')
    assert.equal(new URL(page.url()).hash, '#inhalt')
    await page.keyboard.press('Tab')
    assert.equal(await page.evaluate('document.activeElement.closest("main") !== null'), true)
    assert.notEqual(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle'), 'none')
    await context.close()
  })
})
