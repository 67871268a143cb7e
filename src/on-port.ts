// Listening on a port, and the sentence for one that somebody else has.
import { Refusal } from './announcement/refusal.ts'

/** A port that somebody else has is no bug but a sentence. */
export const onPort = async <T>(variable: string, port: number, listening: () => Promise<T>): Promise<T> => {
  try {
    return await listening()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    throw new Refusal({
      code: 'port-in-use',
      de: `Der Anschluss ${port} ist belegt; läuft Rundruf schon? Einen anderen nennt man mit ${variable}.`,
      en: `Port ${port} is in use; does Rundruf run already? Choose another with ${variable}.`,
      place: variable,
    })
  }
}
