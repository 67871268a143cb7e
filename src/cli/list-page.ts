// A list of announcements as a person reads it. Pure.
import type { AnnouncementView } from '../commands/view.ts'
import { drawTable, type Page, type Row } from './table.ts'
import { announcementWords, kindWord, when } from './words.ts'

export const listAsText = (views: readonly AnnouncementView[], page: Page): string => {
  if (views.length === 0) return 'Hier steht noch keine Meldung.'
  const rows = views.map(
    (view): Row => ({
      cells: [when(view.createdAt), view.city, kindWord(view.announcement), view.announcement.title, announcementWords[view.state]],
      notes: [view.id],
    }),
  )
  const columns = [{ head: 'Angelegt' }, { head: 'Stadt' }, { head: 'Art' }, { head: 'Titel', grows: true }, { head: 'Zustand' }] as const
  return drawTable(columns, rows, page)
}
