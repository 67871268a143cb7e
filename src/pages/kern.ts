// The part of KERN, the design system of German administration, that a page uses: its rules unchanged, what is not used left out.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export interface Use {
  /** The KERN classes that stand in the page's markup. */
  readonly classes: ReadonlySet<string>
  /** The page's own style sheet: the KERN variables that it reads are kept. */
  readonly own: string
}

/** KERN's style sheet (340 KB) reduced to what is used (below 30 KB), with its notice. */
export const kernPart = ({ classes, own }: Use): string => {
  const rules = chosen(parsed(readFileSync(kernFile, 'utf8')), classes)
  const variables = usedVariables(rules, own)
  return notice + rules.map((rule) => written(rule, variables)).join('')
}

const kernFile = fileURLToPath(import.meta.resolve('@kern-ux/native/dist/kern.min.css'))
const notice = '/* Auszug aus KERN-UX (@kern-ux/native), https://kern-ux.de, Lizenz EUPL-1.2 */\n'

interface Rule {
  /** Selectors or at-rule. */
  readonly head: string
  readonly declarations: readonly string[]
  readonly inner: readonly Rule[]
}

/** Splits a minified style sheet; KERN has no braces within strings. */
const parsed = (css: string): Rule[] => {
  const rules: Rule[] = []
  let start = 0
  for (let open = css.indexOf('{'); open !== -1; open = css.indexOf('{', start)) {
    const end = closing(css, open)
    const body = css.slice(open + 1, end)
    const nested = body.includes('{')
    rules.push({
      head: css.slice(start, open).trim(),
      declarations: nested ? [] : declarationsOf(body),
      inner: nested ? parsed(body) : [],
    })
    start = end + 1
  }
  return rules
}

const closing = (css: string, open: number): number => {
  let depth = 0
  for (let at = open; at < css.length; at++) {
    if (css[at] === '{') depth++
    if (css[at] === '}' && --depth === 0) return at
  }
  throw new Error('KERN: a rule is not closed')
}

/** Splits at semicolons outside of strings and brackets: data addresses contain some. */
const declarationsOf = (body: string): string[] => body.match(/(?:"[^"]*"|\([^()]*(?:\([^()]*\)[^()]*)*\)|[^;])+/g) ?? []

const chosen = (rules: readonly Rule[], classes: ReadonlySet<string>): Rule[] =>
  rules.flatMap((rule) => {
    if (rule.inner.length > 0) {
      const inner = chosen(rule.inner, classes)
      return inner.length > 0 ? [{ ...rule, inner }] : []
    }
    if (rule.head.startsWith('@')) return []
    const head = selectorsOf(rule.head).filter((selector) => classesOf(selector).every((name) => classes.has(name)))
    return head.length > 0 ? [{ ...rule, head: head.join(',') }] : []
  })

const selectorsOf = (head: string): string[] => head.split(/,(?![^(]*\))/)

/** The classes that a selector asks for; those in `:not()` and `:is()` alternatives of themes do not count. */
const classesOf = (selector: string): string[] =>
  [...selector.replace(/:(?:not|is)\([^)]*\)/g, '').matchAll(/\.([\w-]+)/g)].map((match) => match[1] ?? '')

const usedVariables = (rules: readonly Rule[], own: string): ReadonlySet<string> => {
  const all = flat(rules).flatMap((rule) => rule.declarations)
  const values = new Map<string, string>()
  for (const declaration of all)
    if (isVariable(declaration)) values.set(nameOf(declaration), (values.get(nameOf(declaration)) ?? '') + declaration)
  const used = new Set<string>()
  const read = (text: string): void => {
    for (const [, name = ''] of text.matchAll(/var\((--[\w-]+)/g)) {
      if (used.has(name)) continue
      used.add(name)
      read(values.get(name) ?? '')
    }
  }
  read(own)
  for (const declaration of all) if (!isVariable(declaration)) read(declaration)
  return used
}

const flat = (rules: readonly Rule[]): Rule[] => rules.flatMap((rule) => [rule, ...flat(rule.inner)])
const isVariable = (declaration: string): boolean => declaration.trimStart().startsWith('--')
const nameOf = (declaration: string): string => declaration.slice(0, declaration.indexOf(':')).trim()

const written = (rule: Rule, variables: ReadonlySet<string>): string => {
  const kept = rule.declarations.filter((declaration) => !isVariable(declaration) || variables.has(nameOf(declaration)))
  const body = kept.join(';') + rule.inner.map((inner) => written(inner, variables)).join('')
  return body === '' ? '' : `${rule.head}{${body}}`
}
