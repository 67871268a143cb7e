// Draws a table that fits its page: fixed columns as wide as their content, growing ones share the rest, notes span the whole width.
import Table from 'cli-table3'
import { fold, plain, widthOf } from './text.ts'

export type Colour = 'green' | 'yellow' | 'red' | 'dim' | 'bold'

/** Where it is drawn: columns of the page, and how a word is coloured there (not at all in a pipe). */
export interface Page {
  readonly width: number
  paint(colour: Colour, text: string): string
}

export interface Column {
  readonly head: string
  /** Takes what the others leave. */
  readonly grows?: true
  readonly align?: 'right'
}

export interface Row {
  readonly cells: readonly string[]
  /** Lines below the cells, over the whole width; an address in them is never broken unless it is wider than the page. */
  readonly notes?: readonly string[]
  /** The colour of a cell, by its column's place. */
  readonly colours?: Readonly<Record<number, Colour>>
}

/** Two spaces and a border for each column, one border to close. */
const frame = 3
const leastGrowing = 16

export const drawTable = (columns: readonly Column[], rows: readonly Row[], page: Page): string => {
  const widths = shareWidth(columns, rows, page.width)
  const table = new Table({
    head: columns.map((column) => page.paint('bold', column.head)),
    colWidths: widths.map((width) => width + 2),
    colAligns: columns.map((column) => column.align ?? 'left'),
    style: { head: [], border: [], compact: true },
  })
  const inside = sum(widths) + (widths.length - 1) * frame
  for (const row of rows) {
    table.push(row.cells.map((cell, at) => content(cell, widths[at] ?? 1, colouring(page, row.colours?.[at]))))
    for (const note of row.notes ?? []) table.push([{ content: indented(note, inside, page), colSpan: columns.length, hAlign: 'left' }])
  }
  return table.toString()
}

const colouring =
  (page: Page, colour: Colour | undefined) =>
  (text: string): string =>
    colour === undefined || text === '' ? text : page.paint(colour, text)

const content = (text: string, width: number, paint: (text: string) => string): string => fold(plain(text), width).map(paint).join('\n')

const indent = '  '
const indented = (note: string, width: number, page: Page): string =>
  fold(plain(note), width - indent.length)
    .map((line) => indent + page.paint('dim', line))
    .join('\n')

const shareWidth = (columns: readonly Column[], rows: readonly Row[], pageWidth: number): readonly number[] => {
  const natural = columns.map((column, at) => widest([column.head, ...rows.map((row) => row.cells[at] ?? '')]))
  const room = pageWidth - 1 - columns.length * frame
  const fixed = sum(natural.filter((_, at) => !columns[at]?.grows))
  const growing = columns.filter((column) => column.grows).length
  const share = Math.max(leastGrowing, Math.floor((room - fixed) / Math.max(1, growing)))
  const shared = natural.map((width, at) => (columns[at]?.grows ? Math.min(width, share) : width))
  const note = widest(rows.flatMap((row) => row.notes ?? [])) + indent.length - (columns.length - 1) * frame
  const missing = Math.max(0, Math.min(note, room) - sum(shared))
  const stretched = Math.max(
    0,
    columns.findIndex((column) => column.grows),
  )
  return shared.map((width, at) => (at === stretched ? width + missing : width))
}

const widest = (cells: readonly string[]): number => Math.max(0, ...cells.flatMap((cell) => plain(cell).split('\n')).map(widthOf))

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)
