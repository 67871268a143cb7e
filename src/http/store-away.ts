// Tells a store that cannot be reached, or is not free, from every other error: only the former is worth trying again.

/** Socket errors on the way to PostgreSQL (a unix socket that is not there is ENOENT). */
const socketCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
])

/**
 * PostgreSQL's appendix A: class 08 (connection), 53 (out of resources), 57P (shutting down, starting up), 25006 (read-only standby),
 * 40 (serialization failure, deadlock), 55P03 (a lock that was waited for in vain), 57014 (a statement that took too long).
 */
const sqlStates = /^(08...|40...|53...|57P..|25006|55P03|57014)$/

/** What `pg` and its pool say without a code. */
const messages =
  /^(Connection terminated|Query read timeout|timeout exceeded when trying to connect|Client has encountered a connection error|the database system is)/

/** True when the error, or one of its causes, says that the database could not be reached. */
export const storeIsAway = (error: unknown): boolean => {
  if (!(error instanceof Error)) return false
  const { code, syscall } = error as NodeJS.ErrnoException
  if (code !== undefined && socketCodes.has(code) && (syscall === undefined || syscall !== 'open')) return true
  if (code !== undefined && sqlStates.test(code)) return true
  if (messages.test(error.message)) return true
  return storeIsAway(error.cause)
}
