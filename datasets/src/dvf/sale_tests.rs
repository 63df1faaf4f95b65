use super::*;

const MARCH: &str = "2024-03-05";

/// A flat of 50 m² in lot 1, sold for 100 000 €.
fn flat<'a>(number: u64) -> Line<'a> {
    Line {
        number,
        date: MARCH.parse().unwrap(),
        nature: "Vente",
        price: Some(10_000_000),
        commune: "44109",
        parcel: "000AB0001",
        lot: "1",
        kind: 2,
        surface: Some(50),
        rooms: Some(2),
        culture: "",
        land: None,
        point: ("", ""),
    }
}

fn house<'a>(number: u64) -> Line<'a> {
    Line { lot: "", kind: 1, surface: Some(100), rooms: Some(5), culture: "S", land: Some(300), ..flat(number) }
}

fn outbuilding<'a>(number: u64) -> Line<'a> {
    Line { lot: "38", kind: 3, surface: Some(0), rooms: Some(0), ..flat(number) }
}

/// The only sale of these lines.
fn one(lines: Vec<Line<'_>>) -> Sale<'_> {
    let mut sales = sales(lines);
    assert_eq!(sales.len(), 1, "{sales:?}");
    sales.remove(0)
}

#[test]
fn the_price_of_a_sale_is_counted_once_whatever_its_lines() {
    let sale = one(vec![flat(2), outbuilding(3), Line { lot: "39", ..outbuilding(4) }]);
    assert_eq!((sale.lines, sale.premises, sale.dwelling), (3, [0, 1, 2, 0], Some(Dwelling::Flat)));
    assert_eq!((sale.price_per_m2(), sale.excluded), (Some(200_000), None));
}

#[test]
fn exact_duplicates_are_one_flat() {
    let sale = one(vec![flat(2), flat(3), outbuilding(4), outbuilding(5)]);
    assert_eq!((sale.lines, sale.premises, sale.excluded), (4, [0, 1, 1, 0], None));
    let two = one(vec![flat(2), Line { lot: "2", ..flat(3) }]);
    assert_eq!((two.premises[1], two.excluded), (2, Some("plusieurs logements")));
}

#[test]
fn a_house_is_repeated_for_each_culture_of_its_land() {
    let garden = Line { culture: "J", parcel: "000AB0002", land: Some(200), ..house(3) };
    let sale = one(vec![house(2), garden, house(4)]);
    assert_eq!((sale.premises[0], sale.land, sale.parcels, sale.excluded), (1, Some(500), 2, None));
    let meadow = one(vec![house(2), Line { culture: "P", ..house(3) }]);
    assert_eq!(meadow.excluded, Some("autre culture"));
}

#[test]
fn a_sale_over_two_communes_is_one_sale() {
    let sale = one(vec![Line { kind: 0, commune: "44162", ..house(2) }, house(3)]);
    assert_eq!((sale.communes, sale.place.commune, sale.first), (2, "44109", 2), "placed by its dwelling");
}

#[test]
fn what_is_not_an_ordinary_sale_says_why() {
    let off_plan = "Vente en l'état futur d'achèvement";
    for (line, reason) in [
        (Line { nature: off_plan, ..flat(2) }, "vente en l’état futur d’achèvement"),
        (Line { nature: off_plan, kind: 0, surface: None, ..flat(2) }, "vente en l’état futur d’achèvement"),
        (Line { nature: "Echange", ..flat(2) }, "nature"),
        (Line { price: None, ..flat(2) }, "prix absent"),
        (Line { price: Some(0), ..flat(2) }, "prix symbolique"),
        (Line { price: Some(100), ..flat(2) }, "prix symbolique"),
        (Line { price: Some(100_000), ..flat(2) }, "prix symbolique"),
        (Line { kind: 0, ..flat(2) }, "sans logement"),
        (Line { surface: Some(8), ..flat(2) }, "surface hors de 9 à 500 m²"),
        (Line { surface: Some(501), ..flat(2) }, "surface hors de 9 à 500 m²"),
        (Line { surface: None, ..flat(2) }, "surface hors de 9 à 500 m²"),
    ] {
        assert_eq!(one(vec![line]).excluded, Some(reason), "{line:?}");
    }
    assert_eq!(one(vec![flat(2), Line { kind: 4, ..flat(3) }]).excluded, Some("local d’activité"));
}

#[test]
fn sales_without_a_price_are_never_merged() {
    assert_eq!(sales(vec![Line { price: None, ..flat(2) }, Line { price: None, ..flat(3) }]).len(), 2);
    assert_eq!(sales(vec![Line { price: Some(0), ..flat(2) }, Line { price: Some(0), ..flat(3) }]).len(), 1);
}

#[test]
fn the_dearest_and_the_cheapest_hundredth_are_set_aside() {
    let lines =
        (0..200).map(|n| Line { price: Some(10_000_000 + n * 100_000), ..flat(2 + n.unsigned_abs()) }).collect();
    let out: Vec<_> = sales(lines).iter().filter(|s| s.excluded.is_some()).filter_map(|s| s.place.price).collect();
    assert_eq!(out, [10_000_000, 10_100_000, 29_800_000, 29_900_000]);
    // Houses of the same year are another market.
    let mixed = sales(vec![flat(2), Line { price: Some(90_000_000), ..house(3) }]);
    assert!(mixed.iter().all(|sale| sale.excluded.is_none()));
}
