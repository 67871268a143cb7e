// What the environment says: the only reader of process.env. Everything else is handed what it needs.
import { isIP } from 'node:net'
import { dirname, resolve } from 'node:path'
import { z } from 'zod'
import { type Problem, Refusal } from '../src/announcement/refusal.ts'
import { isOwnVariable, isReference } from './belonging.ts'

type Mode = 'rehearsal' | 'live'

/** The settings of one process; every field has a value once `readConfig` has returned. */
export interface Config {
  /** `rehearsal`: every channel leads to the lab of this machine. `live`: to the platforms. */
  readonly mode: Mode
  /** Address to listen on: unless said otherwise 127.0.0.1 in rehearsal, every address when live. */
  readonly host: string
  /** 0: any free port. */
  readonly port: number
  readonly labPort: number
  /** The newsroom's address as citizens see it, without a closing slash. */
  readonly publicUrl: string
  /** Addresses or networks of the proxies in front, whose word for a caller's address is taken. */
  readonly trustedProxies: readonly string[]
  /** Absolute path of the data directory. */
  readonly data: string
  /** Absolute path of the folder of city files. */
  readonly cities: string
  /** True: start with the cities whose files are right, and say which are out. */
  readonly tolerant: boolean
  /** Null: the embedded PostgreSQL. */
  readonly databaseUrl: string | null
  /** Null: a private Redis. */
  readonly redisUrl: string | null
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent'
  /** The key with which tokens are encrypted in the store; made at the first start. */
  readonly secretKeyFile: string
  /** Absolute path of the folder with a folder of secret files for each city. */
  readonly secrets: string
  /** References to secrets that every city's file may name. */
  readonly sharedSecrets: readonly string[]
  /** For the command line: the service's address and API key; null: those of the rehearsal that runs from `data`. */
  readonly url: string | null
  readonly key: string | null
  /** Another variable of the environment, for `env:NAME` references; never one of ours. A function, so that printing a config shows none. */
  variable(name: string): string | undefined
}

export type Environment = Readonly<Record<string, string | undefined>>

const home = dirname(import.meta.dirname)

/**
 * Reads and checks the environment. Without an argument: the process's own.
 * @throws Refusal naming every variable that is wrong, in `place`
 */
export const readConfig = (env: Environment = process.env): Config => {
  const parsed = variables.safeParse(Object.fromEntries(Object.entries(env).filter(([, value]) => value !== '')))
  if (!parsed.success) throw new Refusal(parsed.error.issues.map((issue) => wrongVariable(String(issue.path[0]))))
  const given = parsed.data
  const problems = crossChecks(given)
  if (problems.length > 0) throw new Refusal(problems)
  const data = given.RUNDRUF_DATA === undefined ? resolve(home, 'data') : resolve(given.RUNDRUF_DATA)
  return {
    mode: given.RUNDRUF_MODE,
    host: hostOf(given),
    port: given.RUNDRUF_PORT,
    labPort: given.RUNDRUF_LAB_PORT,
    publicUrl: (given.RUNDRUF_PUBLIC_URL ?? `http://127.0.0.1:${given.RUNDRUF_PORT}`).replace(/\/+$/, ''),
    trustedProxies: given.RUNDRUF_TRUSTED_PROXIES,
    data,
    cities: given.RUNDRUF_CITIES === undefined ? resolve(home, 'config/cities') : resolve(given.RUNDRUF_CITIES),
    tolerant: given.RUNDRUF_TOLERANT === 'yes',
    databaseUrl: given.DATABASE_URL ?? null,
    redisUrl: given.REDIS_URL ?? null,
    logLevel: given.RUNDRUF_LOG_LEVEL,
    secretKeyFile: given.RUNDRUF_SECRET_KEY_FILE === undefined ? resolve(data, 'secret.key') : resolve(given.RUNDRUF_SECRET_KEY_FILE),
    secrets: given.RUNDRUF_SECRETS === undefined ? resolve(data, 'secrets') : resolve(given.RUNDRUF_SECRETS),
    sharedSecrets: given.RUNDRUF_SHARED_SECRETS,
    url: given.RUNDRUF_URL ?? null,
    key: given.RUNDRUF_KEY ?? null,
    variable: (name) => (isOwnVariable(name) ? undefined : env[name] || undefined),
  }
}

const port = z
  .string()
  .regex(/^\d{1,5}$/)
  .transform(Number)
  .refine((number) => number <= 65_535)
const web = z.url({ protocol: /^https?$/ })

/** `10.0.0.7`, `10.0.0.0/8`, or one of the three words for the addresses of this machine and of closed networks. */
const isProxy = (word: string): boolean => {
  const [address = '', bits, ...more] = word.split('/')
  const longest = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1
  if (longest < 0) return ['loopback', 'linklocal', 'uniquelocal'].includes(word)
  return bits === undefined || (more.length === 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= longest)
}

/**
 * True for a range in which the whole internet, or a large part of it, would be a proxy: whoever calls could then call themselves anybody.
 * Shortest allowed: /8 in IPv4 (`10.0.0.0/8`), /16 in IPv6, and the closed networks' `fc00::/7`.
 */
const isEverybody = (word: string): boolean => {
  const [address = '', bits] = word.split('/')
  if (bits === undefined) return false
  if (isIP(address) === 4) return Number(bits) < 8
  if (/^f[cd]/i.test(address)) return Number(bits) < 7
  // the addresses of IPv4, as IPv6 writes them
  if (/^(::ffff:|(0{1,4}:){5}ffff:)/i.test(address) && Number(bits) > 16) return Number(bits) < 96 + 8
  return Number(bits) < 16
}

const proxies = z
  .string()
  .transform((list) => list.split(',').map((word) => word.trim()))
  .refine((words) => words.every(isProxy))

const references = z
  .string()
  .transform((list) => list.split(',').map((word) => word.trim()))
  .refine((words) => words.every((word) => isReference(word) && !isOwnVariable(word.replace(/^env:/, '')) && !/^file:(?!\/)/.test(word)))

const variables = z.object({
  RUNDRUF_MODE: z.enum(['rehearsal', 'live']).default('rehearsal'),
  RUNDRUF_HOST: z.string().optional(),
  RUNDRUF_PORT: port.default(8080),
  RUNDRUF_LAB_PORT: port.default(8081),
  RUNDRUF_PUBLIC_URL: web.optional(),
  RUNDRUF_TRUSTED_PROXIES: proxies.default([]),
  RUNDRUF_DATA: z.string().optional(),
  RUNDRUF_CITIES: z.string().optional(),
  RUNDRUF_TOLERANT: z.enum(['yes', 'no']).default('no'),
  RUNDRUF_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  RUNDRUF_SECRET_KEY_FILE: z.string().optional(),
  RUNDRUF_SECRETS: z.string().optional(),
  RUNDRUF_SHARED_SECRETS: references.default([]),
  RUNDRUF_URL: web.optional(),
  RUNDRUF_KEY: z.string().optional(),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  REDIS_URL: z.union([z.url({ protocol: /^(rediss?|unix)$/ }), z.string().startsWith('/')]).optional(),
})
type Variables = z.infer<typeof variables>

const expected: Readonly<Record<string, readonly [de: string, en: string]>> = {
  RUNDRUF_MODE: ['rehearsal (Probe) oder live (Betrieb)', 'rehearsal or live'],
  RUNDRUF_PORT: ['eine Zahl von 0 bis 65535', 'a number from 0 to 65535'],
  RUNDRUF_LAB_PORT: ['eine Zahl von 0 bis 65535', 'a number from 0 to 65535'],
  RUNDRUF_PUBLIC_URL: ['eine Adresse wie https://newsroom.bonn.de', 'an address like https://newsroom.bonn.de'],
  RUNDRUF_TRUSTED_PROXIES: [
    'Adressen wie 10.0.0.7, 10.0.0.0/8 oder loopback, mit Kommas',
    'addresses like 10.0.0.7, 10.0.0.0/8 or loopback, with commas',
  ],
  RUNDRUF_SHARED_SECRETS: [
    'Verweise wie env:META_APP_SECRET oder file:/run/secrets/x, mit Kommas; keine Einstellung von Rundruf selbst',
    'references like env:META_APP_SECRET or file:/run/secrets/x, with commas; no setting of Rundruf itself',
  ],
  RUNDRUF_TOLERANT: ['yes oder no', 'yes or no'],
  RUNDRUF_LOG_LEVEL: ['debug, info, warn, error oder silent', 'debug, info, warn, error or silent'],
  RUNDRUF_URL: ['eine Adresse wie http://127.0.0.1:8080', 'an address like http://127.0.0.1:8080'],
  DATABASE_URL: ['eine Adresse wie postgres://name@host/rundruf', 'an address like postgres://name@host/rundruf'],
  REDIS_URL: ['eine Adresse wie redis://host:6379', 'an address like redis://host:6379'],
}

/** Never repeats the value: some variables are secret. */
const wrongVariable = (name: string): Problem => {
  const [de, en] = expected[name] ?? ['ein anderer Wert', 'another value']
  return {
    code: 'wrong-variable',
    de: `Die Umgebungsvariable ${name} ist falsch gesetzt. Erwartet: ${de}.`,
    en: `The environment variable ${name} is wrong. Expected: ${en}.`,
    place: name,
  }
}

/** True for this machine's own addresses. */
export const isLoopback = (host: string): boolean => host === 'localhost' || /^127(\.\d{1,3}){3}$/.test(host) || /^\[?::1\]?$/.test(host)

const hostOf = ({ RUNDRUF_HOST, RUNDRUF_MODE }: Variables): string => RUNDRUF_HOST ?? (RUNDRUF_MODE === 'live' ? '0.0.0.0' : '127.0.0.1')

const crossChecks = (given: Variables): readonly Problem[] => [
  ...given.RUNDRUF_TRUSTED_PROXIES.filter(isEverybody).map(trustsEverybody),
  ...(given.RUNDRUF_MODE === 'live' ? liveChecks(given) : []),
  ...(given.RUNDRUF_PORT === given.RUNDRUF_LAB_PORT && given.RUNDRUF_PORT !== 0 ? [samePort(given.RUNDRUF_PORT)] : []),
]

const trustsEverybody = (range: string): Problem => ({
  code: 'wrong-variable',
  de: `RUNDRUF_TRUSTED_PROXIES enthält ${range}: Damit würde jedem Absender geglaubt, der eine fremde Adresse nennt. Bitte nennen Sie die Adresse Ihres Proxys, etwa 10.0.0.7 oder 10.1.0.0/16.`,
  en: `RUNDRUF_TRUSTED_PROXIES contains ${range}: every caller would be believed who names somebody else's address. Please name your proxy, 10.0.0.7 or 10.1.0.0/16.`,
  place: 'RUNDRUF_TRUSTED_PROXIES',
})

const samePort = (number: number): Problem => ({
  code: 'same-port',
  de: `RUNDRUF_PORT und RUNDRUF_LAB_PORT sind beide ${number}; die Probebühne braucht einen eigenen Anschluss.`,
  en: `RUNDRUF_PORT and RUNDRUF_LAB_PORT are both ${number}; the lab needs a port of its own.`,
  place: 'RUNDRUF_LAB_PORT',
})

/** Live data belong into stores that someone backs up and watches. */
const liveChecks = (given: Variables): readonly Problem[] =>
  (['DATABASE_URL', 'REDIS_URL'] as const)
    .filter((name) => given[name] === undefined)
    .map((name) => ({
      code: 'live-needs-store',
      de: `Im Betrieb (RUNDRUF_MODE=live) muss ${name} gesetzt sein: ${expected[name]![0]}. Die mitgelieferten Speicher sind nur für die Probe.`,
      en: `Live mode (RUNDRUF_MODE=live) needs ${name}: ${expected[name]![1]}. The embedded stores are for rehearsal only.`,
      place: name,
    }))
