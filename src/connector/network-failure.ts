// What a failed request says about the bytes: did any leave? And the words about it that may be read by people.
import { refusedExit } from './exit.ts'
import { redactor } from './redact.ts'

/** Characters that are shown of what somebody else says. */
const usual = 300

/** One line, without the given secrets and any longer piece of them, then cut to `most` characters. */
export const quotable = (words: string, secrets: readonly string[], most = usual): string => {
  const clean = redactor(secrets).clean(words)
  return clean.length > most ? `${clean.slice(0, most - 1).toWellFormed()}…` : clean
}

/** True when a failed request surely did not send a byte. */
export const neverLeft = (error: unknown): boolean => {
  const cause = causeOf(error)
  if (cause.syscall === 'connect' || cause.syscall === 'getaddrinfo' || triedInVain(cause)) return true
  return beforeTheFirstByte.has(cause.code ?? '')
}

/** Why a request failed, in a few words. */
export const reasonOf = (error: unknown): string => {
  const { code, message } = causeOf(error)
  return quotable((code === refusedExit ? message : code) ?? message ?? String(error), [])
}

/** System and TLS errors that end a connection before the first byte of a request. */
const beforeTheFirstByte: ReadonlySet<string> = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'ERR_SSL_WRONG_VERSION_NUMBER',
  'ERR_SSL_PACKET_LENGTH_TOO_LONG',
  'ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE',
  'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
  'ERR_SSL_TLSV1_UNRECOGNIZED_NAME',
])

interface SystemError {
  readonly code?: string
  readonly syscall?: string
  readonly message?: string
}

/** The error of the system, which some layers wrap. */
const causeOf = (error: unknown): SystemError => {
  if (!(error instanceof Error)) return {}
  if (typeof (error as SystemError).code === 'string') return error
  return typeof error.cause === 'object' && error.cause !== null ? error.cause : { message: error.message }
}

/** Several addresses were tried (Happy Eyeballs): every one of them failed while connecting. */
const triedInVain = (cause: SystemError): boolean =>
  cause instanceof AggregateError && cause.errors.every((error: SystemError) => error.syscall === 'connect')
