//! What it costs: prices, rents, what households can afford, land.

use super::{HALF, Rows, compared, drawn, halves, listed};
use crate::exhibits::{self, Sold};
use crate::pages::{Item, Line, Sheaf, tile};

const PRICES: &[Line] = &[
    ("dvf.med[appt]", "Prix médian, appartements", Some("€/m²")),
    ("dvf.med[mais]", "Prix médian, maisons", Some("€/m²")),
    ("dvf.evol5[appt]", "Évolution en cinq ans, appartements", None),
    ("dvf.evol5[mais]", "Évolution en cinq ans, maisons", None),
    ("dvf.rotation", "Ventes pour mille logements", None),
];

pub fn prices(sheaf: &mut Sheaf<'_, '_>) -> Rows {
    let map = drawn(sheaf, "Prix par commune", &["dvf.med[appt]", "dvf.med[mais]"], |sheaf| {
        exhibits::price_map(sheaf.press, &mut sheaf.numbers, (HALF, 172.0))
    })?;
    let table = listed(sheaf, "Prix de vente et rotation", "Par territoire", PRICES)?;
    let kinds = [
        (Sold::Flats, "dvf.med[appt]", "Prix des appartements vendus"),
        (Sold::Houses, "dvf.med[mais]", "Prix des maisons vendues"),
    ];
    let mut right = vec![];
    for (sold, id, title) in kinds {
        right.push(drawn(sheaf, title, &[id], |sheaf| {
            exhibits::prices(sheaf.press, &mut sheaf.numbers, sold, (HALF, 102.0))
        })?);
    }
    right.push(sheaf.text("commentaire")?);
    halves(vec![map, table], right)
}

const RENTS: &[Line] = &[
    ("ani.loyer[appt]", "Appartements", Some("€/m²/mois")),
    ("ani.loyer[t1t2]", "Appartements, 1-2 pièces", Some("€/m²/mois")),
    ("ani.loyer[t3p]", "Appartements, 3 pièces et plus", Some("€/m²/mois")),
    ("ani.loyer[maison]", "Maisons", Some("€/m²/mois")),
];

pub fn rents(sheaf: &mut Sheaf<'_, '_>) -> Rows {
    let ids = ["ani.loyer[appt]", "ani.loyer[maison]"];
    let intervals = drawn(sheaf, "Loyers d’annonce", &ids, |sheaf| {
        exhibits::rents(sheaf.press, &mut sheaf.numbers, (HALF, 196.0)).map(Some)
    })?;
    let note = Item::Note {
        title: "Un loyer d’annonce n’est pas un loyer payé",
        text: "Estimation du producteur pour un logement de référence, charges comprises, à partir d’annonces. Les millésimes ne se comparent pas entre eux\u{a0}: aucune évolution n’est donnée.".to_owned(),
    };
    let text = sheaf.text("commentaire")?;
    let zones = ["zon.abc@com", "zon.abc_prec@com"];
    let known = |id: &&str| sheaf.press.find(id).is_some_and(|fact| fact.status.is_citable());
    let zones: Vec<&str> = zones.into_iter().filter(known).collect();
    let tiles = zones.into_iter().map(|id| tile(sheaf.press, id)).collect::<Result<Vec<_>, _>>()?;
    let plot = compared(sheaf, "loyers-territoires", "Loyers d’annonce par territoire", &ids, 104.0)?;
    let table = listed(sheaf, "Loyers d’annonce", "Charges comprises", RENTS)?;
    let zone = (!tiles.is_empty()).then_some(Item::Tiles { tiles });
    halves(vec![intervals, note, text], zone.into_iter().chain([plot, table]).collect())
}

const HYPOTHESES: &[Line] = &[
    ("aff.taux", "Taux d’emprunt annuel, hors assurance", None),
    ("aff.duree", "Durée d’emprunt", None),
    ("aff.apport", "Apport, part du prix", None),
    ("aff.frais", "Frais d’acquisition, part du prix", None),
    ("aff.effort", "Part du revenu consacrée à l’emprunt", None),
];

pub fn access(sheaf: &mut Sheaf<'_, '_>) -> Rows {
    let matrix = drawn(sheaf, "Trois ménages, trois statuts", &["aff.loyer[couple]", "aff.m2[couple]"], |sheaf| {
        exhibits::efforts(sheaf.press, &mut sheaf.numbers, (HALF, 190.0)).map(Some)
    })?;
    let note = Item::Note {
        title: "Un ménage type, pas un ménage réel",
        text: "Chaque ménage vit du niveau de vie médian de la commune. Les aides au logement, l’épargne et les prix du neuf ne sont pas comptés.".to_owned(),
    };
    let text = sheaf.text("commentaire")?;
    let ids = ["aff.loyer[solo]", "aff.m2[couple]", "aff.mois_m2"];
    let plot = compared(sheaf, "acces", "Effort d’une personne seule, achat d’un couple", &ids, 118.0)?;
    let known = sheaf.press.find("aff.taux@com").is_some();
    let table =
        if known { Some(listed(sheaf, "Hypothèses de calcul", "Paramètres datés", HYPOTHESES)?) } else { None };
    halves(vec![matrix, note, text], [plot].into_iter().chain(table).collect())
}

const LAND: &[Line] = &[
    ("dvf.terrain", "Prix médian des terrains à bâtir", None),
    ("dvf.terrain_n", "Ventes de terrains en cinq ans", None),
    ("cad.nb", "Parcelles", None),
    ("cad.surf_mediane", "Surface médiane d’une parcelle", None),
    ("cad.part_grandes", "Surface en parcelles de plus d’un hectare", None),
];

pub fn land(sheaf: &mut Sheaf<'_, '_>) -> Rows {
    let bars = drawn(sheaf, "Prix des terrains à bâtir", &["dvf.terrain"], |sheaf| {
        let words = ("Prix médian des terrains à bâtir", "En € par m² de terrain, ventes de cinq années");
        exhibits::by_scope(sheaf.press, &mut sheaf.numbers, "terrains", words, "dvf.terrain", (HALF, 230.0)).map(Some)
    })?;
    let text = sheaf.text("commentaire")?;
    let table = listed(sheaf, "Terrains et parcelles", "Ventes de terrains\u{a0}; plan cadastral de la commune", LAND)?;
    let note = Item::Note {
        title: "Ce que le foncier ne dit pas ici",
        text: "Droits à construire, friches, dents creuses et rétention ne sont pas dans les données ouvertes nationales\u{a0}: le document d’urbanisme et l’observatoire local les renseignent. Les parcelles ne sont chargées que pour la commune, sans leurs propriétaires.".to_owned(),
    };
    halves(vec![bars, text], vec![table, note])
}
