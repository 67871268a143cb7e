// The lab's Mastodon against the public OpenAPI description of Mastodon: every answer has the shape that it promises.
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import { startLab } from '../../lab/lab.ts'

const root = join(import.meta.dirname, '../..')
const file = join(process.env.RUNDRUF_SPECS ?? join(root, '../shared/specs'), 'mastodon-openapi.json')
const absent = !existsSync(file)

after(() => {
  if (absent)
    console.log(
      `NOT RUN: the lab's Mastodon was not held against its official description; put mastodon-openapi.json into RUNDRUF_SPECS (looked at ${file}).`,
    )
})

/** A validator that knows the whole description; it names what is wrong with an answer. */
const openDescription = () => {
  const ajv = new Ajv2020({ strict: false, allErrors: true, formats: { 'iso-639-1': /^[a-z]{2,3}$/ } })
  formats.default(ajv)
  ajv.addSchema(JSON.parse(readFileSync(file, 'utf8')) as object, 'mastodon')
  return (name: string, body: unknown): void => {
    const validate = ajv.getSchema(`mastodon#/components/schemas/${name}`)
    assert.ok(validate, `the description has a schema ${name}`)
    const list = Array.isArray(body) ? body : [body]
    assert.ok(list.length > 0, `${name}: there is something to check`)
    for (const one of list) assert.ok(validate(one), `${name}: ${ajv.errorsText(validate.errors)} in ${JSON.stringify(one)}`)
  }
}

const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')

test('statuses, media, accounts, contexts, histories, the instance and errors have the shape of the official description', {
  skip: absent && 'no description',
}, async () => {
  await using lab = await startLab({ port: 0 })
  const fits = openDescription()
  const ask = async (way: string, body?: object | FormData, token = 'rehearsal-bonn') => {
    const [method = 'GET', path] = way.split(' ')
    const plain = body !== undefined && !(body instanceof FormData)
    const headers = { authorization: `Bearer ${token}`, ...(plain && { 'content-type': 'application/json' }) }
    const response = await fetch(`${lab.url}/mastodon/api/${path}`, {
      method,
      headers,
      ...(body !== undefined && { body: plain ? JSON.stringify(body) : (body as FormData) }),
    })
    return (await response.json()) as { id: string }
  }
  fits('Instance', await ask('GET v2/instance'))
  const me = await ask('GET v1/accounts/verify_credentials')
  fits('CredentialAccount', me)
  const form = new FormData()
  form.set('file', new Blob([new Uint8Array(png)], { type: 'image/png' }), 'bild.png')
  form.set('description', 'Ein Pixel')
  const media = await ask('POST v2/media', form)
  fits('MediaAttachment', media)
  fits('MediaAttachment', await ask(`GET v1/media/${media.id}`))
  const status = await ask('POST v1/statuses', { status: 'Grüße #Bonn https://www.bonn.de', media_ids: [media.id], language: 'de' })
  fits('Status', status)
  assert.throws(() => fits('Status', { ...status, id: 5 }), /id must be string/)
  const reply = await ask('POST v1/statuses', {
    status: 'Entwarnung',
    in_reply_to_id: status.id,
    spoiler_text: 'Warnung',
    visibility: 'unlisted',
  })
  fits('Status', reply)
  fits('Status', await ask(`PUT v1/statuses/${reply.id}`, { status: 'Berichtigung' }))
  fits('Account', await ask(`GET v1/accounts/${me.id}`))
  fits('Status', await ask(`GET v1/accounts/${me.id}/statuses`))
  fits('Context', await ask(`GET v1/statuses/${status.id}/context`))
  fits('StatusEdit', await ask(`GET v1/statuses/${reply.id}/history`))
  fits('StatusSource', await ask(`GET v1/statuses/${reply.id}/source`))
  fits('Status', await ask(`DELETE v1/statuses/${reply.id}`))
  fits('Error', await ask(`GET v1/statuses/${reply.id}`))
  fits('Error', await ask('POST v1/statuses', { status: '' }))
  fits('Error', await ask('POST v1/statuses', { status: 'x' }, 'falsch'))
})
