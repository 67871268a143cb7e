// The platforms as their readers know them: name and colour.

interface Look {
  readonly title: string
  /** Of its mark, as CSS writes colours. */
  readonly colour: string
  /** True where there are no alternative texts. */
  readonly withoutAlt?: true
}

const looks: Readonly<Record<string, Look>> = {
  bluesky: { title: 'Bluesky', colour: '#1185fe' },
  email: { title: 'E-Mail', colour: '#8a6d3b' },
  facebook: { title: 'Facebook', colour: '#0866ff' },
  instagram: { title: 'Instagram', colour: '#d62976' },
  mastodon: { title: 'Mastodon', colour: '#6364ff' },
  telegram: { title: 'Telegram', colour: '#2aabee', withoutAlt: true },
  threads: { title: 'Threads', colour: '#555555' },
  tiktok: { title: 'TikTok', colour: '#fe2c55', withoutAlt: true },
  whatsapp: { title: 'WhatsApp', colour: '#1da851', withoutAlt: true },
  x: { title: 'X', colour: '#16202c' },
  youtube: { title: 'YouTube', colour: '#ff0033' },
}

export const titleOf = (platform: string): string => looks[platform]?.title ?? platform

export const hasAlt = (platform: string): boolean => looks[platform]?.withoutAlt !== true

export const colourOf = (platform: string): string => looks[platform]?.colour ?? '#51606f'
