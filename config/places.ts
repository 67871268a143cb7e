// Reads YAML and remembers where everything stands, so that a problem can name its line.
import { isMap, isNode, isPair, isSeq, LineCounter, type Node, parseDocument } from 'yaml'
import type { Problem } from '../src/announcement/refusal.ts'
import { mistakesIn } from './yaml-mistakes.ts'

type KeyPath = readonly (string | number)[]

export interface ReadYaml {
  /** The file as plain data; undefined where it is not YAML. */
  readonly data: unknown
  /** What is wrong with the YAML itself. */
  readonly problems: readonly Problem[]
  /** `bonn.yaml:12 channels[1].platform`; for what is missing, the line of what it is missing from. */
  place(path: KeyPath, atKey?: boolean): string
}

/** Reads one file's text. `file` is the name that problems carry. */
export const readYaml = (file: string, text: string): ReadYaml => {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' })
  const at = (offset: number): string => `${file}:${lines.linePos(offset).line || 1}`
  const problems = mistakesIn(text, [...document.errors, ...document.warnings]).map(({ at: offset, de, en }) => ({
    code: 'not-yaml',
    de,
    en,
    place: at(offset),
  }))
  const place = (path: KeyPath, atKey = false): string => `${at(offsetOf(document.contents, path, atKey))} ${written(path)}`.trimEnd()
  if (problems.length > 0) return { data: undefined, problems, place }
  try {
    return { data: document.toJS({ maxAliasCount: 20 }), problems, place }
  } catch (error) {
    return { data: undefined, problems: [{ code: 'not-yaml', ...unresolved(error), place: `${file}:1` }], place }
  }
}

/** A `*name` that leads nowhere, or too many of them. */
const unresolved = (error: unknown): { readonly de: string; readonly en: string } => {
  const name = /alias[^:]*: (\S+)/i.exec(error instanceof Error ? error.message : '')?.[1]
  return name === undefined
    ? {
        de: 'Die Datei verweist zu oft auf sich selbst (* und &); bitte ausschreiben.',
        en: 'The file refers to itself too often (* and &); write it out.',
      }
    : {
        de: `*${name} ist in YAML ein Verweis, und er führt nirgends hin; bitte den Wert in Anführungszeichen setzen.`,
        en: `*${name} is a reference in YAML, and leads nowhere; put the value in quotes.`,
      }
}

/** Where the deepest part of the path stands that exists. */
const offsetOf = (root: Node | null, path: KeyPath, atKey: boolean): number => {
  let [node, offset] = [root as unknown, root?.range?.[0] ?? 0]
  for (const [index, key] of path.entries()) {
    const found = childOf(node, key)
    if (found === undefined) return offset
    node = found.value
    offset = (atKey && index === path.length - 1) || !found.start ? found.keyStart : found.start
  }
  return offset
}

interface Child {
  readonly value: unknown
  /** Offset of the value; 0 where there is none. */
  readonly start: number
  readonly keyStart: number
}

const childOf = (node: unknown, key: string | number): Child | undefined => {
  if (isSeq(node) && typeof key === 'number') {
    const item = node.items[key]
    const start = startOf(item)
    return item === undefined ? undefined : { value: item, start, keyStart: start }
  }
  if (!isMap(node)) return undefined
  const pair = node.items.find((one) => isPair(one) && isNode(one.key) && String(one.key) === String(key))
  return pair === undefined ? undefined : { value: pair.value, start: startOf(pair.value), keyStart: startOf(pair.key) }
}

const startOf = (node: unknown): number => (isNode(node) ? (node.range?.[0] ?? 0) : 0)

/** `['channels', 1, 'platform']` as `channels[1].platform`. */
const written = (path: KeyPath): string =>
  path.reduce<string>((text, key) => (typeof key === 'number' ? `${text}[${key}]` : text === '' ? key : `${text}.${key}`), '')
