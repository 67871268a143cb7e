// The log: one JSON line an event on standard output, with secrets taken out by path.
import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino'

export type { Logger } from 'pino'

export interface LogOptions {
  /** `silent` for tests that do not read it. */
  readonly level?: 'debug' | 'info' | 'warn' | 'error' | 'silent'
  /** Where the lines go; standard output unless said otherwise. */
  readonly destination?: DestinationStream
}

/** Field names whose values never reach a log line, at the top or up to three levels down. A `Secret` needs no entry: it prints itself as `[secret]`. */
const secretFields = [
  'authorization',
  'cookie',
  '["set-cookie"]',
  'password',
  'passphrase',
  'token',
  'accessToken',
  'refreshToken',
  'accessJwt',
  'refreshJwt',
  'apiKey',
  'bearer',
  'secret',
  'session',
] as const

/** Where libraries keep what they sent when it failed: of Redis' AUTH that is the password. */
const sentFields = ['err', 'error', 'cause'].flatMap((error) => [`${error}.command.args`, `*.${error}.command.args`])

/** The field at the top and down to three levels below, as pino's redaction writes paths. */
const pathsOf = (field: string): readonly string[] => {
  const below = field.startsWith('[') ? field : `.${field}`
  return [field, `*${below}`, `*.*${below}`, `*.*.*${below}`]
}

/** Makes the process's one logger. Messages are constant; facts are fields. */
export const makeLog = ({ level = 'info', destination }: LogOptions = {}): Logger =>
  pino(
    {
      level,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: [...secretFields.flatMap(pathsOf), ...sentFields], censor: '[secret]' },
    },
    ...(destination ? [destination] : []),
  )
