//! Values of several rounds, and the page that shows their median and range.

use std::fmt::Write as _;

/// What a ratio must reach, or must not pass.
#[derive(Clone, Copy)]
pub enum Bound {
    AtLeast(f64),
    AtMost(f64),
}

/// One line of the page.
struct Row {
    section: &'static str,
    what: String,
    unit: &'static str,
    bound: Option<Bound>,
    values: Vec<f64>,
}

/// Everything that was measured.
pub struct Figures {
    title: &'static str,
    /// Facts about the machine, one per line.
    pub machine: Vec<String>,
    rows: Vec<Row>,
    /// What has to be said about a section.
    notes: Vec<(&'static str, &'static str)>,
    /// What was not measured, and why.
    left_out: Vec<String>,
}

impl Figures {
    pub fn new(title: &'static str, machine: Vec<String>) -> Self {
        Self { title, machine, rows: Vec::new(), notes: Vec::new(), left_out: Vec::new() }
    }

    /// Adds the value of one round.
    pub fn add(&mut self, section: &'static str, what: impl Into<String>, unit: &'static str, value: f64) {
        self.put(section, what, unit, None, value);
    }

    /// Adds a ratio that has a bound.
    pub fn ratio(&mut self, section: &'static str, what: impl Into<String>, bound: Option<Bound>, value: f64) {
        self.put(section, what, "×", bound, value);
    }

    /// Says something below a section's table, once however often it is said.
    pub fn note(&mut self, section: &'static str, words: &'static str) {
        if !self.notes.contains(&(section, words)) {
            self.notes.push((section, words));
        }
    }

    /// Says what was not measured, and why.
    pub fn leave_out(&mut self, words: impl Into<String>) {
        self.left_out.push(words.into());
    }

    /// Adds a value of any unit, with its bound.
    pub fn put(
        &mut self,
        section: &'static str,
        what: impl Into<String>,
        unit: &'static str,
        bound: Option<Bound>,
        value: f64,
    ) {
        let what = what.into();
        match self.rows.iter_mut().find(|row| row.section == section && row.what == what) {
            Some(row) => row.values.push(value),
            None => self.rows.push(Row { section, what, unit, bound, values: vec![value] }),
        }
    }

    /// The page in Markdown.
    pub fn page(&self, command: &str) -> String {
        let mut page = format!("# {}\n\n", self.title);
        let _ = writeln!(page, "Written by `{command}`; ratios carry over to other machines, rates do not.\n");
        for fact in &self.machine {
            let _ = writeln!(page, "- {fact}");
        }
        let mut sections: Vec<&str> = self.rows.iter().map(|row| row.section).collect();
        sections.dedup();
        let mut shown: Vec<&str> = Vec::new();
        for section in sections {
            if shown.contains(&section) {
                continue;
            }
            shown.push(section);
            let _ = writeln!(
                page,
                "\n## {section}\n\n| What | Median | Range | Rounds | Bound |\n|---|---:|---:|---:|---|"
            );
            for row in self.rows.iter().filter(|row| row.section == section) {
                page.push_str(&row.line());
            }
            for (_, words) in self.notes.iter().filter(|(of, _)| *of == section) {
                let _ = writeln!(page, "\n{words}");
            }
        }
        if !self.left_out.is_empty() {
            let _ = writeln!(page, "\n## Not measured\n");
        }
        for words in &self.left_out {
            let _ = writeln!(page, "- {words}");
        }
        page
    }
}

impl Row {
    fn line(&self) -> String {
        let mut sorted = self.values.clone();
        sorted.sort_by(f64::total_cmp);
        let median = sorted[sorted.len() / 2];
        let (low, high) = (sorted[0], sorted[sorted.len() - 1]);
        let bound = match self.bound {
            None => String::new(),
            Some(Bound::AtLeast(least)) => {
                format!("≥ {least}: {}", if median >= least { "held" } else { "**missed**" })
            }
            Some(Bound::AtMost(most)) => format!("≤ {most}: {}", if median <= most { "held" } else { "**missed**" }),
        };
        let (unit, n) = (self.unit, self.values.len());
        format!("| {} | {} {unit} | {}–{} | {n} | {bound} |\n", self.what, number(median), number(low), number(high))
    }
}

/// Three significant digits.
fn number(value: f64) -> String {
    match value.abs() {
        0.0 => "0".to_owned(),
        large if large >= 100.0 => format!("{value:.0}"),
        middle if middle >= 10.0 => format!("{value:.1}"),
        small if small >= 0.1 => format!("{value:.2}"),
        _ => format!("{value:.4}"),
    }
}

/// The value below which `share` of the values lie.
pub fn quantile(values: &mut [f64], share: f64) -> anyhow::Result<f64> {
    anyhow::ensure!(!values.is_empty(), "nothing was measured");
    values.sort_by(f64::total_cmp);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an index")]
    let at = ((values.len() - 1) as f64 * share).round() as usize;
    Ok(values[at])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_shows_median_range_and_whether_the_bound_held() {
        let mut figures = Figures::new("Figures", vec!["2 cores".to_owned()]);
        for value in [0.7, 0.5, 0.61] {
            figures.ratio("Append", "ours / pgbench", Some(Bound::AtLeast(0.6)), value);
            figures.ratio("Lag", "with / without", Some(Bound::AtMost(0.6)), value);
        }
        figures.note("Lag", "Both read the same.");
        figures.note("Lag", "Both read the same.");
        figures.leave_out("B2: nobody does it.");
        let page = figures.page("make bench-es");
        assert!(page.contains("| ours / pgbench | 0.61 × | 0.50–0.70 | 3 | ≥ 0.6: held |"), "{page}");
        assert!(page.contains("≤ 0.6: **missed** |\n\nBoth read the same.\n\n## Not measured\n\n- B2"), "{page}");
    }

    #[test]
    fn a_quantile_of_nothing_is_an_error() {
        assert!(quantile(&mut [], 0.99).is_err());
        assert_eq!(quantile(&mut [3.0, 1.0, 2.0], 0.5).unwrap(), 2.0);
    }
}
