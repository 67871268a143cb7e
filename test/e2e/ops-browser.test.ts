// The operators' window in a real browser: nothing from elsewhere, nothing that the security headers had to stop, no barrier at the sign-in.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { AxeBuilder } from '@axe-core/playwright'
import { chromium } from 'playwright-core'
import { openQueues } from '../../workers/queue.ts'
import { anApi } from '../support/api.ts'
import { chromiumMissing, chromiumPath } from '../support/chromium.ts'
import { aRedis, redisMissing } from '../support/redis.ts'

test('an operator signs in, sees the queues, and signs out', { skip: chromiumMissing() || redisMissing() }, async () => {
  await using redis = await aRedis()
  await using opened = new AsyncDisposableStack()
  const queues = openQueues({ kind: 'redis-socket', path: redis.path }, ['mastodon'], () => {})
  opened.defer(() => queues.close())
  await using api = await anApi({ operations: { queues: () => queues.forBoard() } })
  const deliveryId = randomUUID()
  await queues.add([{ id: '1', deliveryId, turn: 1, platform: 'mastodon', way: 'urgent', dueAt: new Date() }] as never)
  const url = await api.app.listen({ host: '127.0.0.1', port: 0 })

  const browser = await chromium.launch({ executablePath: chromiumPath(), args: ['--no-sandbox'] })
  opened.defer(() => browser.close())
  const context = await browser.newContext({ locale: 'de-DE' })
  const page = await context.newPage()
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(error.message))
  page.on('console', (message) => void (/Content Security Policy|Refused to/.test(message.text()) && faults.push(message.text())))
  page.on('request', (request) => void (request.url().startsWith(url) || request.url().startsWith('data:') || faults.push(request.url())))

  await page.goto(`${url}/ops/queues`)
  assert.equal(new URL(page.url()).pathname, '/ops/login')
  assert.deepEqual((await new AxeBuilder({ page }).analyze()).violations, [])
  await page.getByLabel('Schlüssel').fill('falsch')
  await page.getByRole('button', { name: 'Anmelden' }).click()
  await page.getByRole('alert').getByText('Dieser Schlüssel gilt nicht').waitFor()
  assert.deepEqual((await new AxeBuilder({ page }).analyze()).violations, [])

  await page.getByLabel('Schlüssel').fill(api.keys['operator of all'])
  await page.getByRole('button', { name: 'Anmelden' }).click()
  await page.getByText('deliver-mastodon-urgent').first().waitFor()
  await page.goto(`${url}/ops/queues/queue/deliver-mastodon-urgent?status=latest`)
  await page.getByText(deliveryId).first().waitFor()
  assert.equal(await page.evaluate('document.cookie'), '')

  await page.goto(`${url}/ops/login`)
  await page.getByRole('button', { name: 'Abmelden' }).click()
  await page.getByLabel('Schlüssel').waitFor()
  await page.goto(`${url}/ops/queues`)
  assert.equal(new URL(page.url()).pathname, '/ops/login')
  assert.deepEqual(faults, [])
})
