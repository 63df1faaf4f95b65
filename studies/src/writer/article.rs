//! The article of an indicator's name: « la part des propriétaires », « l’indice de vieillissement ».

/// A name that can be the subject of a sentence in the singular.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    article: &'static str,
    bare: String,
    feminine: bool,
}

/// First words of names, with their gender. A name that begins otherwise cannot open a sentence.
const HEADS: &[(&str, bool)] = &[
    ("âge", false),
    ("ancienneté", true),
    ("besoin", false),
    ("borne", true),
    ("consommation", true),
    ("couverture", true),
    ("délai", false),
    ("dernier", false),
    ("densité", true),
    ("distance", true),
    ("durée", true),
    ("écart", false),
    ("effectif", false),
    ("effet", false),
    ("effort", false),
    ("évolution", true),
    ("indice", false),
    ("intensité", true),
    ("loyer", false),
    ("médiane", true),
    ("moyenne", true),
    ("niveau", false),
    ("nombre", false),
    ("parc", false),
    ("part", true),
    ("point", false),
    ("population", true),
    ("prix", false),
    ("premier", false),
    ("proportion", true),
    ("qualité", true),
    ("rang", false),
    ("rapport", false),
    ("rendement", false),
    ("rotation", true),
    ("rythme", false),
    ("solde", false),
    ("strate", true),
    ("superficie", true),
    ("surface", true),
    ("taille", true),
    ("taux", false),
    ("vacance", true),
    ("variation", true),
    ("volume", false),
    ("zonage", false),
];

impl Named {
    /// The name with its article; `None` when its first word is not known.
    pub fn of(anchor: &str) -> Option<Self> {
        let head = anchor.split([' ', '’']).next()?;
        let (_, feminine) = HEADS.iter().find(|(word, _)| *word == head)?;
        let vowel = head.starts_with(['a', 'â', 'e', 'é', 'è', 'i', 'o', 'u', 'y', 'h']);
        let article = match (vowel, feminine) {
            (true, _) => "l’",
            (false, true) => "la ",
            (false, false) => "le ",
        };
        Some(Self { article, bare: anchor.to_owned(), feminine: *feminine })
    }

    /// « la part des … ».
    pub fn lower(&self) -> String {
        format!("{}{}", self.article, self.bare)
    }

    /// « part des … ».
    pub fn bare(&self) -> &str {
        &self.bare
    }

    /// « La part des … ».
    pub fn upper(&self) -> String {
        let lower = self.lower();
        let mut chars = lower.chars();
        chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
    }

    /// Whether adjectives take the feminine.
    pub fn is_feminine(&self) -> bool {
        self.feminine
    }

    /// The end of a participle: « observé », « observée ».
    pub fn agreement(&self) -> &'static str {
        if self.feminine { "e" } else { "" }
    }

    /// The pronoun that stands for it: « celui », « celle ».
    pub fn that(&self) -> &'static str {
        if self.feminine { "celle" } else { "celui" }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_takes_the_article_of_its_first_word() {
        let named = |anchor| Named::of(anchor).map(|name| name.upper());
        assert_eq!(named("part des maisons").as_deref(), Some("La part des maisons"));
        assert_eq!(named("indice de vieillissement").as_deref(), Some("L’indice de vieillissement"));
        assert_eq!(named("taux de pauvreté").as_deref(), Some("Le taux de pauvreté"));
        assert_eq!(named("propriétaires occupants"), None, "a plural cannot be the subject of our sentences");
    }

    #[test]
    fn every_indicator_that_pages_speak_of_can_open_a_sentence() {
        let asked = crate::ter_01::BLOCKS.iter().flat_map(|block| block.facts).map(|(id, _)| *id);
        let lines = asked.map(|id| indicators::indicator(id).unwrap_or_else(|| panic!("{id} is in no dictionary")));
        let nameless: Vec<_> = lines
            .filter(|line| !line.anchors.iter().any(|anchor| Named::of(anchor).is_some()))
            .map(|line| line.id)
            .collect();
        assert_eq!(nameless, [] as [&str; 0]);
    }
}
