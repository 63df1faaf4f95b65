//! The reference document: twelve pages, ten charts, two maps of forty polygons, six tables. Its figures are nobody’s.

use std::fmt::Write as _;

use super::drawings::{self, Numbers, french};

pub const PAGES: u32 = 12;

const STYLE: &str = r#"
@page { size: A4 landscape; margin: 20mm 14mm 16mm; font: 7pt "IBM Plex Sans";
  @top-left { content: "Document de référence"; color: #5b6577; border-bottom: 1pt solid #0d1f3c }
  @bottom-left { content: "Chiffres tirés au sort"; color: #5b6577 }
  @bottom-right { content: counter(page) " / " counter(pages); font-weight: 600 } }
@page couverture { margin: 0 }
* { box-sizing: border-box; margin: 0; padding: 0 }
html { font: 8.6pt/1.42 "IBM Plex Sans"; color: #0d1f3c; -webkit-print-color-adjust: exact }
section { break-after: page; height: 170mm } section:last-child { break-after: auto }
.couverture { page: couverture; width: 297mm; height: 209mm; padding: 60mm 30mm; background: #0d1f3c; color: #fff }
.couverture h1 { font-size: 34pt }
h1 { font-size: 19pt; line-height: 1.15 } h1 b { color: #a84f0a }
h2 { font-size: 10pt; margin-top: 3mm } .lede { font-size: 10pt; margin: 2mm 0 3mm }
.deux { display: grid; grid-template-columns: 1fr 1fr; column-gap: 8mm }
.source { font-size: 6.6pt; color: #5b6577 } svg { display: block; margin: 2mm 0 1mm }
table { border-collapse: collapse; width: 100%; font-size: 7.4pt; margin-top: 2mm }
th, td { padding: .7mm 1.6mm; text-align: right; border-bottom: .6pt solid #d5deea } th:first-child { text-align: left }
td:nth-child(2) { background: #f0f4fa; font-weight: 600 }
.retenir { margin-top: 4mm; padding: 3mm 5mm; background: #0d1f3c; color: #fff }
"#;

const SENTENCE: &str = "Le territoire de référence n’existe pas : ses chiffres ont été tirés au sort, une fois pour toutes, pour que \
                        deux imprimeries fassent le même travail et que leurs durées se comparent. ";

/// The whole page of HTML: the same text each time.
pub fn html() -> String {
    let charts: Vec<String> = drawings::charts().iter().enumerate().map(|(at, svg)| figure(at + 1, svg)).collect();
    let maps: Vec<String> = drawings::maps().iter().enumerate().map(|(at, svg)| figure(at + 11, svg)).collect();
    let mut numbers = Numbers::from(6);
    let mut table = |rows: usize| table(&mut numbers, rows);
    let pages = [
        charts[0].clone() + &said(3),
        charts[1].clone() + &table(6),
        beside(&charts[2], &charts[3]) + &said(4),
        maps[0].clone() + &said(1),
        beside(&charts[4], &(table(9) + &said(1))),
        beside(&charts[5], &said(7)),
        beside(&charts[6], &charts[7]) + &said(3),
        maps[1].clone() + &table(3),
        beside(&charts[8], &charts[9]) + &said(3),
        table(24),
        table(14) + &table(5),
    ];
    let mut html = format!(
        "<!doctype html><html lang=\"fr\"><head><meta charset=\"utf-8\"><title>Document de référence</title>\
         <style>{STYLE}</style></head><body><section class=\"couverture\"><h1>Document de référence</h1><p>{SENTENCE}</p></section>"
    );
    for (at, body) in pages.iter().enumerate() {
        let number = at + 2;
        let _ = write!(
            html,
            "<section><h1>Page {number} : ce que l’imprimerie <b>doit composer</b></h1><p class=\"lede\">{SENTENCE}</p>{body}</section>"
        );
    }
    html.push_str("</body></html>");
    html
}

fn figure(number: usize, svg: &charts::Svg) -> String {
    format!(
        "<figure><h2>Figure {number}. Un dessin parmi douze</h2>{svg}<p class=\"source\">Source : tirage au sort, 2024.</p></figure>"
    )
}

fn beside(left: &str, right: &str) -> String {
    format!("<div class=\"deux\"><div>{left}</div><div>{right}</div></div>")
}

fn said(sentences: usize) -> String {
    format!("<div class=\"retenir\"><h2>À retenir</h2><p>{}</p></div>", SENTENCE.repeat(sentences))
}

fn table(numbers: &mut Numbers, rows: usize) -> String {
    let mut table = "<table><thead><tr><th scope=\"col\">Indicateur</th>".to_owned();
    for place in ["Commune", "Intercommunalité", "Département", "Région", "France"] {
        let _ = write!(table, "<th scope=\"col\">{place}</th>");
    }
    table.push_str("</tr></thead><tbody>");
    for row in 1..=rows {
        let _ = write!(table, "<tr><th scope=\"row\">Indicateur numéro {row}</th>");
        for _ in 0..5 {
            let _ = write!(table, "<td>{}\u{a0}%</td>", french(numbers.between(0.0, 100.0)));
        }
        table.push_str("</tr>");
    }
    table.push_str("</tbody></table>");
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reference_document_is_what_the_page_of_figures_says_and_never_changes() {
        let page = html();
        assert_eq!(page, html());
        let count = |mark: &str| page.matches(mark).count();
        assert_eq!((count("<section"), count("<figure>"), count("<table>")), (PAGES as usize, 12, 6));
        assert_eq!(count("fill-rule=\"evenodd\""), 2 * 40, "forty communes in each of two maps");
        assert_eq!(count("non publiées"), 0, "every drawing has figures");
    }
}
