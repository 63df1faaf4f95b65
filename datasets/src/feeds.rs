//! What a dataset is for: told when it is missing, so that an operator knows what customers will not read.

/// What the reports lose without this dataset, in French.
#[must_use]
pub fn feeds(dataset: &str) -> &'static str {
    match dataset {
        "communes" => "tout : sans elles, rien ne s’importe",
        "commune_passage" => "le rattachement des communes fusionnées ou rétablies",
        "contours" => "les cartes, les superficies et les communes voisines",
        "densite" => "le caractère urbain ou rural de la commune",
        "population" => "les évolutions longues de population",
        "zonage_abc" => "la tension du marché et les dispositifs d’aide",
        "anil_loyers" => "les loyers d’annonce",
        "lovac" => "la vacance du parc privé",
        "dvf" => "les prix et le nombre des ventes",
        "parcelles" => "le cadastre de la commune",
        "sitadel" => "les logements autorisés et commencés",
        "rp_housing" => "le parc de logements et son occupation",
        "rp_demographics" => "la population, les âges, les ménages",
        "rpls" => "le parc social",
        "filosofi" => "les niveaux de vie et la pauvreté",
        "population_departements" => "la population de base des projections",
        "projections" => "les projections de population du département",
        "bpe_equipements" => "les équipements et services",
        "bpe_nomenclature" => "les noms des équipements",
        "caf_communal" => "les allocataires des Caf",
        "aides_dept" => "les bénéficiaires de l’APA et de la PCH",
        "finess" => "les établissements de santé et médico-sociaux",
        "rpps" => "les professionnels de santé",
        _ => "des pages des rapports",
    }
}

#[cfg(test)]
mod tests {
    use crate::DATASETS;

    #[test]
    fn every_dataset_says_what_it_is_for() {
        for dataset in DATASETS {
            assert_ne!(super::feeds(dataset.name), super::feeds("autre"), "{}", dataset.name);
        }
    }
}
