// What went wrong in the page or on the way to it, in the class that says whether something may have been posted.
import { ChannelError, isClassified, UnclearError, UnreachableError } from '../../src/connector/errors.ts'
import { quotable } from '../../src/connector/http.ts'

/** The account is not linked, or not any more: a person has to take the phone. */
export const notLinked = (city: string): ChannelError =>
  new ChannelError(
    `Das WhatsApp-Konto ist nicht (mehr) mit Rundruf verknüpft. Neu verknüpfen: \`rundruf channels link ${city} <Kanal>\` oder im Browser /ops/link.`,
  )

/** The first line of what a page threw; never its whole stack. */
export const wordsOf = (error: unknown): string => {
  const words = error instanceof Error ? error.message : String(error)
  return quotable(words.split('\n')[0] ?? '', [], 200)
}

/** For everything that only reads or connects. */
export const unreachable = (error: unknown): Error =>
  isClassified(error) ? error : new UnreachableError(`WhatsApp Web antwortet nicht: ${wordsOf(error)}`, { cause: error })

/** For what was thrown after the page had been told to post. */
export const unclear = (error: unknown): Error =>
  error instanceof UnclearError ? error : new UnclearError(`Ob WhatsApp den Beitrag hat, ist offen: ${wordsOf(error)}`, { cause: error })
