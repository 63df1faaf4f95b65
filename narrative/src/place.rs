//! Names of places in a sentence: « du Havre », « à La Rochelle », « d’Amiens », « des Abymes », « en Loire-Atlantique ».

use std::collections::HashMap;
use std::sync::LazyLock;

use domain::fact::{FactSheet, ScopeKind};

use super::lexicon::lines;
use super::placeholder::GeoForm;

/// The name of a territory, with its preposition forms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    name: String,
    article: Article,
    /// Other ways in which the name is written: « CA Amiens Métropole », « Amiens Métropole ».
    aliases: Vec<String>,
}

/// How a name is joined to « de » and « à ».
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Article {
    /// Towns: the article, if any, is part of the name.
    Own,
    /// la, with « en ».
    En,
    /// la, with « dans la ».
    La,
    Le,
    Lapostrophe,
    Les,
    /// No article, with « en »: most régions.
    Bare,
    /// The « la » of a group of communes, with « à la ».
    Group,
}

impl Name {
    /// The name of a scope of the sheet; « ce territoire » where the sheet has none.
    #[must_use]
    pub fn of(sheet: &FactSheet, scope: ScopeKind) -> Self {
        Self::find(sheet, scope).unwrap_or_else(|| Self::new("ce territoire"))
    }

    /// The name of a scope, where the sheet has it: in its table of names, or in a fact of that scope.
    #[must_use]
    pub fn find(sheet: &FactSheet, scope: ScopeKind) -> Option<Self> {
        let key = match scope {
            ScopeKind::Com => "commune",
            ScopeKind::Epci => "epci",
            ScopeKind::Dep => "departement",
            ScopeKind::Reg => "region",
            ScopeKind::Fr | ScopeKind::Sim => return None,
        };
        let table = sheet.exhibits.get("noms").and_then(|names| names[key].as_str());
        let of_fact =
            || sheet.facts.values().find(|fact| fact.scope.kind == scope).map(|fact| fact.scope.name.as_str());
        let name = table.or_else(of_fact).filter(|name| name.chars().any(char::is_alphanumeric))?;
        Some(match scope {
            ScopeKind::Dep | ScopeKind::Reg => Self::of_wide(name),
            ScopeKind::Epci => Self::of_group(name),
            _ => Self::new(name),
        })
    }

    /// A commune. Braces, angle brackets and control characters of a file are not part of a name, nor is anything after
    /// the hundredth character.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self { name: cleaned(name), article: Article::Own, aliases: Vec::new() }
    }

    /// A département or a région: its article is in the list of names, beside it.
    fn of_wide(name: &str) -> Self {
        static ARTICLES: LazyLock<HashMap<&'static str, Article>> = LazyLock::new(|| {
            let line = |line: &'static str| {
                let (article, name) = line.split_once(": ")?;
                let article = match article {
                    "en" => Article::En,
                    "la" => Article::La,
                    "le" => Article::Le,
                    "l’" => Article::Lapostrophe,
                    "les" => Article::Les,
                    "sans" => Article::Bare,
                    _ => return None,
                };
                Some((name, article))
            };
            lines(include_str!("lexicons/articles.txt")).filter_map(line).collect()
        });
        let name = cleaned(name);
        let article = ARTICLES.get(name.replace('\'', "’").as_str()).copied().unwrap_or(Article::Own);
        Self { name, article, aliases: Vec::new() }
    }

    /// A group of communes: INSEE's abbreviations are written out.
    fn of_group(name: &str) -> Self {
        let name = cleaned(name);
        let groups = [
            ("CC ", "communauté de communes "),
            ("CA ", "communauté d’agglomération "),
            ("CU ", "communauté urbaine "),
        ];
        let proper = groups.iter().find_map(|(short, long)| Some((long, name.strip_prefix(short)?)));
        let links = ["de ", "du ", "des ", "d’", "d'", "Intercommunale "];
        let aliases = proper.map_or_else(Vec::new, |(_, own)| {
            let own = (!links.iter().any(|link| own.starts_with(link))).then(|| own.to_owned());
            std::iter::once(name.clone()).chain(own).collect()
        });
        let name = proper.map(|(long, own)| format!("{long}{own}")).unwrap_or(name);
        let lower = name.to_lowercase();
        let article = if lower.starts_with("communauté ") || lower.starts_with("métropole ") {
            Article::Group
        } else if lower.starts_with("pays ") {
            Article::Le
        } else {
            Article::Own
        };
        Self { name, article, aliases }
    }

    #[must_use]
    pub fn plain(&self) -> &str {
        &self.name
    }

    /// « de Nantes », « d’Amiens », « du Havre », « de La Rochelle », « de la Loire-Atlantique », « de l’Ain ».
    #[must_use]
    pub fn de(&self) -> String {
        let name = &self.name;
        match self.article {
            Article::En | Article::La | Article::Group => format!("de la {name}"),
            Article::Le => format!("du {name}"),
            Article::Lapostrophe => format!("de l’{name}"),
            Article::Les => format!("des {name}"),
            Article::Own | Article::Bare => match self.own_article() {
                Some(("Le", rest)) => format!("du {rest}"),
                Some(("Les", rest)) => format!("des {rest}"),
                _ if self.elides() => format!("d’{name}"),
                _ => format!("de {name}"),
            },
        }
    }

    /// « à Nantes », « au Havre », « aux Abymes », « à La Rochelle », « en Loire-Atlantique », « dans le Nord ».
    #[must_use]
    pub fn a(&self) -> String {
        let name = &self.name;
        match self.article {
            Article::En | Article::Bare => format!("en {name}"),
            Article::La => format!("dans la {name}"),
            Article::Le => format!("dans le {name}"),
            Article::Lapostrophe => format!("dans l’{name}"),
            Article::Les => format!("dans les {name}"),
            Article::Group => format!("à la {name}"),
            Article::Own => match self.own_article() {
                Some(("Le", rest)) => format!("au {rest}"),
                Some(("Les", rest)) => format!("aux {rest}"),
                _ => format!("à {name}"),
            },
        }
    }

    /// The ways in which a form may be typed; the computed one is the first.
    pub fn typed(&self, form: GeoForm) -> Vec<String> {
        let aliases = self.aliases.iter().flat_map(|alias| Self::new(alias).typed(form));
        self.typed_forms(form).into_iter().chain(aliases).collect()
    }

    fn typed_forms(&self, form: GeoForm) -> Vec<String> {
        let name = &self.name;
        match form {
            GeoForm::Plain => {
                let article = match self.article {
                    Article::En | Article::La | Article::Group => Some(format!("la {name}")),
                    Article::Le => Some(format!("le {name}")),
                    Article::Lapostrophe => Some(format!("l’{name}")),
                    Article::Les => Some(format!("les {name}")),
                    Article::Own | Article::Bare => None,
                };
                [Some(name.clone()), article].into_iter().flatten().collect()
            }
            GeoForm::De => {
                let mut forms = vec![self.de()];
                // « le département de Loire-Atlantique », and the towns whose h is said both ways.
                if matches!(self.article, Article::En | Article::La) {
                    forms.push(format!("de {name}"));
                }
                if self.article == Article::Own && name.starts_with('H') {
                    forms.extend([format!("de {name}"), format!("d’{name}")]);
                }
                forms
            }
            GeoForm::A => {
                let mut forms = vec![self.a()];
                if matches!(self.article, Article::En | Article::La) {
                    forms.extend([format!("en {name}"), format!("dans la {name}")]);
                }
                forms
            }
        }
    }

    /// The name without its own article: « Havre ».
    pub fn core(&self) -> &str {
        let articles = ["Le ", "La ", "Les ", "L’", "L'"];
        articles.iter().find_map(|article| self.name.strip_prefix(article)).unwrap_or(&self.name)
    }

    /// Whether a word may stand before the name without its article: « du » before « Havre », « à » before « Nantes ».
    pub fn comes_after(&self, word: &str) -> bool {
        match (self.article, self.name.split([' ', '’', '\'']).next()) {
            (Article::Own, Some("Le")) => matches!(word, "le" | "du" | "au"),
            (Article::Own, Some("Les")) => matches!(word, "les" | "des" | "aux"),
            (Article::Own, Some("La")) => word == "la",
            (Article::Own, Some("L")) => word == "l’",
            (Article::Own, _) => word == "à" || word == if self.elides() { "d’" } else { "de" },
            _ => matches!(word, "de" | "d’" | "du" | "des" | "à" | "au" | "aux" | "la" | "le" | "les" | "l’"),
        }
    }

    /// Whether `preposition` may stand right before the plain name.
    pub fn takes(&self, preposition: &str) -> bool {
        match preposition {
            "de" => self.de() == format!("de {}", self.name),
            "d’" => self.de() == format!("d’{}", self.name),
            "à" => self.a() == format!("à {}", self.name),
            "du" | "des" | "au" | "aux" => false,
            _ => true,
        }
    }

    /// « Le » and « Les » of a town are contracted; « La » and « L’ » stay.
    fn own_article(&self) -> Option<(&'static str, &str)> {
        ["Les", "Le"].into_iter().find_map(|article| {
            let rest = self.name.strip_prefix(article)?.strip_prefix(' ')?;
            Some((article, rest))
        })
    }

    /// An elision is due before a vowel and a mute h. The h of towns is mute more often than not; those that are not are
    /// listed as far as they are communes of note.
    fn elides(&self) -> bool {
        let Some(first) = self.name.chars().next() else { return false };
        let first_word = self.name.split([' ', '-', '’', '\'']).next().unwrap_or_default();
        // « de Yerres », « d’Yvetot », « d’Y »: before a consonant or alone the y is a vowel.
        let second = self.name.chars().nth(1).unwrap_or(' ').to_ascii_lowercase();
        match first {
            'H' => !lines(include_str!("lexicons/h_aspire.txt")).any(|name| name == first_word),
            'Y' => !"aeiouéè".contains(second),
            _ => "AEIOUÀÂÄÉÈÊËÎÏÔÖÙÛÜŒÆ".contains(first),
        }
    }
}

fn cleaned(name: &str) -> String {
    let plain = |c: &char| !c.is_control() && !super::unveil::is_invisible(*c) && !matches!(c, '{' | '}' | '<' | '>');
    name.chars().filter(plain).take(100).collect()
}
