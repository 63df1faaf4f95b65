//! What the pages of LOG-01 show, in reading order: the only place that knows which figure goes where.

use domain::fact::{Fact, FactSheet};
use serde::Serialize;

use super::exhibits::{self, SCOPES, Sold, of_scopes, read};
use crate::pages::{self, Document, Edition, Exhibit, Exhibits, Head, PageError, Piece, Press, Printed, Section};
use charts::Svg;
use narrative::{Narrative, Segment, segments};

const HEAD: Head = Head {
    code: "LOG-01",
    title: "Diagnostic logement",
    sections: &[
        Section { name: "lire", title: "Lire ce rapport" },
        Section { name: "synthese", title: "1. Synthèse" },
        Section { name: "vacance", title: "2. Vacance" },
        Section { name: "marche", title: "3. Marché" },
        Section { name: "sources", title: "4. Sources et limites" },
    ],
    examples: &["lov.tx2@com", "lov.tx@com", "log.tx_vac@com", "dem.pop@com"],
};

/// Indicator, its short name in a table, and the unit where it is said once for the row.
type Line = (&'static str, &'static str, Option<&'static str>);

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

/// What opens a page: a claim, and what it rests on.
#[derive(Debug, Serialize)]
struct Opening {
    title: Vec<Piece>,
    lede: Vec<Piece>,
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

/// A key figure and what to compare it with.
#[derive(Debug, Serialize)]
struct Tile {
    figure: Printed,
    against: Vec<Printed>,
    period: Option<String>,
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

/// A table of indicators by scope.
#[derive(Debug, Serialize)]
struct Table {
    exhibit: Exhibit,
    columns: Vec<Column>,
    rows: Vec<Row>,
}

#[derive(Debug, Serialize)]
struct Column {
    scope: &'static str,
    name: &'static str,
}

#[derive(Debug, Serialize)]
struct Row {
    label: &'static str,
    /// Said once beside the label; cells then print the number alone.
    unit: Option<&'static str>,
    /// One cell a column; `None` where the indicator has no meaning.
    cells: Vec<Option<Printed>>,
}

/// The HTML of the report.
///
/// # Errors
/// When the sheet lacks a figure of the pages, or the narrative a block.
pub fn render(sheet: &FactSheet, narrative: &Narrative, edition: &Edition) -> Result<String, PageError> {
    let document = Document::assemble(HEAD, sheet, edition, |press| body(press, narrative))?;
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
    Ok(Synthesis {
        opening,
        tiles,
        findings,
        takeaway,
        comparison: exhibits::comparison(press, numbers)?,
        certificates,
    })
}

fn tile(press: &mut Press<'_>, id: &str) -> Result<Tile, PageError> {
    let figure = press.figure(id)?;
    let indicator = id.split('@').next().unwrap_or(id);
    let against: Vec<String> = of_scopes(press, indicator)
        .into_iter()
        .filter(|fact| {
            fact.id != id
                && fact.status.is_citable()
                && matches!(pages::scope_name(fact.scope.kind), "epci" | "dep" | "fr")
        })
        .map(|fact| fact.id.clone())
        .take(2)
        .collect();
    let against = against.iter().map(|id| press.figure(id)).collect::<Result<_, _>>()?;
    Ok(Tile { figure, against, period: press.fact(id)?.period.clone() })
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

fn table(
    press: &mut Press<'_>,
    numbers: &mut Exhibits,
    lines: &[Line],
    title: &str,
    measure: &str,
) -> Result<Table, PageError> {
    let facts: Vec<&Fact> = lines.iter().flat_map(|(indicator, ..)| of_scopes(press, indicator)).collect();
    let scopes: Vec<_> =
        SCOPES.into_iter().filter(|scope| facts.iter().any(|fact| fact.scope.kind == *scope)).collect();
    let mut rows = vec![];
    for (indicator, label, unit) in lines {
        press.fact(&format!("{indicator}@com"))?;
        let cells =
            scopes.iter().map(|scope| press.figure_if_any(&format!("{indicator}@{}", pages::scope_name(*scope))));
        rows.push(Row { label, unit: *unit, cells: cells.collect() });
    }
    let exhibit = numbers.table(title, measure, &facts)?;
    let columns = scopes.into_iter().map(|scope| Column { scope: pages::scope_name(scope), name: heading(scope) });
    Ok(Table { exhibit, columns: columns.collect(), rows })
}

fn heading(scope: domain::fact::ScopeKind) -> &'static str {
    use domain::fact::ScopeKind as S;
    match scope {
        S::Com => "Commune",
        S::Epci => "EPCI",
        S::Dep => "Dép.",
        S::Reg => "Région",
        S::Fr => "France",
        S::Sim => "Comparables",
    }
}

fn opening(press: &mut Press<'_>, narrative: &Narrative, page: &str) -> Result<Opening, PageError> {
    Ok(Opening {
        title: pieces(press, narrative, &format!("{page}.titre"))?,
        lede: pieces(press, narrative, &format!("{page}.lede"))?,
    })
}

/// A block with its placeholders filled: figures keep their way back to the annex.
fn pieces(press: &mut Press<'_>, narrative: &Narrative, id: &str) -> Result<Vec<Piece>, PageError> {
    let block = narrative.blocks.get(id).ok_or_else(|| PageError::UnknownBlock(id.to_owned()))?;
    let fault = |message: String| PageError::Block { block: id.to_owned(), message };
    let parts = segments(press.sheet(), &block.text).map_err(|error| fault(error.to_string()))?;
    parts
        .into_iter()
        .map(|segment| match segment {
            Segment::Text(text) => Ok(Piece { text, figure: None }),
            Segment::Fact { id, text } => Ok(Piece { text, figure: Some(press.figure(&id)?) }),
        })
        .collect()
}

#[cfg(test)]
mod tests;
