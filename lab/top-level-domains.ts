// What may end a host: two letters that are a country, and the names beside them.

const countries = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' })

/** Domains beside those of countries that a German city may write. */
const generic: ReadonlySet<string> = new Set(
  (
    'com org net info biz edu gov int mil name pro mobi jobs travel cat aero coop museum app dev page web online site shop store blog news media ' +
    'live video social city town berlin hamburg koeln cologne bayern nrw ruhr saarland wien tirol swiss brussels london paris eus bzh gmbh haus ' +
    'schule reise reisen events tickets community foundation gratis jetzt cloud tech xyz club'
  ).split(' '),
)

/** Whether a name in lower case may end a host. */
export const isTopLevel = (name: string): boolean =>
  /^[a-z]{2}$/.test(name) ? name === 'uk' || countries.of(name.toUpperCase()) !== undefined : generic.has(name) || name.startsWith('xn--')
