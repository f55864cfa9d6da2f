"""Parts of German compounds that shops sell, as german_normalization leaves them: a word that holds some is found by each."""

_WORDS = """
    abfall absatz adapter akku anhanger antenne anzug apfel arbeit arbeits armband aufbewahrung aussen auto babys
    backofen bade balkon ball band batterie baum baumwoll baumwolle becher beistell beleuchtung beton bett beutel
    bezug bild bilder bildschirm blech bluetooth blumen bluse boden bohrer bohrmaschine box brett brille brot buch
    bucher buro burste camping creme dach damen dampf dauer decke deckel decken draht drucker dusche edelstahl eier
    eimer eisen esstisch fahrrad familien farbe faser feder fenster fernseher feuer filter filz finger flasche
    flaschen fleisch folie foto frauen frisch fuss futter gabel garten gefass gemuse geschirr gewurz giess glas
    glaser gold griff grill gummi gurt gurtel haar hafen halter halterung hand handschuh handtuch handy haus
    heizung hemd herren herz holz honig horer hose hulle hund hunde instrument jacke jahr junge kabel kaffee kamera
    kamin kanne karte karten kartoffel kasten katze katzen keller keramik kerze kerzen kessel kette kinder kissen
    klappe kleid kleider klinge knopf koch koffer kompost konferenz kopf kopfhorer korb korper kran krug kuche
    kuchen kugel kuhl kuhlschrank kunst kunststoff lade ladegerat laden lampe lampen laptop latzhose laufschuh
    leder leim leinen leiste leiter leuchte licht linse loffel luft magnet maler mantel maschine masse material
    matratze maus messer metall mikrofon mikrowelle milch mobel monitor motor mulleimer mund mutze nacht nagel
    nahrung netz netzteil notebook notiz nuss oberteil obst ofen ohr ordner papier parfum patrone pfanne pfannen
    pfeffer pflanze pflanzen pflege pinsel platte polster porzellan post presse pullover pumpe putz rad radio
    rahmen rasen raum regal regen regenschirm reifen reinigung reise ring rock rohr rolle rollen rosen rucksack
    saft salat salz sand sattel schal schale schalter schaum schere schirm schlaf schlauch schloss schlussel
    schmuck schnee schneide schnur schrank schrauben schreib schreibtisch schuh schuhe schule schurze schussel
    schutz schwamm schwimm seide seife sessel silber socken sofa sommer sonnen spachtel speicher speise spiegel
    spiel spielzeug spitze sport spray spritze spul stahl stander staub staubsauger steck steckdose stecker stein
    stiefel stift stoff streifen strick strom stuhl suppe tablet tablett tafel tank tasche taschen tasse tassen
    tastatur teig telefon teller teppich textil thermo tier tinte tinten tisch tischdecke toaster toilette toner
    tonne topf topfe tragetasche trink trocken trommel tuch uhr unter unterlage untersetzer vase vasen verpackung
    vogel vorhang waage wachs wagen wand wanduhr wanne wasch waschmaschine wasser wasserkocher wecker weihnachts
    wein werkzeug winter wolle wurfel zahn zahnburste zange zaun zeit zelt zettel ziegel zimmer zitronen zubehor
    zucker
"""
PARTS = tuple(_WORDS.split())
