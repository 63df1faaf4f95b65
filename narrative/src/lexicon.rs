//! Word lists as data: one file per rule, an entry a line, `#` comments, `tag: phrase` where a list has several kinds.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, LazyLock};

use super::phrase::{Endings, Phrase};
use super::text::Piece;

/// One entry of a list.
#[derive(Debug, Clone)]
pub struct Entry {
    /// What kind of word it is within its list; empty where a list has one kind.
    pub tag: String,
    /// As it stands in the file.
    pub source: String,
    pub phrase: Phrase,
}

/// The entries of one rule, indexed by first word.
#[derive(Debug, Clone, Default)]
pub struct List {
    pub entries: Vec<Entry>,
    by_head: HashMap<String, Vec<usize>>,
}

/// A phrase of a list in a text.
#[derive(Debug, Clone, Copy)]
pub struct Found<'a> {
    pub start: usize,
    pub end: usize,
    pub entry: &'a Entry,
}

/// Every list of the judge.
#[derive(Debug, Clone)]
pub struct Lexicons {
    lists: BTreeMap<&'static str, Arc<List>>,
    /// Words that deny what stands beside them.
    pub denials: BTreeSet<String>,
    /// Capitalised words that may stand inside a sentence.
    pub glossary: BTreeSet<String>,
    /// Stems of numbers, and endings that make a number of a stem.
    pub numbers: BTreeSet<String>,
    pub number_endings: BTreeSet<String>,
}

const FILES: &[(&str, &str)] = &[
    ("v03", include_str!("lexicons/v03.txt")),
    ("v05", include_str!("lexicons/v05.txt")),
    ("v06", include_str!("lexicons/v06.txt")),
    ("v07", include_str!("lexicons/v07.txt")),
    ("v08", include_str!("lexicons/v08.txt")),
    ("v09", include_str!("lexicons/v09.txt")),
    ("v09_chiffre", include_str!("lexicons/v09_chiffre.txt")),
    ("v10", include_str!("lexicons/v10.txt")),
    ("v11", include_str!("lexicons/v11.txt")),
    ("v12", include_str!("lexicons/v12.txt")),
    ("v14", include_str!("lexicons/v14.txt")),
    ("v15", include_str!("lexicons/v15.txt")),
    ("v16", include_str!("lexicons/v16.txt")),
    ("verrous", include_str!("lexicons/verrous.txt")),
];

impl Lexicons {
    /// The lists of the product.
    pub fn shared() -> &'static Self {
        static SHARED: LazyLock<Lexicons> = LazyLock::new(Lexicons::read);
        &SHARED
    }

    fn read() -> Self {
        let endings = endings(include_str!("lexicons/flexions.txt"));
        let lists = FILES.iter().map(|(name, file)| (*name, Arc::new(List::read(file, &endings)))).collect();
        let set = |file: &str| lines(file).map(str::to_owned).collect();
        let numbers = lines(include_str!("lexicons/nombres.txt"));
        let (stems, ends): (Vec<_>, Vec<_>) = numbers.partition(|line| !line.starts_with('-'));
        Self {
            lists,
            denials: set(include_str!("lexicons/negations.txt")),
            glossary: set(include_str!("lexicons/glossaire.txt")),
            numbers: stems.into_iter().map(str::to_owned).collect(),
            number_endings: ends.into_iter().map(|end| end.trim_start_matches('-').to_owned()).collect(),
        }
    }

    pub fn list(&self, name: &str) -> &List {
        static NONE: LazyLock<List> = LazyLock::new(List::default);
        self.lists.get(name).map_or(&NONE, |list| list)
    }

    /// Every phrase of a list in a text, the longest at each place, in order.
    pub fn find<'l>(&'l self, name: &str, pieces: &[Piece]) -> Vec<Found<'l>> {
        self.list(name).find(pieces, false)
    }

    /// Locks the terms in which a word is not what it seems.
    pub fn lock(&self, pieces: &mut [Piece]) {
        for found in self.list("verrous").find(pieces, true) {
            if found.entry.source.contains(['~', '/']) || Phrase::is_joined_as(&found.entry.source, pieces, found.start)
            {
                for piece in pieces.iter_mut().take(found.end).skip(found.start) {
                    piece.locked = true;
                }
            }
        }
    }

    /// The same lists without one entry, to prove that the entry matters.
    #[cfg(test)]
    pub fn without(&self, name: &'static str, index: usize) -> Self {
        let mut less = self.clone();
        let mut entries = self.list(name).entries.clone();
        entries.remove(index);
        less.lists.insert(name, Arc::new(List::of(entries)));
        less
    }
}

impl List {
    fn read(file: &str, endings: &Endings) -> Self {
        let entry = |line: &str| {
            let (tag, source) = line.split_once(": ").unwrap_or(("", line));
            Entry { tag: tag.to_owned(), source: source.to_owned(), phrase: Phrase::new(source, endings) }
        };
        Self::of(lines(file).map(entry).collect())
    }

    fn of(entries: Vec<Entry>) -> Self {
        let mut by_head: HashMap<String, Vec<usize>> = HashMap::new();
        for (index, entry) in entries.iter().enumerate() {
            for head in entry.phrase.heads() {
                by_head.entry(head.clone()).or_default().push(index);
            }
        }
        Self { entries, by_head }
    }

    fn find(&self, pieces: &[Piece], locked: bool) -> Vec<Found<'_>> {
        let mut found = Vec::new();
        let mut at = 0;
        while let Some(piece) = pieces.get(at) {
            let here = self.by_head.get(&piece.lower).into_iter().flatten().filter_map(|index| {
                let entry = self.entries.get(*index)?;
                Some(Found { start: at, end: entry.phrase.end_at(pieces, at, locked)?, entry })
            });
            // The first of equals: the order of the file decides.
            let longest = here.reduce(|best, next| if next.end > best.end { next } else { best });
            at = longest.map_or(at + 1, |longest| longest.end.max(at + 1));
            found.extend(longest);
        }
        found
    }
}

/// The lines of a list without comments.
pub fn lines(file: &str) -> impl Iterator<Item = &str> {
    file.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
}

fn endings(file: &str) -> Endings {
    let family = |line: &str| {
        let (name, endings) = line.split_once(": ")?;
        let endings = endings.split(' ').map(|ending| ending.trim_start_matches('·').to_owned()).collect();
        Some((name.to_owned(), endings))
    };
    lines(file).filter_map(family).collect()
}
