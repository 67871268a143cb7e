// German words by which a sentence limits, denies or takes back what was said before it, and the question whether it may be lost.

/** These forms as whole words, in whatever case; a form that ends in `*` stands for all words that begin so. */
const anyOf = (...forms: readonly string[]): string =>
  `(?<![\\p{L}\\p{N}])(?:${forms.join('|').replaceAll('*', '\\p{L}*').replaceAll(' ', '\\s+')})(?![\\p{L}\\p{N}])`

const noes = ['nicht', 'nein', 'kein*', 'nie', 'niemals', 'niemand*', 'nirgends', 'nirgendwo', 'nichts', 'weder', 'ohne']
const englishNoes = ['not', 'no', 'never', 'without', 'except', 'only', 'cancelled', 'unless', 'until', "n[’']t"]
const bans = ['verboten*', 'untersagt*', 'unzulässig*', 'tabu', 'zu (?:unterlassen|meiden|vermeiden)', 'gesperrt*', 'lebensgefährlich*']
const recalls = [
  'entfäll*',
  'entfallen',
  'abgesagt',
  'verschoben',
  'vertagt',
  'gestrichen',
  'aufgehoben',
  'hinfällig',
  'ungültig',
  'unwirksam',
]
const limits = [
  'nur',
  'erst',
  'außer',
  'ausgenommen',
  'ausnahme*',
  'sondern',
  'statt',
  'frühestens',
  'spätestens',
  'lediglich',
  'ausschließlich',
]

/** What turns the meaning of its sentence, or takes something out of it: a sentence without this part says something else. */
const turning = new RegExp(anyOf(...noes, ...englishNoes, ...bans, ...recalls, ...limits), 'giu')

/** Where the last of the words ends that turn the meaning of this sentence; 0: none does. */
export const lastTurn = (sentence: string): number => {
  const last = [...sentence.matchAll(turning)].at(-1)
  return last === undefined ? 0 : last.index + last[0].length
}

/** A no, a limit or an exception: it belongs to the sentence before it (`Fenster öffnen? Auf keinen Fall!`, `Kehren Sie zurück. Nur mit Ausweis.`). */
const backwards =
  /^["'„“»«›‹(]*(?:(?:bitte|und|dies|das|dann|also)\s+){0,2}(?:nein|nie|niemals|keinesfalls|keineswegs|auf (?:gar )?keinen fall|unter keinen umständen|nur|erst|vorher|zuvor|vorsicht|halt|aber|jedoch|doch|dennoch|trotzdem|stattdessen|statt|sondern|ohne|außer|ausgenommen|ausnahmen?|allerdings|es sei denn|mit ausnahme|(?:dies|das|die regel|dabei) gilt|nicht betroffen|except|but|however|unless|only|no|never)(?!\p{L})/iu

/** A sentence that begins with a no: on its own only where it asks for something by itself (`Nicht in den Keller gehen.`). */
const denying = /^["'„“»«›‹(]*(?:bitte\s+)?(?:nicht|kein|keine[mnrs]?|not)(?!\p{L})/iu

/** Somewhere in the sentence: `In Beuel gilt das nicht.` */
const exempting =
  /^[^.!?]*?(?:gilt (?:das|dies|es|sie|diese \p{L}+|die \p{L}+) (?:aber |jedoch )?nicht|(?:ist|sind) (?:davon |hiervon )?ausgenommen)/iu

/** True when a text that begins so says something about what was said before it. */
export const reachesBack = (next: string): boolean =>
  backwards.test(next) || exempting.test(next) || (denying.test(next) && !asksInfinitive(next, 3))

/** So many words at least, of which the last is an infinitive without “zu”: `Nicht in den Keller gehen.` */
const asksInfinitive = (next: string, least: number): boolean => {
  const words = /^[^.!?]*/.exec(next)?.[0].trim().split(/\s+/) ?? []
  const [before = '', last = ''] = words.slice(-2)
  return words.length >= least && /^\p{Ll}+(?:en|ern|eln|tun)$/u.test(last) && before !== 'zu' && !/zu\p{L}{3,}en$/u.test(last)
}

/** Words of a sentence on its own, too; but where what was said before is unknown, they may bear on that. */
const doubtful = new RegExp(
  anyOf(
    ...[...noes, ...englishNoes, ...bans, ...recalls, ...limits],
    ...[
      'falsch*',
      'unwahr*',
      'erfunden*',
      'gelogen',
      'bleib*',
      'weiter',
      'weiterhin',
      'nach wie vor',
      'gilt',
      'gelten',
      'sonst',
      'ansonsten',
    ],
    ...['andernfalls', 'aber', 'jedoch', 'doch', 'dennoch', 'trotzdem', 'allerdings', 'hingegen', 'vorher', 'zuvor', 'zunächst', 'halt'],
    ...[
      'stattdessen',
      'anstatt',
      'betroffen',
      'vorsicht',
      'stand',
      'irrtum',
      'irrtümlich*',
      'korrektur',
      'richtig',
      'umgekehrt',
      'gegenteil',
    ],
  ),
  'iu',
)

/** Pronouns, and adverbs with a pronoun in them: they stand for something in an earlier sentence. `das` before a noun is an article. */
const referring = new RegExp(
  `${anyOf('dies*', 'jene*', 'solche*', 'dort', 'hier', 'da', 'dabei', 'dadurch', 'dafür', 'dagegen', 'damit', 'danach', 'daran', 'darauf', 'daraus', 'darin', 'darüber', 'davon', 'davor', 'dazu', 'hier(?:bei|für|gegen|mit|von|zu)', 'ebenso', 'beide*', 'letztere*', 'this', 'that', 'these', 'those', 'it', 'they', 'there')}` +
    `|(?<!\\p{L}|,\\s)das(?!\\p{L}|\\s+(?:(?!wäre|würde|dürfen|können|müssen|sollen|haben|werden|gelten)\\p{Ll}+(?:e|en|er|es|em)\\s+){0,3}["„(]?(?!Sie\\b|Ihnen\\b)[\\p{Lu}\\p{N}])`,
  'iu',
)

/** `er`, `es` or `sie` in the first part of a sentence; `gibt es` and `es besteht` stand for nothing. A capital `Sie` is the reader, but for `Sie ist`. */
const personal =
  /^[^,;:]*?(?:(?<!\p{L})(?:er|es|sie|ihn|ihm)(?!\p{L})|^(?:Er|Sie (?:ist|gilt|hat|war|wird|wurde|kann|darf|soll|muss))(?!\p{L}))|^Es (?:ist|war|darf|kann|soll|muss|hat|dürfen|können)(?!\p{L})/u
const idle = /(?<!\p{L})(?:es gibt|gibt es|heißt es|es heißt|handelt es sich|geht es|kommt es|besteht es|es sich)(?!\p{L})/giu

/** A condition before anything else, or a verb that asks one: `Ist es verraucht, bleiben Sie`. */
const conditional =
  /^(?:wenn|falls|sofern|soweit|solange|sobald|bevor|ehe|bis|sollten?|ist|sind|hat|haben|wer|außerhalb|im übrigen)(?!\p{L})/iu

/** A few words without a verb that begin with a preposition: `Ab 18 Uhr.` */
const adjunct =
  /^(?:ab|nach|bei|beim|in|im|an|am|mit|für|bis|vor|aus|über|unter|zwischen|während|innerhalb|seit|von|vom|zu|zum|zur|auf|durch|gegen|um)(?=\s)(?:\s+(?!(?:\p{L}+(?:t|ten)|sind|können|dürfen|müssen|haben|werden|kam|kamen)(?![\p{L}]))[\p{L}\p{N}.:-]+){1,5}[.!]?$/iu

/** What says that there is nothing to fear, or that one may do something: a danger named behind it takes it back. */
const clearing = new RegExp(
  anyOf(
    'kein*',
    'nicht',
    'entwarnung',
    'aufgehoben',
    'beendet',
    'vorbei',
    'wieder',
    'sicher',
    'sauber',
    'gefahrlos',
    'unbedenklich',
    'können',
    'dürfen',
  ),
  'iu',
)
const danger = /gefahr|gefährlich|gefährdet|giftig|verunreinigt|gebrochen|alarm/iu

/** Without what limits or answers it in the same piece: `Das Wasser können Sie trinken.` of `Das Wasser können Sie trinken. Das gilt nicht in Beuel.` */
const ownPart = (sentence: string): string => {
  for (const { 0: stop, index } of sentence.matchAll(/[.!?]\s+/g)) {
    const end = index + stop.length
    if (stop.startsWith('?') || reachesBack(sentence.slice(end))) return sentence.slice(0, index + 1)
  }
  return sentence
}

/**
 * True when `next` surely says nothing about the sentence before it, so that it may be lost while that one stays. In doubt it is not: a no,
 * a limit, a pronoun or a condition makes it doubtful, unless it asks for something whole by itself, of which `before` does not speak.
 */
export const isIndependent = (next: string, before: string): boolean => {
  const sentence = ownPart(next)
    .replace(/^[^\p{L}\p{N}]+/u, '')
    .replace(/^(?:\d{1,2}|[a-z])[.)]\s+/u, '')
  const plain = sentence.replace(idle, '')
  if (referring.test(plain) || personal.test(plain) || conditional.test(plain) || adjunct.test(plain)) return false
  if (clearing.test(before) && danger.test(sentence)) return false
  return !doubtful.test(plain) || (asksByItself(sentence) && !sharesWord(sentence, before))
}

/** `Halten Sie Abstand.`, `Please stay inside.`, `Keine Kerzen anzünden!`: a request with something of its own to do it with. */
const asksByItself = (sentence: string): boolean =>
  /^(?:Bitte\s+)?\p{L}+e?n\s+Sie\s(?:.*[\s"„(])?[\p{Lu}\p{N}]/su.test(sentence) ||
  /^(?:Please|Do not|Don[’']t|Stay|Keep|Close|Call|Avoid|Leave|Go)\s/u.test(sentence) ||
  (asksInfinitive(sentence, 3) && !finite.test(sentence))

/** With one of these an infinitive at the end asks for nothing: `Säuglinge dürfen Leitungswasser nicht trinken.` */
const finite = new RegExp(
  anyOf(
    'darf',
    'dürfen',
    'kann',
    'können',
    'könnt*',
    'muss',
    'müssen',
    'soll*',
    'will',
    'wollen',
    'wird',
    'werden',
    'wurde*',
    'ist',
    'sind',
    'hat',
    'haben',
    'lässt',
  ),
  'iu',
)

/** True when both name the same thing: a word of five letters or more that begins alike. */
const sharesWord = (one: string, other: string): boolean => {
  const known = new Set(stems(other))
  return stems(one).some((stem) => known.has(stem))
}
const stems = (sentence: string): readonly string[] =>
  [...sentence.toLowerCase().matchAll(/\p{L}{5,}/gu)].map(([word]) => word.slice(0, 5)).filter((stem) => !common.has(stem))
const common = new Set(['bitte', 'keine', 'nicht', 'einen', 'unter', 'gegen', 'allen', 'alle', 'weite', 'wegen'])

/** Somewhere in a sentence; it says that something told is not so. */
const denial = new RegExp(
  anyOf(
    ...[
      'falsch',
      'falsch(?:e[mnrs]?|meldung*|nachricht*|information*)',
      'unwahr*',
      'erfunden*',
      'gelogen',
      'lügen?',
      'fälschung*',
      'gefälscht*',
    ],
    ...['fake*', 'gerüchte?n?', 'stimmt (?:so |aber )?nicht', 'trifft nicht zu', 'unzutreffend', 'haltlos', 'fehlalarm*', 'hoax', 'false'],
  ),
  'iu',
)

/** Somewhere in a sentence; it takes someone or some place out of everything said before. */
const exemption = new RegExp(
  `${anyOf('ausgenommen', 'ausnahmen?', 'nicht (?:mehr )?betroffen')}|(?<!\\p{L})(?:gilt|gelten|bleibt|bleiben)(?!\\p{L})[^.!?]{0,200}?${anyOf('nicht', 'weiter', 'weiterhin', 'bestehen', 'gültig', 'in kraft')}`,
  'iu',
)

/** A sentence that tells a rumour: from it on, nothing is said without the denial behind it. */
const rumour = new RegExp(
  anyOf(
    'heißt es',
    'es heißt',
    'behaupt*',
    'gerüchte?n?',
    'angeblich*',
    'verbreite*',
    'kursier*',
    'netzwerk*',
    'im netz',
    'seien',
    'sei',
    'whatsapp',
    'messenger*',
    'falschmeldung*',
  ),
  'iu',
)

/**
 * The sentences that must not be parted from a later one: all before the last exemption, and those from a rumour to its denial; of a denial
 * whose rumour is not known as one, all before it.
 */
export const heldTogether = (sentences: readonly string[]): readonly (readonly [first: number, last: number])[] => {
  const exempted = sentences.findLastIndex((sentence) => exemption.test(ownPart(sentence)))
  const denied = sentences.findLastIndex((sentence) => denial.test(sentence))
  const told = sentences.findIndex((sentence, index) => index < denied && rumour.test(sentence))
  return [
    [0, exempted],
    [Math.max(0, told), denied],
  ]
}
