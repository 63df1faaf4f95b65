//! Reports on paper, by the real browser: as many pages as are sold, each with its own head, nothing under the footer, our
//! fonts only.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, iter};

use domain::fact::{FactSheet, FactStatus};
use rust_decimal::Decimal;
use studies::Narrative;
use studies::pages::{Edition, FONTS};

const BROWSER: &str = "/usr/bin/chromium-headless-shell";
/// Running heads after the cover.
const LOG_01: &[&str] = &[
    "Lire ce rapport",
    "1. Synthèse",
    "2. Démographie",
    "3. Ménages",
    "4. Revenus",
    "5. Parc",
    "6. Types et âges",
    "7. Tailles",
    "8. Statuts",
    "9. Vacance",
    "10. Parc social",
    "11. Énergie",
    "12. Construction",
    "13. Point mort",
    "14. Prix",
    "15. Loyers",
    "16. Accès",
    "17. Foncier",
    "18. Perspectives",
    "19. Décalages",
    "20. Pistes",
    "21. Contenu d’un PLH",
    "22. Sources et limites",
];
/// Those of the village that has figures of its inhabitants, of its number of dwellings, and of nothing else.
const VILLAGE: &[&str] = &[
    "Lire ce rapport",
    "1. Synthèse",
    "2. Démographie",
    "3. Ménages",
    "5. Parc",
    "18. Perspectives",
    "19. Décalages",
    "20. Pistes",
    "21. Contenu d’un PLH",
    "22. Sources et limites",
];
const TER_01: &[&str] = &[
    "Lire ce rapport",
    "1. Synthèse",
    "2. Situation",
    "3. Population",
    "4. Âges",
    "5. Ménages",
    "6. Revenus",
    "7. Logement",
    "8. Marché",
    "9. Services",
    "10. Position",
    "11. Forces et fragilités",
    "12. Sources et limites",
];
const SPECIMEN: &str = "SPÉCIMEN — DONNÉES DE DÉMONSTRATION";

fn sample() -> FactSheet {
    serde_json::from_str(include_str!("../../src/log_01/sample.json")).unwrap()
}

fn portrait() -> FactSheet {
    serde_json::from_str(include_str!("../../src/ter_01/sample.json")).unwrap()
}

/// Everything that a commune may lack, under the longest names in use.
fn village() -> FactSheet {
    let mut sheet = sample();
    for fact in sheet.facts.values_mut() {
        if fact.id.ends_with("@com") {
            fact.scope.name = "Saint-Remy-en-Bouzemont-Saint-Genest-et-Isson".to_owned();
        }
        if fact.id.ends_with("@epci") {
            fact.scope.name =
                "Communauté d’agglomération de la Région de Château-Thierry et de la Vallée de l’Ourcq".to_owned();
        }
        let own = fact.id.ends_with("@com") && !fact.id.starts_with("dem.") && !fact.id.starts_with("log.n");
        if own || fact.id.starts_with("dvf.") {
            fact.status = if fact.id.starts_with("lov.") { FactStatus::Secret } else { FactStatus::Missing };
            fact.value = None;
            fact.peer = None;
            fact.text = "n.d.".to_owned();
            fact.note = Some("moins de onze logements ou de onze ventes : secret du producteur".to_owned());
        }
    }
    sheet
}

fn nil() -> FactSheet {
    let mut sheet = sample();
    for fact in sheet.facts.values_mut().filter(|fact| fact.id.starts_with("lov.") && fact.id.contains("@com")) {
        fact.value = fact.value.map(|_| Decimal::ZERO);
        fact.text = if fact.unit == "count" { "0".to_owned() } else { "0,0\u{a0}%".to_owned() };
    }
    sheet
}

/// Producers with long names, and more reasons than a page can list.
fn crowded() -> FactSheet {
    let mut sheet = sample();
    let producer = "Ministère chargé du logement (DGALN), Cerema";
    let reasons =
        ["France entière non chargée", "données incomplètes sur ce territoire", "absent du fichier du producteur"];
    for (n, fact) in sheet.facts.values_mut().enumerate() {
        fact.prov.producteur = producer.to_owned();
        if fact.id.ends_with("@fr") || fact.id.ends_with("@reg") || fact.id.starts_with("ani.loyer_") {
            fact.status = FactStatus::Missing;
            fact.value = None;
            fact.text = "n.d.".to_owned();
            fact.note = Some(format!("{} au millésime demandé, cas {}", reasons[n % 3], n % 11));
        }
    }
    let sources = sheet.exhibits.get_mut("sources").and_then(|sources| sources.as_array_mut()).unwrap();
    for source in sources {
        source["producteur"] = producer.into();
        if source["dataset"] == "dvf" {
            source["licence"] =
                "Licence Ouverte 2.0, et conditions de l’article R.112 A-3 du livre des procédures fiscales".into();
        }
    }
    sheet
}

/// Every block at the length that the judge still accepts.
fn verbose(sheet: &FactSheet) -> Narrative {
    let mut words = studies::find(&sheet.study).unwrap().by_rules(sheet);
    for (id, block) in &mut words.blocks {
        let budget = match id.rsplit('.').next().unwrap() {
            "titre" => 100,
            "lede" => 280,
            "retenir" => 260,
            "commentaire" => 320,
            name if name.starts_with("synthese") => 200,
            _ => 220,
        };
        let filler = iter::repeat("une phrase de longueur ordinaire qui décrit le logement et ses habitants ");
        block.text = filler.flat_map(str::chars).take(budget - 1).chain(['.']).collect();
    }
    for given in &mut words.recommendations {
        let filler = iter::repeat("une phrase de longueur ordinaire qui dit ce qu’il est possible de faire ");
        given.text = filler.flat_map(str::chars).take(419).chain(['.']).collect();
    }
    words
}

/// Extraction spaces words by their place on the page: compare without blanks.
fn tight(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// First and last line of a page: its head and its foot.
fn ends(page: &str) -> (String, String) {
    let lines: Vec<&str> = page.lines().filter(|line| !line.trim().is_empty()).collect();
    (tight(lines.first().unwrap()), tight(lines.last().unwrap()))
}

struct Paper {
    pages: Vec<String>,
    info: String,
    fonts: String,
    bytes: u64,
}

/// Prints the report in a folder of its own; `None` where there is no browser to print with.
fn print(name: &str, sheet: &FactSheet, words: &Narrative) -> Option<Paper> {
    if !Path::new(BROWSER).exists() {
        println!("SKIPPED: {BROWSER} is not installed, nothing was printed");
        return None;
    }
    let edition = Edition {
        report_number: "2026-000042".to_owned(),
        ordered_on: "2026-11-22".parse().unwrap(),
        template_version: "essai".to_owned(),
        specimen: true,
        blocks_model: 0,
        blocks_rules: 16,
    };
    let html = studies::find(&sheet.study).unwrap().render(sheet, words, &edition).unwrap();
    let folder = env::temp_dir().join(format!("lobster-print-{name}-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    for (file, bytes) in FONTS {
        fs::write(folder.join(file), bytes).unwrap();
    }
    let shown = folder.display();
    let fonts = format!("<fontconfig><dir>{shown}</dir><cachedir>{shown}/cache</cachedir></fontconfig>");
    fs::write(folder.join("fonts.conf"), fonts).unwrap();
    fs::write(folder.join("report.html"), html).unwrap();
    let pdf = folder.join("report.pdf");
    let printed = Command::new(BROWSER)
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-pdf-header-footer",
            "--generate-pdf-document-outline",
        ])
        .arg(format!("--user-data-dir={shown}/profile"))
        .arg(format!("--print-to-pdf={}", pdf.display()))
        .arg(format!("file://{shown}/report.html"))
        .env("FONTCONFIG_FILE", folder.join("fonts.conf"))
        .output()
        .unwrap();
    assert!(pdf.exists(), "{}", String::from_utf8_lossy(&printed.stderr));
    let text = ask("pdftotext", &["-layout"], &pdf, &["-"]);
    let paper = Paper {
        pages: text.split('\u{c}').filter(|page| !page.trim().is_empty()).map(str::to_owned).collect(),
        info: ask("pdfinfo", &[], &pdf, &[]),
        fonts: ask("pdffonts", &[], &pdf, &[]),
        bytes: fs::metadata(&pdf).unwrap().len(),
    };
    fs::remove_dir_all(&folder).unwrap();
    Some(paper)
}

fn ask(tool: &str, before: &[&str], pdf: &PathBuf, after: &[&str]) -> String {
    let output = Command::new(tool).args(before).arg(pdf).args(after).output().unwrap();
    assert!(output.status.success(), "{tool}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// A page that runs over pushes the next one out of its place: heads and folios tell.
fn check(paper: &Paper, commune: &str, heads: &[&str]) {
    let sold = heads.len() + 1;
    assert!(tight(&paper.pages[0]).contains(&tight(SPECIMEN)), "the cover does not say specimen");
    for (at, page) in paper.pages.iter().enumerate().skip(1) {
        let head = heads.get(at - 1).copied().unwrap_or("Annexe. Chiffres et provenance");
        let folio = if at < sold { format!("{} / {sold}", at + 1) } else { format!("A{}", at + 1 - sold) };
        let (first, last) = ends(page);
        assert!(first.contains(&tight(commune)) && first.ends_with(&tight(head)), "page {}: {first}", at + 1);
        assert!(last.contains("2026-000042") && last.ends_with(&tight(&folio)), "page {}: {last}", at + 1);
        assert!(tight(page).contains(&tight(SPECIMEN)), "page {} does not say specimen", at + 1);
    }
    assert!(paper.pages.len() > sold, "the annex is missing");
    for line in paper.fonts.lines().skip(2) {
        assert!(line.contains("IBMPlexSans") && line.contains(" yes "), "a font that is not ours: {line}");
    }
    assert!(
        paper.info.contains("Tagged:          yes") && paper.info.contains(" · rapport 2026-000042"),
        "{}",
        paper.info
    );
    assert!(paper.bytes < 2_000_000, "{} bytes", paper.bytes);
}

fn by_rules(sheet: &FactSheet) -> Narrative {
    studies::find(&sheet.study).unwrap().by_rules(sheet)
}

#[test]
fn an_ordinary_town_fills_twenty_four_pages() {
    let sheet = sample();
    if let Some(paper) = print("ordinary", &sheet, &by_rules(&sheet)) {
        check(&paper, "Ville-Exemple (00000)", LOG_01);
    }
}

#[test]
fn a_village_without_figures_and_with_long_names_loses_pages() {
    let sheet = village();
    for (name, words) in [("village", by_rules(&sheet)), ("village-full", verbose(&sheet))] {
        if let Some(paper) = print(name, &sheet, &words) {
            check(&paper, "Saint-Remy-en-Bouzemont-Saint-Genest-et-Isson", VILLAGE);
        }
    }
}

#[test]
fn a_town_without_vacancy_fills_twenty_four_pages() {
    let sheet = nil();
    if let Some(paper) = print("nil", &sheet, &by_rules(&sheet)) {
        check(&paper, "Ville-Exemple (00000)", LOG_01);
    }
}

/// Every rule of mismatches fires, and five recommendations follow.
fn strained() -> FactSheet {
    let mut sheet = sample();
    let beyond = |id: &str| !matches!(id, "rpl.tx@com" | "aff.m2[couple]@com" | "bes.effet_demo@com");
    for fact in sheet.facts.values_mut().filter(|fact| fact.id.ends_with("@com") && fact.status.is_citable()) {
        let far = if beyond(&fact.id) { Decimal::ONE_THOUSAND } else { -Decimal::ONE };
        fact.value = fact.value.map(|_| far);
        fact.status = FactStatus::Ok;
    }
    sheet.facts.get_mut("zon.abc@com").unwrap().text = "B1".to_owned();
    sheet
}

#[test]
fn a_strained_town_has_five_recommendations_on_one_page() {
    let sheet = strained();
    let words = by_rules(&sheet);
    assert_eq!(words.recommendations.len(), 5);
    if let Some(paper) = print("strained", &sheet, &words) {
        check(&paper, "Ville-Exemple (00000)", LOG_01);
        assert!(paper.pages[20].contains("Repéré") && paper.pages[21].contains("Levier"));
    }
}

#[test]
fn blocks_at_their_full_length_still_fit() {
    for (name, sheet) in [("full", sample()), ("full-crowded", crowded()), ("full-strained", strained())] {
        if let Some(paper) = print(name, &sheet, &verbose(&sheet)) {
            check(&paper, "(00000)", LOG_01);
        }
    }
}

#[test]
fn a_portrait_fills_fourteen_pages() {
    let sheet = portrait();
    let words = studies::find(&sheet.study).unwrap().by_rules(&sheet);
    for (name, words) in [("portrait", words), ("portrait-full", verbose(&sheet))] {
        if let Some(paper) = print(name, &sheet, &words) {
            check(&paper, "Ville-Exemple (00000)", TER_01);
        }
    }
}
