// Which of a city's channels is its newsletter.
import type { Channel, City } from '../../policy/policy.ts'

/** The e-mail channel that citizens can subscribe to; undefined: the city has none. */
export const newsletterOf = (city: City): Channel | undefined =>
  city.channels.find(({ platform, use, by }) => platform === 'email' && use !== 'dormant' && use !== 'left' && by === 'program')

/** `Newsletter der Bundesstadt Bonn`, as the city file names it. */
export const nameOf = (city: City, channel: Channel): string => channel.title ?? `Newsletter: ${city.city}`
