//! One certificate: the columns the product uses, under their official names.

use serde_json::{Map, Value, json};

/// A column and its type in the schema.
pub struct Column {
    pub key: &'static str,
    pub kind: &'static str,
}

const fn text(key: &'static str) -> Column {
    Column { key, kind: "string" }
}

const fn number(key: &'static str) -> Column {
    Column { key, kind: "number" }
}

/// All columns, in the order of [`Row`]'s cells.
pub const COLUMNS: [Column; 24] = [
    text("numero_dpe"),
    text("date_etablissement_dpe"),
    text("date_reception_dpe"),
    text("etiquette_dpe"),
    text("etiquette_ges"),
    text("type_batiment"),
    text("methode_application_dpe"),
    text("periode_construction"),
    number("annee_construction"),
    text("typologie_logement"),
    number("surface_habitable_logement"),
    number("conso_5_usages_par_m2_ep"),
    number("emission_ges_5_usages_par_m2"),
    number("cout_total_5_usages"),
    number("cout_chauffage"),
    text("type_energie_principale_chauffage"),
    text("type_installation_chauffage"),
    text("type_energie_principale_ecs"),
    text("qualite_isolation_enveloppe"),
    text("zone_climatique"),
    text("code_insee_ban"),
    text("code_departement_ban"),
    text("code_region_ban"),
    text("nom_commune_ban"),
];

/// The place of a column in a row.
pub fn index(key: &str) -> Option<usize> {
    COLUMNS.iter().position(|column| column.key == key)
}

/// One value.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    Missing,
    Text(String),
    Number(f64),
}

impl Cell {
    pub fn to_json(&self) -> Value {
        match self {
            Self::Missing => Value::Null,
            Self::Text(text) => json!(text),
            Self::Number(number) => written(*number),
        }
    }

    /// Compares with a written value: numbers as numbers, all else as text.
    pub fn compare(&self, with: &str) -> Option<std::cmp::Ordering> {
        match self {
            Self::Missing => None,
            Self::Number(number) => number.partial_cmp(&with.parse().ok()?),
            Self::Text(text) => Some(text.as_str().cmp(with)),
        }
    }
}

/// Whole numbers without a point, as JavaScript writes them.
pub fn written(number: f64) -> Value {
    #[expect(clippy::cast_possible_truncation, reason = "checked to be whole and small")]
    if number.fract() == 0.0 && number.abs() < 1e15 { json!(number as i64) } else { json!(number) }
}

/// One line of a data set.
#[derive(Clone, Debug)]
pub struct Row(pub Vec<Cell>);

impl Row {
    pub fn cell(&self, column: usize) -> &Cell {
        self.0.get(column).unwrap_or(&Cell::Missing)
    }

    /// As an answer shows it: missing values are left out, a `_score` comes along.
    pub fn to_json(&self, columns: &[usize]) -> Value {
        let cells = columns.iter().filter(|column| *self.cell(**column) != Cell::Missing);
        let mut fields: Map<String, Value> =
            cells.map(|column| (COLUMNS[*column].key.to_owned(), self.cell(*column).to_json())).collect();
        fields.insert("_score".into(), Value::Null);
        Value::Object(fields)
    }
}
