// The style sheet and the icon of the newsroom: made once, named by their content, so that a browser may keep them for ever.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { kernPart } from '../pages/kern.ts'
import { doors } from '../policy/doors.ts'

interface Asset {
  readonly path: string
  readonly type: string
  readonly body: string
}

export interface Assets {
  readonly style: Asset
  /** For pages with a form, beside the other: the pages that everybody reads stay light. */
  readonly forms: Asset
  readonly icon: Asset
}

/** The KERN classes that stand in the newsroom's markup. */
export const kernClasses: ReadonlySet<string> = new Set([
  ...['kern-link', 'kern-label', 'kern-badge', 'kern-badge--small', 'kern-alert', 'kern-alert__header', 'kern-alert__body', 'kern-icon'],
  ...['danger', 'warning', 'success', 'info'].flatMap((tone) => ['badge', 'alert', 'icon'].map((part) => `kern-${part}--${tone}`)),
])

/** Those that stand on the pages with a form alone. */
const formClasses: ReadonlySet<string> = new Set([
  ...['kern-label', 'kern-btn', 'kern-btn--primary', 'kern-form-input', 'kern-form-input--error'],
  ...['kern-form-input__input', 'kern-form-input__input--error'],
])

export const assets = (): Assets => {
  made ??= make()
  return made
}

let made: Assets | undefined

const make = (): Assets => {
  return {
    style: styleSheet('newsroom', kernClasses),
    forms: styleSheet('forms', formClasses),
    icon: asset('rundruf', 'svg', icon),
  }
}

/** The rules of KERN that it uses, and its own. */
const styleSheet = (name: string, classes: ReadonlySet<string>): Asset => {
  const own = readFileSync(new URL(`./${name}.css`, import.meta.url), 'utf8')
  return asset(name, 'css', kernPart({ classes, own }) + minified(own))
}

const types = { css: 'text/css; charset=utf-8', svg: 'image/svg+xml' } as const

const asset = (name: string, kind: keyof typeof types, body: string): Asset => {
  const hash = createHash('sha256').update(body).digest('hex').slice(0, 12)
  return { path: `${doors.assets}/${name}-${hash}.${kind}`, type: types[kind], body }
}

/** Without comments and indentation. */
const minified = (css: string): string => css.replace(/\/\*[\s\S]*?\*\//g, '').replace(/\n\s*/g, '')

/** A dot that calls in all directions. */
const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#1b2a4a"/><g fill="none" stroke="#fff" stroke-width="2.4" stroke-linecap="round"><path d="M10.5 21.5a8 8 0 0 1 0-11M21.5 10.5a8 8 0 0 1 0 11M6.8 25.2a13 13 0 0 1 0-18.4M25.2 6.8a13 13 0 0 1 0 18.4"/></g><circle cx="16" cy="16" r="3" fill="#fff"/></svg>`
