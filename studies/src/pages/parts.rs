//! What most pages are made of: an opening, tiles, a table of indicators by territory, a dot plot of the same.

use domain::fact::{Fact, ScopeKind};
use narrative::{Narrative, Segment, segments};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Exhibit, Exhibits, PageError, Piece, Press, Printed, height, scope_name, shown};
use charts::{Frame, dots};

/// The scopes of comparison, always in this order.
pub const SCOPES: [ScopeKind; 6] =
    [ScopeKind::Com, ScopeKind::Epci, ScopeKind::Dep, ScopeKind::Reg, ScopeKind::Fr, ScopeKind::Sim];

/// What opens a page: a claim, and what it rests on.
#[derive(Debug, Serialize)]
pub struct Opening {
    title: Vec<Piece>,
    lede: Vec<Piece>,
}

impl Opening {
    /// Without a figure.
    #[must_use]
    pub fn plain(title: &str, lede: &str) -> Self {
        let words = |text: &str| vec![Piece::plain(text.to_owned())];
        Self { title: words(title), lede: words(lede) }
    }
}

/// The title and the lede of a page: the blocks `p4.titre` and `p4.lede` of page `p4`.
///
/// # Errors
/// When the narrative lacks a block.
pub fn opening(press: &mut Press<'_>, narrative: &Narrative, page: &str) -> Result<Opening, PageError> {
    Ok(Opening {
        title: pieces(press, narrative, &format!("{page}.titre"))?,
        lede: pieces(press, narrative, &format!("{page}.lede"))?,
    })
}

/// A block with its placeholders filled: figures keep their way back to the annex.
///
/// # Errors
/// When the narrative lacks the block, or the sheet a figure that it cites.
pub fn pieces(press: &mut Press<'_>, narrative: &Narrative, id: &str) -> Result<Vec<Piece>, PageError> {
    let block = narrative.blocks.get(id).ok_or_else(|| PageError::UnknownBlock(id.to_owned()))?;
    filled(press, id, &block.text)
}

/// A text of the narrative, under the name that it goes by there, with its placeholders filled.
///
/// # Errors
/// When the sheet lacks a figure that it cites.
pub fn filled(press: &mut Press<'_>, id: &str, text: &str) -> Result<Vec<Piece>, PageError> {
    let fault = |message: String| PageError::Block { block: id.to_owned(), message };
    let parts = segments(press.sheet(), text).map_err(|error| fault(error.to_string()))?;
    parts
        .into_iter()
        .map(|segment| match segment {
            Segment::Text(text) => Ok(Piece::plain(text)),
            Segment::Fact { id, text } => Ok(Piece { text, figure: Some(press.figure(&id)?) }),
        })
        .collect()
}

/// A key figure and what to compare it with.
#[derive(Debug, Serialize)]
pub struct Tile {
    figure: Printed,
    against: Vec<Printed>,
    period: Option<String>,
}

/// The tile of a fact of the commune, beside the two nearest larger territories that publish it.
///
/// # Errors
/// When the sheet does not have the fact.
pub fn tile(press: &mut Press<'_>, id: &str) -> Result<Tile, PageError> {
    let figure = press.figure(id)?;
    let indicator = id.split('@').next().unwrap_or(id);
    let against: Vec<String> = of_scopes(press, indicator)
        .into_iter()
        .filter(|fact| {
            fact.id != figure.id
                && fact.status.is_citable()
                && matches!(fact.scope.kind, ScopeKind::Epci | ScopeKind::Dep | ScopeKind::Fr)
        })
        .map(|fact| fact.id.clone())
        .take(2)
        .collect();
    let against = against.iter().map(|id| press.figure(id)).collect::<Result<_, _>>()?;
    Ok(Tile { figure, against, period: press.fact(id)?.period.clone() })
}

/// Indicator, its short name in a table, and the unit where it is said once for the row.
pub type Line = (&'static str, &'static str, Option<&'static str>);

/// A table of indicators by scope.
#[derive(Debug, Serialize)]
pub struct Table {
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

/// The indicators of `lines` at every scope where one of them exists. A line that no scope publishes is left to the limits,
/// unless there is no other.
///
/// # Errors
/// When the sheet lacks an indicator at every scope, or a dataset has no printed name.
pub fn table(
    press: &mut Press<'_>,
    numbers: &mut Exhibits,
    lines: &[Line],
    title: &str,
    measure: &str,
) -> Result<Table, PageError> {
    let published = |(indicator, ..): &&Line| of_scopes(press, indicator).iter().any(|fact| fact.status.is_citable());
    let told: Vec<&Line> = lines.iter().filter(published).collect();
    let lines = if told.is_empty() { lines.iter().collect() } else { told };
    let facts: Vec<&Fact> = lines.iter().flat_map(|(indicator, ..)| of_scopes(press, indicator)).collect();
    let scopes: Vec<_> =
        SCOPES.into_iter().filter(|scope| facts.iter().any(|fact| fact.scope.kind == *scope)).collect();
    let mut rows = vec![];
    for (indicator, label, unit) in lines {
        if of_scopes(press, indicator).is_empty() {
            return Err(PageError::UnknownFact((*indicator).to_owned()));
        }
        let cells = scopes.iter().map(|scope| press.figure_at(indicator, *scope));
        rows.push(Row { label, unit: *unit, cells: cells.collect() });
    }
    let exhibit = numbers.table(title, measure, &facts)?;
    let columns = scopes.into_iter().map(|scope| Column { scope: scope_name(scope), name: heading(scope) });
    Ok(Table { exhibit, columns: columns.collect(), rows })
}

fn heading(scope: ScopeKind) -> &'static str {
    match scope {
        ScopeKind::Com => "Commune",
        ScopeKind::Epci => "EPCI",
        ScopeKind::Dep => "Dép.",
        ScopeKind::Reg => "Région",
        ScopeKind::Fr => "France",
        ScopeKind::Sim => "Comparables",
    }
}

/// An exhibit as the collector wrote it.
///
/// # Errors
/// When it is absent or laid out otherwise.
pub fn read<T: DeserializeOwned>(press: &Press<'_>, name: &'static str) -> Result<T, PageError> {
    let fault = |message: String| PageError::Exhibit { name, message };
    let value = press.sheet().exhibits.get(name).ok_or_else(|| fault("absent from the sheet".to_owned()))?;
    T::deserialize(value).map_err(|error| fault(error.to_string()))
}

/// The six scopes on some indicators, each on a scale of its own; the band is the middle half of comparable communes.
///
/// # Errors
/// When a dataset has no printed name.
pub fn dot_plot(
    press: &mut Press<'_>,
    exhibits: &mut Exhibits,
    key: &'static str,
    title: &str,
    indicators: &[&str],
    size: (f64, f64),
) -> Result<Exhibit, PageError> {
    let mut facts = vec![];
    let mut rows = vec![];
    for indicator in indicators {
        let found = of_scopes(press, indicator);
        // Of the commune, whose mark and colour it has, even where the study speaks of its intercommunality.
        let Some(own) = found.first() else { continue };
        let values = found.iter().filter_map(|fact| height(fact).map(|value| (fact.scope.kind, value))).collect();
        let band = own.peer.as_ref().filter(|_| own.status.is_citable()).and_then(|peer| {
            let [low, middle, high] = [peer.p25, peer.p50, peer.p75].map(|value| value.to_string().parse().ok());
            Some(dots::Band { low: low?, middle: middle?, high: high? })
        });
        rows.push(dots::Row { label: brief(&own.label), text: shown(own), values, band });
        facts.extend(found);
    }
    let seen = |kind: ScopeKind| facts.iter().find(|fact: &&&Fact| fact.scope.kind == kind && fact.status.is_citable());
    let legend: Vec<_> =
        SCOPES.into_iter().filter_map(|kind| seen(kind).map(|fact| (kind, short_name(fact)))).collect();
    let legend: Vec<_> = legend.iter().map(|(kind, name)| (*kind, name.as_str())).collect();
    let desc = sentence(&facts);
    let frame = Frame { key, title, desc: &desc, width: size.0, height: size.1 };
    let svg = dots::draw(&frame, &rows, &legend);
    let measure = "Échelle propre à chaque ligne\u{a0}; bande\u{a0}: moitié centrale des communes comparables";
    let mut exhibit = exhibits.figure(title, measure, svg, &facts)?;
    exhibit.anchors = press.anchors(facts.iter().map(|fact| fact.id.as_str()));
    Ok(exhibit)
}

/// A label without what explains it after a colon or in brackets.
fn brief(label: &str) -> &str {
    label.split(['(', ':']).next().unwrap_or(label).trim_end()
}

/// The facts of an indicator, in the order of the scopes; a scope that a territory lacks is left out.
#[must_use]
pub fn of_scopes<'a>(press: &Press<'a>, indicator: &str) -> Vec<&'a Fact> {
    SCOPES.into_iter().filter_map(|scope| press.at(indicator, scope)).collect()
}

/// The same figures in words, for those who cannot see the drawing.
#[must_use]
pub fn sentence(facts: &[&Fact]) -> String {
    let parts: Vec<String> =
        facts.iter().map(|fact| format!("{}, {} : {}", fact.label, fact.scope.name, shown(fact))).collect();
    parts.join(" ; ")
}

/// A scope's name with the usual abbreviations, for the margins of drawings.
#[must_use]
pub fn short_name(fact: &Fact) -> String {
    let name = &fact.scope.name;
    let kinds =
        [("Communauté d’agglomération", "CA"), ("Communauté d'agglomération", "CA"), ("Communauté de communes", "CC")];
    kinds
        .into_iter()
        .chain([("Communauté urbaine", "CU")])
        .find_map(|(long, short)| name.strip_prefix(long).map(|rest| format!("{short}{rest}")))
        .unwrap_or_else(|| name.clone())
}
