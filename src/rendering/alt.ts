// Alternative texts that say nothing of what is to be seen: a mandatory field makes people write "Bild".

/**
 * Words that only say that there is a picture, in the languages that German offices write, and names of files as cameras, telephones and
 * messengers give them.
 */
const says =
  /^(?:(?:ein|das|unser|an?|the)\s+)?(?:bild(?:er|chen|datei)?|foto(?:grafie)?s?|photo(?:graph)?s?|images?|pictures?|pics?|grafik|graphic|abbildung|abb|aufnahme|screenshot|bildschirmfoto|titelbild|beitragsbild|symbolbild|platzhalter|placeholder|video|film|clip|logo|datei|file|alt(?:ernativ)?[ -]?text|test|todo|tbd|n\/?a|x+)(?:[ _.:#-]*\d*)[.!:]?$/iu
const fileName =
  /^[^\s/\\]*\.(?:jpe?g|png|gif|webp|heic|heif|tiff?|bmp|svg|mp4|mov|pdf)$|^(?:img|dsc[nf]?|dcim|pxl|mvi|vid|scan|screenshot|unnamed|whatsapp[ _](?:image|video))[ _-]?[\d_ -][\w .:-]*$/iu

/** True when whoever hears it knows no more than without it: no word, one sign, `Bild`, `Foto 2`, `IMG_1234.jpg`. */
const isWeakAlt = (alt: string): boolean => {
  const text = alt.trim()
  return [...text].length < 3 || !/\p{L}/u.test(text) || says.test(text) || fileName.test(text)
}

/** One German sentence for the plan where texts say nothing; decorative images have none, and a platform with `altMax` 0 shows none. */
export const weakAlts = (media: readonly { readonly alt: string }[], altMax: number): readonly string[] => {
  const weak = altMax === 0 ? [] : media.filter(({ alt }) => alt !== '' && isWeakAlt(alt))
  if (weak.length === 0) return []
  const named = [...new Set(weak.map(({ alt }) => `»${alt}«`))].join(', ')
  return [
    `Die Bildbeschreibung ${named} sagt nicht, was zu sehen ist: Bitte beschreiben Sie es, oder kennzeichnen Sie ein Bild, das nur schmückt, als schmückend.`,
  ]
}
