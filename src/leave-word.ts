// Tells the command line where this Rundruf answers, as long as it does.
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

export const leaveWord = async (opening: AsyncDisposableStack, data: string, word: object): Promise<void> => {
  const file = join(data, 'run.json')
  await writeFile(file, `${JSON.stringify(word, null, 2)}\n`, { mode: 0o600 })
  opening.defer(() => rm(file, { force: true }))
}
