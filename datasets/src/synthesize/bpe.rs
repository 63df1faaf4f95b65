//! Facilities in the detailed layout of 74 columns, with the list of types that they are read with.

use super::dice::{Dice, whole};
use super::output::{Charset, Output};
use super::places::Place;
use super::points::{near, projection};
use super::tessellation::centres;
use crate::engine::ImportError;

/// Facilities per inhabitant: 2.7 million for France.
const PER_INHABITANT: f64 = 0.0395;

const HEADER: &str = "AN;NOMRS;CNOMRS;NUMVOIE;INDREP;TYPVOIE;LIBVOIE;CADR;LIBCOM;CODPOS;DEPCOM;DEP;REG;DOM;SDOM;TYPEQU;SIRET;STATUT_DIFFUSION;CANTINE;INTERNAT;RPI;EP;CL_PGE;SECT;ACCES_AIRE_PRATIQUE;ACCES_LIBRE;ACCES_SANITAIRE;ACCES_VESTIAIRE;CAPACITE_D_ACCUEIL;PRES_DOUCHE;PRES_SANITAIRE;SAISONNIER;COUVERT;ECLAIRE;CATEGORIE;MULTIPLEXE;ACCUEIL;ITINERANCE;MODE_GESTION;SSTYPHEB;TYPE;CAPACITE;INDIC_CAPA;NBEQUIDENT;INDIC_NBEQUIDENT;NBSALLES;INDIC_NBSALLES;NBLIEUX;INDIC_NBLIEUX;LAMBERT_X;LAMBERT_Y;LONGITUDE;LATITUDE;QUALITE_XY;EPSG;QUALITE_GEOLOC;TR_DIST_PRECISION;DCIRIS;QUALI_IRIS;IRISEE;QP2015;QUALI_QP2015;QP;QUALI_QP;QVA;QUALI_QVA;ZUS;QUALI_ZUS;EPCI;UU2020;BV2022;AAV2020;DENS3;DENS7";

/// Code, label, weight among facilities, and the inhabitants below which a commune has none.
const TYPES: [(&str, &str, f64, f64); 50] = [
    ("A101", "Police", 0.05, 9_000.0),
    ("A104", "Gendarmerie", 0.3, 1_500.0),
    ("A203", "Banque, caisse d'épargne", 3.0, 1_500.0),
    ("A206", "Bureau de poste", 0.8, 800.0),
    ("A207", "Relais poste", 0.7, 150.0),
    ("A208", "Agence postale", 0.9, 150.0),
    ("A401", "Maçon", 9.0, 0.0),
    ("A402", "Plâtrier peintre", 6.0, 0.0),
    ("A403", "Menuisier charpentier serrurier", 6.0, 0.0),
    ("A404", "Plombier couvreur chauffagiste", 7.0, 0.0),
    ("A405", "Électricien", 5.0, 0.0),
    ("A501", "Coiffure", 8.0, 300.0),
    ("A502", "Vétérinaire", 0.7, 2_000.0),
    ("A504", "Restaurant - Restauration rapide", 9.0, 200.0),
    ("B104", "Hypermarché", 0.15, 8_000.0),
    ("B105", "Supermarché", 0.6, 2_000.0),
    ("B201", "Supérette", 0.6, 800.0),
    ("B202", "Épicerie", 1.5, 300.0),
    ("B203", "Boulangerie", 3.0, 400.0),
    ("B204", "Boucherie charcuterie", 1.6, 600.0),
    ("B301", "Librairie, papeterie, journaux", 1.0, 2_000.0),
    ("B302", "Magasin de vêtements", 3.0, 2_500.0),
    ("B316", "Station-service", 1.0, 900.0),
    ("C107", "École maternelle", 1.2, 900.0),
    ("C108", "École primaire", 3.2, 150.0),
    ("C201", "Collège", 0.7, 3_000.0),
    ("C301", "Lycée d'enseignement général et/ou technologique", 0.25, 9_000.0),
    ("D106", "Urgences", 0.06, 15_000.0),
    ("D107", "Maternité", 0.04, 18_000.0),
    ("D265", "Médecin généraliste", 4.6, 700.0),
    ("D277", "Chirurgien-dentiste", 2.7, 2_000.0),
    ("D278", "Sage-femme", 0.6, 3_000.0),
    ("D279", "Masseur-kinésithérapeute", 5.0, 900.0),
    ("D281", "Infirmier", 7.0, 500.0),
    ("D282", "Orthophoniste", 1.2, 2_500.0),
    ("D302", "Laboratoire d'analyses et de biologie médicale", 0.35, 5_000.0),
    ("D307", "Pharmacie", 1.9, 1_000.0),
    ("D401", "Personnes âgées : hébergement", 0.8, 1_500.0),
    ("D502", "Crèche", 1.1, 2_500.0),
    ("E108", "Gare de voyageurs d'intérêt régional", 0.3, 1_000.0),
    ("F101", "Bassin de natation", 0.4, 4_000.0),
    ("F103", "Tennis", 1.8, 700.0),
    ("F111", "Plateaux et terrains de jeux extérieurs", 2.6, 100.0),
    ("F303", "Cinéma", 0.2, 6_000.0),
    ("F306", "Théâtre - Arts de rue - Pôle cirque", 0.15, 12_000.0),
    ("F307", "Bibliothèque", 1.5, 500.0),
    ("G101", "Agence de voyage", 0.5, 3_000.0),
    ("G102", "Hôtel", 0.5, 800.0),
    ("G103", "Camping", 0.4, 100.0),
    ("G104", "Information touristique", 1.0, 500.0),
];

/// `typequ_2024.csv`, then `BPE24.csv`.
pub fn facilities(places: &[Place], output: &mut Output<'_>) -> Result<(), ImportError> {
    let list = TYPES.iter().map(|(code, label, ..)| format!("{code};{label}"));
    output.file("typequ_2024.csv", Charset::Utf8, std::iter::once("TYPEQU;LIBELLE".to_owned()).chain(list))?;
    let centres = centres(places);
    let mut rest = 0.0;
    let lines = places.iter().filter(|place| !place.divided && place.population > 0.0).flat_map(|place| {
        rest += place.population * PER_INHABITANT;
        let count = whole(rest);
        rest -= f64::from(count);
        let centre = centres.get(place.code.as_str()).copied().unwrap_or_default();
        let mut dice = Dice::named(&format!("equipements {}", place.code));
        let around = projection(&place.departement);
        let choices: Vec<(&str, f64)> = TYPES
            .iter()
            .filter(|(.., least)| place.population >= *least)
            .map(|(code, _, weight, _)| (*code, *weight))
            .collect();
        (0..count).map(move |_| {
            let code = dice.pick(&choices).unwrap_or("A401");
            let quality = dice
                .pick(&[("Bonne", 0.78), ("Acceptable", 0.14), ("Mauvaise", 0.06), ("Non géolocalisé", 0.02)])
                .unwrap_or("Bonne");
            let point = near(place, centre, &around, &mut dice);
            let located = if quality == "Non géolocalisé" {
                format!(";;;;{quality};")
            } else {
                let (x, y, lon, lat, epsg) = (point.x, point.y, point.longitude, point.latitude, around.epsg);
                format!("{x:.2};{y:.2};{lon:.6};{lat:.6};{quality};{epsg}")
            };
            let identical = if code == "F103" { "2" } else { "" };
            let Place { code: insee, name, postcode, departement, region, epci, .. } = place;
            let (domain, subdomain) = (&code[..1], &code[..2]);
            format!(
                "2024;;;;;;;;{name};{postcode};{insee};{departement};{region};{domain};{subdomain};{code};;;;;;;;;;;;;;;;;;;;;;;;;;;;{identical};;;;;;{located};;;{insee}_0101;;;;;;;;;;;{};;;;;",
                epci.0
            )
        })
    });
    output.file("BPE24.csv", Charset::Utf8, std::iter::once(HEADER.to_owned()).chain(lines))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_has_the_columns_of_the_producer() {
        assert_eq!(HEADER.split(';').count(), 74);
        let place = |name| HEADER.split(';').position(|column| column == name);
        assert_eq!(
            (place("TYPEQU"), place("NBEQUIDENT"), place("LAMBERT_X"), place("EPSG")),
            (Some(15), Some(43), Some(49), Some(54))
        );
    }
}
