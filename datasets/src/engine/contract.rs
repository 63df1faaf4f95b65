//! The header contract: columns are found by name, never by position, and a file that breaks it is refused before
//! one row is read, with the names that would have been accepted.

use std::path::Path;

use super::error::ImportError;
use super::sniff::normalise;
use crate::dataset::{Column, Layout};

/// A header that keeps the contract.
#[derive(Debug)]
pub struct Bound {
    /// Index in the file → name in the staging table.
    pub columns: Vec<(usize, String)>,
    /// Columns nobody asked for, as written.
    pub unknown: Vec<String>,
    /// Cells expected on every row.
    pub width: usize,
}

/// Whether a line looks like the header of one of these layouts: it holds the first column one of them needs.
pub fn looks_like_header(layouts: &[&Layout], cells: &[String]) -> bool {
    layouts
        .iter()
        .filter_map(|layout| layout.columns.first())
        .any(|first| cells.iter().any(|cell| accepts(first, cell)))
}

/// Chooses the layout that the header fits.
pub fn choose(
    layouts: &[&'static Layout],
    header: &[String],
    file: &Path,
    line: usize,
) -> Result<(&'static Layout, Bound), ImportError> {
    let names: Vec<String> = header.iter().map(|cell| normalise(cell)).collect();
    let missing = |layout: &Layout| layout.columns.iter().filter(|c| c.required && !found(c, &names)).count();
    let Some(&layout) = layouts.iter().min_by_key(|layout| missing(layout)) else {
        return Err(ImportError::Header(format!("{} : aucun format n’est décrit pour ce jeu.", file.display())));
    };
    if let Some(column) = layout.columns.iter().find(|c| c.required && !found(c, &names)) {
        return Err(ImportError::Header(refusal(column, layout, header, &names, file, line)));
    }
    Ok((layout, bind(layout, header, &names, file, line)?))
}

fn bind(layout: &Layout, header: &[String], names: &[String], file: &Path, line: usize) -> Result<Bound, ImportError> {
    let mut bound = Bound { columns: Vec::new(), unknown: Vec::new(), width: names.len() };
    for (index, name) in names.iter().enumerate() {
        let Some(column) = layout.columns.iter().find(|column| accepts(column, name)) else {
            bound.unknown.push(header[index].trim().to_owned());
            continue;
        };
        let target = if column.family { name.clone() } else { column.name.to_owned() };
        if let Some((first, _)) = bound.columns.iter().find(|(_, taken)| *taken == target) {
            return Err(ImportError::Header(format!(
                "{}, ligne {line} : les colonnes « {} » et « {} » désignent toutes deux « {target} ». Gardez-en une seule.",
                file.display(),
                header[*first].trim(),
                header[index].trim()
            )));
        }
        bound.columns.push((index, target));
    }
    Ok(bound)
}

fn found(column: &Column, names: &[String]) -> bool {
    names.iter().any(|name| accepts(column, name))
}

fn accepts(column: &Column, name: &str) -> bool {
    std::iter::once(&column.name).chain(column.aliases).any(|pattern| matches(pattern, name))
}

/// `?` is one character; a final `*` is any end.
pub fn matches(pattern: &str, name: &str) -> bool {
    let same = |pattern: &str, name: &str| {
        pattern.len() == name.len() && pattern.bytes().zip(name.bytes()).all(|(p, n)| p == b'?' || p == n)
    };
    match pattern.strip_suffix('*') {
        Some(start) => {
            name.is_char_boundary(start.len()) && name.len() >= start.len() && same(start, &name[..start.len()])
        }
        None => same(pattern, name),
    }
}

fn refusal(column: &Column, layout: &Layout, header: &[String], names: &[String], file: &Path, line: usize) -> String {
    let mut closest: Vec<(usize, &str)> =
        names.iter().zip(header).map(|(name, cell)| (distance(column.name, name), cell.trim())).collect();
    closest.sort_by_key(|(distance, _)| *distance);
    let closest: Vec<String> = closest.iter().take(3).map(|(_, cell)| format!("« {cell} »")).collect();
    format!(
        "{}, ligne {line} : la colonne « {} »{} manque au format {}. Colonnes les plus proches : {}. \
         Vérifiez que c’est le bon fichier, ou renommez la colonne.",
        file.display(),
        column.name,
        or_aliases(column),
        layout.name,
        if closest.is_empty() { "aucune".to_owned() } else { closest.join(", ") }
    )
}

/// The other names of a column, for a sentence.
pub fn or_aliases(column: &Column) -> String {
    if column.aliases.is_empty() {
        return String::new();
    }
    format!(" (ou {})", column.aliases.iter().map(|name| format!("« {name} »")).collect::<Vec<_>>().join(", "))
}

/// Edit distance: how many letters to change, add or drop.
pub fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, l) in left.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, r) in right.iter().enumerate() {
            let change = diagonal + usize::from(l != *r);
            diagonal = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_accept_what_changes_with_the_vintage() {
        assert!(matches("p??_log", "p21_log"));
        assert!(!matches("p??_log", "p21_logvac"));
        assert!(matches("zonage_en_vigueur*", "zonage_en_vigueur_depuis_le_5_septembre_2025"));
        assert!(!matches("zonage_en_vigueur*", "zone"));
    }

    #[test]
    fn the_closest_name_is_the_one_with_the_fewest_changes() {
        assert_eq!(distance("codgeo", "codgeo_25"), 3);
        assert_eq!(distance("codgeo", "codego"), 2);
        assert_eq!(distance("", "abc"), 3);
    }
}
