// The answers where there is no page: not here, taken back, not now, not so often.
import type { City } from '../policy/policy.ts'
import type { Page } from './answer.ts'
import { awayPage, notFoundPage } from './pages.ts'

export const htmlType = 'text/html; charset=utf-8'

/** `city` null: not even the city is known here. */
export const notFound = (city: City | null): Page => ({
  status: 404,
  type: htmlType,
  body: notFoundPage(city).toString(),
  changed: null,
  cache: 'page',
})

/** There is no such file for the public: not yet (nobody may keep this answer), or no more. */
export const noFile = (status: 404 | 410): Page => ({ ...notFound(null), status, cache: 'copy' })

/** The store is away or busy, and of this page there is no copy. */
export const away = (city: City | null): Page => ({
  status: 503,
  type: htmlType,
  body: awayPage(city).toString(),
  changed: null,
  cache: 'copy',
  headers: { 'retry-after': '30' },
})

/** This address asks for too much, and of this page there is no copy. */
export const tooOften = (city: City | null): Page => ({ ...away(city), status: 429, headers: { 'retry-after': '10' } })
