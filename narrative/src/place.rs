//! Names of places in a sentence: « du Havre », « à La Rochelle », « d’Amiens », « des Abymes ».

use domain::fact::{FactSheet, ScopeKind};

/// The name of a territory, with its preposition forms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name(String);

impl Name {
    /// The name of a scope of the sheet; « la commune », « l’intercommunalité » … where the sheet has none.
    #[must_use]
    pub fn of(sheet: &FactSheet, scope: ScopeKind) -> Self {
        let key = match scope {
            ScopeKind::Com => "commune",
            ScopeKind::Epci => "epci",
            ScopeKind::Dep => "departement",
            ScopeKind::Reg | ScopeKind::Fr | ScopeKind::Sim => "region",
        };
        let name = sheet.exhibits.get("noms").and_then(|names| names[key].as_str()).unwrap_or("ce territoire");
        Self::new(name)
    }

    /// A name from a file: braces, angle brackets and control characters are not part of a name, nor is anything
    /// after the hundredth character.
    #[must_use]
    pub fn new(name: &str) -> Self {
        let plain = |c: &char| !c.is_control() && !matches!(c, '{' | '}' | '<' | '>');
        Self(name.chars().filter(plain).take(100).collect())
    }

    #[must_use]
    pub fn plain(&self) -> &str {
        &self.0
    }

    /// « de Nantes », « d’Amiens », « du Havre », « de La Rochelle », « des Abymes », « de L’Isle-Adam ».
    #[must_use]
    pub fn de(&self) -> String {
        match self.article() {
            Some(("Le", rest)) => format!("du {rest}"),
            Some(("Les", rest)) => format!("des {rest}"),
            _ if self.starts_with_vowel() => format!("d’{}", self.0),
            _ => format!("de {}", self.0),
        }
    }

    /// « à Nantes », « au Havre », « aux Abymes », « à La Rochelle ».
    #[must_use]
    pub fn a(&self) -> String {
        match self.article() {
            Some(("Le", rest)) => format!("au {rest}"),
            Some(("Les", rest)) => format!("aux {rest}"),
            _ => format!("à {}", self.0),
        }
    }

    /// Every form in which the name may be typed, longest first.
    #[must_use]
    pub fn forms(&self) -> Vec<String> {
        let mut forms = vec![self.0.clone(), self.de(), self.a()];
        forms.sort_by_key(|form| std::cmp::Reverse(form.len()));
        forms.dedup();
        forms
    }

    /// « Le » and « Les » of a name are contracted; « La » and « L’ » stay.
    fn article(&self) -> Option<(&'static str, &str)> {
        ["Les", "Le"].into_iter().find_map(|article| {
            let rest = self.0.strip_prefix(article)?.strip_prefix(' ')?;
            Some((article, rest))
        })
    }

    /// An elision is due before a vowel and a mute h. The h of towns is mute more often than not; those that are not
    /// are listed as far as they are communes of note.
    fn starts_with_vowel(&self) -> bool {
        let aspirated = [
            "Hauts",
            "Haut",
            "Haute",
            "Hazebrouck",
            "Haguenau",
            "Hayange",
            "Halluin",
            "Harfleur",
            "Hem",
            "Hombourg",
            "Houilles",
            "Hoenheim",
            "Haubourdin",
            "Ham",
            "Hirson",
        ];
        let Some(first) = self.0.chars().next() else { return false };
        let first_word = self.0.split([' ', '-', '’', '\'']).next().unwrap_or_default();
        // « de Yerres », « d’Yvetot »: before a consonant the y is a vowel.
        let second = self.0.chars().nth(1).unwrap_or(' ').to_ascii_lowercase();
        match first {
            'H' => !aspirated.contains(&first_word),
            'Y' => !"aeiou".contains(second),
            _ => "AEIOUÀÂÄÉÈÊËÎÏÔÖÙÛÜŒÆ".contains(first),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_take_the_preposition_that_people_say() {
        let cases = [
            ("Nantes", "de Nantes", "à Nantes"),
            ("Le Havre", "du Havre", "au Havre"),
            ("Le Mans", "du Mans", "au Mans"),
            ("La Rochelle", "de La Rochelle", "à La Rochelle"),
            ("Les Abymes", "des Abymes", "aux Abymes"),
            ("L’Isle-Adam", "de L’Isle-Adam", "à L’Isle-Adam"),
            ("Amiens", "d’Amiens", "à Amiens"),
            ("Évreux", "d’Évreux", "à Évreux"),
            ("Hyères", "d’Hyères", "à Hyères"),
            ("Haguenau", "de Haguenau", "à Haguenau"),
            ("Yvetot", "d’Yvetot", "à Yvetot"),
            ("Yerres", "de Yerres", "à Yerres"),
            ("Lens", "de Lens", "à Lens"),
            ("Lesparre-Médoc", "de Lesparre-Médoc", "à Lesparre-Médoc"),
        ];
        for (name, de, a) in cases {
            let name = Name::new(name);
            assert_eq!((name.de().as_str(), name.a().as_str()), (de, a));
        }
    }

    #[test]
    fn a_name_cannot_open_a_placeholder_or_a_tag() {
        assert_eq!(Name::new("{{fact:x}}<b>\u{7}Rue").plain(), "fact:xbRue");
        assert_eq!(Name::new(&"a".repeat(500)).plain().len(), 100);
    }
}
