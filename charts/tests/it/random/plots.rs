//! Charts with axes, and maps.

use charts::{
    boxes, choropleth, circles, columns, fan, histogram, line, multiples, pyramid, slope, stacked, waterfall,
};
use proptest::prelude::*;

use super::*;

proptest! {
    #![proptest_config(ProptestConfig { cases: CASES, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn slopes_and_lines(rows in rows(1..8, 6), wide in 320.0..700.0f64, high in 130.0..300.0f64) {
        let scopes = || SCOPES.into_iter().map(Some).chain([None, None]);
        let series: Vec<_> = scopes()
            .zip(&rows)
            .map(|(scope, (name, f))| slope::Series { scope, name, before: datum(&f[0]), after: datum(&f[1]) })
            .collect();
        check(&slope::draw(&frame(wide, high), ("2011", "2022"), &series))?;
        let points: Vec<_> = rows.iter().map(|(_, f)| over_years(f)).collect();
        let lines: Vec<_> = SCOPES
            .into_iter()
            .zip(rows.iter().zip(&points))
            .map(|(scope, ((name, f), points))| line::Series { scope, name, end: &f[5].1, points })
            .collect();
        check(&line::draw(&frame(wide, high), &lines, "%", true))?;
        check(&line::draw(&frame(wide, high), &lines, "%", false))?;
        let panels: Vec<_> = rows
            .iter()
            .zip(&points)
            .map(|((title, f), points)| multiples::Panel {
                title,
                text: &f[5].1,
                series: vec![multiples::Series { scope: S::Com, points }, multiples::Series { scope: S::Dep, points }],
            })
            .collect();
        let legend = [(S::Com, rows[0].0.as_str()), (S::Epci, "Métropole de l’Exemple")];
        for axes in [multiples::Axes::Own, multiples::Axes::Shared] {
            check(&multiples::draw(&frame(wide, 320.0 + high), &panels, axes, &legend))?;
        }
    }

    #[test]
    fn fans(seen in figures(1..5), ahead in figures(1..6), name in name(), wide in 320.0..700.0f64) {
        let observed = over_years(&seen);
        let base = observed.last().unwrap().0;
        let projected: Vec<_> = (base + 1..)
            .zip(&ahead)
            .map(|(year, (central, _))| fan::Point { year, central: *central, band: central.map(|v| (v - 9.0, v + 3.0)) })
            .collect();
        let text = &ahead.last().unwrap().1;
        let ends = [("scénario haut", text.as_str()), (&name, text), ("scénario bas", text)];
        let fan = fan::Fan { scope: S::Dep, observed: &observed, projected: &projected, base, ends };
        check(&fan::draw(&frame(wide, 140.0), &fan, "habitants"))?;
    }

    #[test]
    fn plots(rows in rows(1..11, 3), level in 0.0..200.0f64, wide in 320.0..1016.0f64, high in 120.0..300.0f64) {
        let size = frame(wide, high);
        let bars: Vec<_> = rows
            .iter()
            .enumerate()
            .map(|(i, (label, f))| columns::Column { label, datum: datum(&f[0]), provisional: i > 7 })
            .collect();
        let mean = columns::Mean { value: level, text: "412 par an en moyenne" };
        check(&columns::draw(&size, &bars, Some(&mean), "logements"))?;
        check(&columns::draw(&size, &bars, None, "logements"))?;
        let piles: Vec<_> = rows
            .iter()
            .map(|(label, f)| stacked::Stack { label, parts: data(f), total: &f[0].1 })
            .collect();
        for mode in [stacked::Mode::Stacked, stacked::Mode::Grouped] {
            check(&stacked::draw(&size, &["Une", "Deux", &rows[0].0], &piles, mode, "logements"))?;
        }
        let steps: Vec<_> = rows
            .iter()
            .zip([waterfall::Kind::Part, waterfall::Kind::Part, waterfall::Kind::Total].into_iter().cycle())
            .take(7)
            .map(|((label, f), kind)| waterfall::Step { label, datum: datum(&f[0]), kind })
            .collect();
        check(&waterfall::draw(&size, &steps, "logements"))?;
        let years: Vec<_> = rows
            .iter()
            .take(6)
            .map(|(_, f)| boxes::Bin {
                year: "2024",
                quartiles: f[0].0.map(f64::abs).map(|v| (v * 0.8, v, v * 1.3)),
                text: &f[0].1,
                n: "84",
                sure: f[1].0.is_some(),
            })
            .collect();
        check(&boxes::draw(&size, &years, "€/m²"))?;
        let bins: Vec<_> = rows
            .iter()
            .enumerate()
            .map(|(i, (_, f))| histogram::Bin { low: count(i) * level, high: count(i + 1) * level, value: f[0].0 })
            .collect();
        let units = histogram::Units { counted: "communes", values: "€/m²" };
        check(&histogram::draw(&size, &bins, Some(datum(&rows[0].1[1])), units))?;
    }

    #[test]
    fn pyramids(rows in rows(1..20, 4), name in name(), wide in 320.0..700.0f64) {
        let bands: Vec<_> = rows
            .iter()
            .map(|(label, f)| {
                let side = |own: usize| pyramid::Side { datum: datum(&f[own]), reference: f[own + 2].0.map(f64::abs) };
                pyramid::Band { label, men: side(0), women: side(1) }
            })
            .collect();
        check(&pyramid::draw(&frame(wide, 40.0 + 12.0 * count(bands.len())), &bands, &name))?;
    }

    #[test]
    fn maps(rows in rows(1..16, 1), own in 0..16usize, schematic in any::<bool>(), title in name()) {
        let outlines = cells(i32::try_from(rows.len()).unwrap());
        let areas: Vec<_> = rows
            .iter()
            .zip(&outlines)
            .enumerate()
            .map(|(i, ((name, f), outline))| choropleth::Area {
                name,
                value: f[0].0,
                text: &f[0].1,
                highlight: i == own,
                outline,
            })
            .collect();
        let size = frame(492.0, 280.0);
        let map = circles::Map { areas: &areas, legend: &title, schematic };
        check(&circles::draw(&size, &map))?;
        let map = choropleth::Map { areas: &areas, legend: &title, unit: "%", schematic };
        check(&choropleth::draw(&size, &map))?;
    }
}
