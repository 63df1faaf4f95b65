//! Width of a text in IBM Plex Sans, read from the font files that the PDF embeds: labels that must not touch, and heads
//! that must fit, are placed by measure and not by guess.

use std::{collections::BTreeMap, sync::LazyLock};

use crate::fonts;

/// Width in the unit of `size`; a character that the font lacks counts for half an em.
#[must_use]
pub fn width(text: &str, size: f64, bold: bool) -> f64 {
    static REGULAR: LazyLock<Advances> = LazyLock::new(|| Advances::read(fonts::REGULAR).unwrap_or_default());
    static SEMIBOLD: LazyLock<Advances> = LazyLock::new(|| Advances::read(fonts::SEMIBOLD).unwrap_or_default());
    let advances = if bold { &*SEMIBOLD } else { &*REGULAR };
    text.chars().map(|c| advances.0.get(&u32::from(c)).copied().unwrap_or(0.5)).sum::<f64>() * size
}

/// Lines that fit in `room`, broken at spaces and after hyphens; the last of `lines` lines may be too long.
#[must_use]
pub fn wrap(text: &str, size: f64, bold: bool, room: f64, lines: usize) -> Vec<String> {
    let mut wrapped: Vec<String> = vec![];
    for word in text.split_inclusive([' ', '-']) {
        let full = wrapped.len() == lines.max(1);
        match wrapped.last_mut() {
            Some(line) if full || width(format!("{line}{word}").trim_end(), size, bold) <= room => line.push_str(word),
            _ => wrapped.push(word.to_owned()),
        }
    }
    wrapped.iter().map(|line| line.trim_end().to_owned()).collect()
}

/// `text` cut with an ellipsis so that it fits.
#[must_use]
pub fn fit(text: &str, size: f64, bold: bool, room: f64) -> String {
    if width(text, size, bold) <= room {
        return text.to_owned();
    }
    let mut kept = String::new();
    for c in text.chars() {
        if width(&kept, size, bold) + width(&format!("{c}…"), size, bold) > room {
            break;
        }
        kept.push(c);
    }
    format!("{}…", kept.trim_end())
}

/// Advance width of each character, in ems.
#[derive(Default)]
struct Advances(BTreeMap<u32, f64>);

impl Advances {
    /// Reads `head`, `hhea`, `hmtx` and the format 4 part of `cmap`; `None` when the file is not laid out so.
    fn read(font: &[u8]) -> Option<Self> {
        let em = f64::from(u16_at(table(font, b"head")?, 18)?);
        let metrics = usize::from(u16_at(table(font, b"hhea")?, 34)?);
        let hmtx = table(font, b"hmtx")?;
        let cmap = table(font, b"cmap")?;
        let subtables = usize::from(u16_at(cmap, 2)?);
        let map = (0..subtables).find_map(|i| {
            let offset = usize::try_from(u32_at(cmap, 4 + 8 * i + 4)?).ok()?;
            let map = cmap.get(offset..)?;
            (u16_at(map, 0)? == 4).then_some(map)
        })?;
        let segments = usize::from(u16_at(map, 6)?) / 2;
        let mut advances = BTreeMap::new();
        for segment in 0..segments {
            let end = u16_at(map, 14 + 2 * segment)?;
            let start = u16_at(map, 16 + 2 * (segments + segment))?;
            let delta = u16_at(map, 16 + 2 * (2 * segments + segment))?;
            let range_at = 16 + 2 * (3 * segments + segment);
            let range = u16_at(map, range_at)?;
            for code in start..=end.min(0xfffe) {
                let glyph = if range == 0 {
                    code.wrapping_add(delta)
                } else {
                    match u16_at(map, range_at + usize::from(range) + 2 * usize::from(code - start))? {
                        0 => 0,
                        glyph => glyph.wrapping_add(delta),
                    }
                };
                if glyph != 0 {
                    let slot = usize::from(glyph).min(metrics.checked_sub(1)?);
                    advances.insert(u32::from(code), f64::from(u16_at(hmtx, 4 * slot)?) / em);
                }
            }
        }
        Some(Self(advances))
    }
}

fn table<'a>(font: &'a [u8], tag: &[u8; 4]) -> Option<&'a [u8]> {
    let count = usize::from(u16_at(font, 4)?);
    let record = (0..count).map(|i| 12 + 16 * i).find(|&at| font.get(at..at + 4) == Some(tag))?;
    let offset = usize::try_from(u32_at(font, record + 8)?).ok()?;
    let length = usize::try_from(u32_at(font, record + 12)?).ok()?;
    font.get(offset..offset + length)
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::{fit, width, wrap};

    #[test]
    fn digits_are_six_tenths_of_an_em_in_both_weights() {
        assert!((width("2024", 10.0, false) - 24.0).abs() < 1e-9);
        assert!((width("2024", 10.0, true) - 24.0).abs() < 1e-9);
    }

    #[test]
    fn an_m_is_wider_than_an_i_and_accents_are_known() {
        assert!(width("m", 10.0, false) > 2.0 * width("i", 10.0, false));
        assert!((width("é", 10.0, false) - width("e", 10.0, false)).abs() < 1e-9);
        assert!(width("\u{202f}", 10.0, false) < 5.0, "the narrow space is in the font");
    }

    #[test]
    fn long_labels_wrap_then_are_cut() {
        assert_eq!(wrap("Logements vacants depuis deux ans", 10.0, false, 100.0, 2).len(), 2);
        assert_eq!(wrap("Saint-Remy en Bouzemont", 10.0, false, 30.0, 2), ["Saint-", "Remy en Bouzemont"]);
        let cut = fit("Saint-Remy-en-Bouzemont-Saint-Genest-et-Isson", 10.0, false, 80.0);
        assert!(cut.ends_with('…') && width(&cut, 10.0, false) <= 80.0);
        assert_eq!(fit("Nantes", 10.0, false, 80.0), "Nantes");
    }
}
