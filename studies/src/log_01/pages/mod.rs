//! The pages of LOG-01, in reading order, part by part: the only place that knows which figure goes where.

mod building;
mod market;
mod outlook;
mod people;
mod stock;
mod verdict;

use domain::fact::{FactSheet, ScopeKind};
use indicators::fact_id;
use narrative::Narrative;

use crate::pages::{
    Column, Edition, Exhibit, Head, Item, LeafSpec, Line, PageError, Row, Section, Sheaf, Spoken, dot_plot, of_scopes,
    table,
};
use crate::report;

const HEAD: Head = Head {
    code: "LOG-01",
    title: "Diagnostic logement",
    examples: &["lov.tx2@com", "log.tx_vac@com", "log.proprio@com", "log.n@com"],
};

/// Running head of the last page.
const LAST: &str = "22. Sources et limites";

type Rows = Result<Vec<Row>, PageError>;
type Draw = fn(&mut Sheaf<'_, '_>) -> Rows;

/// A page whose words are blocks of the narrative.
const fn leaf(
    page: u32,
    name: &'static str,
    title: &'static str,
    subject: &'static str,
    needs: &'static [&'static str],
    rows: Draw,
) -> LeafSpec {
    LeafSpec { page, section: Section { name, title }, subject, needs, spoken: None, rows }
}

/// A page that always stands and whose words follow from a rule.
const fn ruled(
    page: u32,
    name: &'static str,
    title: &'static str,
    subject: &'static str,
    words: fn(&FactSheet) -> Spoken,
    rows: Draw,
) -> LeafSpec {
    LeafSpec { page, section: Section { name, title }, subject, needs: &[], spoken: Some(words), rows }
}

/// The pages between « Lire ce rapport » and the sources.
#[rustfmt::skip]
pub const LEAVES: &[LeafSpec] = &[
    leaf(3, "synthese", "1. Synthèse", "Synthèse", &[], people::synthesis),
    leaf(4, "demographie", "2. Démographie", "Moteurs démographiques", &["dem.tcam", "dem.pop"], people::drivers),
    leaf(5, "menages", "3. Ménages", "Ménages à loger", &["dem.taille_men", "dem.seul"], people::households),
    leaf(6, "revenus", "4. Revenus", "Revenus des ménages", &["fil.med"], people::incomes),
    leaf(7, "parc", "5. Parc", "Parc et occupation", &["log.n"], stock::occupation),
    leaf(8, "types", "6. Types et âges", "Types, tailles et âges des logements", &["log.maison", "log.t5p"], stock::kinds),
    leaf(9, "tailles", "7. Tailles", "Tailles des ménages et des logements", &["log.t1t2", "log.suroccup"], stock::sizes),
    leaf(10, "occupants", "8. Statuts", "Statuts d’occupation", &["log.proprio"], stock::tenure),
    leaf(11, "vacance", "9. Vacance", "Vacance", &["lov.tx", "lov.tx2", "log.tx_vac"], stock::vacancy),
    leaf(12, "social", "10. Parc social", "Parc social", &["rpl.n", "rpl.tx"], stock::social),
    leaf(13, "energie", "11. Énergie", "Énergie", &["dpe.fg", "log.av1971"], building::energy),
    leaf(14, "construction", "12. Construction", "Construction", &["sit.moy5"], building::permits),
    leaf(15, "pointmort", "13. Point mort", "À quoi la construction a servi", &["bes.pm"], building::needs),
    leaf(16, "prix", "14. Prix", "Prix de vente", &["dvf.med[appt]", "dvf.med[mais]"], market::prices),
    leaf(17, "loyers", "15. Loyers", "Loyers et tension", &["ani.loyer[appt]", "ani.loyer[maison]"], market::rents),
    leaf(18, "acces", "16. Accès", "Accès au logement", &["aff.loyer[couple]", "aff.m2[couple]"], market::access),
    leaf(19, "foncier", "17. Foncier", "Foncier", &["dvf.terrain", "cad.nb"], market::land),
    leaf(20, "perspectives", "18. Perspectives", "Perspectives", &["bes.pm_par1000", "pro.pop@dep"], outlook::prospects),
    ruled(21, "decalages", "19. Décalages", "Décalages repérés", verdict::found, verdict::mismatches),
    ruled(22, "propositions", "20. Pistes", "Pistes d’action", verdict::advised, verdict::advice),
    ruled(23, "plh", "21. Contenu d’un PLH", "Contenu d’un diagnostic de PLH", verdict::covered, verdict::checklist),
];

/// What a page is about, with its article.
pub fn subject(page: u32) -> &'static str {
    match page {
        3 => "le logement",
        4 => "la démographie",
        5 => "les ménages",
        6 => "les revenus",
        7 => "le parc",
        8 => "les types de logements",
        9 => "la taille des logements",
        10 => "les statuts d’occupation",
        11 => "la vacance",
        12 => "le parc social",
        13 => "l’énergie",
        14 => "la construction",
        15 => "le point mort",
        16 => "les prix",
        17 => "les loyers",
        18 => "l’accès au logement",
        19 => "le foncier",
        _ => "les perspectives",
    }
}

/// The HTML of the report.
///
/// # Errors
/// When the sheet lacks a figure of the pages, or the narrative a block.
pub fn render(sheet: &FactSheet, narrative: &Narrative, edition: &Edition) -> Result<String, PageError> {
    report::render(HEAD, LEAVES, LAST, (sheet, narrative, edition))
}

/// Width of half a page, in CSS pixels.
const HALF: f64 = 492.0;

/// Two halves side by side.
fn halves(left: Vec<Item>, right: Vec<Item>) -> Rows {
    Ok(vec![Row::new(vec![Column::new(1.0, left), Column::new(1.0, right)])])
}

/// The drawing, or why there is none: no frame stays empty.
fn drawn(
    sheaf: &mut Sheaf<'_, '_>,
    title: &'static str,
    ids: &[&str],
    draw: impl FnOnce(&mut Sheaf<'_, '_>) -> Result<Option<Exhibit>, PageError>,
) -> Result<Item, PageError> {
    let facts: Vec<_> = ids.iter().filter_map(|id| sheaf.press.find(&fact_id(id, None, ScopeKind::Com))).collect();
    let any = facts.iter().any(|fact| fact.status.is_citable());
    let exhibit = if any { draw(sheaf)? } else { None };
    if let Some(exhibit) = exhibit {
        return Ok(Item::Figure { exhibit });
    }
    let reason = facts.iter().find(|fact| !fact.status.is_citable()).and_then(|fact| fact.note.as_deref());
    let reason = reason.unwrap_or("trop peu d’observations").trim_end_matches('.');
    Ok(Item::Note { title, text: format!("Cette figure n’est pas tracée pour la commune\u{a0}: {reason}.") })
}

/// The six scopes on those of the indicators that are published anywhere.
fn compared(
    sheaf: &mut Sheaf<'_, '_>,
    key: &'static str,
    title: &'static str,
    ids: &[&str],
    height: f64,
) -> Result<Item, PageError> {
    let own = |id: &&&str| sheaf.press.find(&fact_id(id, None, ScopeKind::Com)).is_some_and(|f| f.status.is_citable());
    let known: Vec<&str> = ids.iter().filter(own).copied().collect();
    drawn(sheaf, title, ids, |sheaf| {
        dot_plot(sheaf.press, &mut sheaf.numbers, key, title, &known, (HALF, height)).map(Some)
    })
}

/// Those of the lines that the sheet has, at every scope.
fn listed(sheaf: &mut Sheaf<'_, '_>, title: &str, measure: &str, lines: &[Line]) -> Result<Item, PageError> {
    let known: Vec<Line> = lines.iter().filter(|(id, ..)| !of_scopes(sheaf.press, id).is_empty()).copied().collect();
    Ok(Item::Table { table: table(sheaf.press, &mut sheaf.numbers, &known, title, measure)? })
}
