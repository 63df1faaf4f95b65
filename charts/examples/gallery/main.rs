//! Every kind of chart in several states, on one page, so that its look can be judged:
//! `cargo run -p charts --example gallery -- out.html`. All figures are invented.

mod drawings;

use std::{env, error::Error, fs};

use charts::FONTS;
use drawings::Drawn;

fn main() -> Result<(), Box<dyn Error>> {
    let out = env::args().nth(1).ok_or("usage: gallery out.html")?;
    let mut faces = String::new();
    for (file, weight) in [("IBMPlexSans-Regular.ttf", 400), ("IBMPlexSans-SemiBold.ttf", 600)] {
        let (_, bytes) = FONTS.iter().find(|(name, _)| *name == file).ok_or("a face is missing")?;
        let data = base64(bytes);
        faces += &format!(
            "@font-face{{font-family:'IBM Plex Sans';font-weight:{weight};src:url(data:font/ttf;base64,{data})}}"
        );
    }
    let figures: String = drawings::all().iter().map(figure).collect();
    let page = format!(
        "<!doctype html><html lang=\"fr\"><meta charset=\"utf-8\"><title>Galerie</title><style>{faces}\
         body{{margin:24px;width:1040px;font:9px 'IBM Plex Sans';color:#5b6577;columns:auto}}\
         figure{{display:inline-block;margin:0 20px 26px 0;vertical-align:top}}figcaption{{margin-bottom:6px}}\
         svg{{display:block;outline:1px dotted #d5deea}}</style><p>Chiffres inventés.</p>{figures}"
    );
    fs::write(out, page)?;
    Ok(())
}

fn figure(drawn: &Drawn) -> String {
    format!("<figure><figcaption>{} · {}</figcaption>{}</figure>", drawn.kind, drawn.state, drawn.svg)
}

/// The page carries its fonts: it must look the same from any folder.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let group = chunk.iter().fold(0usize, |sum, byte| sum << 8 | usize::from(*byte)) << (8 * (3 - chunk.len()));
        for digit in 0..4 {
            let shown = digit <= chunk.len();
            text.push(if shown { char::from(DIGITS[group >> (18 - 6 * digit) & 63]) } else { '=' });
        }
    }
    text
}
