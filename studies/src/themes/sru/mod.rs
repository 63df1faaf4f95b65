//! Whether the commune seems to be in the field of the SRU law, from its population and that of its intercommunality. An
//! indication: the State's lists say it, with exemptions that no open file holds. The target is never told.

use domain::fact::{FactStatus, ScopeKind};
use indicators::{Figure, Moment, SheetBuilder};
use rust_decimal::Decimal;
use sqlx::FromRow;

use super::collect::Asked;
use super::raw::{Raw, Row, Table, row};
use super::scoped::Sheet;
use crate::study::StudyError;

const FIELD: &str = include_str!("champ.sql");

row! {
    /// Populations that the law looks at.
    Field { habitants: i64, ile_de_france: bool, arrondissement: bool, habitants_epci: i64, plus_grande: i64 }
}

/// What the query of this theme returns.
#[derive(Debug, Clone)]
pub struct Tables {
    pub field: Table<Field>,
}

impl Default for Tables {
    fn default() -> Self {
        Self { field: Table::empty("communes", "themes/champ", FIELD) }
    }
}

/// # Errors
/// An unreadable database.
pub async fn read(asked: &Asked<'_>) -> Result<Tables, StudyError> {
    Ok(Tables { field: asked.own("communes", "themes/champ", FIELD).await? })
}

pub fn add(sheet: &mut SheetBuilder<'_>, raw: &Raw) {
    let table = Sheet::new(raw, &raw.sru.field);
    let moment = Moment::during(raw.territory.cog.to_string());
    table.add(sheet, "sru.concernee", &[ScopeKind::Com], &moment, |_| true, concerned);
}

fn concerned(row: &Field) -> Figure {
    if row.arrondissement {
        return Figure::withheld(FactStatus::NotApplicable, "la loi s’applique à la ville, non à l’arrondissement");
    }
    let large = row.habitants_epci > 50_000 && row.plus_grande > 15_000;
    let word = match row.habitants {
        3_500.. if large => "oui",
        // The lower threshold holds in the urban unit of Paris, which no loaded file delimits.
        1_500..3_500 if large && row.ile_de_france => "à vérifier",
        _ => "non",
    };
    Figure::word(word).with_caution(FactStatus::Modelled, "indication, à confirmer auprès de la DDT")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(habitants: i64, habitants_epci: i64, plus_grande: i64) -> Field {
        Field {
            scope: "com".to_owned(),
            annee: 2026,
            sources: vec![1],
            part: Decimal::ONE,
            habitants,
            ile_de_france: false,
            arrondissement: false,
            habitants_epci,
            plus_grande,
        }
    }

    fn word(row: &Field) -> Option<String> {
        concerned(row).word
    }

    #[test]
    fn three_thousand_five_hundred_inhabitants_near_a_town_of_more_than_fifteen_thousand_are_concerned() {
        assert_eq!(word(&field(3_500, 50_001, 15_001)).as_deref(), Some("oui"));
        for row in [field(3_499, 50_001, 15_001), field(3_500, 50_000, 15_001), field(3_500, 50_001, 15_000)] {
            assert_eq!(word(&row).as_deref(), Some("non"), "{row:?}");
        }
        assert_eq!(concerned(&field(3_500, 50_001, 15_001)).status, FactStatus::Modelled);
    }

    #[test]
    fn around_paris_a_smaller_commune_may_be() {
        let near = Field { ile_de_france: true, ..field(1_500, 90_000, 30_000) };
        assert_eq!(word(&near).as_deref(), Some("à vérifier"));
        assert_eq!(word(&Field { habitants: 1_499, ..near.clone() }).as_deref(), Some("non"));
        assert_eq!(concerned(&Field { arrondissement: true, ..near }).status, FactStatus::NotApplicable);
    }
}
