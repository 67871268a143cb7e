// The browser for tests: the machine's own, or the one that the set-up unpacked.
import { findProgram, wanted } from '../../embedded/programs.mjs'

/** For `chromium.launch({ executablePath: chromiumPath(), args: ['--no-sandbox'] })`. */
export const chromiumPath = (): string => {
  const path = findProgram(wanted.chromium)
  if (!path) throw new Error('this machine has no Chromium')
  return path
}

/** Why tests in the browser cannot run here, for `{ skip: chromiumMissing() }`; false when they can. */
export const chromiumMissing = (): string | false => (findProgram(wanted.chromium) ? false : 'this machine has no Chromium')
