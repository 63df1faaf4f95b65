//! Charts that are almost tables: matrix, baskets, classes, mosaic.

use charts::{basket, classes, matrix, mosaic};

use super::{Drawn, LONG, ND, d, frame};

pub fn drawn() -> Vec<Drawn> {
    let mut drawn = vec![];
    let mut add = |kind, state, svg| drawn.push(Drawn { kind, state, svg });
    let columns = ["Location dans le parc privé", "Achat d’un appartement", "Achat d’une maison"];
    let alert = "au-dessus d’un tiers des revenus";
    add("matrix", "complète", matrix::draw(&frame("matrice", 492.0, 190.0), &columns, &efforts(), alert));
    let silent = [matrix::Row { label: "Personne seule", note: "", cells: vec![WITHHELD; 3] }];
    add("matrix", "rien", matrix::draw(&frame("matrice-2", 492.0, 70.0), &columns, &silent, alert));
    let baskets = baskets();
    let height = basket::height(&baskets, 1016.0);
    add("basket", "pleine page", basket::draw(&frame("paniers", 1016.0, height), &baskets));
    let height = basket::height(&baskets[..1], 492.0);
    add("basket", "demi-page", basket::draw(&frame("paniers-2", 492.0, height), &baskets[..1]));
    let labels = labels();
    let bracket = classes::Bracket { classes: 2, text: "21,6\u{a0}% des certificats en F ou G" };
    let size = frame("classes", 492.0, 190.0);
    add("classes", "étiquettes", classes::draw(&size, &labels, "France", Some(&bracket)));
    let mut sparse = labels.clone();
    for class in &mut sparse {
        class.reference = None;
    }
    (sparse[0].datum, sparse[1].datum) = (ND, d(0.0, "0,0\u{a0}%"));
    add("classes", "secret et nul", classes::draw(&frame("classes-2", 492.0, 130.0), &sparse, "", None));
    let names = ["T1-T2", "T3", "T4", "T5 et plus"];
    let types = types();
    add("mosaic", "complète", mosaic::draw(&frame("mosaique", 492.0, 200.0), &names, &types));
    let mut sparse = types.clone();
    (sparse[0].label, sparse[1].cells[0]) = (LONG, ND);
    add("mosaic", "secret", mosaic::draw(&frame("mosaique-2", 492.0, 150.0), &names, &sparse));
    drawn
}

const WITHHELD: matrix::Cell<'static> = matrix::Cell { state: matrix::State::Withheld, text: "n.d.", note: "" };

fn efforts() -> Vec<matrix::Row<'static>> {
    let plain = |text, note| matrix::Cell { state: matrix::State::Plain, text, note };
    let alert = |text, note| matrix::Cell { state: matrix::State::Alert, text, note };
    vec![
        matrix::Row {
            label: "Personne seule",
            note: "T1-T2 de 37 m²",
            cells: vec![alert("34\u{a0}%", "498\u{a0}€ par mois"), alert("41\u{a0}%", "27 m² accessibles"), WITHHELD],
        },
        matrix::Row {
            label: "Couple",
            note: "52 m²",
            cells: vec![
                plain("24\u{a0}%", "611\u{a0}€ par mois"),
                plain("31\u{a0}%", "48 m²"),
                alert("38\u{a0}%", "62 m²"),
            ],
        },
        matrix::Row {
            label: "Famille",
            note: "T3 et plus de 72 m²",
            cells: vec![
                plain("22\u{a0}%", "790\u{a0}€ par mois"),
                plain("29\u{a0}%", "67 m²"),
                plain("32\u{a0}%", "88 m²"),
            ],
        },
    ]
}

fn baskets() -> Vec<basket::Basket<'static>> {
    let here = |label| basket::Item { label, present: Some(true), nearest: "" };
    let away = |label, nearest| basket::Item { label, present: Some(false), nearest };
    vec![
        basket::Basket {
            name: "Gamme de proximité",
            text: "9 types sur 12",
            items: vec![
                here("Boulangerie"),
                here("Épicerie, supérette"),
                here("Bureau de poste"),
                here("École maternelle"),
                here("École élémentaire"),
                here("Médecin généraliste"),
                here("Pharmacie"),
                away("Boucherie, charcuterie", "Bourg-Voisin 3,4 km"),
                here("Salon de coiffure"),
                away("Station-service", "Grande-Ville 11,8 km"),
                here("Restaurant"),
                basket::Item { label: "Terrain de grands jeux", present: None, nearest: "" },
            ],
        },
        basket::Basket {
            name: "Gamme intermédiaire",
            text: "2 types sur 6",
            items: vec![
                here("Collège"),
                away("Laboratoire d’analyses et de biologie médicales", LONG),
                away("Librairie, papeterie, journaux", "Grande-Ville 11,8 km"),
                here("Opticien"),
                away("Bassin de natation", "Bourg-Voisin 3,4 km"),
                away("Police, gendarmerie", "Grande-Ville 11,8 km"),
            ],
        },
    ]
}

fn labels() -> Vec<classes::Class<'static>> {
    [
        ("A", 2.1, "2,1\u{a0}%", 2.4),
        ("B", 4.4, "4,4\u{a0}%", 4.9),
        ("C", 21.0, "21,0\u{a0}%", 25.6),
        ("D", 30.5, "30,5\u{a0}%", 32.4),
        ("E", 20.4, "20,4\u{a0}%", 20.1),
        ("F", 12.9, "12,9\u{a0}%", 8.7),
        ("G", 8.7, "8,7\u{a0}%", 5.9),
    ]
    .map(|(letter, value, text, reference)| classes::Class {
        letter,
        datum: d(value, text),
        reference: Some(reference),
    })
    .to_vec()
}

fn types() -> Vec<mosaic::Column<'static>> {
    let column = |label, part, cells: [(f64, &'static str); 4]| mosaic::Column {
        label,
        part,
        cells: cells.map(|(value, text)| d(value, text)).to_vec(),
    };
    vec![
        column(
            "Appartements",
            d(63.2, "63,2\u{a0}%"),
            [(48.0, "48\u{a0}%"), (31.0, "31\u{a0}%"), (16.0, "16\u{a0}%"), (5.0, "5\u{a0}%")],
        ),
        column(
            "Maisons",
            d(34.6, "34,6\u{a0}%"),
            [(4.0, "4\u{a0}%"), (14.0, "14\u{a0}%"), (32.0, "32\u{a0}%"), (50.0, "50\u{a0}%")],
        ),
        column(
            "Autres",
            d(2.2, "2,2\u{a0}%"),
            [(70.0, "70\u{a0}%"), (20.0, "20\u{a0}%"), (6.0, "6\u{a0}%"), (4.0, "4\u{a0}%")],
        ),
    ]
}
