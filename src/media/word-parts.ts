// Words of which German municipal compounds are made, in small letters: where one ends and another begins is a seam.

const written = `
abend abfall abfluss abgabe abitur abriss abschluss absperrung abstimmung abwasser abwehr advent akten aktion alarm alt altkleider amt
analyse anerkennung angebot anlage anlagen anlauf anliegen anlieger anmeldung annahme anschluss antrag arbeit arbeiten architektur archiv
arzt asphalt asyl atem atemschutz aufgabe aufklärung auflauf aufnahme aufruf aufsicht auftakt aufzug ausbau ausbildung ausfall ausfahrt
ausgabe ausgleich auskunft ausländer auslegung ausnahme ausschreibung ausschuss ausstellung austausch austritt ausweis auto autobahn
bad bahn bahnhof bad bau bauarbeiten baugebiet baugenehmigung bauhof baum baumaßnahme baustelle bearbeitung bebauung bedarf befragung
begegnung begleitung begrenzung begrünung behandlung behinderung behörde beirat beitrag bekämpfung belag belastung beleuchtung benutzung
beratung bereich bereitschaft bericht berechtigung beruf beschaffung beschäftigung beschluss beseitigung besichtigung besuch beteiligung
betreuung betrieb betriebe bewerbung bewirtschaftung bewohner bezirk bibliothek bild bildung biene bindung blitz blut boden bombe boot
börse brand brücke brunnen brut buch bühne bund bunker bürger bürgermeister bus busse
camp chance chor dach daten dauer deckung deich demonstration denkmal dialog dienst dienste dorf druck durchfahrt
ecke ehe ehren eigen einbahn einbruch einfahrt eingang einkauf einlass einleitung einreichung einrichtung einsatz einsätze einschränkung
einsicht einstellung einsturz eintritt einwohner einzel eis elektro eltern empfang energie entfernung entgelt entladung entlastung
entschärfung entscheidung entsorgung entwässerung entwicklung erfassung erhebung erhöhung erkundung erlaubnis erneuerung ernte eröffnung
ersatz erschließung erteilung erwachsene erweiterung erziehung evakuierung
fach fahr fahrbahn fahrer fahrplan fahrrad fahrt fahrten fahrzeug fall fälle familie farbe feier feiertag feld ferien fern fest festival
feuer feuerwehr feuerwerk film finanz firma fisch fläche flächen flohmarkt flucht flug flughafen flug fluss flut förderung forderung forst
forschung forum frau freibad frei freigabe freizeit frequenz frieden friedhof frist front frost frühling führer führung fund funk fuß
fußball fußgänger
gang ganztag garage garten gas gast gaststätten gebäude gebiet gebühr gebühren geburt gedenk gefahr gefahren gefährdung gegend gelände geld
gemeinde gemeinderat genehmigung general geräte gericht gesamt geschäft geschichte geschwindigkeit gesellschaft gesetz gestaltung gespräch
gesundheit gewalt gewässer gewerbe gewitter gift glas glätte glatteis grab grad gremium grenze grippe groß grün grünanlagen grund
grundschule grundsteuer grundstück gruppe gut gutschein gymnasium
hafen hagel halle hallenbad haltestelle halteverbot hand handel handwerk handy haupt haus haushalt heim heimat heizung herbst hilfe hinweis
hinweise hitze hoch hochschule hochwasser hof holz hort hotline hund hunde hundesteuer hütte
impf impfung industrie information informationen infrastruktur innen innenstadt inklusion insel instandsetzung integration internet
jahr jahre jahrmarkt jubiläum jugend junge jury
kabel kampf kampfmittel kälte kanal kanäle kanalisation kandidat kapelle karte karten kasse kataster katastrophe keller kennzeichen kern
kinder kind kindergarten kindertages kino kirche kirmes kita klage klasse kläranlage klär klima klimaschutz klinik knoten koch kommando
kommission kompost kongress konferenz kontakt kontrolle kontrollen konzept konzert koordination kosten kraft kraftwerk kranken kreis
kreuzung krise krippe kultur kunde kunst kurs küste
laden lage lager land landes landkreis landrat landschaft lärm last lauf laub leben lehr lehrer leistung leiter leitung lern lese licht
lieferung linie linien liste löschung löschwasser luft
mahnung maler mann markt marathon maß maßnahme maßnahmen material mauer medien meister meldung mensch messe messung messer miete
mieter milch minister mittag mittel mobil mobilität monat moor müll müllabfuhr munition museum musik musikschule
nachbar nachmittag nachricht nacht nachweis natur naturschutz nebel netz netze neubau neujahr norm not notfall notruf nummer nutzung
oberbürgermeister obst öffentlichkeit öffnung öffnungszeiten öl oper opfer orchester ordnung ordnungsamt ort orts
paket park parken parkhaus parkplatz parkplätze partner partnerschaft party pass personal personalausweis person pfad pflanz pflanze
pflege pflicht plan plakat plan planung platz plätze pokal politik polizei portal post präsentation prävention praxis preis presse
privat probe projekt protest programm protokoll prüfung punkt
quartier quelle
rad radweg radverkehr rahmen rallye rampe rat rathaus raub raum räumung reaktion recht rechts recycling rede reform regelung regen regenwasser region regional
register reihe reinigung reise rente rest restmüll rettung revier rhein richtlinie ring rohr rohrbruch rot route rückbau rückhalte rückgabe ruf ruhe rund rundgang rutsch
sache sack saal saison salz sammel sammlung sanierung satzung sauber schach schaden schäden schadstoff schau schein schiff schienen schild
schlag schließung schloss schmutz schmutzwasser schnee schnell schranke schritt schul schule schulen schuld schüler schulung schutt schutz
schwangeren schwarz schwimm schwimmbad see seil seite selbst senioren seminar senat service sicherheit sicherung siedlung signal sing sirene
sitz sitzung sommer sondermüll sonntag sozial spar spazier spende sperr sperrmüll sperrung spiel spielplatz spiele spitze sport sporthalle
sportplatz sprach sprache sprech sprechstunde sprechstunden sprengung spur stab stadt stadtrat stadtteil stadtwerke stand standort star stark starkregen
station statistik stau staub stätte stätten steg stein stelle stellen steuer stich stiftung stoff stör störung straße straßen
straßenbahn straßenbau strecke strom stromausfall studie stunde stunden sturm sturmflut suche summe system
tafel tag tage tages takt tal tank tanz tarif tätigkeit taxi technik teich teil teilnahme telefon tempo termin termine test theater ticket
tier tiere tierheim tisch titel tonne tonnen tor touristen tour tourismus träger tram transport trasse trauung treff treffen treppe trink trinkwasser
truppe tunnel turm turnier turn turnhalle
überflutung überflutungen überführung übergabe übergang überprüfung überschwemmung übung ufer uhr umbau umfrage umgehung umgestaltung
umlauf umleitung umwelt umzug unfall unfälle universität unterbrechung unterbringung unterführung unterführungen unterhaltung unterkunft unternehmen unterricht unterstützung
untersuchung unwetter urkunde urlaub urnen
verband verbindung verbot verbrauch verbraucher verbrennung verein verfahren vergabe verbesserung verein vereine vergleich verkauf verkehr verkehrs verlängerung verlegung verleihung
verlosung vermeidung vermisst vermittlung verordnung verpflichtung verschmutzung versammlung verschiebung versicherung versorgung verteilung vertrag vertreter
vertretung verunreinigung verwaltung verzeichnis vogel volk volks volkshochschule voll vorhaben vorlage vorlese vormittag vorschrift vorsorge vorstellung vortrag vorverkauf
wache waffe wagen wahl wahlen wald waldbrand wander wanderung ware wärme warn warnung wart wartung wasser wasserrohr wasserschutz wechsel weg wege weihnacht
weihnachtsmarkt wein weinfest welle welt wende werk werke werkstatt wert wetter wettbewerb wetterdienst wiese wild wildtier wind winter winterdienst wirt wirtschaft
wissenschaft woche wochen wochenende wochenmarkt wohn wohnen wohngeld wohnung wohnungen wohnungsbau workshop
abkoch ausgabestelle beauftragte beförderung benachrichtigung beruhigung bruch bücherei dolmetsch empfehlung entnahme ergebnis ergebnisse
festsetzung flüchtling gebot gefäß industriegebiet konsum meile meilen ordnungsbehörde patenschaft patenschaften prozession schrott seuche
seuchen säule säulen strategie tablette tabletten tierseuche umstellung umtausch unterlage verdacht vorschuss werte
zahl zahlung zeichen zeit zeiten zeitung zelt zelle zentrale zentrum zentren zeug ziel zimmer zins zirkus zoo zufahrt zug zugang zulassung
zukunft zulage zulassungs zusammenarbeit zuschuss zuschüsse zustand zustellung zutritt zuwendung zweck zweig
`

/** Shorter ones are found in the middle of other words. */
const least = 3

export const parts: ReadonlySet<string> = new Set(written.split(/\s+/).filter(({ length }) => length >= least))
