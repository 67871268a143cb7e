// Finds what must not be sent for a decorative picture: the platform's field for an alternative text, with nothing in it.
import assert from 'node:assert/strict'
import type { PassedRequest } from './fault-proxy.ts'

const names = '(?:description|alt_text(?:_custom)?)'
const inForm = new RegExp(`name="${names}"\\r\\n(?:[^\\r\\n]+\\r\\n)*\\r\\n\\r\\n`)
const inJson = /"(?:alt_text(?:_custom)?|text)":\s*""/
const inFields = new RegExp(`(?:^|[?&])${names}=(?:&|$)`)

/** Fails where one of the requests that upload a picture, or hand it over, has such a field. An edit may empty it. */
export const namesNoEmptyText = (requests: readonly PassedRequest[]): void => {
  const found = requests.filter(({ method, path, body }) => {
    const text = body.toString('latin1')
    return method === 'POST' && (inForm.test(text) || inJson.test(text) || inFields.test(text) || inFields.test(path))
  })
  assert.deepEqual(
    found.map(({ method, path }) => `${method} ${path.split('?')[0]}`),
    [],
  )
}
