// The verb that asks how the public takes it: followers of channels, or reactions to one announcement.
import type { Command } from 'commander'
import type { ChannelInsights, PostReactions } from '../commands/insights.ts'
import { WrongUsage } from './failures.ts'
import type { Shell } from './shell.ts'
import type { ExitCode } from './surroundings.ts'
import { drawTable, type Row } from './table.ts'

interface InsightsOptions {
  readonly city?: string
  readonly channel?: string
  readonly json?: true
}

export const addInsights = (program: Command, shell: Shell): void => {
  program
    .command('insights')
    .helpGroup('Meldungen:')
    .description('Fragt die Plattformen nach der Resonanz: Wie viele folgen den Kanälen einer Stadt, wie reagierten sie auf eine Meldung?')
    .argument('[announcement]', 'Nummer einer Meldung')
    .option('--city <key>', 'die Kanäle dieser Stadt')
    .option('--channel <name>', 'nur dieser Kanal')
    .option('--json', 'als JSON ausgeben')
    .addHelpText('after', '\nBeispiele:\n  rundruf insights --city bonn\n  rundruf insights 0198…\n')
    .action(shell.verb((announcement, options) => insights(shell, announcement, options)))
}

const insights = (shell: Shell, announcement: string | undefined, options: InsightsOptions): Promise<ExitCode> => {
  if ((announcement === undefined) === (options.city === undefined))
    throw new WrongUsage('Nennen Sie eine Meldung oder mit --city eine Stadt.')
  return announcement === undefined ? followers(shell, options) : reactions(shell, announcement, options)
}

/** Channels that are out of use have nobody to ask. */
const followers = async (shell: Shell, { city = '', channel, json }: InsightsOptions): Promise<ExitCode> => {
  const api = await shell.api()
  const channels = await api.get<readonly { readonly name: string; readonly use: string }[]>(`/channels?${new URLSearchParams({ city })}`)
  const wanted = channels.filter(({ name, use }) => use !== 'dormant' && use !== 'left' && (channel === undefined || name === channel))
  const found = await shell.during('Die Plattformen werden gefragt.', async (say) => {
    const answers: ChannelInsights[] = []
    for (const { name } of wanted) {
      say(`${name} wird gefragt (${answers.length + 1} von ${wanted.length}).`)
      answers.push(await api.get<ChannelInsights>(`/channels/${encodeURIComponent(city)}/${encodeURIComponent(name)}/insights`))
    }
    return answers
  })
  if (json) shell.json(found)
  else
    shell.say(
      drawTable([{ head: 'Kanal' }, { head: 'Plattform' }, { head: 'Es folgen', grows: true }], found.map(followersRow), shell.page),
    )
  return 0
}

const followersRow = ({ channel, platform, insights: told, problem }: ChannelInsights): Row => ({
  cells: [channel, platform, told === null ? (problem ?? '') : told.followers.toLocaleString('de-DE')],
  ...(told === null ? { colours: { 2: 'dim' } } : {}),
})

const reactions = async (shell: Shell, announcement: string, { json }: InsightsOptions): Promise<ExitCode> => {
  const api = await shell.api()
  const found = await shell.during('Die Plattformen werden gefragt.', () =>
    api.get<readonly PostReactions[]>(`/announcements/${encodeURIComponent(announcement)}/reactions`),
  )
  if (json) shell.json(found)
  else if (found.length === 0) shell.say('Von dieser Meldung steht nirgends ein Beitrag.')
  else shell.say(drawTable([{ head: 'Kanal' }, { head: 'Resonanz', grows: true }], found.map(reactionsRow), shell.page))
  return 0
}

const reactionsRow = ({ channel, reactions: told, problem, url }: PostReactions): Row => ({
  cells: [channel, told === null ? (problem ?? '') : inWords(told)],
  ...(url === null ? {} : { notes: [url] }),
  ...(told === null ? { colours: { 1: 'dim' } } : {}),
})

const words = { likes: 'Gefällt mir', replies: 'Antworten', shares: 'geteilt', views: 'gesehen' } as const

const inWords = (told: NonNullable<PostReactions['reactions']>): string =>
  (['views', 'likes', 'replies', 'shares'] as const)
    .flatMap((name) => (told[name] === undefined ? [] : [`${words[name]}: ${told[name].toLocaleString('de-DE')}`]))
    .join(' · ') || 'noch nichts gezählt'
