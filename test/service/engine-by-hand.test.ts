// Channels that a person serves: text and images are laid out, nothing is sent, and the delivery waits for the address of the post.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { planShape } from '../../src/http/views.ts'
import { aCityFolder } from '../support/city-folder.ts'
import { aPager, connectorsOf } from '../support/pager.ts'
import { poll } from '../support/poll.ts'
import { redisMissing } from '../support/redis.ts'
import { aRundruf, type TestRundruf } from '../support/rundruf.ts'

const pager = aPager({ platform: 'pinnwand', repeat: 'key' })
const undeletable = aPager({ platform: 'stein', repeat: 'key', can: [] })
const connectors = connectorsOf([pager, { ...undeletable, connector: { ...undeletable.connector, byHand: ['retract'] } }])
const cities = aCityFolder({
  bonn: { channels: [{ name: 'kanal', platform: 'pinnwand', by: 'hand' }] },
  hanau: { channels: [{ name: 'stein', platform: 'stein' }] },
})
const where = 'https://pinnwand.example/bonn/1'

describe('by hand', { skip: redisMissing() }, () => {
  let rundruf: TestRundruf
  before(async () => {
    rundruf = await aRundruf({ exchange: { connectors }, cities })
  })
  after(() => rundruf?.[Symbol.asyncDispose]())

  const task = (id: string, action: string) =>
    poll(`the task to ${action}`, async () => {
      const found = (await rundruf.show(id)).deliveries.find((one) => one.action === action)
      return found?.state === 'held' ? found : undefined
    })
  const resolve = (delivery: string, answer: object) => rundruf.api('POST', `/deliveries/${delivery}/resolve`, answer)

  it('the plan says that a person publishes there', async () => {
    const { body } = await rundruf.api('POST', '/plan', { city: 'bonn', kind: 'notice', title: 'Freibad', text: 'Es öffnet.' })
    const [decision] = planShape.parse(body).decisions
    assert.equal(decision?.verdict, 'send')
    assert.match(decision?.reason ?? '', /veröffentlicht ein Mensch/)
  })

  it('a post becomes a task with all that is to be pasted; its address is the receipt; changes and retractions are tasks, too', async () => {
    const id = await rundruf.announce({ title: 'Freibad', text: 'Es öffnet am Samstag.', link: 'https://www.bonn.de/bad' })
    const publish = await task(id, 'publish')
    assert.match(publish.question ?? '', /veröffentlichen Sie diesen Beitrag auf dem Kanal kanal/)
    assert.match(publish.task?.text ?? '', /Freibad[\s\S]*Es öffnet am Samstag\.[\s\S]*https:\/\/www\.bonn\.de\/bad/)
    assert.equal(publish.task?.at, null)

    const refused = await resolve(publish.id, { answer: 'not-there' })
    assert.equal(refused.status, 409)
    assert.equal((refused.body as { code: string }).code, 'by-hand')
    assert.equal((await resolve(publish.id, { answer: 'there', url: where })).status, 200)
    assert.equal((await rundruf.show(id)).deliveries[0]?.receipt?.url, where)

    await rundruf.api('POST', `/announcements/${id}/amend`, { text: 'Es öffnet am Sonntag.' })
    const update = await task(id, 'update')
    assert.match(update.task?.text ?? '', /Sonntag/)
    assert.equal(update.task?.at, where)
    await resolve(update.id, { answer: 'there', url: null })

    await rundruf.api('POST', `/announcements/${id}/retract`, {})
    const retract = await task(id, 'retract')
    assert.deepEqual([retract.task?.text, retract.task?.at], ['Zurückgenommen: Freibad\n\nDiese Meldung gilt nicht mehr.', where])
    await resolve(retract.id, { answer: 'there', url: null })
    assert.equal((await rundruf.settled(id)).state, 'retracted')
    assert.deepEqual(pager.pages, [], 'a program published there')
  })

  it('a task that nobody did in time expires', async () => {
    const expires = new Date(Date.now() + 3_000).toISOString()
    const id = await rundruf.announce({ title: 'Kurz', text: 'Nur jetzt.', expires })
    await task(id, 'publish')
    assert.equal((await rundruf.settled(id)).deliveries[0]?.state, 'expired')
  })

  it('what no program can delete there is a task for a person', async () => {
    const id = await rundruf.announce({ city: 'hanau', title: 'Gemeißelt', text: 'In Stein.' })
    await rundruf.settled(id)
    await rundruf.api('POST', `/announcements/${id}/retract`, {})
    const retract = await task(id, 'retract')
    assert.match(retract.question ?? '', /löschen Sie den Beitrag/)
    assert.notEqual(retract.task, null)
  })
})
