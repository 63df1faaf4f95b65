//! What is built and what it served: energy, permits, the standstill.

use super::{HALF, Rows, compared, drawn, halves, listed};
use crate::exhibits;
use crate::pages::{Item, Line, Sheaf};

const CERTIFICATES: &[Line] = &[
    ("dpe.n", "Diagnostics", None),
    ("dpe.repr", "pour cent logements du recensement", None),
    ("dpe.fg", "Classés F ou G (énergie)", None),
    ("dpe.ges_fg", "Classés F ou G (gaz à effet de serre)", None),
    ("dpe.conso", "Consommation médiane", None),
    ("dpe.ges", "Émissions médianes", None),
];

pub fn energy(sheaf: &mut Sheaf<'_, '_>) -> Rows {
    let labels = drawn(sheaf, "Diagnostics selon leur classe", &["dpe.cl[A]", "dpe.cl[D]", "dpe.cl[G]"], |sheaf| {
        exhibits::labels(sheaf.press, &mut sheaf.numbers, (HALF, 208.0)).map(Some)
    })?;
    let note = Item::Note {
        title: "Ce que ces diagnostics représentent",
        text: "Les données ouvertes ne contiennent que les logements diagnostiqués\u{a0}: vendus, loués ou rénovés. Ces parts décrivent des diagnostics, non l’ensemble du parc, et un immeuble peut n’en avoir qu’un.".to_owned(),
    };
    let text = sheaf.text("commentaire")?;
    let ids = ["log.av1946", "log.av1971"];
    let plot = compared(sheaf, "parc-ancien", "Le parc d’avant les règles thermiques", &ids, 104.0)?;
    let table = listed(
        sheaf,
        "Diagnostics de performance énergétique",
        "Base de l’ADEME, interrogée à la collecte",
        CERTIFICATES,
    )?;
    halves(vec![labels, note, text], vec![plot, table])
}

const PERMITS: &[Line] = &[
    ("sit.moy5", "Autorisés par an, sur cinq ans", None),
    ("sit.moy10", "Autorisés par an, sur dix ans", None),
    ("sit.tx", "pour mille logements", None),
    ("sit.part_coll", "dont collectif", None),
    ("sit.delai", "Délai d’ouverture de chantier", None),
];

pub fn permits(sheaf: &mut Sheaf<'_, '_>) -> Rows {
    let allowed = drawn(sheaf, "Logements autorisés", &["sit.moy5"], |sheaf| {
        let words = ("Logements autorisés par an", "Nombre, selon l’année d’autorisation\u{a0}; permis annulés exclus");
        let figures = ("sit.aut", Some("sit.moy10"));
        exhibits::by_year(sheaf.press, &mut sheaf.numbers, "autorises", words, figures, (HALF, 116.0))
    })?;
    let started = drawn(sheaf, "Logements commencés", &["sit.moy5"], |sheaf| {
        let words =
            ("Logements commencés par an", "Nombre, selon l’ouverture de chantier\u{a0}; hachures\u{a0}: provisoire");
        exhibits::by_year(sheaf.press, &mut sheaf.numbers, "commences", words, ("sit.com", None), (HALF, 108.0))
    })?;
    let ids = ["sit.tx", "sit.part_coll", "sit.transfo"];
    let plot = compared(sheaf, "construction", "Rythme, part du collectif, mise en chantier", &ids, 108.0)?;
    let table = listed(sheaf, "La construction de logements", "Moyennes annuelles, parts et délai", PERMITS)?;
    let text = sheaf.text("commentaire")?;
    halves(vec![allowed, started], vec![plot, table, text])
}

const NEEDS: &[Line] = &[
    ("bes.construits", "Logements commencés", None),
    ("bes.renouv", "Renouvellement du parc", None),
    ("bes.vacance", "Secondaires et vacants", None),
    ("bes.desserr", "Desserrement des ménages", None),
    ("bes.pm", "Point mort", None),
    ("bes.pm_par1000", "par an pour mille habitants", None),
];

pub fn needs(sheaf: &mut Sheaf<'_, '_>) -> Rows {
    let steps = drawn(sheaf, "Du besoin constaté à la construction", &["bes.pm"], |sheaf| {
        exhibits::standstill(sheaf.press, &mut sheaf.numbers, (HALF, 280.0)).map(Some)
    })?;
    let text = sheaf.text("commentaire")?;
    let note = Item::Note {
        title: "Lire le point mort",
        text: "Nombre de logements qu’il a fallu pour garder le même nombre d’habitants\u{a0}: remplacer, laisser vides ou secondaires, loger des ménages plus petits. C’est un constat sur le passé, pas une prévision\u{a0}; il ne dit rien des besoins non satisfaits.".to_owned(),
    };
    let table = listed(
        sheaf,
        "Du besoin constaté aux logements commencés",
        "Nombre de logements entre deux recensements",
        NEEDS,
    )?;
    halves(vec![steps, text], vec![note, table])
}
