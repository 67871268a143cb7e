// The bench's city: a hundred Mastodon accounts for everyday news, one account each on two platforms for warnings.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const cityKey = 'musterstadt'
/** How many deliveries one notice makes. */
export const newsChannels = 100
/** How many of them lead to the platform that hangs, for notices on the topic `culture`. */
const hangingChannels = 20

const numbered = (name: string, many: number): string[] =>
  Array.from({ length: many }, (_, at) => `${name}-${String(at + 1).padStart(3, '0')}`)

const mastodons = numbered('mastodon', newsChannels)
const blueskys = numbered('bluesky', hangingChannels)

/** The lab's account of a channel; in a rehearsal the credential is `rehearsal-` and this. */
const accountOf = (channel: string): string => `${cityKey}-${channel}`
export const newsAccounts: readonly string[] = mastodons.map(accountOf)
/** What the lab takes as that account's token. */
export const bearerOf = (account: string): string => `rehearsal-${account}`
export const warningAccount = accountOf('warning-mastodon')

const channel = (name: string, platform: string): string =>
  // a pace that never bites, but is asked for every delivery as in a real city
  `  - { name: ${name}, platform: ${platform}, pace: { actions: 1000000, per-seconds: 60 }, settings: ${settings[platform]} }`

const settings: Readonly<Record<string, string>> = {
  mastodon: '{ base: "https://social.example", token: "env:MUSTERSTADT_BENCH" }',
  bluesky: '{ handle: bench.example, appPassword: "env:MUSTERSTADT_BENCH" }',
}

const file = (): string =>
  [
    'city: Musterstadt',
    `key: ${cityKey}`,
    'ars: "053140000000"',
    'topics: { news: Nachrichten, culture: Kultur }',
    'channels:',
    ...mastodons.map((name) => channel(name, 'mastodon')),
    ...blueskys.map((name) => channel(name, 'bluesky')),
    channel('warning-mastodon', 'mastodon'),
    channel('warning-bluesky', 'bluesky'),
    'rules:',
    '  - { name: Warnung, when: { kind: warning }, channels: [warning-mastodon, warning-bluesky] }',
    `  - { name: Kultur, when: { kind: notice, topic: culture }, channels: [${blueskys.join(', ')}] }`,
    `  - { name: Mitteilung, when: { kind: notice }, channels: [${mastodons.join(', ')}] }`,
    '',
  ].join('\n')

/** Writes the city's file into a folder of its own and returns the folder. */
export const writeCity = (folder: string): string => {
  const cities = join(folder, 'cities')
  mkdirSync(cities)
  writeFileSync(join(cities, `${cityKey}.yaml`), file())
  return cities
}

/** A notice as press offices write them. */
export const notice = (number: number, topic: 'news' | 'culture' = 'news') => ({
  city: cityKey,
  kind: 'notice',
  topic,
  title: `Sperrung der Rheinbrücke, Mitteilung ${number}`,
  text: 'Die Rheinbrücke ist am Wochenende wegen Bauarbeiten gesperrt. Die Umleitung über die Nordbrücke ist ausgeschildert, die Busse der Linien 16 und 63 halten an der Ersatzhaltestelle am Hauptbahnhof.',
  link: 'https://www.musterstadt.example/verkehr/rheinbruecke',
})

/** A warning that can be told from every other one by its title. */
export const warning = (number: number) => ({
  city: cityKey,
  kind: 'warning',
  severity: 'Severe',
  title: `Warnung ${number}: Bombenfund in der Innenstadt`,
  text: 'Bitte verlassen Sie den Bereich um den Marktplatz. Folgen Sie den Anweisungen der Polizei.',
})
