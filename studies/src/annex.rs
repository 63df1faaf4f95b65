//! « Chiffres et provenance » as a spreadsheet: the figures of the printed annex, in its order, a line each, with the columns
//! that a page has no room for. A double click opens it in a French spreadsheet: UTF-8 with its mark, semicolons, decimal commas.

use domain::fact::{Fact, FactSheet, FactStatus, ScopeKind};

use crate::pages::{SCOPES, dataset_name, shown};

/// Without this mark old spreadsheets read UTF-8 as the code page of the machine.
const MARK: char = '\u{feff}';

/// What a column says of a figure.
type Column = (&'static str, fn(&Fact) -> String);

const COLUMNS: &[Column] = &[
    ("Identifiant", |fact| text(&fact.id)),
    ("Libellé", |fact| text(&fact.label)),
    ("Échelle", |fact| scope(fact.scope.kind).to_owned()),
    ("Territoire", |fact| text(&territory(fact))),
    ("Valeur", value),
    ("Texte imprimé", |fact| text(shown(fact))),
    ("Unité", |fact| text(unit(&fact.unit))),
    ("Statut", |fact| status(fact.status).to_owned()),
    ("Réserve", |fact| text(fact.note.as_deref().unwrap_or_default())),
    ("Effectif", |fact| fact.n.map_or_else(String::new, |n| n.to_string())),
    ("Période", |fact| text(fact.period.as_deref().unwrap_or_default())),
    ("Date d’extraction", |fact| text(fact.asof.as_deref().unwrap_or_default())),
    ("Producteur", |fact| text(&fact.prov.producteur)),
    ("Jeu de données", |fact| {
        text(dataset_name(&fact.prov.dataset).map_or(fact.prov.dataset.as_str(), |name| name.long))
    }),
    ("Millésime", |fact| text(&fact.prov.vintage)),
    ("Chargement", |fact| text(&loads(fact))),
    ("Requête", |fact| text(&fact.prov.query)),
    ("SHA-256 de la requête", |fact| text(&fact.prov.query_sha256)),
    ("Formule", |fact| text(&fact.prov.formula)),
    ("Chiffres d’entrée", |fact| text(&fact.prov.inputs.join(", "))),
    ("Donnée de démonstration", |fact| if fact.prov.synthetic { "oui" } else { "non" }.to_owned()),
];

/// The annex of a sheet, one line per figure.
#[must_use]
pub fn spreadsheet(sheet: &FactSheet) -> String {
    let mut table = String::from(MARK);
    line(&mut table, COLUMNS.iter().map(|(title, _)| (*title).to_owned()));
    for fact in in_order(sheet) {
        line(&mut table, COLUMNS.iter().map(|(_, cell)| cell(fact)));
    }
    table
}

/// Indicator by indicator, each from the commune to the country.
fn in_order(sheet: &FactSheet) -> Vec<&Fact> {
    let mut facts: Vec<&Fact> = sheet.facts.values().collect();
    let place = |fact: &Fact| SCOPES.iter().position(|scope| *scope == fact.scope.kind);
    for indicator in facts.chunk_by_mut(|one, next| indicator(one) == indicator(next)) {
        indicator.sort_by_key(|fact| place(fact));
    }
    facts
}

/// What stands before `@` in the id.
fn indicator(fact: &Fact) -> &str {
    fact.id.split('@').next().unwrap_or(&fact.id)
}

fn line(table: &mut String, cells: impl Iterator<Item = String>) {
    let cells: Vec<String> = cells.map(|cell| quoted(&cell)).collect();
    table.push_str(&cells.join(";"));
    table.push_str("\r\n");
}

fn quoted(cell: &str) -> String {
    if cell.contains([';', '"', '\n', '\r']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.to_owned() }
}

/// Words from outside: a spreadsheet would carry out a cell that begins like a formula, so an apostrophe goes before it.
/// A signed figure (« +1,2 % ») is one, and stays.
fn text(words: &str) -> String {
    let words: String = words.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let formula = words.trim_start().starts_with(['=', '+', '-', '@']) && !is_signed_figure(&words);
    if formula { format!("'{words}") } else { words }
}

fn is_signed_figure(words: &str) -> bool {
    let Some(figure) = words.strip_prefix(['+', '-']) else { return false };
    figure.starts_with(|first: char| first.is_ascii_digit())
        && figure.chars().all(|c| c.is_alphanumeric() || [',', '\u{202f}', '\u{a0}', '%', '€', '/'].contains(&c))
}

/// Exact, with all its decimals; empty where the figure may not be shown.
fn value(fact: &Fact) -> String {
    let value = fact.value.filter(|_| fact.status.is_citable());
    value.map_or_else(String::new, |value| value.normalize().to_string().replace('.', ","))
}

fn territory(fact: &Fact) -> String {
    let scope = &fact.scope;
    if scope.code.is_empty() { scope.name.clone() } else { format!("{} ({})", scope.name, scope.code) }
}

/// « 12 et 15 »: with a comma a spreadsheet would read one number.
fn loads(fact: &Fact) -> String {
    fact.prov.load.split(',').map(str::trim).collect::<Vec<_>>().join(" et ")
}

fn scope(kind: ScopeKind) -> &'static str {
    match kind {
        ScopeKind::Com => "commune",
        ScopeKind::Epci => "intercommunalité",
        ScopeKind::Dep => "département",
        ScopeKind::Reg => "région",
        ScopeKind::Fr => "France",
        ScopeKind::Sim => "communes comparables (médiane)",
    }
}

/// In words of everybody; a unit of a later version stays as its code.
fn unit(code: &str) -> &str {
    match code {
        "count" | "count_change" => "nombre",
        "pct" => "%",
        "points" => "points",
        "eur" | "eur_year" => "€",
        "meur" => "M€",
        "eur_m2" | "eur_land_m2" => "€/m²",
        "eur_m2_month" => "€/m²/mois",
        "per_100" => "pour 100",
        "per_1000" => "pour 1\u{202f}000",
        "per_10000" => "pour 10\u{202f}000",
        "per_100000" => "pour 100\u{202f}000",
        "persons" | "persons_change" => "personnes",
        "ratio" => "rapport",
        "index" => "indice",
        "rank" => "rang",
        "km" => "km",
        "km2" => "km²",
        "per_km2" => "hab./km²",
        "m2" => "m²",
        "months" => "mois",
        "years" => "ans",
        "kwh_m2" => "kWh/m²/an",
        "kgco2_m2" => "kg CO₂/m²/an",
        "text" => "texte",
        other => other,
    }
}

fn status(status: FactStatus) -> &'static str {
    match status {
        FactStatus::Ok => "publié",
        FactStatus::LowN => "prudence\u{a0}: petit effectif",
        FactStatus::Modelled => "modélisé ou estimé",
        FactStatus::Secret => "secret statistique",
        FactStatus::Missing => "manquant",
        FactStatus::NotApplicable => "sans objet",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &str = include_str!("ter_01/sample.json");

    fn sheet() -> FactSheet {
        serde_json::from_str(SAMPLE).unwrap()
    }

    /// The cells of a table, as a spreadsheet reads them.
    fn cells(table: &str) -> Vec<Vec<String>> {
        let (mut rows, mut row, mut cell, mut inside) = (vec![], vec![], String::new(), false);
        let mut letters = table.strip_prefix(MARK).unwrap().chars().peekable();
        while let Some(letter) = letters.next() {
            match letter {
                '"' if inside && letters.peek() == Some(&'"') => cell.extend(letters.next()),
                '"' => inside = !inside,
                ';' if !inside => row.push(std::mem::take(&mut cell)),
                '\r' if !inside => {}
                '\n' if !inside => {
                    row.push(std::mem::take(&mut cell));
                    rows.push(std::mem::take(&mut row));
                }
                other => cell.push(other),
            }
        }
        assert!(cell.is_empty() && row.is_empty(), "the last line does not end");
        rows
    }

    /// The words of a cell.
    fn plain(cell: &str) -> String {
        let cell = cell.split("</td>").next().unwrap();
        cell.split('<').map(|part| part.split_once('>').map_or(part, |(_, words)| words)).collect()
    }

    /// Ids of the figures in the annex that a report of the sheet prints.
    fn printed(sheet: &FactSheet) -> Vec<String> {
        let study = crate::find(&sheet.study).unwrap();
        let edition = crate::pages::Edition {
            report_number: "2026-000000".to_owned(),
            ordered_on: "2026-11-22".parse().unwrap(),
            template_version: study.template_version(),
            specimen: true,
            blocks_model: 0,
            blocks_rules: 1,
        };
        let html = study.render(sheet, &study.by_rules(sheet), &edition).unwrap();
        let annex = html.split("<section class=\"annexe\">").nth(1).unwrap();
        let rows = annex.split("<tbody>").nth(1).unwrap().split("<tr>").skip(1);
        let figures = |row: &str| {
            let cells: Vec<String> = row.split("<td>").map(plain).collect();
            let scopes = cells[3].split(" · ").map(|figure| figure.split(' ').next().unwrap());
            scopes.map(|scope| format!("{}{scope}", cells[1])).collect::<Vec<_>>()
        };
        rows.flat_map(figures).collect()
    }

    #[test]
    fn the_figures_are_those_of_the_printed_annex_in_the_same_order() {
        let sheet = sheet();
        let rows = cells(&spreadsheet(&sheet));
        assert!(rows.iter().all(|row| row.len() == COLUMNS.len()));
        let ids: Vec<String> = rows.iter().skip(1).map(|row| row[0].clone()).collect();
        assert!(ids.len() > 100, "{}", ids.len());
        assert!(rows.iter().all(|row| !row[6].contains('_')), "a unit has no French name");
        let printed = printed(&sheet);
        assert_eq!(ids.iter().zip(&printed).find(|(row, figure)| row != figure), None);
        assert_eq!(ids.len(), printed.len());
    }

    #[test]
    fn a_line_says_the_figure_and_where_it_comes_from() {
        let sheet = sheet();
        let rows = cells(&spreadsheet(&sheet));
        let fact = &sheet.facts["ani.loyer[appt]@com"];
        let row = rows.iter().find(|row| row[0] == fact.id).unwrap();
        let cell = |title: &str| row[rows[0].iter().position(|found| found == title).unwrap()].as_str();
        assert_eq!((cell("Valeur"), cell("Texte imprimé")), ("10,4", "10,4\u{a0}€/m²/mois"));
        assert_eq!((cell("Échelle"), cell("Territoire")), ("commune", "Ville-Exemple (00000)"));
        assert_eq!((cell("Statut"), cell("Effectif"), cell("Période")), ("publié", "64", "2025"));
        assert_eq!(
            (cell("Requête"), cell("SHA-256 de la requête")),
            (fact.prov.query.as_str(), fact.prov.query_sha256.as_str())
        );
        assert_eq!((cell("Formule"), cell("Donnée de démonstration")), (fact.prov.formula.as_str(), "oui"));
    }

    #[test]
    fn two_loads_are_not_one_number() {
        let mut sheet = sheet();
        sheet.facts.get_mut("dem.pop@com").unwrap().prov.load = "12,15".to_owned();
        let rows = cells(&spreadsheet(&sheet));
        let row = rows.iter().find(|row| row[0] == "dem.pop@com").unwrap();
        assert_eq!(row[15], "12 et 15");
    }

    #[test]
    fn a_withheld_figure_has_no_value() {
        let mut sheet = sheet();
        let fact = sheet.facts.get_mut("dem.pop@com").unwrap();
        fact.status = FactStatus::Secret;
        assert!(fact.value.is_some());
        let rows = cells(&spreadsheet(&sheet));
        let row = rows.iter().find(|row| row[0] == "dem.pop@com").unwrap();
        assert_eq!((row[4].as_str(), row[5].as_str(), row[7].as_str()), ("", "n.d.", "secret statistique"));
    }

    #[test]
    fn a_name_cannot_become_a_formula_nor_leave_its_cell() {
        for hostile in ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "  =1", "\r=1", "+1+1"] {
            let cell = text(hostile);
            assert!(cell.starts_with('\''), "{hostile:?} became {cell:?}");
        }
        let mut sheet = sheet();
        sheet.facts.get_mut("dem.pop@com").unwrap().scope.name = "=A1;\"x\"\r\nB".to_owned();
        let rows = cells(&spreadsheet(&sheet));
        assert!(rows.iter().all(|row| row.len() == COLUMNS.len()));
        let row = rows.iter().find(|row| row[0] == "dem.pop@com").unwrap();
        assert_eq!(row[3], "'=A1;\"x\"  B (00000)");
    }

    #[test]
    fn a_signed_figure_stays_a_figure() {
        for figure in ["+1,2\u{a0}%", "-3,4", "−1\u{202f}234", "+12\u{a0}€/m²"] {
            assert_eq!(text(figure), figure);
        }
    }
}
