// The platforms that are known by name, whether a connector for them exists or not, and the ones that no longer exist.

export interface Platform {
  /** As people call it, in German sentences. */
  readonly title: string
  /** ISO date on which the platform was shut down; null: it stands. */
  readonly discontinued: string | null
  /** One German sentence for those who meet the name in a plan or in a message; null: nothing to say. */
  readonly note: string | null
}

const standing = (title: string, note: string | null = null): Platform => ({ title, discontinued: null, note })

/** All platforms that a city file may name, by the name that stands there. */
export const platforms: ReadonlyMap<string, Platform> = new Map([
  ['newsroom', standing('Newsroom', 'Die eigene Seite der Stadt: alles, was sie mitteilt, ohne Konto und ohne fremde Server.')],
  ['bluesky', standing('Bluesky')],
  ['mastodon', standing('Mastodon')],
  ['x', standing('X', 'Früher Twitter.')],
  ['whatsapp', standing('WhatsApp', 'Ein WhatsApp-Kanal, kein Gruppenchat.')],
  ['facebook', standing('Facebook')],
  ['instagram', standing('Instagram', 'Beiträge gibt es dort nur mit Bild oder Video.')],
  ['threads', standing('Threads')],
  ['youtube', standing('YouTube', 'Beiträge gibt es dort nur als Video.')],
  ['tiktok', standing('TikTok', 'Beiträge gibt es dort nur mit Fotos oder Video.')],
  ['telegram', standing('Telegram')],
  ['email', standing('E-Mail')],
  ['podcast', standing('Podcast', 'Ein Feed mit Ton- oder Videodateien, den jede Podcast-App liest.')],
  ['linkedin', standing('LinkedIn')],
  ['matrix', standing('Matrix')],
  // The APIs were shut down on 2019-03-07, the platform for everyone on 2019-04-02.
  [
    'google-plus',
    {
      title: 'Google+',
      discontinued: '2019-04-02',
      note: 'Google+ wurde am 2. April 2019 abgeschaltet; dorthin wird nichts mehr gesendet.',
    },
  ],
])

/** The platform's title for people; an unknown name is its own title. */
export const platformTitle = (name: string): string => platforms.get(name)?.title ?? name
