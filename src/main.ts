// Where everything begins: reads the configuration, and starts the chosen roles or tells the command line where they run.
// The rooms are loaded only when they are wanted, so that a short command starts in a blink.
import { relative } from 'node:path'
import { type Config, readConfig } from '../config/config.ts'
import type { House, Roles } from './cli/surroundings.ts'
import type { Running } from './join.ts'
import type { Place } from './keeping.ts'

/** The installation as the command line sees it. */
export const house = (): House => {
  const config = readConfig()
  return {
    url: config.url,
    key: config.key,
    data: config.data,
    cities: config.cities,
    checkCities: async (folder) => {
      const [{ checkCities }, { connectors }] = await Promise.all([import('../config/cities.ts'), import('../connectors/index.ts')])
      return checkCities(folder, connectors, config)
    },
    backup: async (file) => (await import('./keeping.ts')).backup(placeOf(config), file),
    restore: async (file, wish) => (await import('./keeping.ts')).restore(placeOf(config), file, wish),
    start: async (roles) => {
      const [{ open }, { default: closeWithGrace }] = await Promise.all([import('./join.ts'), import('close-with-grace')])
      const running = await open(config, roles)
      process.stdout.write(greeting(config, roles, running))
      closeWithGrace({ delay: 40_000, logger: false }, async ({ err }) => {
        if (err) process.stderr.write(`${err.stack ?? err.message}\n`)
        await running.stop()
      })
    },
  }
}

const placeOf = (config: Config): Place => ({
  ...config,
  openStore: async () => (await import('../embedded/stores.ts')).openStore(config),
})

const greeting = (config: Config, { roles }: Roles, running: Running): string => {
  const key = relative(process.cwd(), running.keyFile)
  const lines = [
    ...running.out.map(({ file, problems }) => `Nicht dabei: ${file}: ${problems.map(({ de }) => de).join(' ')}`),
    ...(running.withoutRedis
      ? ['Ohne Redis: Die Aufträge liegen bei dieser Probe in PostgreSQL. Für den Betrieb braucht es ein Redis.']
      : []),
    ...(running.setAside === null
      ? []
      : [
          `Redis konnte die Datei mit den Aufträgen nicht mehr lesen. Sie liegt jetzt in ${running.setAside}; die Warteschlange wird aus dem Speicher neu gefüllt.`,
        ]),
    roles === 'work' ? 'Die Arbeiter laufen.' : `Rundruf läuft: ${running.url}`,
    ...(roles === 'work' ? [] : [`API-Schlüssel: ${key.startsWith('..') ? running.keyFile : key}`]),
    ...(running.resting === null ? [] : [`Das Senden ruht: ${running.resting} Nachsehen: rundruf verify. Fortsetzen: rundruf resume.`]),
    config.mode === 'rehearsal'
      ? `Probe: Nichts verlässt diesen Rechner${running.labUrl ? `; alle Kanäle führen zur Probebühne ${running.labUrl}` : ''}.`
      : 'Betrieb: Was veröffentlicht wird, geht wirklich hinaus.',
  ]
  return `${lines.join('\n')}\n`
}
