// Public holidays, as each Land has them.
import { getHolidays } from 'feiertagejs'

type Region = Parameters<typeof getHolidays>[1]

/** By the first two digits of the Regionalschlüssel. */
const regions: Readonly<Record<string, Region>> = {
  '01': 'SH',
  '02': 'HH',
  '03': 'NI',
  '04': 'HB',
  '05': 'NW',
  '06': 'HE',
  '07': 'RP',
  '08': 'BW',
  '09': 'BY',
  '10': 'SL',
  '11': 'BE',
  '12': 'BB',
  '13': 'MV',
  '14': 'SN',
  '15': 'ST',
  '16': 'TH',
}

/** The one municipality with a holiday of its own by law: the Friedensfest on 8 August (Art. 1 Abs. 2 BayFTG). */
const augsburg = '097610000000'

/**
 * True on a public holiday of the city's Land.
 * Holidays of single municipalities are Augsburg's alone. Mariä Himmelfahrt counts in all of Bavaria, and Fronleichnam in no part of
 * Saxony and Thuringia.
 * @param day ISO 8601
 * @param ars the city's Regionalschlüssel
 */
export const isHoliday = (day: string, ars: string): boolean => {
  const region = ars === augsburg ? 'AUGSBURG' : regions[ars.slice(0, 2)]
  // `date` is noon in UTC; the library's own `dateString` and `isHoliday` depend on the zone of the machine
  return region !== undefined && getHolidays(Number(day.slice(0, 4)), region).some(({ date }) => date.toISOString().startsWith(day))
}
