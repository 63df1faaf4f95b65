//! `lobster datasets list`: one page that an operator understands at once, as wide as his terminal.

use chrono::{DateTime, Utc};
use console::Term;
use datasets::{Loaded, Source, age_in_words, freshness, thousands};
use domain::ports::Clock as _;
use infra::clock::SystemClock;
use serde_json::json;
use sqlx::PgPool;

use super::table::{Table, wrap};
use crate::args::List;

pub async fn run(pool: &PgPool, list: &List) -> anyhow::Result<()> {
    let all = datasets::list(pool).await?;
    let now = SystemClock.now();
    if list.json {
        println!("{}", serde_json::to_string_pretty(&all.iter().map(|one| as_json(one, now)).collect::<Vec<_>>())?);
        return Ok(());
    }
    // A file or a pipe has no width: it gets everything.
    let width = Term::stdout().size_checked().map(|(_, columns)| usize::from(columns));
    for line in page(&all, list.files, now, width) {
        println!("{line}");
    }
    Ok(())
}

/// The whole page, line by line.
fn page(all: &[Loaded], files: bool, now: DateTime<Utc>, width: Option<usize>) -> Vec<String> {
    let mut table = Table::new(HEAD);
    for loaded in all.iter().filter(|loaded| !loaded.sources.is_empty()) {
        match files {
            true => loaded.sources.iter().filter_map(|one| row(loaded, std::slice::from_ref(one), now)).collect(),
            false => row(loaded, &loaded.sources, now).into_iter().collect::<Vec<_>>(),
        }
        .into_iter()
        .for_each(|row| table.push(row));
    }
    let mut lines = match table.is_empty() {
        true => wrap(NOTHING, "", width),
        false => table.lines(width, &LEAVING),
    };
    lines.extend(missing(all, width));
    lines.extend(remarks(all, width));
    lines
}

const NOTHING: &str = "Aucune donnée n’est chargée. Pour une démonstration : lobster datasets prepare.";
const HEAD: [&str; 9] = ["JEU", "MILLÉSIME", "LIGNES", "NATURE", "ÉTAT", "CHARGÉ", "RYTHME", "SOMME", "FICHIERS"];
/// Columns that a narrow terminal goes without, the first to leave first.
const LEAVING: [&str; 4] = ["SOMME", "RYTHME", "FICHIERS", "CHARGÉ"];

fn row(loaded: &Loaded, sources: &[Source], now: DateTime<Utc>) -> Option<[String; 9]> {
    let newest = sources.first()?;
    let loaded_last = sources.iter().map(|source| source.obtenu_le).max()?;
    let files = match sources {
        [one] => format!("{}{}", one.fichier, scope(one)),
        several => format!("{} fichiers", several.len()),
    };
    let rhythm = loaded.dataset.rhythm;
    Some([
        loaded.dataset.name.to_owned(),
        vintages(sources),
        thousands(sources.iter().map(|source| source.lignes_gardees).sum::<i64>()),
        nature(sources).to_owned(),
        freshness(rhythm, &newest.millesime, newest.obtenu_le, now).words().to_owned(),
        age_in_words(loaded_last, now),
        rhythm.split(',').next().unwrap_or(rhythm).to_owned(),
        newest.sha256.get(..8).unwrap_or(&newest.sha256).to_owned(),
        files,
    ])
}

/// One vintage as it is, several as their years: « 2010 à 2021 ».
fn vintages(sources: &[Source]) -> String {
    let all = || sources.iter().map(|source| source.millesime.as_str());
    let (first, last) = (all().min().unwrap_or_default(), all().max().unwrap_or_default());
    if first == last {
        return first.to_owned();
    }
    let first = first.get(..4).unwrap_or(first);
    // « 2014-2017 » ends in 2017, « 2025-09-05 » is of 2025.
    let last = match last.rsplit_once('-') {
        Some((_, year)) if year.len() == 4 => year,
        _ => last.get(..4).unwrap_or(last),
    };
    if first == last { first.to_owned() } else { format!("{first} à {last}") }
}

/// A part of France, told beside the file.
fn scope(source: &Source) -> String {
    match source.perimetre.as_str() {
        "FR" => String::new(),
        code if code.len() == 5 => format!(" (commune {code} seule)"),
        code => format!(" (département {code} seul)"),
    }
}

fn nature(sources: &[Source]) -> &'static str {
    match (sources.iter().any(|source| source.synthetique), sources.iter().any(|source| !source.synthetique)) {
        (true, true) => "mêlé",
        (true, false) => "généré",
        (false, _) => "réel",
    }
}

fn missing(all: &[Loaded], width: Option<usize>) -> Vec<String> {
    let missing: Vec<&Loaded> = all.iter().filter(|loaded| loaded.sources.is_empty()).collect();
    if missing.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![String::new(), "Manquent, et ce qui manque avec eux dans les rapports :".to_owned()];
    for loaded in missing {
        let dataset = loaded.dataset;
        let feeds = datasets::feeds(dataset.name);
        let line = format!("{:<24}{feeds} ({}, {})", dataset.name, dataset.producer, dataset.rhythm);
        lines.extend(wrap(&line, &" ".repeat(24), width));
    }
    let how = "Pour les charger : lobster datasets fetch <jeu>, ou lobster datasets import <jeu> <fichier>.";
    lines.extend(wrap(how, "", width));
    lines
}

fn remarks(all: &[Loaded], width: Option<usize>) -> Vec<String> {
    let generated: Vec<&str> = all
        .iter()
        .filter(|loaded| loaded.sources.iter().any(|source| source.synthetique))
        .map(|loaded| loaded.dataset.name)
        .collect();
    if generated.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![String::new()];
    lines.extend(wrap(&format!("Données générées : {}.", generated.join(", ")), "", width));
    let so = "Tout rapport qui s’en sert porte la mention SPÉCIMEN et ne peut pas être vendu.";
    lines.extend(wrap(so, "", width));
    lines
}

fn as_json(loaded: &Loaded, now: DateTime<Utc>) -> serde_json::Value {
    let dataset = loaded.dataset;
    let source = |source: &Source| {
        json!({
            "id": source.id, "millesime": source.millesime, "partie": source.partie, "perimetre": source.perimetre,
            "cog_annee": source.cog_annee, "fichier": source.fichier, "sha256": source.sha256,
            "lignes": source.lignes_gardees, "synthetique": source.synthetique, "obtenu_le": source.obtenu_le,
            "etat": freshness(dataset.rhythm, &source.millesime, source.obtenu_le, now).words(),
        })
    };
    json!({
        "dataset": dataset.name, "titre": dataset.title, "producteur": dataset.producer, "licence": dataset.licence,
        "rythme": dataset.rhythm, "sert_a": datasets::feeds(dataset.name),
        "sources": loaded.sources.iter().map(source).collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use datasets::DATASETS;

    use super::*;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_795_000_000, 0).unwrap()
    }

    fn source(dataset: &str, millesime: &str, synthetique: bool) -> Source {
        Source {
            id: 1,
            dataset: dataset.to_owned(),
            producteur: String::new(),
            titre: String::new(),
            licence: String::new(),
            millesime: millesime.to_owned(),
            cog_annee: 2025,
            perimetre: "44".to_owned(),
            partie: String::new(),
            fichier: format!("SYNTHETIQUE_un_fichier_au_nom_assez_long_de_{dataset}_{millesime}.csv"),
            sha256: "0123456789abcdef".repeat(4),
            lignes_gardees: 13_845_641,
            synthetique,
            obtenu_le: now() - TimeDelta::days(400),
        }
    }

    /// Everything is loaded but the last three datasets.
    fn all() -> Vec<Loaded> {
        let loaded = DATASETS.len() - 3;
        let sources = |at: usize, name: &str| match at {
            at if at >= loaded => vec![],
            at if at % 2 == 0 => vec![source(name, "2024", true), source(name, "2020", false)],
            _ => vec![source(name, "2025-09-05", false)],
        };
        DATASETS
            .iter()
            .enumerate()
            .map(|(at, dataset)| Loaded { dataset, sources: sources(at, dataset.name) })
            .collect()
    }

    #[test]
    fn the_page_fits_the_terminal_and_never_loses_what_matters() {
        for width in [80, 100, 120, 160, 240] {
            for files in [false, true] {
                let lines = page(&all(), files, now(), Some(width));
                for line in &lines {
                    assert!(line.chars().count() <= width, "{width}: {line}");
                }
                let text = lines.join("\n");
                for part in ["population_departements", "à renouveler", "mêlé", "13\u{202f}845\u{202f}641", "SPÉCIMEN"]
                {
                    assert!(text.contains(part) || files && part == "mêlé", "{width}: « {part} » is not in\n{text}");
                }
                assert!(text.contains("rpps") && text.contains("les professionnels de santé"), "{text}");
            }
        }
        let wide = page(&all(), true, now(), None).join("\n");
        for column in HEAD {
            assert!(wide.contains(column), "{column}");
        }
        assert!(
            wide.contains("SYNTHETIQUE_un_fichier_au_nom_assez_long_de_dvf_2024.csv (département 44 seul)"),
            "{wide}"
        );
    }

    #[test]
    fn an_empty_database_says_so_and_how_to_begin() {
        let none: Vec<Loaded> = DATASETS.iter().map(|dataset| Loaded { dataset, sources: vec![] }).collect();
        let lines = page(&none, false, now(), Some(80));
        assert!(lines[0].starts_with("Aucune donnée n’est chargée") && lines.join(" ").contains("datasets prepare"));
        assert!(!lines.join("\n").contains("JEU "), "no head over nothing");
    }

    #[test]
    fn several_vintages_are_told_by_their_years() {
        let of = |all: &[&str]| vintages(&all.iter().map(|one| source("dvf", one, false)).collect::<Vec<_>>());
        assert_eq!(of(&["2024-07-05", "2025-09-05"]), "2024 à 2025");
        assert_eq!(of(&["2014-2017", "2010"]), "2010 à 2017");
        assert_eq!(of(&["2025-01-01", "2025-09-05"]), "2025");
        assert_eq!(of(&["2025-09-05"]), "2025-09-05");
    }
}
