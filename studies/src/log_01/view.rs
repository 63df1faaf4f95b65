//! What the pages of LOG-01 show, in reading order: the only place that knows which figure goes where.

use charts::Svg;
use domain::fact::FactSheet;
use narrative::Narrative;
use serde::Serialize;

use crate::exhibits::{self, Sold};
use crate::pages::{
    self, Document, Edition, Exhibit, Exhibits, Head, Line, Opening, PageError, Piece, Press, Printed, Section, Table,
    Tile, dot_plot, opening, pieces, read, table, tile,
};

const HEAD: Head = Head {
    code: "LOG-01",
    title: "Diagnostic logement",
    examples: &["lov.tx2@com", "lov.tx@com", "log.tx_vac@com", "dem.pop@com"],
};

/// Pages after the cover.
const SECTIONS: &[Section] = &[
    Section { name: "lire", title: "Lire ce rapport" },
    Section { name: "synthese", title: "1. Synthèse" },
    Section { name: "vacance", title: "2. Vacance" },
    Section { name: "marche", title: "3. Marché" },
    Section { name: "sources", title: "4. Sources et limites" },
];

const VACANCY_ROWS: &[Line] = &[
    ("log.tx_vac", "Vacance au recensement", None),
    ("lov.tx", "Vacance du parc privé (LOVAC)", None),
    ("lov.tx2", "dont depuis plus de deux ans", None),
    ("lov.part2", "Longue durée dans la vacance", None),
    ("lov.vac", "Logements vacants (LOVAC)", None),
    ("lov.vac2", "dont depuis plus de deux ans", None),
];

const MARKET_ROWS: &[Line] = &[
    ("dvf.med[appt]", "Prix médian, appartements", Some("€/m²")),
    ("dvf.med[mais]", "Prix médian, maisons", Some("€/m²")),
    ("dvf.evol5[appt]", "Évolution en cinq ans, appartements", None),
    ("dvf.evol5[mais]", "Évolution en cinq ans, maisons", None),
    ("ani.loyer[appt]", "Loyer d’annonce, appartements", Some("€/m²/mois")),
    ("ani.loyer[maison]", "Loyer d’annonce, maisons", Some("€/m²/mois")),
];

/// The pages that only this study has.
#[derive(Debug, Serialize)]
struct Body {
    cover_map: Option<Svg>,
    schematic: bool,
    synthesis: Synthesis,
    vacancy: Vacancy,
    market: Market,
}

#[derive(Debug, Serialize)]
struct Synthesis {
    opening: Opening,
    tiles: Vec<Tile>,
    findings: Vec<Vec<Piece>>,
    takeaway: Vec<Piece>,
    comparison: Exhibit,
    /// A certificate is not a dwelling: said where such a figure is shown.
    certificates: bool,
}

#[derive(Debug, Serialize)]
struct Vacancy {
    opening: Opening,
    comment: Vec<Piece>,
    takeaway: Vec<Piece>,
    map: Exhibit,
    series: Exhibit,
    table: Table,
    census: Printed,
    tax: Printed,
}

#[derive(Debug, Serialize)]
struct Market {
    opening: Opening,
    /// About sales, and about rents.
    comments: [Vec<Piece>; 2],
    takeaway: Vec<Piece>,
    flats: Exhibit,
    houses: Exhibit,
    rents: Exhibit,
    table: Table,
    zone: Printed,
    zone_before: Option<Printed>,
}

/// The HTML of the report.
///
/// # Errors
/// When the sheet lacks a figure of the pages, or the narrative a block.
pub fn render(sheet: &FactSheet, narrative: &Narrative, edition: &Edition) -> Result<String, PageError> {
    let document = Document::assemble(HEAD, SECTIONS, sheet, edition, |press| body(press, narrative))?;
    pages::render("log_01/report.html", &document)
}

fn body(press: &mut Press<'_>, narrative: &Narrative) -> Result<Body, PageError> {
    let mut numbers = Exhibits::default();
    Ok(Body {
        cover_map: exhibits::cover_map(press)?,
        schematic: exhibits::is_schematic(press)?,
        synthesis: synthesis(press, narrative, &mut numbers)?,
        vacancy: vacancy(press, narrative, &mut numbers)?,
        market: market(press, narrative, &mut numbers)?,
    })
}

fn synthesis(press: &mut Press<'_>, narrative: &Narrative, numbers: &mut Exhibits) -> Result<Synthesis, PageError> {
    let opening = opening(press, narrative, "p3")?;
    let ids: Vec<String> = read(press, "chiffres_cles")?;
    let tiles = ids.iter().map(|id| tile(press, id)).collect::<Result<Vec<_>, _>>()?;
    let findings = ["p3.synthese1", "p3.synthese2", "p3.synthese3", "p3.synthese4"];
    let findings = findings.into_iter().map(|id| pieces(press, narrative, id)).collect::<Result<_, _>>()?;
    let takeaway = pieces(press, narrative, "p3.retenir")?;
    let certificates = ids.iter().any(|id| id.starts_with("dpe."));
    Ok(Synthesis { opening, tiles, findings, takeaway, comparison: comparison(press, numbers)?, certificates })
}

fn vacancy(press: &mut Press<'_>, narrative: &Narrative, numbers: &mut Exhibits) -> Result<Vacancy, PageError> {
    let opening = opening(press, narrative, "p4")?;
    let map = exhibits::vacancy_map(press, numbers)?;
    let table = table(
        press,
        numbers,
        VACANCY_ROWS,
        "La vacance selon les deux sources",
        "Taux, parts et nombres de logements",
    )?;
    let series = exhibits::vacancy_series(press, numbers)?;
    let (census, tax) = (press.figure("log.tx_vac@com")?, press.figure("lov.tx@com")?);
    let takeaway = pieces(press, narrative, "p4.retenir")?;
    let comment = pieces(press, narrative, "p4.commentaire")?;
    Ok(Vacancy { opening, comment, takeaway, map, series, table, census, tax })
}

fn market(press: &mut Press<'_>, narrative: &Narrative, numbers: &mut Exhibits) -> Result<Market, PageError> {
    let opening = opening(press, narrative, "p5")?;
    let flats = exhibits::prices(press, numbers, Sold::Flats)?;
    let houses = exhibits::prices(press, numbers, Sold::Houses)?;
    let rents = exhibits::rents(press, numbers)?;
    let table = table(
        press,
        numbers,
        MARKET_ROWS,
        "Prix et loyers par territoire",
        "Prix des ventes de gré à gré, loyers des annonces",
    )?;
    let zone = press.figure("zon.abc@com")?;
    let zone_before = press.figure_if_any("zon.abc_prec@com").filter(|figure| figure.citable);
    let takeaway = pieces(press, narrative, "p5.retenir")?;
    let comments = [pieces(press, narrative, "p5.prix")?, pieces(press, narrative, "p5.loyers")?];
    Ok(Market { opening, comments, takeaway, flats, houses, rents, table, zone, zone_before })
}

/// Rates that tell a housing stock apart, the most telling first; six of those that the collector found comparable.
const COMPARED: &[&str] = &[
    "lov.tx2",
    "lov.tx",
    "log.tx_vac",
    "log.proprio",
    "rpl.tx",
    "log.tx_rs",
    "log.appart",
    "log.loc_hlm",
    "log.loc_prive",
    "log.maison",
    "log.tx_rp",
    "lov.part2",
];

/// The six scopes on the rates that the collector found comparable.
fn comparison(press: &mut Press<'_>, exhibits: &mut Exhibits) -> Result<Exhibit, PageError> {
    let comparable: Vec<String> = read(press, "comparaison")?;
    let listed = COMPARED.iter().copied().filter(|id| comparable.iter().any(|other| other == id));
    let indicators: Vec<&str> = listed.take(6).collect();
    let title = "La commune parmi ses territoires de comparaison";
    dot_plot(press, exhibits, "comparaison", title, &indicators, (492.0, 240.0))
}

#[cfg(test)]
mod tests;
