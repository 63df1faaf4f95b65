//! From lines to sales, and which of them may serve as a price. A mutation is a date, a nature, a price and a
//! département. Lines repeat: exact duplicates, and a house once per culture of its parcel. So houses are counted by
//! surface and rooms, flats by parcel and lot too.

use chrono::{Datelike as _, NaiveDate};

use super::line::Line;

/// At or below this price, in cents, a sale is a formality.
const SYMBOLIC: i64 = 100_000;
/// Built area of a dwelling whose price means something, m².
const DWELLING: std::ops::RangeInclusive<u32> = 9..=500;
/// Cultures that go with a house: ground, garden, grounds for building.
const HOUSE_LAND: [&str; 4] = ["", "S", "J", "AG"];

/// Kind of a sale of one dwelling.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dwelling {
    /// One flat.
    Flat,
    /// One house.
    House,
}

impl Dwelling {
    /// As stored in `data.dvf.type_logement`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Flat => "appartement",
            Self::House => "maison",
        }
    }
}

/// One mutation.
#[derive(Debug, Clone, PartialEq)]
pub struct Sale<'a> {
    /// The line that places it: its first dwelling, else its first line.
    pub place: Line<'a>,
    /// First line in the file.
    pub first: u64,
    /// Lines in the file.
    pub lines: usize,
    /// Communes, parcels.
    pub communes: usize,
    /// Parcels.
    pub parcels: usize,
    /// Houses, flats, outbuildings, business premises.
    pub premises: [usize; 4],
    /// Built area of the largest dwelling, m².
    pub surface: Option<u32>,
    /// Rooms of the largest dwelling.
    pub rooms: Option<u32>,
    /// Area of all its land, m².
    pub land: Option<u64>,
    /// What was sold, when it was one dwelling.
    pub dwelling: Option<Dwelling>,
    /// Why it cannot serve as a price, in French.
    pub excluded: Option<&'static str>,
}

impl Sale<'_> {
    /// Cents per m², rounded; of one dwelling only.
    pub fn price_per_m2(&self) -> Option<i64> {
        self.dwelling?;
        let surface = i64::from(self.surface.filter(|surface| *surface > 0)?);
        Some((self.place.price? + surface / 2) / surface)
    }
}

/// The sales of one département, from all its lines.
pub fn sales(mut lines: Vec<Line<'_>>) -> Vec<Sale<'_>> {
    lines.sort_unstable_by_key(|line| (line.date, line.price, line.nature, line.number));
    // Sales without a price cannot be told apart by it: each line is its own.
    let same = |l: &Line<'_>, r: &Line<'_>| l.price.is_some() && mutation(l) == mutation(r);
    // Counted first: growing a list of this size would need half as much memory again.
    let mut sales = Vec::with_capacity(lines.chunk_by(same).count());
    sales.extend(lines.chunk_by(same).map(gather));
    trim(&mut sales);
    sales.sort_unstable_by_key(|sale| (sale.place.commune, sale.place.date, sale.first));
    sales
}

fn mutation<'a>(line: &Line<'a>) -> (NaiveDate, &'a str, Option<i64>) {
    (line.date, line.nature, line.price)
}

fn gather<'a>(lines: &[Line<'a>]) -> Sale<'a> {
    let of = |kind: u8| lines.iter().filter(move |line| line.kind == kind);
    let dwellings = || lines.iter().filter(|line| matches!(line.kind, 1 | 2));
    let premises = [
        distinct(of(1).map(|line| (line.surface, line.rooms))),
        distinct(of(2).map(|line| (line.parcel, line.lot, line.surface, line.rooms))),
        distinct(of(3).map(|line| (line.parcel, line.lot))),
        distinct(of(4).map(|line| (line.parcel, line.lot, line.surface))),
    ];
    let mut grounds: Vec<_> = lines
        .iter()
        .filter_map(|line| line.land.map(|land| (line.commune, line.parcel, line.culture, u64::from(land))))
        .collect();
    grounds.sort_unstable();
    grounds.dedup();
    let mut sale = Sale {
        place: *dwellings().next().unwrap_or(&lines[0]),
        first: lines[0].number,
        lines: lines.len(),
        communes: distinct(lines.iter().map(|line| line.commune)),
        parcels: distinct(lines.iter().map(|line| (line.commune, line.parcel))),
        premises,
        surface: dwellings().filter_map(|line| line.surface).max(),
        rooms: dwellings().filter_map(|line| line.rooms).max(),
        land: (!grounds.is_empty()).then(|| grounds.iter().map(|(.., land)| land).sum()),
        dwelling: match premises {
            [1, 0, ..] => Some(Dwelling::House),
            [0, 1, ..] => Some(Dwelling::Flat),
            _ => None,
        },
        excluded: None,
    };
    sale.excluded = excluded(&sale, lines);
    sale
}

fn excluded(sale: &Sale<'_>, lines: &[Line<'_>]) -> Option<&'static str> {
    let nature = sale.place.nature;
    let [houses, flats, _, business] = sale.premises;
    match (sale.place.price, sale.surface) {
        _ if nature.starts_with("Vente en l") && nature.contains("tat futur") => {
            Some("vente en l’état futur d’achèvement")
        }
        _ if nature != "Vente" => Some("nature"),
        (None, _) => Some("prix absent"),
        (Some(price), _) if price <= SYMBOLIC => Some("prix symbolique"),
        _ if houses + flats == 0 => Some("sans logement"),
        _ if houses + flats > 1 => Some("plusieurs logements"),
        _ if business > 0 => Some("local d’activité"),
        _ if houses == 1 && lines.iter().any(|line| !HOUSE_LAND.contains(&line.culture)) => Some("autre culture"),
        (_, surface) if !surface.is_some_and(|surface| DWELLING.contains(&surface)) => {
            Some("surface hors de 9 à 500 m²")
        }
        _ => None,
    }
}

/// Sets aside the prices per m² below the 1st or above the 99th centile of their year and kind.
fn trim(sales: &mut [Sale<'_>]) {
    let group = |sale: &Sale<'_>| (sale.place.date.year(), sale.dwelling);
    let mut prices: Vec<_> = sales
        .iter()
        .filter(|sale| sale.excluded.is_none())
        .filter_map(|sale| exact_price(sale).map(|price| (group(sale), price)))
        .collect();
    prices.sort_unstable_by(|(l, lp), (r, rp)| l.cmp(r).then(lp.total_cmp(rp)));
    let bounds: Vec<_> = prices
        .chunk_by(|(l, _), (r, _)| l == r)
        .map(|chunk| (chunk[0].0, centile(chunk, 0.01), centile(chunk, 0.99)))
        .collect();
    for sale in sales.iter_mut().filter(|sale| sale.excluded.is_none()) {
        let Some(price) = exact_price(sale) else { continue };
        let Some((_, low, high)) = bounds.iter().find(|(of, ..)| *of == group(sale)) else { continue };
        if !(*low..=*high).contains(&price) {
            sale.excluded = Some("prix au m² hors des centiles 1 à 99");
        }
    }
}

fn exact_price(sale: &Sale<'_>) -> Option<f64> {
    // Prices stay far below what a float holds exactly.
    #[expect(clippy::cast_precision_loss, reason = "cents of a sale, below 2^53")]
    let price = sale.place.price? as f64 / 100.0;
    Some(price / f64::from(sale.surface?))
}

/// The centile of sorted values, between two of them where it falls there.
fn centile<K>(sorted: &[(K, f64)], part: f64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "as many sales as a département has in a year")]
    let at = part * (sorted.len() - 1) as f64;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and the length")]
    let below = at as usize;
    let (low, high) = (sorted[below].1, sorted[(below + 1).min(sorted.len() - 1)].1);
    low + (high - low) * at.fract()
}

fn distinct<T: Ord>(items: impl Iterator<Item = T>) -> usize {
    let mut items: Vec<T> = items.collect();
    items.sort_unstable();
    items.dedup();
    items.len()
}

#[cfg(test)]
#[path = "sale_tests.rs"]
mod tests;
