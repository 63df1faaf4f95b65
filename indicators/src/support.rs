//! How many observations a figure needs before it may be printed (the thresholds of our studies, one per source).

use domain::fact::FactStatus;
use rust_decimal::Decimal;

use super::Figure;

/// Inhabitants from which INSEE samples dwellings instead of counting them.
pub const SAMPLED_FROM: i64 = 10_000;

/// A census rate over dwellings: its denominator is behind it. Sampled communes need 200 of them, counted ones 20.
#[must_use]
pub fn census_rate(figure: Figure, denominator: Option<Decimal>, population: i64) -> Figure {
    census_of(figure, denominator, population, "logements")
}

/// The same over anything that the census counts; `whom` is its French plural.
#[must_use]
pub fn census_of(figure: Figure, denominator: Option<Decimal>, population: i64, whom: &str) -> Figure {
    if !figure.status.is_citable() {
        return figure;
    }
    let (usable, low) = if population >= SAMPLED_FROM { (500, 200) } else { (50, 20) };
    let denominator = denominator.unwrap_or_default();
    if denominator < Decimal::from(low) {
        return Figure::missing(format!("moins de {low} {whom} au dénominateur")).with_n(figure.n);
    }
    if denominator < Decimal::from(usable) {
        return figure.with_caution(FactStatus::LowN, "petit effectif au recensement");
    }
    figure
}

/// A median of sales: 30 to be usable, 11 to be shown at all.
#[must_use]
pub fn sales(median: Option<Decimal>, n: i64) -> Figure {
    if n < 11 {
        return Figure::missing("moins de onze ventes").with_n(Some(n));
    }
    let figure = Figure::or_missing(median, "prix non calculable").with_n(Some(n));
    if n < 30 { figure.with_caution(FactStatus::LowN, "moins de trente ventes") } else { figure }
}

/// A median of permits: thirty to be usable, eleven to be shown.
#[must_use]
pub fn permits(median: Option<Decimal>, n: i64) -> Figure {
    if n < 11 {
        return Figure::missing("moins de onze permis").with_n(Some(n));
    }
    let figure = Figure::or_missing(median, "délai non calculable").with_n(Some(n));
    if n < 30 { figure.with_caution(FactStatus::LowN, "moins de trente permis") } else { figure }
}

/// A change between two medians: as sure as the less sure of the two.
#[must_use]
pub fn evolution(from: &Figure, to: &Figure) -> Figure {
    let ratio = Figure::ratio(to, from, Decimal::ONE_HUNDRED);
    let n = from.n.min(to.n);
    match ratio.value {
        Some(value) => Figure { value: Some(value - Decimal::ONE_HUNDRED), n, ..ratio },
        None => ratio,
    }
}

/// A modelled rent: the producer asks for care below 30 advertisements, below an R² of 0.5, or when it is borrowed
/// from the neighbours. Where the file does not say, care is due as well.
#[must_use]
pub fn rents(rent: Decimal, own_model: Option<bool>, advertisements: Option<i64>, r2: Option<Decimal>) -> Figure {
    let figure = Figure::ok(rent).with_n(advertisements);
    let caution = match (own_model, advertisements, r2) {
        (Some(false), _, _) => "loyer estimé avec les communes voisines",
        (_, Some(n), _) if n < 30 => "moins de trente annonces dans la commune",
        (_, _, Some(r2)) if r2 < Decimal::new(5, 1) => "modèle de loyers peu précis",
        (Some(true), Some(_), Some(_)) => return figure,
        _ => "fiabilité non précisée par le fichier",
    };
    figure.with_caution(FactStatus::LowN, caution)
}

/// A share of energy certificates: 100 to be usable, 30 to be shown.
#[must_use]
pub fn certificates(figure: Figure, total: i64) -> Figure {
    if total < 30 {
        return Figure::missing("moins de trente diagnostics").with_n(Some(total));
    }
    let figure = figure.with_n(Some(total));
    if total < 100 { figure.with_caution(FactStatus::LowN, "moins de cent diagnostics") } else { figure }
}

/// A rate of the social stock: below eleven dwellings only their number is told.
#[must_use]
pub fn few_dwellings(figure: Figure, stock: &Figure) -> Figure {
    match stock.value {
        Some(stock) if stock < Decimal::from(11) => {
            Figure::missing("moins de onze logements sociaux\u{a0}: pas de taux")
                .with_n(i64::try_from(stock.round()).ok())
        }
        _ => figure,
    }
}

/// A rate of the census's complementary exploitation, a sample: care below 2 000 inhabitants, nothing below 500.
#[must_use]
pub fn complementary(figure: Figure, population: i64) -> Figure {
    match population {
        ..500 => Figure::missing("moins de cinq cents habitants\u{a0}: exploitation complémentaire non significative"),
        500..2_000 => {
            figure.with_caution(FactStatus::LowN, "exploitation complémentaire\u{a0}: moins de deux mille habitants")
        }
        _ => figure,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(denominator: i64, population: i64) -> FactStatus {
        census_rate(Figure::ok(Decimal::TEN), Some(denominator.into()), population).status
    }

    #[test]
    fn a_census_rate_needs_more_dwellings_where_the_census_is_a_sample() {
        assert_eq!(rate(500, 10_000), FactStatus::Ok);
        assert_eq!(rate(499, 10_000), FactStatus::LowN);
        assert_eq!(rate(199, 10_000), FactStatus::Missing);
        assert_eq!(rate(50, 9_999), FactStatus::Ok);
        assert_eq!(rate(49, 9_999), FactStatus::LowN);
        assert_eq!(rate(19, 9_999), FactStatus::Missing);
    }

    #[test]
    fn a_median_is_hidden_below_eleven_sales_and_marked_below_thirty() {
        let price = Some(Decimal::from(2_500));
        assert_eq!(sales(price, 10).status, FactStatus::Missing);
        assert_eq!(sales(price, 10).value, None);
        assert_eq!(sales(price, 11).status, FactStatus::LowN);
        assert_eq!(sales(price, 30).status, FactStatus::Ok);
    }

    #[test]
    fn from_2500_to_2750_euros_is_a_rise_of_ten_percent() {
        let (from, to) = (sales(Some(2_500.into()), 40), sales(Some(2_750.into()), 20));
        let change = evolution(&from, &to);
        assert_eq!((change.value, change.status, change.n), (Some(Decimal::TEN), FactStatus::LowN, Some(20)));
        assert_eq!(evolution(&sales(None, 3), &to).status, FactStatus::Missing);
    }

    #[test]
    fn a_rent_without_its_reliability_is_read_with_care() {
        let rent = Decimal::new(129, 1);
        assert_eq!(rents(rent, Some(true), Some(30), Some(Decimal::new(5, 1))).status, FactStatus::Ok);
        assert_eq!(rents(rent, Some(false), Some(30), Some(Decimal::ONE)).status, FactStatus::LowN);
        assert_eq!(rents(rent, Some(true), Some(29), Some(Decimal::ONE)).status, FactStatus::LowN);
        assert_eq!(rents(rent, Some(true), Some(30), Some(Decimal::new(49, 2))).status, FactStatus::LowN);
        assert_eq!(rents(rent, None, None, None).status, FactStatus::LowN);
    }

    #[test]
    fn ten_social_dwellings_are_told_and_have_no_rate() {
        let rate = |stock: i64| few_dwellings(Figure::ok(Decimal::TEN), &Figure::ok(stock.into())).status;
        assert_eq!((rate(10), rate(11)), (FactStatus::Missing, FactStatus::Ok));
    }

    #[test]
    fn the_complementary_exploitation_is_not_read_below_five_hundred_inhabitants() {
        let rate = |population| complementary(Figure::ok(Decimal::TEN), population).status;
        assert_eq!(
            [499, 500, 1_999, 2_000].map(rate),
            [FactStatus::Missing, FactStatus::LowN, FactStatus::LowN, FactStatus::Ok]
        );
        assert_eq!(complementary(Figure::secret(), 800).status, FactStatus::Secret);
    }

    #[test]
    fn certificates_below_thirty_give_no_share() {
        let share = || Figure::ok(Decimal::TEN);
        assert_eq!(certificates(share(), 29).status, FactStatus::Missing);
        assert_eq!(certificates(share(), 30).status, FactStatus::LowN);
        assert_eq!(certificates(share(), 100).status, FactStatus::Ok);
    }
}
