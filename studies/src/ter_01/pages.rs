//! The pages of TER-01, in reading order: the only place that knows which figure goes where.

use domain::fact::FactSheet;
use narrative::Narrative;
use rust_decimal::Decimal;

use super::swot;
use crate::exhibits::{self, Family, Sold};
use crate::pages::{
    Column, Edition, Head, Item, LeafSpec, Line, PageError, Press, Row, Section, Sheaf, dot_plot, pieces, table, tile,
};
use crate::report;

const HEAD: Head = Head {
    code: "TER-01",
    title: "Portrait de territoire",
    examples: &["dem.tcam@com", "fil.med@com", "log.proprio@com", "dem.pop@com"],
};

/// A page, its running head and its subject being the same words.
const fn leaf(
    page: u32,
    name: &'static str,
    title: &'static str,
    subject: &'static str,
    needs: &'static [&'static str],
    rows: fn(&mut Sheaf<'_, '_>) -> Rows,
) -> LeafSpec {
    LeafSpec { page, section: Section { name, title }, subject, needs, spoken: None, rows }
}

/// The pages between « Lire ce rapport » and the sources.
#[rustfmt::skip]
pub const LEAVES: &[LeafSpec] = &[
    leaf(3, "synthese", "1. Synthèse", "Synthèse", &[], synthesis),
    leaf(4, "situation", "2. Situation", "Situation", &[], situation),
    leaf(5, "population", "3. Population", "Population", &["dem.tcam", "dem.pop"], population),
    leaf(6, "ages", "4. Âges", "Âges", &["dem.vieillissement"], ages),
    leaf(7, "menages", "5. Ménages", "Ménages et catégories sociales", &["dem.taille_men", "dem.seul"], households),
    leaf(8, "revenus", "6. Revenus", "Revenus", &["fil.med"], incomes),
    leaf(9, "logement", "7. Logement", "Logement", &["log.tx_rp", "log.proprio"], dwellings),
    leaf(10, "marche", "8. Marché", "Marché", &["dvf.med[appt]", "dvf.med[mais]", "ani.loyer[appt]", "ani.loyer[maison]"], market),
    leaf(11, "services", "9. Services", "Services et santé", &["bpe.gamme[prox]", "bpe.n"], services),
    leaf(12, "position", "10. Position", "La commune parmi ses semblables", &[], position),
    leaf(13, "afom", "11. Forces et fragilités", "Forces et fragilités", &[], strengths),
];

/// What a page is about, with its article.
pub fn subject(page: u32) -> &'static str {
    match page {
        3 => "le territoire",
        4 => "la situation",
        5 => "la population",
        6 => "les âges",
        7 => "les ménages",
        8 => "les revenus",
        9 => "le logement",
        10 => "le marché",
        11 => "les services",
        12 => "la position de la commune",
        _ => "les forces et les fragilités",
    }
}

/// The HTML of the report.
///
/// # Errors
/// When the sheet lacks a figure of the pages, or the narrative a block.
pub fn render(sheet: &FactSheet, narrative: &Narrative, edition: &Edition) -> Result<String, PageError> {
    report::render(HEAD, LEAVES, "12. Sources et limites", (sheet, narrative, edition))
}

type Rows = Result<Vec<Row>, PageError>;

/// Candidates for the eight tiles, in the order of a tie.
const TILES: &[&str] = &[
    "dem.pop",
    "dem.tcam",
    "fil.med",
    "log.n",
    "geo.densite",
    "dem.vieillissement",
    "log.proprio",
    "dem.taille_men",
    "log.tx_rs",
    "lov.tx2",
    "dvf.med[mais]",
    "dvf.med[appt]",
    "ani.loyer[appt]",
    "zon.abc",
    "rpl.tx",
    "log.tx_vac",
];

/// Eight figures: the size of the commune first, then what sets it most apart from comparable communes.
fn key_figures(press: &Press<'_>) -> Vec<String> {
    let published =
        TILES.iter().filter_map(|id| press.find(&format!("{id}@com"))).filter(|fact| fact.status.is_citable());
    let mut facts: Vec<_> = published.collect();
    let sized = usize::from(facts.first().is_some_and(|fact| fact.id == "dem.pop@com"));
    if let Some(rest) = facts.get_mut(sized..) {
        // Stable: without peers the order of the candidates stands.
        rest.sort_by_key(|fact| std::cmp::Reverse(indicators::apart(fact).unwrap_or(Decimal::ZERO)));
    }
    facts.into_iter().take(8).map(|fact| fact.id.clone()).collect()
}

fn synthesis(sheaf: &mut Sheaf<'_, '_>) -> Rows {
    let ids = key_figures(sheaf.press);
    let tiles = ids.iter().map(|id| tile(sheaf.press, id)).collect::<Result<Vec<_>, _>>()?;
    let names = ["p3.synthese1", "p3.synthese2", "p3.synthese3", "p3.synthese4"];
    let findings = names.into_iter().map(|id| pieces(sheaf.press, sheaf.narrative, id)).collect::<Result<_, _>>()?;
    let compared = ["dem.tcam", "dem.vieillissement", "fil.med", "log.proprio", "log.tx_rs", "log.tx_vac"];
    let plot = dot_plot(
        sheaf.press,
        &mut sheaf.numbers,
        "synthese",
        "La commune parmi ses territoires de comparaison",
        &compared,
        (492.0, 206.0),
    )?;
    Ok(vec![
        Row::new(vec![Column::new(1.0, vec![Item::Tiles { tiles }])]),
        Row::new(vec![
            Column::new(1.0, vec![Item::Findings { findings }]),
            Column::new(1.0, vec![Item::Figure { exhibit: plot }]),
        ]),
    ])
}

const SITUATION: &[Line] = &[
    ("dem.pop", "Population", None),
    ("geo.superficie", "Superficie", Some("km²")),
    ("geo.densite", "Densité", Some("hab./km²")),
    ("dem.menages", "Ménages", None),
    ("log.n", "Logements", None),
];

fn situation(sheaf: &mut Sheaf<'_, '_>) -> Rows {
    let map = exhibits::locator_map(sheaf.press, &mut sheaf.numbers)?;
    let table =
        table(sheaf.press, &mut sheaf.numbers, SITUATION, "La commune et ses territoires", "Effectifs et densité")?;
    let text = sheaf.text("commentaire")?;
    Ok(vec![Row::new(vec![
        Column::new(1.0, map.into_iter().map(|exhibit| Item::Figure { exhibit }).collect()),
        Column::new(1.0, vec![Item::Table { table }, text]),
    ])])
}

const POPULATION: &[Line] = &[
    ("dem.pop", "Population municipale", None),
    ("dem.evol_abs", "Variation entre deux recensements", None),
    ("dem.tcam", "Variation annuelle moyenne", None),
    ("dem.solde_nat", "dont solde naturel", None),
    ("dem.solde_mig", "dont entrées et sorties", None),
];

fn population(sheaf: &mut Sheaf<'_, '_>) -> Rows {
    let line = exhibits::population(sheaf.press, &mut sheaf.numbers, (492.0, 190.0))?;
    let plot = dot_plot(
        sheaf.press,
        &mut sheaf.numbers,
        "soldes",
        "Rythme de variation, et ses deux moteurs",
        &["dem.tcam", "dem.solde_nat", "dem.solde_mig"],
        (492.0, 150.0),
    )?;
    let table = table(sheaf.press, &mut sheaf.numbers, POPULATION, "Population et soldes", "Effectifs, taux annuels")?;
    let text = sheaf.text("commentaire")?;
    let (plot, table) = (Item::Figure { exhibit: plot }, Item::Table { table });
    // An arrondissement has no long series: what is left shares the page evenly.
    let (left, right) = match line {
        Some(exhibit) => (vec![Item::Figure { exhibit }, text], vec![plot, table]),
        None => (vec![plot, text], vec![table]),
    };
    Ok(vec![Row::new(vec![Column::new(1.0, left), Column::new(1.0, right)])])
}

const AGES: &[Line] = &[
    ("dem.age[0014]", "Moins de 15 ans", None),
    ("dem.age[1529]", "15 à 29 ans", None),
    ("dem.age[3044]", "30 à 44 ans", None),
    ("dem.age[4559]", "45 à 59 ans", None),
    ("dem.age[6074]", "60 à 74 ans", None),
    ("dem.age[75p]", "75 ans et plus", None),
];

fn ages(sheaf: &mut Sheaf<'_, '_>) -> Rows {
    let pyramid = exhibits::ages(sheaf.press, &mut sheaf.numbers, (492.0, 300.0))?;
    let plot = dot_plot(
        sheaf.press,
        &mut sheaf.numbers,
        "vieillissement",
        "Vieillissement et âges actifs",
        &["dem.vieillissement", "dem.part_80p", "dem.dependance"],
        (492.0, 150.0),
    )?;
    let table = table(sheaf.press, &mut sheaf.numbers, AGES, "Parts des classes d’âge", "En\u{a0}% de la population")?;
    let text = sheaf.text("commentaire")?;
    Ok(vec![Row::new(vec![
        Column::new(1.0, vec![Item::Figure { exhibit: pyramid }, text]),
        Column::new(1.0, vec![Item::Figure { exhibit: plot }, Item::Table { table }]),
    ])])
}

const OCCUPATIONS: &[Line] = &[
    ("dem.csp[1]", "Agriculteurs exploitants", None),
    ("dem.csp[2]", "Artisans, commerçants", None),
    ("dem.csp[3]", "Cadres et professions intellectuelles", None),
    ("dem.csp[4]", "Professions intermédiaires", None),
    ("dem.csp[5]", "Employés", None),
    ("dem.csp[6]", "Ouvriers", None),
    ("dem.csp[7]", "Retraités", None),
    ("dem.csp[8]", "Autres sans activité", None),
];

fn households(sheaf: &mut Sheaf<'_, '_>) -> Rows {
    let plot = dot_plot(
        sheaf.press,
        &mut sheaf.numbers,
        "menages",
        "Taille et composition des ménages",
        &["dem.taille_men", "dem.seul", "dem.couple_enf", "dem.monop"],
        (492.0, 210.0),
    )?;
    let parts = [
        ("dem.csp[3]", "Cadres"),
        ("dem.csp[4]", "Intermédiaires"),
        ("dem.csp[5]", "Employés"),
        ("dem.csp[6]", "Ouvriers"),
        ("dem.csp[7]", "Retraités"),
    ];
    let bars = exhibits::grouped(
        sheaf.press,
        &mut sheaf.numbers,
        "csp",
        ("Catégories sociales", "En\u{a0}% des 15 ans et plus"),
        &parts,
        (492.0, 132.0),
    )?;
    let table =
        table(sheaf.press, &mut sheaf.numbers, OCCUPATIONS, "Catégories sociales", "En\u{a0}% des 15 ans et plus")?;
    let text = sheaf.text("commentaire")?;
    Ok(vec![Row::new(vec![
        Column::new(1.0, vec![Item::Figure { exhibit: plot }, text]),
        Column::new(1.0, vec![Item::Figure { exhibit: bars }, Item::Table { table }]),
    ])])
}

const INCOMES: &[Line] = &[
    ("fil.med", "Niveau de vie médian, par an", None),
    ("fil.d1", "Premier décile du niveau de vie", None),
    ("fil.d9", "Neuvième décile du niveau de vie", None),
    ("fil.d9d1", "Rapport entre les deux", None),
    ("fil.tp60", "Taux de pauvreté", None),
    ("fil.impo", "Part des ménages imposés", None),
];

fn incomes(sheaf: &mut Sheaf<'_, '_>) -> Rows {
    let range = exhibits::ranges(
        sheaf.press,
        &mut sheaf.numbers,
        "niveaux-de-vie",
        ("Niveaux de vie, du premier au neuvième décile", "En euros par an et par unité de consommation"),
        (["fil.d1", "fil.med", "fil.d9"], ["Premier décile", "Médiane", "Neuvième décile"]),
        (492.0, 190.0),
    )?;
    let plot = dot_plot(
        sheaf.press,
        &mut sheaf.numbers,
        "revenus",
        "Niveau de vie, pauvreté, écarts",
        &["fil.med", "fil.tp60", "fil.d9d1"],
        (492.0, 150.0),
    )?;
    let table = table(sheaf.press, &mut sheaf.numbers, INCOMES, "Revenus et pauvreté", "Par unité de consommation")?;
    let text = sheaf.text("commentaire")?;
    Ok(vec![Row::new(vec![
        Column::new(1.0, vec![Item::Figure { exhibit: range }, text]),
        Column::new(1.0, vec![Item::Figure { exhibit: plot }, Item::Table { table }]),
    ])])
}

const DWELLINGS: &[Line] = &[
    ("log.n", "Logements", None),
    ("log.proprio", "Propriétaires occupants", None),
    ("log.loc_prive", "Locataires hors HLM", None),
    ("log.loc_hlm", "Locataires HLM", None),
    ("lov.tx2", "Vacance de plus de deux ans", None),
    ("rpl.tx", "Logements sociaux / rés. principales", None),
];

fn dwellings(sheaf: &mut Sheaf<'_, '_>) -> Rows {
    let parts =
        [("log.tx_rp", "Résidences principales"), ("log.tx_rs", "Résidences secondaires"), ("log.tx_vac", "Vacants")];
    let bars = exhibits::parts(
        sheaf.press,
        &mut sheaf.numbers,
        "occupation",
        ("Le parc selon son occupation", "En\u{a0}% des logements, au recensement"),
        &parts,
        (492.0, 190.0),
    )?;
    let plot = dot_plot(
        sheaf.press,
        &mut sheaf.numbers,
        "logement",
        "Statuts d’occupation et vacance",
        &["log.proprio", "log.loc_hlm", "lov.tx2", "log.maison"],
        (492.0, 150.0),
    )?;
    let table = table(sheaf.press, &mut sheaf.numbers, DWELLINGS, "Logement", "Nombre, parts et taux")?;
    let text = sheaf.text("commentaire")?;
    Ok(vec![Row::new(vec![
        Column::new(1.0, vec![Item::Figure { exhibit: bars }, text]),
        Column::new(1.0, vec![Item::Figure { exhibit: plot }, Item::Table { table }]),
    ])])
}

const MARKET: &[Line] = &[
    ("dvf.med[appt]", "Prix médian, appartements", Some("€/m²")),
    ("dvf.med[mais]", "Prix médian, maisons", Some("€/m²")),
    ("ani.loyer[appt]", "Loyer d’annonce, appartements", Some("€/m²/mois")),
    ("ani.loyer[maison]", "Loyer d’annonce, maisons", Some("€/m²/mois")),
    ("sit.moy5", "Logements autorisés par an (cinq ans)", None),
    ("sit.tx", "pour mille logements", None),
];

fn market(sheaf: &mut Sheaf<'_, '_>) -> Rows {
    let flats = exhibits::prices(sheaf.press, &mut sheaf.numbers, Sold::Flats, (322.0, 126.0))?;
    let houses = exhibits::prices(sheaf.press, &mut sheaf.numbers, Sold::Houses, (322.0, 126.0))?;
    let permits = exhibits::by_year(
        sheaf.press,
        &mut sheaf.numbers,
        "autorisations",
        ("Logements autorisés par an", "Nombre, selon l’année d’autorisation"),
        ("sit.aut", None),
        (322.0, 126.0),
    )?;
    let table = table(sheaf.press, &mut sheaf.numbers, MARKET, "Prix, loyers et construction", "Par territoire")?;
    let text = sheaf.text("commentaire")?;
    let drawn = [flats, houses, permits].into_iter().flatten();
    let drawn: Vec<Column> = drawn.map(|exhibit| Column::new(1.0, vec![Item::Figure { exhibit }])).collect();
    let told = Row::new(vec![Column::new(2.0, vec![Item::Table { table }]), Column::new(1.0, vec![text])]);
    Ok(if drawn.is_empty() { vec![told] } else { vec![Row::new(drawn), told] })
}

const SERVICES: &[Line] = &[
    ("bpe.n", "Équipements", None),
    ("bpe.gamme[prox]", "Gamme de proximité présente", None),
    ("bpe.gamme[inter]", "Gamme intermédiaire présente", None),
    ("bpe.gamme[sup]", "Gamme supérieure présente", None),
    ("rpp.n[mg]", "Médecins généralistes", None),
    ("rpp.dens[mg]", "pour 100 000 habitants", None),
];

fn services(sheaf: &mut Sheaf<'_, '_>) -> Rows {
    let plot = dot_plot(
        sheaf.press,
        &mut sheaf.numbers,
        "services",
        "Gammes de services et médecins",
        &["bpe.gamme[prox]", "bpe.gamme[inter]", "bpe.gamme[sup]", "rpp.dens[mg]"],
        (492.0, 240.0),
    )?;
    let table =
        table(sheaf.press, &mut sheaf.numbers, SERVICES, "Services et professionnels de santé", "Par territoire")?;
    let text = sheaf.text("commentaire")?;
    let note = Item::Note {
        title: "Ce que mesure une gamme",
        text: "La part des types d’équipements d’un panier qui sont présents dans la commune. Un équipement absent peut être proche : la présence n’est pas l’accès.".to_owned(),
    };
    Ok(vec![Row::new(vec![
        Column::new(1.0, vec![Item::Figure { exhibit: plot }, text]),
        Column::new(1.0, vec![Item::Table { table }, note]),
    ])])
}

/// Twenty indicators by subject.
const POSITIONS: &[Family] = &[
    ("Population", &["dem.tcam", "dem.vieillissement", "dem.taille_men", "dem.seul", "dem.monop"]),
    ("Revenus", &["fil.med", "fil.tp60", "fil.d9d1", "dem.ind_cadres"]),
    ("Logement", &["log.proprio", "log.loc_hlm", "log.tx_rs", "log.tx_vac", "lov.tx2", "log.maison"]),
    ("Marché", &["dvf.med[appt]", "dvf.med[mais]", "ani.loyer[appt]", "sit.tx"]),
    ("Services", &["bpe.gamme[prox]", "rpp.dens[mg]"]),
];

/// Where fewer than thirty communes are comparable, the larger territories stand in.
fn position(sheaf: &mut Sheaf<'_, '_>) -> Rows {
    let exhibit = match exhibits::strip(sheaf.press, &mut sheaf.numbers, POSITIONS, (1016.0, 380.0))? {
        Some(strip) => strip,
        None => {
            let indicators: Vec<&str> = POSITIONS.iter().flat_map(|(_, ids)| ids.iter().copied()).take(12).collect();
            let title = "La commune parmi ses territoires";
            dot_plot(sheaf.press, &mut sheaf.numbers, "territoires", title, &indicators, (1016.0, 380.0))?
        }
    };
    Ok(vec![Row::new(vec![Column::new(1.0, vec![Item::Figure { exhibit }])])])
}

fn strengths(sheaf: &mut Sheaf<'_, '_>) -> Rows {
    let [strong, weak, chance, risk] = swot::quarters(sheaf.press)?;
    Ok(vec![Row::new(vec![Column::new(1.0, vec![strong, chance]), Column::new(1.0, vec![weak, risk])])])
}
