//! The invented town among its neighbours, and rows small enough to be worked out by hand.

use rust_decimal::Decimal;

use super::{Access, Around, Establishment, Neighbour, Service, Tables, split};
use crate::themes::fixture::{moved, table};
use indicators::Kinship;

/// A commune of eight thousand inhabitants that has nothing.
pub fn commune() -> Around {
    let none = Some(0);
    Around {
        scope: "com".to_owned(),
        annee: 2024,
        sources: vec![1],
        part: Decimal::ONE,
        communes: 1,
        rang: 1,
        pop: Some(8_000),
        superficie: Some(16.into()),
        pop_superficie: Some(8_000),
        part_superficie: 1_000,
        part_bpe: 1_000,
        part_rpps: 1_000,
        part_finess: 1_000,
        n: none,
        services: none,
        commerces: none,
        enseignement: none,
        sante: none,
        transports: none,
        loisirs: none,
        tourisme: none,
        proximite: none,
        intermediaire: none,
        superieure: none,
        panier_proximite: 11,
        panier_intermediaire: 14,
        panier_superieure: 7,
        generalistes: none,
        generalistes_poids: Some(Decimal::ZERO),
        dentistes: none,
        infirmiers: none,
        kinesitherapeutes: none,
        sages_femmes: none,
        orthophonistes: none,
        pharmaciens: none,
        hopitaux: none,
        ehpad: none,
        residences_autonomie: none,
        maisons_centres_sante: none,
        pharmacies: none,
        laboratoires: none,
    }
}

/// A service with its distance in kilometres.
pub fn service(name: &str, number: i64, km: &str) -> Service {
    Service {
        service: name.to_owned(),
        libelle: name.to_owned(),
        gamme: "proximite".to_owned(),
        nombre: number,
        sans_lieu: 0,
        centre: true,
        km: Some(km.parse().unwrap()),
        code: Some("00000".to_owned()),
        nom: Some("Ville-Exemple".to_owned()),
    }
}

fn whole(per_town: i64, weight: i64, wobble: i64) -> Option<i64> {
    i64::try_from(moved(per_town, weight, wobble).round()).ok()
}

/// Rows for the five scopes and forty peers, and the services of the town: no maternity, no cinema.
pub fn ordinary() -> Tables {
    let around = table("communes", "themes/territory/around", super::AROUND, |scope, weight, wobble| {
        let some = |per_town| whole(per_town, weight, wobble);
        let basket = |present: i64| match scope {
            "com" | "epci" => Some(present + i64::from(scope == "epci")),
            "sim" => Some(present + wobble % 3),
            _ => None,
        };
        let row = Around {
            scope: scope.to_owned(),
            communes: weight,
            rang: 1 + weight / 20,
            pop: Some(14_870 * weight),
            superficie: Some(moved(41, weight, -wobble)),
            pop_superficie: Some(14_870 * weight),
            n: some(402),
            services: some(182),
            commerces: some(61),
            enseignement: some(24),
            sante: some(88),
            transports: some(3),
            loisirs: some(34),
            tourisme: some(10),
            proximite: basket(10),
            intermediaire: basket(11),
            superieure: basket(3),
            generalistes: some(13),
            generalistes_poids: Some(moved(12, weight, wobble)),
            dentistes: some(8),
            infirmiers: some(31),
            kinesitherapeutes: some(17),
            sages_femmes: some(2),
            orthophonistes: some(4),
            pharmaciens: some(15),
            hopitaux: some(1),
            ehpad: some(2),
            residences_autonomie: some(1),
            maisons_centres_sante: some(1),
            pharmacies: some(5),
            laboratoires: some(1),
            ..commune()
        };
        vec![row]
    });
    let ids =
        [("communes", 20), ("population", 1), ("contours", 21), ("bpe_equipements", 22), ("rpps", 23), ("finess", 24)];
    let files = ["com", "epci", "dep", "reg", "fr"]
        .iter()
        .flat_map(|scope| ids.map(|(dataset, id)| (((*scope).to_owned(), dataset.to_owned()), vec![id])))
        .collect();
    let lacking = |name: &str, label: &str, gamme: &str, km: &str| Service {
        libelle: label.to_owned(),
        gamme: gamme.to_owned(),
        code: Some("00017".to_owned()),
        nom: Some("Exemple-H".to_owned()),
        ..service(name, 0, km)
    };
    let here =
        ["boulangerie", "epicerie", "poste", "ecole", "medecin", "pharmacie", "supermarche", "creche", "college"];
    let mut services: Vec<Service> = here.iter().map(|name| service(name, 3, "0.4")).collect();
    services.extend([
        lacking("lycee", "Lycée général ou technologique", "superieure", "8.24"),
        lacking("gare", "Gare de voyageurs", "superieure", "8.61"),
        lacking("urgences", "Urgences", "superieure", "22.4"),
        lacking("maternite", "Maternité", "superieure", "22.4"),
    ]);
    let kinds = [
        ("hopital", "9.1"),
        ("maison", "0.8"),
        ("ehpad", "0.6"),
        ("autonomie", "1.2"),
        ("pharmacie", "0.2"),
        ("labo", "0.5"),
    ];
    let nearest = kinds.map(|(kind, km)| Establishment {
        genre: kind.to_owned(),
        km: Some(km.parse().unwrap()),
        code: Some("00000".to_owned()),
        nom: Some("Ville-Exemple".to_owned()),
    });
    let neighbours = [("00014", "Exemple-E"), ("00016", "Exemple-G")];
    Tables {
        services,
        nearest: nearest.into(),
        access: Access { praticiens: Some(21.into()), habitants: Some(28_400), communes: 7, complet: Some(true) },
        neighbours: neighbours
            .map(|(code, nom)| Neighbour { code: code.to_owned(), nom: nom.to_owned(), meme_epci: true })
            .into(),
        peers: 40,
        kinship: Some(Kinship::SizeAndZone),
        ..split(&around, &files)
    }
}
