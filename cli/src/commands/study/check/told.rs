//! What the gate says: a line per report, then each finding; or all of it as JSON.

use domain::eligibility::{Eligibility, EligibilityStatus};
use serde_json::json;

use super::places::Place;
use super::{Breach, Seen};

/// Findings told of one report; the rest is counted. JSON has them all.
const SHOWN: usize = 12;

/// Only the communes of a list.
///
/// # Errors
/// When they cannot be written as JSON.
pub fn list(places: &[Place], absent: &[&str], as_json: bool) -> anyhow::Result<()> {
    if as_json {
        let told = places.iter().map(
            |place| json!({"code": place.code, "nom": place.nom, "departement": place.departement, "why": place.why}),
        );
        println!("{}", serde_json::to_string_pretty(&json!({"communes": told.collect::<Vec<_>>(), "absent": absent}))?);
        return Ok(());
    }
    for place in places {
        println!("{}  {:<34} {}", place.code, place.nom, place.why);
    }
    missing(absent);
    Ok(())
}

/// Every report, and what was found.
///
/// # Errors
/// When it cannot be written as JSON.
pub fn report(seen: &[Seen], absent: &[&str], as_json: bool) -> anyhow::Result<()> {
    if as_json {
        println!("{}", serde_json::to_string_pretty(&json!({"reports": seen, "absent": absent}))?);
        return Ok(());
    }
    println!(
        "{:<6} {:<24} {:<7} {:<11} {:>8} {:>6} {:>5} {:>8} {:>7} {:>6}  found",
        "code", "commune", "study", "announced", "pages", "facts", "kB", "collect", "layout", "print"
    );
    for one in seen {
        let pages = one.pages.map_or_else(|| "–".to_owned(), |(sold, annex)| format!("{sold} + A{annex}"));
        let found = if one.breaches.is_empty() { "–".to_owned() } else { one.breaches.len().to_string() };
        println!(
            "{:<6} {:<24} {:<7} {:<11} {:>8} {:>6} {:>5} {:>8} {:>7} {:>6}  {found}",
            one.commune,
            cut(&one.nom, 24),
            one.study,
            announced(one.verdict.as_ref()),
            pages,
            one.facts,
            one.bytes / 1000,
            one.took.collect,
            one.took.lay_out,
            one.took.print,
        );
        for line in reasons(one.verdict.as_ref()) {
            println!("         {line}");
        }
        for breach in one.breaches.iter().take(SHOWN) {
            println!("       ! {}", told(breach));
        }
        if one.breaches.len() > SHOWN {
            println!("       ! and {} more", one.breaches.len() - SHOWN);
        }
    }
    missing(absent);
    let (reports, found) = (seen.len(), seen.iter().map(|one| one.breaches.len()).sum::<usize>());
    println!("{reports} reports, {found} things that no customer may see. Times in ms.");
    Ok(())
}

fn missing(absent: &[&str]) {
    for why in absent {
        println!("note: no commune of this kind is loaded: {why}");
    }
}

fn told(breach: &Breach) -> String {
    let page = breach.page.map_or_else(String::new, |page| format!("p{page} "));
    format!("{}: {page}{}", breach.kind, breach.what)
}

fn announced(verdict: Option<&Eligibility>) -> &'static str {
    match verdict.map(|verdict| verdict.status) {
        None => "–",
        Some(EligibilityStatus::Full) => "full",
        Some(EligibilityStatus::Reduced) => "reduced",
        Some(EligibilityStatus::EpciScope) => "epci",
        Some(EligibilityStatus::Unavailable) => "refused",
    }
}

/// Why pages are dropped, or the study refused.
fn reasons(verdict: Option<&Eligibility>) -> Vec<String> {
    let Some(verdict) = verdict else { return vec![] };
    let dropped =
        verdict.dropped_pages.iter().map(|page| format!("without page {} {}: {}", page.page, page.title, page.reason));
    dropped.chain(verdict.reason.clone()).collect()
}

fn cut(text: &str, room: usize) -> String {
    if text.chars().count() <= room { text.to_owned() } else { text.chars().take(room - 1).chain(['…']).collect() }
}
