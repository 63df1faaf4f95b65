//! The market: tension zone, advertised rents, sales.

use domain::fact::ScopeKind;

use super::scoped::{OWN, Sheet, all_scopes};
use crate::themes::raw::{Raw, Rent, Row as _, Sales};
use domain::fact::FactStatus;
use indicators::{Figure, Moment, SheetBuilder, evolution, indicator, rents, sales};
use rust_decimal::Decimal;

/// Modality of the ids, and the producer's name of the kind of dwelling.
pub const DWELLINGS: [(&str, &str); 2] = [("appt", "appartement"), ("mais", "maison")];
/// Modality of the ids, and the producer's segment.
pub const SEGMENTS: [(&str, &str); 4] = [("appt", "app"), ("t1t2", "app12"), ("t3p", "app3"), ("maison", "mai")];

const COM: [ScopeKind; 1] = [ScopeKind::Com];

pub fn add(sheet: &mut SheetBuilder<'_>, raw: &Raw) {
    zoning(sheet, raw);
    for (modality, segment) in SEGMENTS {
        rent(sheet, raw, modality, segment);
    }
    for (modality, kind) in DWELLINGS {
        prices(sheet, raw, modality, kind);
        changes(sheet, raw, modality, kind);
    }
}

fn zoning(sheet: &mut SheetBuilder<'_>, raw: &Raw) {
    let table = Sheet::new(raw, &raw.zoning);
    let latest = raw.zoning.of(ScopeKind::Com).map(|row| row.date_effet).max();
    let moment = Moment::during(latest.map_or_else(String::new, |date| date.format("%d/%m/%Y").to_string()));
    table.add(
        sheet,
        "zon.abc",
        &COM,
        &moment,
        |row| Some(row.date_effet) == latest,
        |row| Figure::word(row.zone.clone()),
    );
    table.add(
        sheet,
        "zon.abc_prec",
        &COM,
        &moment,
        |row| Some(row.date_effet) == latest,
        |row| {
            row.zone_precedente.clone().map_or_else(
                || Figure::withheld(FactStatus::NotApplicable, "zone inchangée à la dernière révision"),
                Figure::word,
            )
        },
    );
}

fn rent(sheet: &mut SheetBuilder<'_>, raw: &Raw, modality: &str, segment: &str) {
    let table = Sheet::new(raw, &raw.rents);
    let of_segment = raw.rents.rows.iter().filter(|row| row.segment == segment);
    let latest = of_segment.map(|row| row.annee).max().unwrap_or_default();
    let moment = Moment::during(latest.to_string());
    let wanted = |row: &Rent| row.segment == segment && row.annee == latest;
    table.add(sheet, &format!("ani.loyer[{modality}]"), &all_scopes(), &moment, wanted, advertised);
    type Detail = fn(&Rent) -> Option<Decimal>;
    let details: [(&str, Detail); 4] = [
        ("bas", |row| row.bas),
        ("haut", |row| row.haut),
        ("r2", |row| row.r2),
        ("nobs", |row| row.annonces.map(Decimal::from)),
    ];
    for (detail, read) in details {
        let id = format!("ani.loyer_{detail}[{modality}]");
        table.add(sheet, &id, &COM, &moment, wanted, |row| Figure::or_missing(read(row), "absent du fichier chargé"));
    }
}

/// The producer's own figure for a commune; for larger territories our mean weighted by rented dwellings.
fn advertised(row: &Rent) -> Figure {
    if matches!(row.scope(), "com" | "sim") {
        let own = row.type_prediction.as_deref().map(|kind| kind == "commune");
        return rents(row.loyer, own, row.annonces, row.r2);
    }
    Figure::ok(row.loyer).with_caution(FactStatus::Modelled, "moyenne pondérée par les logements loués du parc privé")
}

fn prices(sheet: &mut SheetBuilder<'_>, raw: &Raw, modality: &str, kind: &str) {
    let table = Sheet::new(raw, &raw.sales);
    let (year, span) = window(raw, kind);
    let period = if span == 1 { year.to_string() } else { format!("{}-{year}", year - span + 1) };
    let moment = Moment::during(period);
    let pooled = |row: &Sales| row.type_logement == kind && row.annee == year && row.fenetre == span;
    table.add(sheet, &format!("dvf.n[{modality}]"), &OWN, &moment, pooled, number);
    table.add(sheet, &format!("dvf.med[{modality}]"), &all_scopes(), &moment, pooled, |row| sales(row.med, row.n));
    table.add(sheet, &format!("dvf.q1[{modality}]"), &OWN, &moment, pooled, |row| sales(row.q1, row.n));
    table.add(sheet, &format!("dvf.q3[{modality}]"), &OWN, &moment, pooled, |row| sales(row.q3, row.n));
    for year in raw.sales.years() {
        let wanted = |row: &Sales| row.type_logement == kind && row.annee == year && row.fenetre == 1;
        let moment = Moment::year(year);
        table.add(sheet, &format!("dvf.n[{modality}]"), &COM, &moment, wanted, number);
        table.add(sheet, &format!("dvf.med[{modality}]"), &COM, &moment, wanted, |row| sales(row.med, row.n));
        table.add(sheet, &format!("dvf.q1[{modality}]"), &COM, &moment, wanted, |row| sales(row.q1, row.n));
        table.add(sheet, &format!("dvf.q3[{modality}]"), &COM, &moment, wanted, |row| sales(row.q3, row.n));
    }
}

fn number(row: &Sales) -> Figure {
    Figure::ok(Decimal::from(row.n))
}

/// The last year and how many years must be taken together for the commune to have eleven sales (1, 3 or 5).
fn window(raw: &Raw, kind: &str) -> (i32, i32) {
    let year = raw.sales.years().last().copied().unwrap_or_default();
    let enough = |span: &i32| {
        let mut rows = raw.sales.of(ScopeKind::Com);
        rows.any(|row| row.type_logement == kind && row.annee == year && row.fenetre == *span && row.n >= 11)
    };
    (year, [1, 3, 5].into_iter().find(enough).unwrap_or(1))
}

fn changes(sheet: &mut SheetBuilder<'_>, raw: &Raw, modality: &str, kind: &str) {
    let table = Sheet::new(raw, &raw.sales);
    let year = raw.sales.years().last().copied().unwrap_or_default();
    for (name, span) in [("evol1", 1), ("evol5", 5)] {
        let Some(line) = indicator(&format!("dvf.{name}[{modality}]")) else { continue };
        for scope in OWN {
            let of = |wanted: i32| {
                table.row(scope, |row| row.type_logement == kind && row.fenetre == 1 && row.annee == wanted)
            };
            let price = |row: Result<&Sales, Figure>| row.map_or_else(|withheld| withheld, |row| sales(row.med, row.n));
            let origin = table.origin(of(year).ok());
            let figure = match (of(year - span), of(year)) {
                (Err(_), Ok(_)) => Figure::missing(format!("ventes de {} non chargées", year - span)),
                (before, now) => evolution(&price(before), &price(now)),
            };
            let moment = Moment::during(format!("{}-{year}", year - span));
            let origin = indicators::Origin { synthetic: origin.synthetic && figure.status.is_citable(), ..origin };
            sheet.put(line, scope, figure, &origin, &moment, None);
        }
    }
}
