// The verbs for channels: list, check, suspend, resume.
import type { Command } from 'commander'
import type { Api } from './api.ts'
import { Refused, WrongUsage } from './failures.ts'
import { addLinking } from './linking.ts'
import type { Shell } from './shell.ts'
import type { ExitCode } from './surroundings.ts'
import { drawTable, type Row } from './table.ts'
import { when } from './words.ts'

/** A channel as the service shows it, with what its last check learned. */
interface ChannelLine {
  readonly city: string
  readonly name: string
  readonly platform: string
  readonly use: string
  readonly by?: 'program' | 'hand'
  readonly suspended?: { readonly because: string; readonly at: string } | null
  readonly identity?: { readonly account: string; readonly until: string | null } | null
}

const useWords: Readonly<Record<string, string>> = {
  all: 'offen',
  'emergency-only': 'nur im Notfall',
  dormant: 'ruht',
  left: 'verlassen',
  standby: 'Ersatz',
}

interface ListOptions {
  readonly city?: string
  readonly channel?: string
  readonly json?: true
}

export const addChannels = (program: Command, shell: Shell): void => {
  const channels = program.command('channels').helpGroup('Kanäle und Städte:').description('Die Kanäle der Städte.')
  const command = (name: string, description: string, example: string): Command =>
    channels
      .command(name)
      .description(description)
      .option('--json', 'als JSON ausgeben')
      .addHelpText('after', `\nBeispiel:\n  rundruf channels ${example}\n`)
  const ofOne = (added: Command): Command => added.argument('<city>', 'Schlüssel der Stadt').argument('<channel>', 'Name des Kanals')

  command('list', 'Zeigt die Kanäle, wozu sie da sind und ob sie gesperrt sind.', 'list --city bonn')
    .option('--city <key>', 'nur diese Stadt')
    .action(shell.verb((options) => list(shell, options)))
  command('check', 'Fragt jede Plattform, ob die Anmeldung noch gilt.', 'check --city bonn')
    .option('--city <key>', 'nur diese Stadt')
    .option('--channel <name>', 'nur dieser Kanal')
    .action(shell.verb((options) => check(shell, options)))
  ofOne(
    command('suspend', 'Sperrt einen Kanal: Seine Zustellungen werden zurückgehalten.', 'suspend bonn x-bonn --because "Konto übernommen"'),
  )
    .requiredOption('--because <reason>', 'warum, für das Protokoll und die anderen im Dienst')
    .action(shell.verb((city, channel, options) => suspend(shell, address(city, channel, 'suspend'), options)))
  ofOne(command('resume', 'Öffnet einen gesperrten Kanal wieder und sendet, was zurückgehalten wurde.', 'resume bonn x-bonn')).action(
    shell.verb((city, channel, options) => resume(shell, address(city, channel, 'resume'), options)),
  )
  addLinking(channels, shell)
}

const address = (city: string, channel: string, verb: string): string =>
  `/channels/${encodeURIComponent(city)}/${encodeURIComponent(channel)}/${verb}`

const list = async (shell: Shell, { city, json }: ListOptions): Promise<ExitCode> => {
  const found = await channelsOf(shell, city)
  if (json) shell.json(found)
  else
    shell.say(
      drawTable(
        [{ head: 'Stadt' }, { head: 'Kanal' }, { head: 'Plattform' }, { head: 'Wozu' }, { head: 'Zustand', grows: true }],
        found.map(channelRow),
        shell.page,
      ),
    )
  return 0
}

const channelsOf = async (shell: Shell, city: string | undefined): Promise<readonly ChannelLine[]> => {
  const api = await shell.api()
  return await api.get<readonly ChannelLine[]>(city === undefined ? '/channels' : `/channels?${new URLSearchParams({ city })}`)
}

const channelRow = (channel: ChannelLine): Row => ({
  cells: [channel.city, channel.name, channel.platform, useWords[channel.use] ?? channel.use, stateOf(channel)],
  ...(channel.suspended ? { colours: { 4: 'red' } } : {}),
})

const stateOf = ({ suspended, by, identity }: Pick<ChannelLine, 'suspended' | 'by' | 'identity'>): string => {
  if (suspended) return `gesperrt: ${suspended.because}`
  if (by === 'hand') return 'hier veröffentlicht ein Mensch'
  if (!identity) return ''
  return `${identity.account}${identity.until === null ? '' : `, gültig bis ${when(identity.until)}`}`
}

/** A checked channel; `works` is null where no connector can ask. */
interface Checked extends ChannelLine {
  readonly works: boolean | null
  /** What is wrong and what to do, one German sentence. */
  readonly problem: string | null
}

/** Channels that are out of use have nobody to sign in. */
const check = async (shell: Shell, { city, channel, json }: ListOptions): Promise<ExitCode> => {
  const api = await shell.api()
  const found = (await channelsOf(shell, city)).filter((one) => ['all', 'emergency-only', 'standby'].includes(one.use))
  const wanted = found.filter((one) => channel === undefined || one.name === channel)
  if (wanted.length === 0)
    throw new WrongUsage('Diesen Kanal gibt es nicht, oder er ist nicht in Gebrauch.\nWelche es gibt, zeigt: rundruf channels list')
  const checks = await shell.during('Die Plattformen werden gefragt.', async (say) => {
    const done: Checked[] = []
    for (const one of wanted) {
      say(`${one.city}: ${one.name} wird gefragt (${done.length + 1} von ${wanted.length}).`)
      done.push(await checkOne(api, one))
    }
    return done
  })
  const columns = [{ head: 'Stadt' }, { head: 'Kanal' }, { head: 'Plattform' }, { head: 'Ergebnis', grows: true }] as const
  if (json) shell.json(checks)
  else shell.say(drawTable(columns, checks.map(checkRow), shell.page))
  return checks.every(({ works }) => works ?? channel === undefined) ? 0 : 1
}

/** A platform without a connector is no fault of the channel; every other refusal ends the verb. */
const checkOne = async (api: Api, channel: ChannelLine): Promise<Checked> => {
  try {
    return await api.post<Checked>(address(channel.city, channel.name, 'check'))
  } catch (error) {
    if (!(error instanceof Refused) || error.code !== 'no-connector') throw error
    return { ...channel, works: null, problem: error.message }
  }
}

const checkRow = (checked: Checked): Row => ({
  cells: [checked.city, checked.name, checked.platform, checked.problem ?? (stateOf(checked) || 'in Ordnung')],
  colours: { 3: checked.works === null ? 'dim' : checked.works ? 'green' : 'red' },
})

const suspend = async (shell: Shell, path: string, options: { readonly because: string; readonly json?: true }): Promise<ExitCode> => {
  const api = await shell.api()
  const channel = await api.post<ChannelLine>(path, { because: options.because })
  if (options.json) shell.json(channel)
  else shell.say(`Der Kanal ist gesperrt. Wieder öffnen: rundruf channels resume ${channel.city} ${channel.name}`)
  return 0
}

const resume = async (shell: Shell, path: string, options: { readonly json?: true }): Promise<ExitCode> => {
  const api = await shell.api()
  const channel = await api.post<ChannelLine>(path)
  if (options.json) shell.json(channel)
  else shell.say('Der Kanal ist wieder offen; was zurückgehalten wurde, wird jetzt gesendet.')
  return 0
}
