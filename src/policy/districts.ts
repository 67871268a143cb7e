// The areas that a city has declared, and whom an announcement for some of them reaches.
import { type Announcement, wayOf } from '../announcement/announcement.ts'
import type { Problem } from '../announcement/refusal.ts'
import { isChosen } from './choice.ts'
import type { Choice, City } from './policy.ts'
import { type Declared, listed, meantKey } from './topics.ts'

/**
 * True when an announcement concerns one of the areas that a choice means: of several areas one is enough, also beside one that the choice
 * leaves out, for people there are concerned. Without an area a warning and an all-clear are for the whole city, and so for each of its
 * areas; what is everyday is meant by `none`, and by a choice that does not leave `none` out.
 */
export const reaches = (choice: Choice, { districts, kind }: Pick<Announcement, 'districts' | 'kind'>): boolean =>
  districts.length === 0 ? wayOf({ kind }) === 'urgent' || isChosen(choice, []) : districts.some((one) => isChosen(choice, [one]))

/** The areas of the announcement that its city has not declared, each with the one that was probably meant. */
export const unknownDistricts = (
  { districts }: Pick<Announcement, 'districts'>,
  city: Pick<City, 'city' | 'districts'>,
): readonly Problem[] =>
  districts
    .filter((district) => !Object.hasOwn(city.districts, district))
    .map((district) => {
      const meant = meantKey(district, city.districts)
      const [de, en] = listedDistricts(city.districts)
      return {
        code: 'unknown-district',
        de: `Das Gebiet »${district}« hat ${city.city} nicht.${meant ? ` Meinten Sie »${meant}«?` : ''} ${de}`,
        en: `${city.city} has no district "${district}".${meant ? ` Did you mean "${meant}"?` : ''} ${en}`,
        place: 'districts',
      }
    })

/** All declared areas, as a sentence of their own. */
export const listedDistricts = (districts: Declared): readonly [de: string, en: string] =>
  listed(districts, ['Die Stadtdatei legt keine Gebiete fest (districts).', 'The city file declares no districts.'])
