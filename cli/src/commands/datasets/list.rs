//! `lobster datasets list`: one page that an operator understands at once.

use chrono::{DateTime, Utc};
use datasets::{Loaded, Source, age_in_words, freshness};
use domain::ports::Clock as _;
use infra::clock::SystemClock;
use serde_json::json;
use sqlx::PgPool;

use crate::args::List;

pub async fn run(pool: &PgPool, list: &List) -> anyhow::Result<()> {
    let all = datasets::list(pool).await?;
    let now = SystemClock.now();
    if list.json {
        println!("{}", serde_json::to_string_pretty(&all.iter().map(|one| as_json(one, now)).collect::<Vec<_>>())?);
        return Ok(());
    }
    let mut lines = vec![HEAD.map(str::to_owned)];
    for loaded in all.iter().filter(|loaded| !loaded.sources.is_empty()) {
        if list.files {
            lines.extend(loaded.sources.iter().filter_map(|source| line(loaded, std::slice::from_ref(source), now)));
        } else {
            lines.extend(line(loaded, &loaded.sources, now));
        }
    }
    print(&lines);
    missing(&all);
    remarks(&all);
    Ok(())
}

const HEAD: [&str; 8] = ["JEU", "MILLÉSIME", "LIGNES", "NATURE", "CHARGÉ", "ÉTAT", "SOMME", "FICHIERS"];
/// The column of figures, aligned on its end.
const FIGURES: usize = 2;

/// Columns as wide as their widest cell.
fn print(lines: &[[String; 8]]) {
    let width = |column: usize| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or_default();
    let widths: [usize; 8] = std::array::from_fn(width);
    for line in lines {
        let cells = line.iter().zip(widths).enumerate().map(|(column, (cell, width))| match column {
            FIGURES => format!("{cell:>width$}"),
            _ => format!("{cell:<width$}"),
        });
        println!("{}", cells.collect::<Vec<_>>().join("  ").trim_end());
    }
}

fn line(loaded: &Loaded, sources: &[Source], now: DateTime<Utc>) -> Option<[String; 8]> {
    let newest = sources.first()?;
    let loaded_last = sources.iter().map(|source| source.obtenu_le).max()?;
    let vintages = || sources.iter().map(|source| source.millesime.as_str());
    let (first, last) = (vintages().min().unwrap_or_default(), vintages().max().unwrap_or_default());
    let files = match sources {
        [one] => format!("{}{}", one.fichier, scope(one)),
        several => format!("{} fichiers", several.len()),
    };
    Some([
        loaded.dataset.name.to_owned(),
        if first == last { first.to_owned() } else { format!("{first} à {last}") },
        thousands(sources.iter().map(|source| source.lignes_gardees).sum::<i64>()),
        nature(sources).to_owned(),
        age_in_words(loaded_last, now),
        freshness(loaded.dataset.rhythm, &newest.millesime, newest.obtenu_le, now).words().to_owned(),
        newest.sha256.get(..8).unwrap_or(&newest.sha256).to_owned(),
        files,
    ])
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

fn missing(all: &[Loaded]) {
    let missing: Vec<&Loaded> = all.iter().filter(|loaded| loaded.sources.is_empty()).collect();
    if missing.is_empty() {
        return;
    }
    println!("\nManquent, et ce qui manque avec eux dans les rapports :");
    for loaded in missing {
        let dataset = loaded.dataset;
        println!("{:<24} {} — {}, {}", dataset.name, datasets::feeds(dataset.name), dataset.producer, dataset.rhythm);
    }
    println!("Pour les charger : lobster datasets fetch <jeu>, ou lobster datasets import <jeu> <fichier>.");
}

fn remarks(all: &[Loaded]) {
    let generated: Vec<&str> = all
        .iter()
        .filter(|loaded| loaded.sources.iter().any(|source| source.synthetique))
        .map(|loaded| loaded.dataset.name)
        .collect();
    if !generated.is_empty() {
        println!("\nDonnées générées : {}.", generated.join(", "));
        println!("Tout rapport qui s’en sert porte la mention SPÉCIMEN et ne peut pas être vendu.");
    }
}

/// `13 900 000`, as French is written.
pub fn thousands(number: impl std::fmt::Display) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 * 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text
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
    use super::thousands;

    #[test]
    fn figures_are_grouped_as_french_groups_them() {
        assert_eq!(thousands(0), "0");
        assert_eq!(thousands(875), "875");
        assert_eq!(thousands(34_875), "34\u{202f}875");
        assert_eq!(thousands(13_900_000), "13\u{202f}900\u{202f}000");
    }
}
