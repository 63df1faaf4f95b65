//! A printed report, looked at with the tools of poppler: which word stands where, which fonts, what the file says of itself.

use std::path::Path;

use anyhow::Context as _;
use tokio::process::Command;

/// A word and the box around it, in points from the upper left corner.
#[derive(Debug, Clone, PartialEq)]
pub struct Word {
    pub text: String,
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
}

/// A page with its words.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    pub width: f64,
    pub height: f64,
    pub words: Vec<Word>,
}

/// A PDF as printed.
#[derive(Debug)]
pub struct Paper {
    pub sheets: Vec<Sheet>,
    /// What `pdfinfo` says.
    pub info: String,
    /// Names of the fonts, and whether all are embedded.
    pub fonts: Vec<(String, bool)>,
    pub bytes: usize,
}

impl Paper {
    /// Looks at a file.
    ///
    /// # Errors
    /// When poppler is not installed, or cannot read it.
    pub async fn read(file: &Path) -> anyhow::Result<Self> {
        let boxes = ask("pdftotext", &["-bbox", "-enc", "UTF-8"], file, &["-"]).await?;
        let fonts = ask("pdffonts", &[], file, &[]).await?;
        Ok(Self {
            sheets: sheets(&boxes)?,
            info: ask("pdfinfo", &[], file, &[]).await?,
            fonts: fonts.lines().skip(2).filter_map(font).collect(),
            bytes: usize::try_from(std::fs::metadata(file)?.len())?,
        })
    }
}

async fn ask(tool: &str, before: &[&str], file: &Path, after: &[&str]) -> anyhow::Result<String> {
    let output = Command::new(tool).args(before).arg(file).args(after).output().await;
    let output = output.with_context(|| format!("{tool} cannot be run: install poppler-utils"))?;
    anyhow::ensure!(output.status.success(), "{tool}: {}", String::from_utf8_lossy(&output.stderr).trim());
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Name, and whether it is embedded: the fifth column from the right.
fn font(line: &str) -> Option<(String, bool)> {
    let columns: Vec<&str> = line.split_whitespace().collect();
    let embedded = columns.len().checked_sub(5).and_then(|at| columns.get(at)).is_some_and(|column| *column == "yes");
    columns.first().map(|name| ((*name).to_owned(), embedded))
}

fn sheets(boxes: &str) -> anyhow::Result<Vec<Sheet>> {
    boxes
        .split("<page ")
        .skip(1)
        .map(|page| {
            let (head, body) = page.split_once('>').context("a page without a size")?;
            let words = body.split("<word ").skip(1).map(word).collect::<anyhow::Result<_>>()?;
            Ok(Sheet { width: number(head, "width")?, height: number(head, "height")?, words })
        })
        .collect()
}

fn word(told: &str) -> anyhow::Result<Word> {
    let (head, rest) = told.split_once('>').context("a word without a box")?;
    let (text, _) = rest.split_once("</word>").context("a word without an end")?;
    let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")];
    Ok(Word {
        text: entities.iter().fold(text.to_owned(), |text, (entity, meant)| text.replace(entity, meant)),
        left: number(head, "xMin")?,
        top: number(head, "yMin")?,
        right: number(head, "xMax")?,
        bottom: number(head, "yMax")?,
    })
}

fn number(head: &str, name: &str) -> anyhow::Result<f64> {
    let value = head.split_once(&format!("{name}=\"")).and_then(|(_, after)| after.split_once('"'));
    let (value, _) = value.with_context(|| format!("no {name} in « {head} »"))?;
    value.parse().with_context(|| format!("{name} is « {value} »"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_with_their_boxes() {
        let told = "<doc>\n<page width=\"842.25\" height=\"595.5\">\n<word xMin=\"1.5\" yMin=\"2\" xMax=\"3\" yMax=\"4\">Prix&lt;&amp;</word>\n\
                    </page>\n<page width=\"842.25\" height=\"595.5\">\n</page>\n</doc>";
        let read = sheets(told).unwrap();
        assert_eq!((read.len(), read[0].width, read[1].words.len()), (2, 842.25, 0));
        let expected = Word { text: "Prix<&".to_owned(), left: 1.5, top: 2.0, right: 3.0, bottom: 4.0 };
        assert_eq!(read[0].words, [expected]);
        assert!(sheets("<page width=\"x\" height=\"1\">").is_err());
    }

    #[test]
    fn a_font_is_named_and_embedded_or_not() {
        let line = "AAAAAA+IBMPlexSans-Light     CID TrueType      Identity-H       yes yes yes     13  0";
        assert_eq!(font(line), Some(("AAAAAA+IBMPlexSans-Light".to_owned(), true)));
        let line = "Helvetica                    Type 1            Custom           no  no  no      13  0";
        assert_eq!(font(line), Some(("Helvetica".to_owned(), false)));
    }
}
