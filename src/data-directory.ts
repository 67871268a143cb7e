// The data directory: what lies there is for its owner alone.
import { chmodSync, mkdirSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'

const ownFolder = 0o700
const ownFile = 0o600

/** Files with secrets, or with what nobody else shall read; a test of a whole house looks at them all. */
const ownFiles = ['api-key', 'secret.key', 'rundruf.log', 'run.json']

export interface Place {
  readonly data: string
  readonly secretKeyFile: string
}

/**
 * Makes the directory, and takes from others what they could read in it until now.
 * @returns the paths that others can still read: they belong to somebody else, or lie where we do not change modes
 */
export const openDataDirectory = ({ data, secretKeyFile }: Place): readonly string[] => {
  mkdirSync(data, { recursive: true, mode: ownFolder })
  const own = [[data, reachable()] as const, ...ownFiles.map((name) => [join(data, name), ownFile] as const)]
  const open = own.filter(([path, mode]) => !tighten(path, mode)).map(([path]) => path)
  const isElsewhere = relative(data, secretKeyFile).startsWith('..')
  return isElsewhere && modeOf(secretKeyFile) & 0o077 ? [...open, secretKeyFile] : open
}

/** PostgreSQL never runs as root: where root starts the embedded one, another account must get through this directory, and sees nothing. */
const reachable = (): number => (process.getuid?.() === 0 ? 0o711 : ownFolder)

/** False where others can do more with it than `mode` says, and we may not change that. */
const tighten = (path: string, mode: number): boolean => {
  const now = modeOf(path)
  if ((now & ~mode) === 0) return true
  try {
    chmodSync(path, now & mode)
    return true
  } catch {
    return false
  }
}

/** 0 where there is nothing. */
const modeOf = (path: string): number => (statSync(path, { throwIfNoEntry: false })?.mode ?? 0) & 0o777
