// The project's own files as the house test reads them: text, imports, rooms.
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, resolve } from 'node:path'

export const root = resolve(import.meta.dirname, '../..')

export interface Source {
  /** Path from the project's root. */
  readonly path: string
  /** `src/store`, `workers`, or a file of its own such as `src/main.ts`. */
  readonly room: string
  readonly text: string
  /** The text without comments. */
  readonly code: string
  readonly imports: readonly Import[]
}

export interface Import {
  /** As written: `kysely`, `../announcement/announcement.ts`. */
  readonly from: string
  /** Path from the project's root of a file of ours; null for a package or a module of Node. */
  readonly path: string | null
  readonly typeOnly: boolean
}

export const roomOf = (path: string): string => {
  const [first = '', second = ''] = path.split('/')
  return first === 'src' ? `src/${second}` : first
}

/** Every file of ours with one of these endings, sorted. */
export const filesEnding = (...endings: readonly string[]): readonly string[] =>
  globSync(
    endings.flatMap((ending) => [`*${ending}`, `{src,connectors,workers,lab,config,embedded,test,bench,.ci}/**/*${ending}`]),
    { cwd: root },
  ).sort()

export const read = (path: string): string => readFileSync(join(root, path), 'utf8')

export const exists = (path: string): boolean => existsSync(join(root, path))

/** Every file of code. */
export const sources = (): readonly Source[] =>
  filesEnding('.ts', '.mjs', '.mts').map((path) => {
    const text = read(path)
    const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1')
    return { path, room: roomOf(path), text, code, imports: importsOf(path, code) }
  })

const importsOf = (path: string, code: string): readonly Import[] => {
  const statements = code.matchAll(/^\s*(?:import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?'([^']+)'/gm)
  const calls = code.matchAll(/\bimport\(\s*'([^']+)'\s*\)/g)
  return [
    ...[...statements].map(([, type, from = '']) => ({ from, typeOnly: type !== undefined })),
    ...[...calls].map(([, from = '']) => ({ from, typeOnly: false })),
  ].map((found) => ({ ...found, path: found.from.startsWith('.') ? normalize(join(dirname(path), found.from)) : null }))
}

/** The package of an import: `@atproto/api`, `kysely` for `kysely/migration`. */
export const packageOf = (from: string): string =>
  from
    .split('/')
    .slice(0, from.startsWith('@') ? 2 : 1)
    .join('/')
