//! Building permits in the layout of the SDES: labels, then codes, then a hundred columns, most of them empty. Dwellings
//! authorised each year are the published national ones, shared out by inhabitants.

use std::borrow::Cow;

use chrono::{Days, NaiveDate};

use super::dice::{Dice, whole};
use super::output::{Charset, Output};
use super::places::Place;
use crate::engine::ImportError;

const HEADER: &str = "REG_CODE;REG_LIBELLE;DEP_CODE;DEP_LIBELLE;COMM;TYPE_DAU;NUM_DAU;ETAT_DAU;DATE_REELLE_AUTORISATION;DATE_REELLE_DOC;DATE_REELLE_DAACT;AN_DEPOT;DPC_PREM;DPC_AUT;DPC_DOC;DPC_DERN;CAT_DEM;APE_DEM;CJ_DEM;DENOM_DEM;SIREN_DEM;SIRET_DEM;CODPOST_DEM;LOCALITE_DEM;REC_ARCHI;ADR_NUM_TER;ADR_TYPEVOIE_TER;ADR_LIBVOIE_TER;ADR_LIEUDIT_TER;ADR_LOCALITE_TER;ADR_CODPOST_TER;SEC_CADASTRE1;NUM_CADASTRE1;SEC_CADASTRE2;NUM_CADASTRE2;SEC_CADASTRE3;NUM_CADASTRE3;SUPERFICIE_TERRAIN;ZONE_OP;NATURE_PROJET_DECLAREE;NATURE_PROJET_COMPLETEE;DESTINATION_PRINCIPALE;TYPE_PRINCIP_LOGTS_CREES;TYPE_TRANSFO_PRINCIPAL;TYPE_PRINCIP_LOCAUX_TRANSFORMES;I_EXTENSION;I_SURELEVATION;I_NIVSUPP;NB_NIV_MAX;UTILISATION;RES_PRINCIP_OU_SECOND;TYP_ANNEXE;I_PISCINE;I_GARAGE;I_VERANDA;I_ABRI_JARDIN;I_AUTRE_ANNEXE;RESIDENCE;RES_PERS_AGEES;RES_ETUDIANTS;RES_TOURISME;RES_HOTEL_SOCIALE;RES_SOCIALE;RES_HANDICAPES;RES_AUTRE;NB_LGT_TOT_CREES;NB_LGT_IND_CREES;NB_LGT_COL_CREES;NB_LGT_INDIV_PURS;NB_LGT_INDIV_GROUPES;NB_LGT_RES;NB_LGT_COL_HORS_RES;NB_LGT_DEMOLIS;NB_LGT_1P;NB_LGT_2P;NB_LGT_3P;NB_LGT_4P;NB_LGT_5P;NB_LGT_6P_PLUS;NB_LGT_PRET_LOC_SOCIAL;NB_LGT_ACC_SOC_HORS_PTZ;NB_LGT_PTZ;SURF_HAB_AVANT;SURF_HAB_CREEE;SURF_HAB_ISSUE_TRANSFO;SURF_HAB_DEMOLIE;SURF_HAB_TRANSFORMEE;SURF_LOC_AVANT;SURF_LOC_CREEE;SURF_LOC_ISSUE_TRANSFO;SURF_LOC_DEMOLIE;SURF_LOC_TRANSFORMEE;SURF_HEB_TRANSFORMEE;SURF_BUR_TRANSFORMEE;SURF_COM_TRANSFORMEE;SURF_ART_TRANSFORMEE;SURF_IND_TRANSFORMEE;SURF_AGR_TRANSFORMEE;SURF_ENT_TRANSFORMEE;SURF_PUB_TRANSFORMEE";
/// Dwellings authorised in France by year, as published; the last year up to the delivery.
const AUTHORISED: [(i32, f64); 13] = [
    (2013, 416_825.0),
    (2014, 375_009.0),
    (2015, 397_528.0),
    (2016, 459_667.0),
    (2017, 487_793.0),
    (2018, 457_196.0),
    (2019, 446_115.0),
    (2020, 393_327.0),
    (2021, 467_332.0),
    (2022, 486_064.0),
    (2023, 373_436.0),
    (2024, 321_171.0),
    (2025, 277_000.0),
];
/// Inhabitants of the communes, 2022.
const INHABITANTS: f64 = 68_400_000.0;
/// Share of permits that are cancelled.
const CANCELLED: f64 = 0.09;
/// Share of permits for several flats, where there are any.
const COLLECTIVE: f64 = 0.14;
/// Dwellings of a permit for flats, and of another.
const MEAN_DWELLINGS: (f64, f64) = (24.6, 1.3);
/// The day the delivery was made, and the month in its name.
const DELIVERY: (i32, u32, u32) = (2025, 10, 1);

/// `Liste-des-autorisations-durbanisme-creant-des-logements.2025-10.csv`.
pub fn permits(places: &[Place], output: &mut Output<'_>) -> Result<(), ImportError> {
    let builders: Vec<&Place> = places.iter().filter(|place| place.population > 0.0 && !place.divided).collect();
    let labels = HEADER.split(';').map(|code| format!("libellé de {}", code.to_lowercase())).collect::<Vec<_>>();
    let (year, month, _) = DELIVERY;
    let mut rest = 0.0;
    let rows = builders.iter().flat_map(|place| {
        let mut dice = Dice::named(&format!("permis {}", place.code));
        let collective = if dense(place) { COLLECTIVE } else { 0.0 };
        let mean = collective * MEAN_DWELLINGS.0 + (1.0 - collective) * MEAN_DWELLINGS.1;
        let mut written = Vec::new();
        for (year, authorised) in AUTHORISED {
            rest += place.population / INHABITANTS * authorised * zone_share(place.zone) / mean / (1.0 - CANCELLED);
            let count = whole(rest);
            rest -= f64::from(count);
            written.extend((0..count).filter_map(|rank| Permit::drawn(place, year, rank, collective, &mut dice)));
        }
        written
    });
    output.file(
        &format!("Liste-des-autorisations-durbanisme-creant-des-logements.{year}-{month:02}.csv"),
        Charset::Utf8,
        [labels.join(";"), HEADER.to_owned()].into_iter().chain(rows),
    )
}

fn dense(place: &Place) -> bool {
    ["Abis", "A", "B1"].contains(&place.zone) || place.population > 10_000.0
}

fn zone_share(zone: &str) -> f64 {
    match zone {
        "Abis" => 0.75,
        "A" => 1.0,
        "B1" => 1.2,
        "B2" => 1.05,
        _ => 0.97,
    }
}

struct Permit<'a> {
    place: &'a Place,
    number: String,
    kind: &'static str,
    state: &'static str,
    filed: i32,
    given: NaiveDate,
    started: Option<NaiveDate>,
    completed: Option<NaiveDate>,
    dwellings: u32,
    flats: bool,
    residence: bool,
    new: bool,
    area: u32,
    land: u32,
    street: u32,
    section: String,
    plan: u32,
    operation: &'static str,
    using: &'static str,
    second: bool,
}

impl<'a> Permit<'a> {
    /// One line, or nothing for a permit that the delivery does not know yet.
    fn drawn(place: &'a Place, year: i32, rank: u32, collective: f64, dice: &mut Dice) -> Option<String> {
        let delivery = NaiveDate::from_ymd_opt(DELIVERY.0, DELIVERY.1, DELIVERY.2)?;
        let days = if year == DELIVERY.0 { 272 } else { 364 };
        let given = NaiveDate::from_ymd_opt(year, 1, 1)?.checked_add_days(Days::new(dice.whole(0, days).into()))?;
        let later = |date: NaiveDate, days: f64| {
            date.checked_add_days(Days::new(whole(days).into())).filter(|date| *date < delivery)
        };
        let cancelled = dice.chance(CANCELLED);
        let builds = !cancelled && dice.chance(0.86);
        let wait = dice.exponential(110.0) + dice.exponential(110.0);
        let works = dice.exponential(170.0) + dice.exponential(170.0) + dice.exponential(170.0);
        let started = if builds { later(given, wait) } else { None };
        let completed = started.filter(|_| dice.chance(0.78)).and_then(|date| later(date, works));
        let flats = dice.chance(collective);
        let dwellings = if flats {
            whole(dice.lognormal(2.9, 0.85)).clamp(2, 420)
        } else if dice.chance(0.9) {
            1
        } else {
            dice.whole(2, 6)
        };
        let (departement, commune) = place.code.split_at(place.code.len() - 3);
        let letter = ["A", "B", "C", "D", "E", "F", "G", "H"].get(rank as usize / 10_000).unwrap_or(&"Z");
        let permit = Self {
            place,
            number: format!("{departement:0>3}{commune}{:02}{letter}{:04}", year % 100, rank % 10_000),
            kind: if dice.chance(0.93) { "PC" } else { "DP" },
            state: match (cancelled, started, completed) {
                (true, ..) => "4",
                (_, _, Some(_)) => "6",
                (_, Some(_), _) => "5",
                _ => "2",
            },
            filed: year - i32::from(dice.chance(0.2)),
            given,
            started,
            completed,
            dwellings,
            flats,
            residence: flats && dice.chance(0.12),
            new: dice.chance(0.84),
            area: whole(f64::from(dwellings) * if flats { 62.0 } else { 112.0 } * dice.lognormal(0.0, 0.18)),
            land: whole(dice.lognormal(6.5, 0.6)),
            street: dice.whole(1, 120),
            section: format!("{}{}", dice.one_of(&["A", "B", "C", "D", "E", "Z"]), dice.one_of(&["A", "B", "C", "D"])),
            plan: dice.whole(1, 600),
            operation: dice.pick(&[("1", 0.32), ("2", 0.06), ("4", 0.62)]).unwrap_or("4"),
            using: dice.pick(&[("1", 0.55), ("2", 0.25), ("3", 0.12), ("5", 0.08)]).unwrap_or("5"),
            second: dice.chance(place.second),
        };
        Some(permit.line())
    }

    fn line(&self) -> String {
        let mut line = String::with_capacity(320);
        for column in HEADER.split(';') {
            if !line.is_empty() {
                line.push(';');
            }
            line.push_str(&self.cell(column));
        }
        line
    }

    fn cell(&self, column: &str) -> Cow<'_, str> {
        let houses = if self.flats { 0 } else { self.dwellings };
        let code = match column {
            "REG_CODE" => &self.place.region,
            "DEP_CODE" => &self.place.departement,
            "COMM" => &self.place.code,
            "TYPE_DAU" => self.kind,
            "NUM_DAU" => &self.number,
            "ETAT_DAU" => self.state,
            "DPC_DERN" => "2025-09",
            "CAT_DEM" => {
                if self.flats {
                    "3"
                } else {
                    "1"
                }
            }
            "ADR_TYPEVOIE_TER" => "RUE",
            "ADR_LIBVOIE_TER" => "DE LA FONTAINE",
            "ADR_CODPOST_TER" => &self.place.postcode,
            "SEC_CADASTRE1" => &self.section,
            "ZONE_OP" => self.operation,
            "NATURE_PROJET_DECLAREE" => {
                if self.new {
                    "1"
                } else {
                    "2"
                }
            }
            "NATURE_PROJET_COMPLETEE" => {
                if self.new {
                    "1"
                } else {
                    "5"
                }
            }
            "DESTINATION_PRINCIPALE" => "1",
            "TYPE_PRINCIP_LOGTS_CREES" => match (self.residence, self.flats, self.dwellings) {
                (true, ..) => "4",
                (_, true, _) => "3",
                (.., 1) => "1",
                _ => "2",
            },
            "UTILISATION" => self.using,
            "RES_PRINCIP_OU_SECOND" => {
                if self.second {
                    "2"
                } else {
                    "1"
                }
            }
            "SURF_HAB_AVANT" => "0",
            "DATE_REELLE_AUTORISATION" => return self.given.to_string().into(),
            "DATE_REELLE_DOC" => return day(self.started),
            "DATE_REELLE_DAACT" => return day(self.completed),
            "AN_DEPOT" => return self.filed.to_string().into(),
            "DPC_AUT" => return self.given.format("%Y-%m").to_string().into(),
            "ADR_NUM_TER" => return self.street.to_string().into(),
            "ADR_LOCALITE_TER" => return self.place.name.to_uppercase().into(),
            "NUM_CADASTRE1" => return self.plan.to_string().into(),
            "SUPERFICIE_TERRAIN" => return self.land.to_string().into(),
            "NB_LGT_TOT_CREES" => return self.dwellings.to_string().into(),
            "NB_LGT_IND_CREES" => return houses.to_string().into(),
            "NB_LGT_COL_CREES" => return (self.dwellings - houses).to_string().into(),
            "NB_LGT_INDIV_PURS" => return if houses == 1 { "1" } else { "0" }.into(),
            "NB_LGT_INDIV_GROUPES" => return if houses > 1 { houses } else { 0 }.to_string().into(),
            "NB_LGT_RES" => return if self.residence { self.dwellings } else { 0 }.to_string().into(),
            "NB_LGT_COL_HORS_RES" => {
                return if self.flats && !self.residence { self.dwellings } else { 0 }.to_string().into();
            }
            "NB_LGT_PRET_LOC_SOCIAL" => {
                return if self.flats { self.dwellings * 27 / 100 } else { 0 }.to_string().into();
            }
            "NB_LGT_DEMOLIS" => return if self.new && self.street.is_multiple_of(16) { "1" } else { "0" }.into(),
            "SURF_HAB_CREEE" => return self.area.to_string().into(),
            _ => "",
        };
        Cow::Borrowed(code)
    }
}

fn day(date: Option<NaiveDate>) -> Cow<'static, str> {
    date.map_or(Cow::Borrowed(""), |date| date.to_string().into())
}
