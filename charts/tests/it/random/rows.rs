//! Charts whose rows are territories, indicators or classes.

use charts::{basket, classes, dots, dumbbell, hbar, interval, matrix, mosaic, percentile, range, shares};
use proptest::prelude::*;

use super::*;

proptest! {
    #![proptest_config(ProptestConfig { cases: CASES, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn rows_of_territories(rows in rows(1..7, 3), names in prop::collection::vec(name(), 3), wide in 320.0..1016.0f64) {
        let territories = || SCOPES.into_iter().zip(&rows);
        let frame = |each: f64| frame(wide, 40.0 + each * count(rows.len()));
        let bars: Vec<_> = territories()
            .map(|(scope, (label, f))| hbar::Bar { scope, label, value: f[0].0, text: &f[0].1 })
            .collect();
        check(&hbar::draw(&frame(16.0), &bars))?;
        let divided: Vec<_> = territories()
            .map(|(scope, (label, f))| shares::Row { scope, label, parts: data(f) })
            .collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        check(&shares::draw(&frame(17.0), &names, &divided))?;
        let ranges: Vec<_> = territories()
            .map(|(scope, (label, f))| {
                let mut f: Vec<_> = f.iter().collect();
                f.sort_by(|a, b| a.0.partial_cmp(&b.0).unwrap());
                range::Row { scope, label, low: datum(f[0]), middle: datum(f[1]), high: datum(f[2]) }
            })
            .collect();
        check(&range::draw(&frame(28.0), ["D1", "médiane", "D9"], &ranges))?;
        let pairs: Vec<_> = rows
            .iter()
            .map(|(label, f)| dumbbell::Row { label, one: datum(&f[0]), other: datum(&f[1]), gap: &f[2].1 })
            .collect();
        check(&dumbbell::draw(&frame(16.0), (names[0], names[1]), &pairs))?;
        let estimates: Vec<_> = rows
            .iter()
            .map(|(label, f)| interval::Row {
                label,
                note: label,
                value: f[0].0,
                range: f[0].0.map(|v| (v - 1.0, v + 1.0)),
                text: &f[0].1,
                reliable: true,
            })
            .collect();
        check(&interval::draw(&frame(34.0), &estimates, "€/m²"))?;
        let dotted: Vec<_> = rows
            .iter()
            .map(|(label, f)| dots::Row {
                label,
                text: &f[0].1,
                values: SCOPES.into_iter().zip(f).filter_map(|(scope, f)| f.0.map(|v| (scope, v))).collect(),
                band: None,
            })
            .collect();
        check(&dots::draw(&frame(26.0), &dotted, &[(S::Com, names[0]), (S::Epci, names[1])]))?;
    }

    #[test]
    fn percentiles(families in prop::collection::vec((name(), rows(0..6, 1)), 1..5), wide in 480.0..1016.0f64) {
        let families: Vec<_> = families
            .iter()
            .map(|(name, rows)| percentile::Family {
                name,
                rows: rows
                    .iter()
                    .map(|(label, f)| percentile::Row { label, datum: datum(&f[0]), words: label })
                    .collect(),
            })
            .collect();
        check(&percentile::draw(&frame(wide, percentile::height(&families)), &families))?;
    }

    #[test]
    fn tables(rows in rows(1..6, 3), names in prop::collection::vec(name(), 4), wide in 420.0..1016.0f64) {
        let heads: Vec<&str> = names[..3].iter().map(String::as_str).collect();
        let lines: Vec<_> = rows
            .iter()
            .map(|(label, f)| matrix::Row {
                label,
                note: label,
                cells: f
                    .iter()
                    .map(|(value, text)| matrix::Cell {
                        state: match value {
                            None => matrix::State::Withheld,
                            Some(v) if *v > 33.0 => matrix::State::Alert,
                            Some(_) => matrix::State::Plain,
                        },
                        text,
                        note: label,
                    })
                    .collect(),
            })
            .collect();
        check(&matrix::draw(&frame(wide, 60.0 + 34.0 * count(rows.len())), &heads, &lines, &names[3]))?;
        let baskets: Vec<_> = rows
            .iter()
            .map(|(label, f)| basket::Basket {
                name: label,
                text: &f[0].1,
                items: f
                    .iter()
                    .zip(&names)
                    .map(|((value, _), label)| basket::Item { label, present: value.map(|v| v > 12.0), nearest: label })
                    .collect(),
            })
            .collect();
        check(&basket::draw(&frame(wide, basket::height(&baskets, wide)), &baskets))?;
        let parts: Vec<_> = rows
            .iter()
            .map(|(label, f)| mosaic::Column { label, part: datum(&f[0]), cells: data(f) })
            .collect();
        check(&mosaic::draw(&frame(wide, 160.0), &heads, &parts))?;
    }

    #[test]
    fn labels_a_to_g(figures in figures(1..8), note in name(), taken in 0..4usize, wide in 420.0..1016.0f64) {
        let labels: Vec<_> = figures
            .iter()
            .zip(["A", "B", "C", "D", "E", "F", "G"])
            .map(|(f, letter)| classes::Class { letter, datum: datum(f), reference: f.0.map(|v| v * 0.8) })
            .collect();
        let bracket = classes::Bracket { classes: taken, text: &note };
        let size = frame(wide, 30.0 + 17.0 * count(labels.len()));
        check(&classes::draw(&size, &labels, &note, Some(&bracket)))?;
        check(&classes::draw(&size, &labels, &note, None))?;
    }
}
