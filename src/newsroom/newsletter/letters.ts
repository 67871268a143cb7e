// The letters about a subscription itself.
import type { Letter } from '../../connector/mailing.ts'

export interface LetterFacts {
  readonly to: string
  /** `Newsletter der Bundesstadt Bonn`. */
  readonly name: string
  readonly url: string
}

export const confirmLetter = ({ to, name, url }: LetterFacts): Letter => ({
  to,
  subject: `Bitte bestätigen: ${name}`,
  paragraphs: [
    'Guten Tag,',
    `für diese E-Mail-Adresse wurde „${name}“ bestellt. Bitte bestätigen Sie die Bestellung innerhalb von 48 Stunden; vorher senden wir Ihnen nichts.`,
    'Haben Sie nichts bestellt? Dann brauchen Sie nichts zu tun: Ohne Ihre Bestätigung wird die Adresse wieder gelöscht.',
  ],
  link: { words: 'Bestellung bestätigen', url },
})

/** Says to the mailbox what the form tells nobody. */
export const alreadyLetter = ({ to, name, url }: LetterFacts): Letter => ({
  to,
  subject: `Sie sind schon angemeldet: ${name}`,
  paragraphs: [
    'Guten Tag,',
    `für diese E-Mail-Adresse wurde „${name}“ noch einmal bestellt. Sie bekommen ihn schon; es ist nichts weiter zu tun.`,
    'Abbestellen können Sie ihn jederzeit mit dem Link am Ende jeder Ausgabe.',
  ],
  link: { words: 'Zur Seite des Newsletters', url },
})
