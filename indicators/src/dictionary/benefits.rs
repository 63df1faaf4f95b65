//! Benefits of the family branch, by commune; allowances of the département, by département.

use super::{Indicator, NONE, indicator_of as i};
use crate::Unit::{Count, Pct, PerHundred, PerThousand};

/// The family, a table laid out as one.
#[rustfmt::skip]
pub const FAMILY: &[Indicator] = &[
    i("caf.alloc", "Foyers allocataires de la Caf", Count, "none", "indfoy_ndur", NONE, &["nombre de foyers allocataires"], &["foyers"]),
    i("caf.pers", "Personnes couvertes par la Caf", Count, "none", "indnbp_ndur", NONE, &["nombre de personnes couvertes par la Caf"], &["habitants", "personnes"]),
    i("caf.couv", "Part des habitants couverts par la Caf", Pct, "none", "100·personnes couvertes/population", &["caf.pers", "dem.pop"],
      &["part des habitants couverts par la Caf"], &["habitants"]),
    i("caf.rsa", "Foyers bénéficiaires du RSA pour 100 ménages", PerHundred, "low", "100·indfoy_rsa/MEN", &["dem.menages"],
      &["foyers bénéficiaires du RSA"], &["ménages"]),
    i("caf.ppa", "Foyers bénéficiaires de la prime d’activité pour 100 ménages", PerHundred, "none", "100·indfoy_ppa/MEN", &["dem.menages"],
      &["foyers bénéficiaires de la prime d’activité"], &["ménages"]),
    i("caf.aah", "Foyers bénéficiaires de l’allocation aux adultes handicapés pour 100 ménages", PerHundred, "none", "100·indfoy_aah/MEN", &["dem.menages"],
      &["foyers bénéficiaires de l’allocation aux adultes handicapés"], &["ménages"]),
    i("caf.al", "Foyers bénéficiaires d’une aide au logement pour 100 ménages", PerHundred, "none", "100·indfoy_ndural/MEN", &["dem.menages"],
      &["foyers bénéficiaires d’une aide au logement"], &["ménages"]),
    i("caf.monop", "Foyers bénéficiaires de l’allocation de soutien familial pour 100 ménages", PerHundred, "none", "100·indfoy_asf/MEN", &["dem.menages"],
      &["foyers bénéficiaires de l’allocation de soutien familial"], &["ménages"]),
    i("adp.apa", "Bénéficiaires de l’APA pour 100 personnes de 75 ans et plus", PerHundred, "none", "100·(domicile + établissement)/P75P", NONE,
      &["bénéficiaires de l’allocation personnalisée d’autonomie"], &["habitants", "personnes"]),
    i("adp.apa_dom", "Part des bénéficiaires de l’APA qui vivent à domicile", Pct, "none", "100·domicile/(domicile + établissement)", NONE,
      &["part de l’allocation personnalisée d’autonomie à domicile"], &["bénéficiaires"]),
    i("adp.pch", "Bénéficiaires de la PCH pour 1\u{202f}000 personnes de moins de 60 ans", PerThousand, "none", "1000·PCH/P<60", NONE,
      &["bénéficiaires de la prestation de compensation du handicap"], &["habitants", "personnes"]),
];
