// How a verb ended: done, or refused with this code; what else went wrong is thrown.
import { Refusal } from '../../src/announcement/refusal.ts'

export const codeOf = async (deed: () => Promise<unknown>): Promise<string> => {
  try {
    await deed()
    return 'done'
  } catch (error) {
    if (error instanceof Refusal) return error.code
    throw error
  }
}
