//! What a commune's code tells: its département, its region, its climate.

/// Regions by code, with the climate zone most of them has, and their départements.
const REGIONS: [(&str, &str, &str); 18] = [
    ("84", "H1c", "01 03 07 15 26 38 42 43 63 69 73 74"),
    ("27", "H1c", "21 25 39 58 70 71 89 90"),
    ("53", "H2a", "22 29 35 56"),
    ("24", "H2b", "18 28 36 37 41 45"),
    ("94", "H3", "2A 2B"),
    ("44", "H1b", "08 10 51 52 54 55 57 67 68 88"),
    ("32", "H1a", "02 59 60 62 80"),
    ("11", "H1a", "75 77 78 91 92 93 94 95"),
    ("28", "H1a", "14 27 50 61 76"),
    ("75", "H2c", "16 17 19 23 24 33 40 47 64 79 86 87"),
    ("76", "H2c", "09 11 12 30 31 32 34 46 48 65 66 81 82"),
    ("52", "H2b", "44 49 53 72 85"),
    ("93", "H3", "04 05 06 13 83 84"),
    ("01", "H3", "971"),
    ("02", "H3", "972"),
    ("03", "H3", "973"),
    ("04", "H3", "974"),
    ("06", "H3", "976"),
];
/// The codes of Paris, Lyon and Marseille as wholes: certificates carry the arrondissement instead.
pub const WHOLE_CITIES: [&str; 3] = ["75056", "69123", "13055"];

/// Where a commune is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub department: &'static str,
    pub region: &'static str,
    pub climate: &'static str,
}

/// The place of a code that a commune could have; `None` for every other text.
pub fn place(code: &str) -> Option<Place> {
    if code.len() != 5 || !code.is_ascii() || WHOLE_CITIES.contains(&code) {
        return None;
    }
    REGIONS.iter().find_map(|(region, climate, departments)| {
        let department = departments.split(' ').find(|department| code.starts_with(*department))?;
        let number = code.get(department.len()..)?;
        let plausible = number.bytes().all(|digit| digit.is_ascii_digit()) && number.bytes().any(|digit| digit != b'0');
        plausible.then_some(Place { department, region, climate })
    })
}

/// Whether the code is that of an arrondissement of Paris, Lyon or Marseille.
pub fn is_arrondissement(code: &str) -> bool {
    let within = |first: u32, last: u32| code.parse().is_ok_and(|code: u32| (first..=last).contains(&code));
    within(75_101, 75_120) || within(69_381, 69_389) || within(13_201, 13_216)
}

/// Every arrondissement of the three cities.
pub fn arrondissements() -> impl Iterator<Item = String> {
    (75_101..=75_120_u32).chain(69_381..=69_389).chain(13_201..=13_216).map(|code| code.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_placed_and_nonsense_is_nowhere() {
        assert_eq!(place("35238").unwrap(), Place { department: "35", region: "53", climate: "H2a" });
        assert_eq!(place("2A004").unwrap().department, "2A");
        assert_eq!(place("97411").unwrap().department, "974");
        for nowhere in ["75056", "99123", "20004", "3523", "35ABC", "35000", "é5238"] {
            assert_eq!(place(nowhere), None, "{nowhere}");
        }
        assert!(is_arrondissement("13216") && !is_arrondissement("13217"));
        assert_eq!(REGIONS.iter().map(|(.., departments)| departments.split(' ').count()).sum::<usize>(), 101);
    }
}
