//! Energy certificates, live from ADEME: certificates, never dwellings.

use domain::fact::ScopeKind;
use rust_decimal::Decimal;

use crate::pages::long_date;
use crate::themes::raw::{Energy, Raw};
use indicators::{Figure, Moment, Origin, SheetBuilder, certificates, indicator};

/// The query of the live source is its address; its digest is that of the stored answer.
const QUERY: &str = "values_agg?field=code_insee_ban,etiquette_dpe";

pub fn add(sheet: &mut SheetBuilder<'_>, raw: &Raw) {
    let (number, share, origin, asof) = match &raw.energy {
        Energy::Counted(counts) => {
            let bad: i64 = ["F", "G"].iter().filter_map(|label| counts.by_label.get(*label)).sum();
            let labelled: i64 = counts.by_label.values().sum();
            let share = Figure::share(&Figure::ok(Decimal::from(bad)), &Figure::ok(Decimal::from(labelled)));
            let day = long_date(counts.asof.date_naive());
            let vintage = match counts.fallback {
                false => format!("extraction du {day}"),
                true => format!("extraction du {day} (ADEME injoignable depuis)"),
            };
            let origin =
                Origin { vintage, synthetic: counts.synthetic, ..origin(&counts.dataset, &counts.answer_sha256) };
            let asof = Some(counts.asof.format("%Y-%m-%d").to_string());
            (Figure::ok(Decimal::from(counts.total)), certificates(share, labelled), origin, asof)
        }
        Energy::Unavailable { asked_at } => {
            let away = Figure::missing("service de l’ADEME indisponible lors de la collecte");
            let asof = asked_at.map(|at| at.format("%Y-%m-%d").to_string());
            (away.clone(), away, origin("dpe", ""), asof)
        }
    };
    let moment = Moment { year: None, period: None, asof };
    for (id, figure) in [("dpe.n", number), ("dpe.fg", share)] {
        let Some(line) = indicator(id) else { continue };
        sheet.put(line, ScopeKind::Com, figure, &origin, &moment, None);
    }
}

fn origin(dataset: &str, answer_sha256: &str) -> Origin {
    Origin {
        dataset: dataset.to_owned(),
        producteur: "ADEME".to_owned(),
        vintage: "sans extraction".to_owned(),
        load: answer_sha256.chars().take(12).collect(),
        query: QUERY,
        query_sha256: answer_sha256.to_owned(),
        synthetic: false,
    }
}
