// Finds the service: the address and key that were set, else those of the Rundruf that runs from the data directory.
import { readFile } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import { NotReached, WrongUsage } from './failures.ts'
import type { House } from './surroundings.ts'

export interface Whereabouts {
  /** Origin without a closing slash. */
  readonly url: string
  readonly key: string
  /** True when the address was read from the data directory, not set by the person. */
  readonly found: boolean
}

/** The sentence for a machine on which nothing runs. */
export const notRunning =
  'Rundruf läuft hier nicht. Starten Sie es mit `npm start`, oder nennen Sie mit RUNDRUF_URL und RUNDRUF_KEY einen Dienst, der schon läuft.'

/** @throws NotReached when nothing runs here; WrongUsage when the address has no key or is none. */
export const findService = async (house: Pick<House, 'url' | 'key' | 'data'>): Promise<Whereabouts> => {
  const run = await readRun(house.data)
  const url = house.url ?? run?.url
  if (url === undefined) throw new NotReached(notRunning)
  const origin = originOf(url)
  const isRunning = run !== undefined && originOf(run.url) === origin
  const key = house.key ?? (isRunning ? await readKey(run.keyFile) : undefined)
  if (key === undefined) throw new WrongUsage(`Für ${origin} fehlt der API-Schlüssel. Setzen Sie RUNDRUF_KEY.`)
  return { url: origin, key, found: house.url === null }
}

interface Run {
  readonly url: string
  readonly keyFile: string
}

const readRun = async (data: string): Promise<Run | undefined> => {
  const text = await readFile(join(data, 'run.json'), 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  try {
    const run = JSON.parse(text) as Partial<Run>
    if (typeof run.url !== 'string' || typeof run.keyFile !== 'string') return undefined
    return { url: run.url, keyFile: isAbsolute(run.keyFile) ? run.keyFile : join(data, run.keyFile) }
  } catch {
    return undefined // half written while it starts: not running yet
  }
}

const readKey = async (file: string): Promise<string> => {
  try {
    return (await readFile(file, 'utf8')).trim()
  } catch (cause) {
    throw new WrongUsage(`Der API-Schlüssel in ${file} ist nicht zu lesen. Setzen Sie RUNDRUF_KEY.`, { cause })
  }
}

const originOf = (url: string): string => {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (parsed === undefined || !['http:', 'https:'].includes(parsed.protocol))
    throw new WrongUsage(`„${url}“ ist keine Adresse eines Rundruf-Dienstes. RUNDRUF_URL sieht so aus: http://127.0.0.1:8080`)
  return `${parsed.origin}${parsed.pathname.replace(/\/+$/, '')}`
}
