// A folder that goes with the test file.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'

export const temporaryFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'rundruf-test-'))
  after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
