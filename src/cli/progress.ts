// Shows on a terminal that a wait goes on; silent everywhere else.
import type { Output } from './surroundings.ts'

export const whileDoing = async <T>(err: Output, sentence: string, work: (say: (sentence: string) => void) => Promise<T>): Promise<T> => {
  if (!err.isTTY) return await work(() => undefined)
  const { default: ora } = await import('ora')
  const spinner = ora({ text: sentence, stream: err, color: false, discardStdin: false }).start()
  try {
    return await work((next) => {
      spinner.text = next
    })
  } finally {
    spinner.stop()
  }
}
