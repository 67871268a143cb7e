// A week of a city, as a press office writes it: every kind of announcement and everything that can become of one.
import { createHash, randomUUID } from 'node:crypto'
import type { Kysely } from 'kysely'
import type { Post, PostImage } from '../../src/connector/connector.ts'
import { newsroomDesk } from '../../src/newsroom/desk.ts'
import type { Database } from '../../src/store/tables.ts'
import { anAnnouncement, aPost } from '../support/builders.ts'

export interface Picture {
  readonly bytes: Buffer
  readonly type: string
  readonly width: number
  readonly height: number
  readonly alt: string
}

/** Keys of what was filled in. */
export interface Week {
  readonly warning: string
  readonly retracted: string
  readonly withImage: string
}

/** Fills Bonn's page (and one item of Mainz) with what happened in the days before `now`. */
export const fillAWeek = async (db: Kysely<Database>, publicUrl: string, picture: Picture, now = new Date()): Promise<Week> => {
  const ago = (minutes: number): string => new Date(now.getTime() - minutes * 60_000).toISOString()
  const [hour, day] = [60, 24 * 60]
  let clock = ago(0)
  const desk = newsroomDesk(db, publicUrl, () => clock)
  const put = async (minutesAgo: number, over: Partial<Post>, key: string = randomUUID(), city = 'bonn'): Promise<string> => {
    clock = ago(minutesAgo)
    await desk.put(city, key, aPost({ link: null, ...over }), clock)
    return key
  }
  const image = await store(db, picture)

  await put(6 * day, { kind: 'event', title: 'Ehrenamtstag im Alten Rathaus', text: 'Mehr als 60 Vereine stellen sich vor, von der Tafel bis zum Chor. Kommen Sie vorbei, der Eintritt ist frei.\n\nSamstag, 11 bis 17 Uhr, Altes Rathaus am Markt.', link: 'https://www.bonn.de/ehrenamtstag' }) // biome-ignore format: one announcement a line
  await put(5 * day, { kind: 'warning', severity: 'Moderate', title: 'Sturmböen am Abend', text: 'Am Abend werden Sturmböen bis 85 km/h erwartet. Meiden Sie Parks und Alleen. Sichern Sie lose Gegenstände auf Balkonen.', expires: ago(5 * day - 8 * hour) }) // biome-ignore format: one announcement a line
  await put(4 * day, { kind: 'warning', severity: 'Severe', status: 'Exercise', title: 'Probealarm im Stadtgebiet', text: 'Um 11 Uhr heulen die Sirenen: eine Minute Dauerton. Die Stadt prüft damit alle Wege, auf denen sie warnt.', expires: ago(4 * day - hour) }) // biome-ignore format: one announcement a line
  const corrected = await put(3 * day, { title: 'Bürgeramt in Beuel bleibt am Montag geschlossen', text: 'Wegen Umbauarbeiten.' })
  await put(3 * day - 2 * hour, { title: 'Bürgeramt in Beuel bleibt am Dienstag geschlossen', text: 'Wegen Umbauarbeiten bleibt das Bürgeramt am kommenden Dienstag geschlossen. Bereits vereinbarte Termine finden im Stadthaus statt.\n\nIn der ersten Fassung stand versehentlich Montag.' }, corrected) // biome-ignore format: one announcement a line
  const retracted = await put(2 * day, { title: 'Trinkwasser in Duisdorf bitte abkochen', text: 'Vorsorglich wird gebeten, das Trinkwasser in Duisdorf bis auf Weiteres abzukochen.' }) // biome-ignore format: one announcement a line
  clock = ago(2 * day - 3 * hour)
  await desk.retract('bonn', retracted, clock)
  await put(30 * hour, { language: 'en', title: 'New opening hours at the Foreigners Office', text: 'From next week, the Foreigners Office opens at 8 a.m. on Tuesdays and Thursdays. You can book an appointment online.', link: 'https://www.bonn.de/foreigners-office' }) // biome-ignore format: one announcement a line
  const withImage = await put(26 * hour, { title: 'Das Rheinufer ist wieder frei', text: 'Nach acht Monaten Bauzeit ist die Promenade zwischen Kennedybrücke und Altem Zoll wieder offen. Neu sind breitere Wege, 140 Bäume und Sitzstufen bis ans Wasser.\n\nDie Oberbürgermeisterin dankt allen, die Umwege in Kauf genommen haben.\n\nhttps://www.bonn.de/rheinufer', link: 'https://www.bonn.de/rheinufer', images: [image] }) // biome-ignore format: one announcement a line
  await allClear(db, put, { warnedAgo: 9 * hour, clearedAgo: 5 * hour })
  const warning = await put(40, { kind: 'warning', severity: 'Extreme', title: 'Hochwasser am Rhein: Bleiben Sie vom Ufer fern', text: 'Der Pegel Bonn steigt heute Nacht voraussichtlich auf 8,60 Meter. In Beuel, Mehlem und der Südstadt können Keller und Straßen überflutet werden.\n\nBringen Sie Fahrzeuge in höhere Lagen. Gehen Sie nicht in Keller oder Tiefgaragen. Halten Sie den Notruf 112 frei.', expires: ago(-14 * hour), link: 'https://www.bonn.de/hochwasser' }) // biome-ignore format: one announcement a line
  await put(15, { title: 'Bürgertelefon zum Hochwasser erreichbar', text: 'Fragen zum Hochwasser beantwortet das Bürgertelefon unter 0228 77 0, rund um die Uhr. Sandsäcke gibt die Feuerwehr an der Lievelingsweg-Wache aus.' }) // biome-ignore format: one announcement a line
  await put(3 * day, { title: 'Mainz sagt Danke für den Faschingsdienst', text: 'Danke.' }, randomUUID(), 'mainz')
  return { warning, retracted, withImage }
}

type Put = (minutesAgo: number, over: Partial<Post>, key?: string) => Promise<string>

/** A warning and the all-clear that follows it, with the rows that release leaves: only they tell that one follows the other. */
const allClear = async (db: Kysely<Database>, put: Put, ago: { warnedAgo: number; clearedAgo: number }): Promise<void> => {
  const warned = await released(db, null)
  const cleared = await released(db, warned.announcement)
  await put(ago.warnedAgo, { kind: 'warning', severity: 'Severe', title: 'Rauch über Beuel: Fenster und Türen schließen', text: 'Bei einem Brand in einer Lagerhalle in Beuel-Ost entsteht starker Rauch. Schließen Sie Fenster und Türen, schalten Sie Lüftungen ab.' }, warned.delivery) // biome-ignore format: one announcement a line
  await put(ago.clearedAgo, { kind: 'all-clear', title: 'Entwarnung: Brand in Beuel gelöscht', text: 'Der Brand ist gelöscht. Die Feuerwehr hat keine Schadstoffe mehr gemessen. Sie können Fenster und Türen wieder öffnen.' }, cleared.delivery) // biome-ignore format: one announcement a line
}

const released = async (db: Kysely<Database>, references: string | null): Promise<{ announcement: string; delivery: string }> => {
  const [announcement, delivery] = [randomUUID(), randomUUID()]
  const content = JSON.stringify(anAnnouncement({ references }))
  await db.insertInto('announcement').values({ id: announcement, city: 'bonn', revision: 1, createdBy: 'test' }).execute()
  await db.insertInto('revision').values({ announcementId: announcement, number: 1, content, createdBy: 'test' }).execute()
  await db
    .insertInto('delivery')
    .values({
      ...{ id: delivery, announcementId: announcement, revision: 1, city: 'bonn', channel: 'newsroom', platform: 'newsroom' },
      ...{ way: 'urgent', action: 'publish', doubles: 'avoid', sequence: 1, state: 'delivered', turn: 0, fence: 0, attempts: 1 },
      ...{ dueAt: new Date(), memory: '{}' },
    })
    .execute()
  return { announcement, delivery }
}

const store = async (db: Kysely<Database>, { bytes, type, width, height, alt }: Picture): Promise<PostImage> => {
  const id = createHash('sha256').update(bytes).digest('hex')
  await db.insertInto('media').values({ id, type, bytes, width, height, createdBy: 'test' }).execute()
  return { id, type, size: bytes.length, width, height, alt }
}
