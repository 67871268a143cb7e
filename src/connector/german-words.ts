// German words that leave a sentence open: abbreviations, after whose full stop it goes on, and words that must be followed by another.

const words = (list: string): ReadonlySet<string> => new Set(list.trim().split(/\s+/))

/** Without their full stop, in lower case; of those with several parts (`z. B.`, `Dipl.-Ing.`) the last part, single letters aside. */
const abbreviations = words(`
abb abds abf abg abk abs abschn abt abw abzgl abzw adr ährl akt allg amtl anh ank anl anm ann app art aufl aug ausg ausgen ausschl az
bd bearb bed begl beil bek bes besch bespr betr bev bez bf bgm bhf bibl biol brosch bsp bspw bttr bürgerm bzgl bzw
ca chem chr co corp cr dergl desgl dez dgl dim dipl diss div doz dr dtzd durchschn durchw
ebf ebd ed ehem ehrenamtl eidg eigtl einh einschl elektr engl entspr entw erdg erf erg erl erw etc ev evang evtl exkl ext
fa fam feb febr ff fn folg forts freiw frl fz geb gebr gegr gek gem gen geogr gepl ges gesch geschl gest gestr gez ggb ggf ggfs ggü gr grds grundst
habil hauptbhf hbf hess hl hptst hr hrn hrsg hs hst hyg illustr inc ind inf ing inh inkl innerh insb insbes int inv
jan jew jg jh jhd jährl jr jugendl jul jun jur kap kath kfm kgl kl koll komm konf kop kr kto kurzf
led lfd lit lt ltd luth mag math max mdl med mehrf mill mind min mio mitgl mob möbl mod mögl möglw monatl mr mrd mrs ms msgr mtl mus mwst
nachf nachm näml nat nördl notw nov nr nrn od öff öffentl okt op orth örtl österr östl
päd partei pers pfd pfr phil phys pkt pl plz pol polit pos präs priv prof prot proz psych
qu quadr rd red ref reg rel rep resp rer rh röm rückf
sächs schr schw schweiz sek sekr sen sep sept sog sogen sonst soz spez sr st staatl städt stck std stdn stellv stk stnd str stud südl svw
tab tägl techn teilw tel telef temp theol thür tit tn tsd uä übl übers ugs umg unbek ungef unt unterz urspr usf usw uvm
verf verg vergl verh verk veröff vers versch verst verw vgl vj vorauss voraussichtl vorl vorm vors vorst vorw vs
weibl westf westl wg whg wirtsch wiss wöchentl württ zahlr zeitw zgl ziff zit zt ztr zul zus zusätzl zuz zw zzgl zzt
`)

/** Articles, prepositions, conjunctions and particles: after one of them something is missing. German, and the commonest English ones. */
const openWords = words(`
der die das den dem des ein eine einen einem einer eines kein keine keinen keinem keiner keines
dieser diese dieses diesen diesem jener jene jenes jenen jenem jeder jede jedes jeden jedem alle allen aller welche welcher welches welchen welchem
mein meine meinen meinem meiner dein deine sein seine seinen seinem seiner seines ihr ihre ihren ihrem ihrer ihres unser unsere unseren unserem unserer unseres euer eure
ab abseits an am ans anhand anlässlich anstatt anstelle auf aufgrund aufs aus außer außerhalb bei beim bezüglich binnen bis dank diesseits durch durchs
entgegen entlang entsprechend für fürs gegen gegenüber gemäß hinsichtlich hinter im in infolge inklusive innerhalb ins inmitten jenseits längs laut
mangels mit mithilfe mittels nach nahe neben ob oberhalb ohne per pro rund samt seit seitens statt trotz über übers um ums unter unterhalb unweit
via vom von vor vors während wegen wider zu zufolge zugunsten zum zur zwischen zwecks
und oder aber denn sondern sowie sowohl weder noch entweder als wie weil dass daß wenn falls damit indem nachdem bevor ehe sobald solange obwohl sofern soweit
nicht nie niemals nur auch sehr so mehr etwa circa ca mindestens höchstens maximal minimal fast bereits erst schon bitte insbesondere
frau herr herrn familie doktor telefon telefonnummer rufnummer hotline nummer hausnummer zimmer raum straße
a an the of to in on at by for from with without and or but not no only is are be do don’t don't never until between your our their this that these those
`)

/** Capital letters alone tell these from words: `Mo. bis So.`, but `so.` ends a sentence. */
const capitals = /^(?:Mo|Di|Mi|Do|Fr|Sa|So|Dir)$/

/** Prepositions that also end a sentence, as the second half of a verb: `Fenster zu`, `Lüftung aus`. */
const particles = words(
  'ab an auf aus bei durch ein entgegen entlang gegenüber mit nach ob statt über um unter vor zu schon noch nicht auch bitte',
)

/** With these a new sentence begins after a number that might have been an ordinal one: after `die 110.` comes no article. */
const starters =
  /^(?:(?:Das|Der|Die|Den|Dem|Des|Ein|Eine|Es|Er|Sie|Wir|Ihr|Ich|Bitte|In|Im|An|Auf|Bei|Beim|Nach|Von|Vom|Vor|Zu|Zum|Zur|Mit|Für|Bis|Seit|Ab|Aus|Wer|Wenn|Was|Wo|Wie|Dort|Hier|Dann|Danach|Auch|Alle|Nur|Nicht|Kein|Keine|Geht|Ist|Sind|Hat|Haben|Diese|Dieser|Dieses)(?![\p{L}\p{N}])|\p{Lu}\p{L}+ Sie(?!\p{L}))/u

/** True when this word, in whatever case, must be followed by another; a hyphen at its end (`Rad- und`) stands for what is to come. */
export const isOpenWord = (word: string): boolean => {
  const bare = bareOf(word)
  return /\p{L}[-‐‑]$/u.test(bare) || openWords.has(bare)
}

/** The same of a word at the end of a line, where a verb may end. */
export const isOpenAtLineEnd = (word: string): boolean => isOpenWord(word) && !particles.has(bareOf(word))

const bareOf = (word: string): string => word.replace(/^[^\p{L}\p{N}]+/u, '').toLowerCase()

/**
 * True when a full stop after `before` ends no sentence: after an abbreviation, a single letter, an ordinal number, dots that trail off.
 * @param next what follows the full stop and the space after it
 */
export const isAbbreviated = (before: string, next: string): boolean => {
  const token = /[\p{L}\p{N}./-]*$/u.exec(before)?.[0] ?? ''
  const word = token.split(/[./-]/).at(-1) ?? ''
  if (word === '') return token.endsWith('.')
  if (/^\p{N}+$/u.test(word)) return !(starters.test(next) && /\p{L}$/u.test(before.slice(0, -token.length).trimEnd()))
  return isShort(word) || /^\p{N}+\p{Ll}$/u.test(word)
}

/** No German word ends so: `Turnh.`, `Gemeindeh.`, `Tannenb.`, `rückw.` In doubt no sentence ends. */
const unspoken = /(?:[bdflmnrw]h|\p{L}{5}[dlnrst]eh|[dmnt]b|[bcdfghjklmnpqrstvxz]w)$/u

const isShort = (word: string): boolean =>
  /^(?:\p{L}|[IVXLC]+)$/u.test(word) ||
  capitals.test(word) ||
  abbreviations.has(word.toLowerCase()) ||
  /\p{L}(?:str|pl|hbf|nr)$/iu.test(word) ||
  unspoken.test(word) ||
  (!/[aeiouyäöü]/i.test(word) && /\p{Ll}/u.test(word) && word.length <= 5)
