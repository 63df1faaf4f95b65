//! A table of words for a terminal: columns as wide as their widest cell, and fewer of them where the terminal is narrow.

/// Between two columns.
const GAP: usize = 2;
/// A cell that is cut keeps at least this much.
const LEAST: usize = 16;
/// The column of figures, aligned on its end.
const FIGURES: &str = "LIGNES";

/// Rows under their head.
pub struct Table<const N: usize> {
    head: [&'static str; N],
    rows: Vec<[String; N]>,
}

impl<const N: usize> Table<N> {
    pub fn new(head: [&'static str; N]) -> Self {
        Self { head, rows: Vec::new() }
    }

    pub fn push(&mut self, row: [String; N]) {
        self.rows.push(row);
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The lines of the table. Where it is wider than `width`, the columns named in `leaving` go, one after the other; the
    /// last column of the table is cut instead as long as enough of it is left.
    pub fn lines(&self, width: Option<usize>, leaving: &[&str]) -> Vec<String> {
        let mut kept: Vec<(usize, usize)> = (0..N).map(|column| (column, self.width(column))).collect();
        if let Some(width) = width {
            let all = |kept: &[(usize, usize)]| kept.iter().map(|(_, width)| width + GAP).sum::<usize>() - GAP;
            for name in leaving {
                let over = all(&kept).saturating_sub(width);
                let last = kept.iter().position(|(column, _)| column + 1 == N);
                match last {
                    _ if over == 0 => break,
                    Some(last) if kept[last].1 >= LEAST + over => kept[last].1 -= over,
                    _ => kept.retain(|(column, _)| self.head[*column] != *name),
                }
            }
        }
        let head = self.head.map(str::to_owned);
        std::iter::once(&head).chain(&self.rows).map(|row| self.line(row, &kept)).collect()
    }

    fn line(&self, row: &[String; N], kept: &[(usize, usize)]) -> String {
        let cells = kept.iter().map(|&(column, width)| {
            let cell = cut(&row[column], width);
            if self.head[column] == FIGURES { format!("{cell:>width$}") } else { format!("{cell:<width$}") }
        });
        cells.collect::<Vec<_>>().join(&" ".repeat(GAP)).trim_end().to_owned()
    }

    fn width(&self, column: usize) -> usize {
        let cells = self.rows.iter().map(|row| row[column].chars().count());
        cells.chain([self.head[column].chars().count()]).max().unwrap_or_default()
    }
}

fn cut(cell: &str, width: usize) -> String {
    if cell.chars().count() <= width {
        return cell.to_owned();
    }
    cell.chars().take(width.saturating_sub(1)).chain(['…']).collect()
}

/// A sentence on as many lines as it takes, those after the first behind `indent`.
pub fn wrap(text: &str, indent: &str, width: Option<usize>) -> Vec<String> {
    let Some(width) = width else { return vec![text.to_owned()] };
    let mut lines = vec![String::new()];
    for word in text.split_inclusive(' ') {
        let Some(line) = lines.last_mut() else { continue };
        if line.chars().count() + word.trim_end().chars().count() > width && !line.trim().is_empty() {
            *line = line.trim_end().to_owned();
            lines.push(format!("{indent}{word}"));
        } else {
            line.push_str(word);
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table<4> {
        let mut table = Table::new(["JEU", "LIGNES", "SOMME", "FICHIERS"]);
        table.push(["dvf", "7", "0123", "un nom de fichier plutôt long.csv"].map(str::to_owned));
        table
    }

    #[test]
    fn columns_are_cut_and_leave_in_their_order() {
        let lines = |width| table().lines(width, &["SOMME", "FICHIERS"]);
        assert_eq!(lines(None)[1], "dvf       7  0123   un nom de fichier plutôt long.csv");
        assert_eq!(lines(Some(40))[1], "dvf       7  0123   un nom de fichier p…");
        assert_eq!(lines(Some(30)), ["JEU  LIGNES  FICHIERS", "dvf       7  un nom de fichie…"]);
        assert_eq!(lines(Some(20)), ["JEU  LIGNES", "dvf       7"]);
    }

    #[test]
    fn a_sentence_is_wrapped_between_words() {
        assert_eq!(wrap("un deux trois", "  ", Some(8)), ["un deux", "  trois"]);
        assert_eq!(wrap("un deux trois", "  ", None), ["un deux trois"]);
        assert_eq!(wrap("insécable", "", Some(3)), ["insécable"]);
    }
}
