// Lets commander speak German: headings, extras and every way of wrong usage.
import { type Command, type CommanderError, Help, type Option } from 'commander'

const headings: Readonly<Record<string, string>> = {
  'Usage:': 'Aufruf:',
  'Arguments:': 'Angaben:',
  'Options:': 'Optionen:',
  'Commands:': 'Befehle:',
}

const optionDescription = (option: Option): string => {
  const extras = [
    ...(option.argChoices === undefined ? [] : [option.argChoices.join(', ')]),
    ...(option.mandatory ? ['nötig'] : []),
    ...(option.defaultValue === undefined || Array.isArray(option.defaultValue) ? [] : [`sonst ${option.defaultValue}`]),
  ]
  return extras.length === 0 ? option.description : `${option.description} (${extras.join('; ')})`
}

/** Before any command is added: they inherit it. */
export const speakGerman = (program: Command): Command =>
  program
    .exitOverride()
    .configureOutput({ outputError: () => undefined }) // said by `sentenceOf` instead, once
    .configureHelp({
      styleTitle: (title) => headings[title] ?? title,
      optionDescription,
      subcommandTerm: (command) => new Help().subcommandTerm(command).replace(' [options]', ''),
      commandUsage: (command) => new Help().commandUsage(command).replace('[options]', '[Optionen]').replace('[command]', '[Befehl]'),
    })
    .helpOption('-h, --help', 'zeigt diese Hilfe')
    .helpCommand('help [Befehl]', 'zeigt die Hilfe zu einem Befehl')

const sentences: Readonly<Record<string, (named: string) => string>> = {
  'commander.missingArgument': (named) => `Es fehlt: ${named}.`,
  'commander.optionMissingArgument': (named) => `${named} braucht einen Wert.`,
  'commander.missingMandatoryOptionValue': (named) => `Es fehlt: ${named}.`,
  'commander.unknownOption': (named) => `Die Option ${named} gibt es hier nicht.`,
  'commander.unknownCommand': (named) => `Den Befehl ${named} gibt es nicht.`,
  'commander.excessArguments': () => 'Das sind mehr Angaben, als der Befehl kennt. Texte mit Leerzeichen gehören in Anführungszeichen.',
  'commander.help': () => 'Es fehlt, was zu tun ist.',
}

/** The German sentence for wrong usage. */
export const sentenceOf = (error: CommanderError): string => {
  const { message } = error
  const named = /'([^']*)'/.exec(message)?.[1] ?? ''
  const suggestion = /Did you mean (?:one of )?([^?]*)\?/.exec(message)?.[1]
  const meant = suggestion === undefined ? '' : ` Meinten Sie ${suggestion}?`
  if (error.code === 'commander.invalidArgument') return wrongValue(message)
  if (error.code === 'commander.conflictingOption') return conflict(message)
  return `${sentences[error.code]?.(named) ?? message}${meant}`
}

const wrongValue = (message: string): string => {
  const [, flags = '', value = '', rest = ''] = /'([^']*)'[^']*'(.*)' is invalid(?: for argument .*?)?\. ?(.*)/s.exec(message) ?? []
  return `${flags}: „${value}“ geht nicht. ${rest.replace('Allowed choices are', 'Möglich sind:')}`.trim()
}

const conflict = (message: string): string => {
  const [one = '', other = ''] = [...message.matchAll(/'([^']*)'/g)].map((found) => found[1])
  return `${one} und ${other} gehen nicht zusammen.`
}
