//! What a reader sees in a text, whatever the characters behind it: look-alike letters, full-width and mathematical
//! forms, stray combining marks and invisible characters are undone, so that « dеux » is read as « deux ».

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Cyrillic and Greek letters that are read as Latin ones, in pairs.
const LOOK_ALIKES: &[(char, char)] = &[
    ('а', 'a'),
    ('в', 'b'),
    ('е', 'e'),
    ('ё', 'ë'),
    ('з', 'z'),
    ('и', 'u'),
    ('і', 'i'),
    ('ї', 'ï'),
    ('ј', 'j'),
    ('к', 'k'),
    ('м', 'm'),
    ('н', 'h'),
    ('о', 'o'),
    ('п', 'n'),
    ('р', 'p'),
    ('с', 'c'),
    ('т', 't'),
    ('у', 'y'),
    ('х', 'x'),
    ('ѕ', 's'),
    ('ԁ', 'd'),
    ('ԛ', 'q'),
    ('ԝ', 'w'),
    ('ѵ', 'v'),
    ('г', 'r'),
    ('һ', 'h'),
    ('ӏ', 'l'),
    ('ь', 'b'),
    ('А', 'A'),
    ('В', 'B'),
    ('Е', 'E'),
    ('І', 'I'),
    ('Ј', 'J'),
    ('К', 'K'),
    ('М', 'M'),
    ('Н', 'H'),
    ('О', 'O'),
    ('Р', 'P'),
    ('С', 'C'),
    ('Т', 'T'),
    ('У', 'Y'),
    ('Х', 'X'),
    ('Ѕ', 'S'),
    ('Ԁ', 'D'),
    ('Ԛ', 'Q'),
    ('α', 'a'),
    ('β', 'b'),
    ('γ', 'y'),
    ('ε', 'e'),
    ('η', 'n'),
    ('ι', 'i'),
    ('κ', 'k'),
    ('ν', 'v'),
    ('ο', 'o'),
    ('ρ', 'p'),
    ('σ', 'o'),
    ('τ', 't'),
    ('υ', 'u'),
    ('χ', 'x'),
    ('ω', 'w'),
    ('ϲ', 'c'),
    ('ϳ', 'j'),
    ('Α', 'A'),
    ('Β', 'B'),
    ('Ε', 'E'),
    ('Ζ', 'Z'),
    ('Η', 'H'),
    ('Ι', 'I'),
    ('Κ', 'K'),
    ('Μ', 'M'),
    ('Ν', 'N'),
    ('Ο', 'O'),
    ('Ρ', 'P'),
    ('Τ', 'T'),
    ('Υ', 'Y'),
    ('Χ', 'X'),
    ('ı', 'i'),
    ('ɑ', 'a'),
    ('ɡ', 'g'),
    ('ɩ', 'i'),
    ('ʟ', 'l'),
    ('ꞁ', 'l'),
    ('ᴜ', 'u'),
    ('ᴏ', 'o'),
    ('ᴅ', 'd'),
    ('ᴇ', 'e'),
    ('ᴄ', 'c'),
    ('ᴠ', 'v'),
    ('ᴢ', 'z'),
    ('ᴛ', 't'),
    ('ᴀ', 'a'),
    ('ɴ', 'n'),
    ('ꜱ', 's'),
    ('ɪ', 'i'),
    ('ʀ', 'r'),
    ('ø', 'o'),
    ('ł', 'l'),
    ('đ', 'd'),
    ('ħ', 'h'),
    ('ŧ', 't'),
    ('ð', 'd'),
    ('օ', 'o'),
    ('ս', 'u'),
    ('ո', 'n'),
    ('հ', 'h'),
];

/// Letters with a sign that French writes.
const FRENCH: &str = "àâäçéèêëîïôöùûüÿœæÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŸŒÆ";

/// The text as it is read: composed, typographic apostrophes, plain spaces and hyphens, nothing invisible.
pub fn unveil(text: &str) -> String {
    // Nearly every text: nothing to compose, nothing disguised.
    if text.chars().all(|c| c.is_ascii() || FRENCH.contains(c) || "’«»–—…\u{a0}\u{202f}".contains(c)) {
        return text.chars().filter_map(plain).collect();
    }
    let seen: String = text.nfc().filter(|c| !is_invisible(*c)).flat_map(plain).collect();
    // A mark that was torn from its letter joins it again; one that French does not write is dropped.
    seen.nfc().flat_map(latin).filter(|c| !is_combining_mark(*c)).collect()
}

/// Characters that print nothing.
pub fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180e}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
        // Marks of ours stand for placeholders: typed, they are nothing.
        || ('\u{e000}'..='\u{f8ff}').contains(&c)
}

fn plain(c: char) -> Option<char> {
    Some(match c {
        '\'' | '\u{2019}' | '\u{2018}' | '\u{2bc}' | '\u{2b9}' | '\u{2032}' | '\u{b4}' | '`' | '\u{ff07}' => '’',
        '\u{2010}' | '\u{2011}' | '\u{fe63}' | '\u{ff0d}' => '-',
        '\n' | '\r' | '\u{2028}' | '\u{2029}' => '\n',
        c if c.is_whitespace() => ' ',
        c if c.is_control() => return None,
        c => c,
    })
}

fn latin(c: char) -> Vec<char> {
    if c.is_ascii() || FRENCH.contains(c) || !(c.is_alphabetic() || is_combining_mark(c)) {
        return vec![c];
    }
    if let Some((_, letter)) = LOOK_ALIKES.iter().find(|(odd, _)| *odd == c) {
        return vec![*letter];
    }
    let parts: Vec<char> = c.nfkd().filter(|part| !is_combining_mark(*part)).collect();
    let as_latin = |part: char| LOOK_ALIKES.iter().find(|(odd, _)| *odd == part).map_or(part, |(_, letter)| *letter);
    parts.into_iter().map(as_latin).collect()
}

/// A lower-case word without its accents.
pub fn unaccented(word: &str) -> String {
    let plain = |c: char| match c {
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'à' | 'â' | 'ä' => 'a',
        'î' | 'ï' => 'i',
        'ô' | 'ö' => 'o',
        'û' | 'ü' | 'ù' => 'u',
        'ç' => 'c',
        other => other,
    };
    word.chars().map(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::unveil;

    #[test]
    fn disguises_fall() {
        for text in [
            "deux",
            "dеux",
            "d\u{200b}eux",
            "de\u{ad}ux",
            "ｄｅｕｘ",
            "𝐝𝐞𝐮𝐱",
            "d\u{336}eux",
            "deu\u{307}x",
            "ḋeux",
            "dεux",
            "d\u{e001}eux",
        ] {
            assert_eq!(unveil(text), "deux", "{text}");
        }
        assert_eq!(unveil("moitie\u{301}"), "moitié");
        assert_eq!(unveil("l'État\u{a0}: l\u{2bc}on"), "l’État : l’on");
    }
}
