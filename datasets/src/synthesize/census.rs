//! The census: dwellings and people, at three vintages, in the layouts of `base-cc-logement` and
//! `base-cc-evol-struct-pop`.

use super::dice::Dice;
use super::output::{Charset, Output, table};
use super::places::{Place, covered};
use crate::engine::ImportError;

/// Vintages in the files, newest first, with years before the first and the size of households then.
const VINTAGES: [(u32, f64, f64); 3] = [(21, 0.0, 1.0), (15, 6.0, 1.024), (10, 11.0, 1.046)];
/// Mayotte has a census of its own.
const NOT_COVERED: [&str; 1] = ["976"];
const BANDS: [&str; 7] = ["0014", "1529", "3044", "4559", "6074", "7589", "90P"];
/// Share of men in each band.
const MEN: [f64; 7] = [0.511, 0.510, 0.495, 0.495, 0.475, 0.420, 0.280];

/// `base-cc-logement-2021.CSV`.
pub fn housing(places: &[Place], output: &mut Output<'_>) -> Result<(), ImportError> {
    if covered(places, &NOT_COVERED).next().is_none() {
        return Ok(());
    }
    let header: Vec<String> = std::iter::once("CODGEO".to_owned())
        .chain(VINTAGES.into_iter().flat_map(|(yy, ..)| dwelling_columns(yy)))
        .collect();
    let header: Vec<&str> = header.iter().map(String::as_str).collect();
    let rows = covered(places, &NOT_COVERED).map(|place| {
        let cells = VINTAGES.into_iter().flat_map(|(yy, ago, size)| dwellings(place, yy, ago, size));
        std::iter::once(place.code.clone()).chain(cells.map(|value| format!("{value:.6}"))).collect()
    });
    output.file("base-cc-logement-2021.CSV", Charset::Utf8, table(&header, rows))
}

fn dwelling_columns(yy: u32) -> Vec<String> {
    let last_period = if yy == 15 { "ACH12" } else { "ACH18" };
    let mut names: Vec<String> = [
        "LOG",
        "RP",
        "RSECOCC",
        "LOGVAC",
        "MAISON",
        "APPART",
        "RP_1P",
        "RP_2P",
        "RP_3P",
        "RP_4P",
        "RP_5PP",
        "NBPI_RP",
        "RP_PROP",
        "RP_LOC",
        "RP_LOCHLMV",
        "RP_GRAT",
        "MEN",
        "PMEN",
        "MEN_ANEM0002",
        "MEN_ANEM0204",
        "MEN_ANEM0509",
        "MEN_ANEM10P",
    ]
    .into_iter()
    .map(|name| format!("P{yy}_{name}"))
    .collect();
    names.push(format!("C{yy}_RP_HSTU1P"));
    names.push(format!("C{yy}_RP_HSTU1P_SUROCC"));
    // The dictionary of the real file has no period of construction for its oldest vintage.
    if yy != 10 {
        let periods = ["ACHTOT", "ACH19", "ACH45", "ACH70", "ACH90", "ACH05", last_period];
        names.extend(periods.into_iter().map(|name| format!("P{yy}_RP_{name}")));
    }
    names
}

fn dwellings(place: &Place, yy: u32, ago: f64, size: f64) -> Vec<f64> {
    let mut dice = Dice::named(&format!("logement {} {yy}", place.code));
    let people = place.population / (1.0 + place.growth).powf(ago);
    let persons = people * 0.98;
    let main = persons / (place.household * size);
    let vacant_share = (place.vacant * dice.between(0.88, 1.06) * (1.0 - 0.008 * ago)).clamp(0.015, 0.25);
    let all = main / (1.0 - place.second - vacant_share).max(0.2);
    let (second, vacant) = (all * place.second, all - main - all * place.second);
    let houses = all * place.houses;
    let rooms = if place.houses < 0.5 { [0.13, 0.20, 0.24, 0.22, 0.21] } else { [0.02, 0.07, 0.17, 0.28, 0.46] };
    let pieces: f64 = (1..).zip(rooms).map(|(n, share)| f64::from(n) * share).sum();
    let owners = main * if place.houses > 0.6 { 0.72 } else { 0.42 } * dice.between(0.95, 1.04);
    let free = main * 0.02;
    let mut values = vec![all, main, second, vacant, houses, (all - houses) * 0.995];
    values.extend(rooms.map(|share| main * share));
    values.extend([
        main * pieces * 1.06,
        owners,
        main - owners - free,
        (main * place.social).min(main - owners - free),
        free,
    ]);
    values.extend([main, persons, main * 0.125, main * 0.185, main * 0.175, main * 0.515]);
    let studied = main * 0.93;
    values.extend([studied, studied * (0.025 + (1.0 - place.houses) * 0.06)]);
    if yy != 10 {
        let known = main * 0.985;
        let periods = if place.houses > 0.6 {
            [0.13, 0.06, 0.12, 0.27, 0.24, 0.18]
        } else {
            [0.12, 0.09, 0.24, 0.25, 0.16, 0.14]
        };
        values.push(known);
        values.extend(periods.map(|share| known * share));
    }
    values
}

/// `base-cc-evol-struct-pop-2021.CSV`, with the births and deaths that its sister file carries.
pub fn people(places: &[Place], output: &mut Output<'_>) -> Result<(), ImportError> {
    if covered(places, &NOT_COVERED).next().is_none() {
        return Ok(());
    }
    let mut header: Vec<String> =
        ["CODGEO", "P21_POP", "P15_POP", "P10_POP", "NAIS1521", "DECE1521", "NAIS1015", "DECE1015"]
            .map(str::to_owned)
            .to_vec();
    header.extend(BANDS.map(|band| format!("P21_POP{band}")));
    header.extend(["P21_POP0019", "P21_POP2064", "P21_POP65P", "P21_POP80P", "P21_POPH"].map(str::to_owned));
    header.extend(BANDS.map(|band| format!("P21_H{band}")));
    header.push("P21_POPF".to_owned());
    header.extend(BANDS.map(|band| format!("P21_F{band}")));
    header.push("C21_POP15P".to_owned());
    header.extend((1..=8).map(|group| format!("C21_POP15P_CS{group}")));
    header.extend(
        [
            "MEN",
            "MENPSEUL",
            "MENSFAM",
            "MENFAM",
            "MENCOUPSENF",
            "MENCOUPAENF",
            "MENFAMMONO",
            "PMEN",
            "FAM",
            "NE24F3",
            "NE24F4P",
        ]
        .map(|name| format!("C21_{name}")),
    );
    let header: Vec<&str> = header.iter().map(String::as_str).collect();
    let rows = covered(places, &NOT_COVERED).map(|place| {
        std::iter::once(place.code.clone())
            .chain(person_values(place).into_iter().map(|value| format!("{value:.6}")))
            .collect()
    });
    output.file("base-cc-evol-struct-pop-2021.CSV", Charset::Utf8, table(&header, rows))
}

fn person_values(place: &Place) -> Vec<f64> {
    let mut dice = Dice::named(&format!("population {}", place.code));
    let now = place.population;
    let past = |ago: f64| now / (1.0 + place.growth).powf(ago);
    let young = 1.0 - place.old;
    let shares = [
        young * 0.245,
        young * 0.25,
        young * 0.26,
        young * 0.245,
        place.old * 0.62,
        place.old * 0.33,
        place.old * 0.05,
    ];
    let bands = shares.map(|share| now * share);
    let men: Vec<f64> = bands.iter().zip(MEN).map(|(band, share)| band * share).collect();
    let women: Vec<f64> = bands.iter().zip(&men).map(|(band, men)| band - men).collect();
    let births = dice.between(0.0095, 0.0125) * (1.25 - place.old);
    let deaths = 0.0085 * (place.old / 0.26) * dice.between(0.9, 1.1);
    let mut values = vec![now, past(6.0), past(11.0)];
    for (mean, years) in [((now + past(6.0)) / 2.0, 6.0), ((past(6.0) + past(11.0)) / 2.0, 5.0)] {
        values.extend([(mean * births * years).round(), (mean * deaths * years).round()]);
    }
    values.extend(bands);
    let (under_20, over_65, over_80) = (now * young * 0.325, now * place.old * 0.74, now * place.old * 0.235);
    values.extend([under_20, now - under_20 - over_65, over_65, over_80, men.iter().sum()]);
    values.extend(&men);
    values.push(women.iter().sum());
    values.extend(&women);
    values.extend(occupations(place, now - bands[0]));
    let main = place.main;
    let (alone, no_family) = (main * (0.22 + (1.0 - place.houses) * 0.22), main * 0.025);
    let families = main - alone - no_family;
    values.extend([main, alone, no_family, families, families * 0.44, families * 0.43, families * 0.13, now * 0.98]);
    values.extend([families * 1.01, families * 0.085, families * 0.03]);
    values
}

/// People of 15 and more, then the eight groups.
fn occupations(place: &Place, adults: f64) -> Vec<f64> {
    let wealth = (place.income - 14_000.0) / 14_000.0;
    let farmers = (0.02 - 0.012 * wealth).max(0.0) * if place.population < 1_000.0 { 2.2 } else { 0.4 };
    let working = [farmers, 0.04, 0.04 + 0.12 * wealth, 0.13 + 0.03 * wealth, 0.16, (0.19 - 0.1 * wealth).max(0.03)];
    let (retired, others) = (place.old * 0.98, 0.16);
    let scale = (1.0_f64 - retired - others).max(0.1) / working.iter().sum::<f64>();
    let mut values = vec![adults];
    values.extend(working.map(|share| adults * share * scale));
    values.extend([adults * retired, adults * others]);
    values
}

/// Populations since 1968, in the layout of the historical file.
pub fn history(places: &[Place], output: &mut Output<'_>) -> Result<(), ImportError> {
    const YEARS: [f64; 9] = [1968.0, 1975.0, 1982.0, 1990.0, 1999.0, 2008.0, 2013.0, 2018.0, 2024.0];
    let rows = YEARS.into_iter().flat_map(|year| {
        places.iter().filter(|place| place.city.is_none()).map(move |place| {
            let then = place.population / (1.0 + place.growth).powf(2024.0 - year);
            vec![format!("{year:.0}"), place.code.clone(), place.name.clone(), format!("{:.1}", then.round())]
        })
    });
    output.file(
        "population_historique_cog_du_moment.csv",
        Charset::Utf8,
        table(&["ANNEE_COG", "CODGEO", "LIBGEO", "POP"], rows),
    )
}
