//! One certificate: the columns the product uses, under their official names.

use std::borrow::Cow;
use std::cmp::Ordering;

use serde_json::{Map, Value, json};

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    Date,
    Number,
}

/// A column and what it holds.
pub struct Column {
    pub key: &'static str,
    pub kind: Kind,
}

impl Column {
    /// As the schema of the data set shows it.
    pub fn to_json(&self) -> Value {
        match self.kind {
            Kind::Text => json!({ "key": self.key, "type": "string", "x-originalName": self.key }),
            Kind::Date => json!({ "key": self.key, "type": "string", "format": "date", "x-originalName": self.key }),
            Kind::Number => json!({ "key": self.key, "type": "number", "x-originalName": self.key }),
        }
    }
}

const fn text(key: &'static str) -> Column {
    Column { key, kind: Kind::Text }
}

const fn date(key: &'static str) -> Column {
    Column { key, kind: Kind::Date }
}

const fn number(key: &'static str) -> Column {
    Column { key, kind: Kind::Number }
}

/// All columns, in the order of [`Row`]'s cells.
pub const COLUMNS: [Column; 36] = [
    text("numero_dpe"),
    date("date_etablissement_dpe"),
    date("date_reception_dpe"),
    text("etiquette_dpe"),
    text("etiquette_ges"),
    text("type_batiment"),
    text("methode_application_dpe"),
    text("modele_dpe"),
    text("periode_construction"),
    number("annee_construction"),
    text("typologie_logement"),
    number("surface_habitable_logement"),
    number("surface_habitable_immeuble"),
    number("nombre_appartement"),
    number("conso_5_usages_par_m2_ep"),
    number("emission_ges_5_usages_par_m2"),
    number("cout_total_5_usages"),
    number("cout_chauffage"),
    text("type_energie_principale_chauffage"),
    text("type_installation_chauffage"),
    text("type_energie_principale_ecs"),
    text("qualite_isolation_enveloppe"),
    text("qualite_isolation_murs"),
    text("qualite_isolation_menuiseries"),
    text("qualite_isolation_plancher_bas"),
    text("zone_climatique"),
    text("code_insee_ban"),
    text("code_departement_ban"),
    text("code_region_ban"),
    // Only a gazetteer knows these: generated lines leave them out, loaded ones may have them.
    text("code_postal_ban"),
    text("nom_commune_ban"),
    text("adresse_ban"),
    text("identifiant_ban"),
    number("coordonnee_cartographique_x_ban"),
    number("coordonnee_cartographique_y_ban"),
    text("_geopoint"),
];

/// The column that says where a certificate is.
pub const COMMUNE: usize = 26;
/// The label, the column that the scenario `column_missing` takes away.
pub const LABEL: usize = 3;

/// The place of a column in a row.
pub fn index(key: &str) -> Option<usize> {
    COLUMNS.iter().position(|column| column.key == key)
}

/// One value.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    Missing,
    Text(Cow<'static, str>),
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
    pub fn compare(&self, with: &str) -> Option<Ordering> {
        match self {
            Self::Missing => None,
            Self::Number(number) => number.partial_cmp(&with.parse().ok()?),
            Self::Text(text) => Some(text.as_ref().cmp(with)),
        }
    }

    /// The order of a sorted page; missing values come last.
    pub fn order(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Number(left), Self::Number(right)) => left.total_cmp(right),
            (Self::Text(left), Self::Text(right)) => left.cmp(right),
            (Self::Number(_), Self::Text(_)) => Ordering::Less,
            (Self::Text(_), Self::Number(_)) => Ordering::Greater,
            (Self::Missing, Self::Missing) => Ordering::Equal,
            (Self::Missing, _) => Ordering::Greater,
            (_, Self::Missing) => Ordering::Less,
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
pub struct Row {
    pub cells: Vec<Cell>,
    /// Certificates this line stands for: 1, but for the sample that stands for the whole country.
    pub weight: u64,
}

impl Row {
    pub fn new(cells: Vec<Cell>) -> Self {
        Self { cells, weight: 1 }
    }

    pub fn cell(&self, column: usize) -> &Cell {
        self.cells.get(column).unwrap_or(&Cell::Missing)
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

/// Certificates that `rows` stand for.
pub fn count(rows: &[&Row]) -> u64 {
    rows.iter().map(|row| row.weight).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_named_columns_are_where_they_are_said_to_be() {
        assert_eq!((COLUMNS[COMMUNE].key, COLUMNS[LABEL].key), ("code_insee_ban", "etiquette_dpe"));
    }
}
