-- One partition per imported file (`…_s<source id>`): a promotion attaches the new one and detaches the old one in
-- one transaction, so a reader sees one or the other and a rollback is the same gesture.
CREATE TABLE data.population_historique (
    code_insee text NOT NULL, annee int NOT NULL, population int NOT NULL,
    statut text NOT NULL DEFAULT 'ok',       -- `est`: geography rebuilt by us
    code_source text NOT NULL, cog_annee int NOT NULL, source_id int NOT NULL,
    PRIMARY KEY (code_insee, annee, source_id)
) PARTITION BY LIST (source_id);

CREATE TABLE data.rp_demographics (
    code_insee text NOT NULL, millesime int NOT NULL, cog_annee int NOT NULL,
    pop numeric NOT NULL, pop_m5 numeric, pop_m10 numeric, millesime_m5 int, millesime_m10 int,
    hommes numeric, femmes numeric,
    naissances numeric, deces numeric,       -- between the vintages m5 and this one
    naissances_m5 numeric, deces_m5 numeric, -- between m10 and m5
    densite numeric,                         -- inhabitants per km², NULL while shapes are schematic
    code_source text NOT NULL, source_id int NOT NULL,
    PRIMARY KEY (code_insee, millesime, source_id)
) PARTITION BY LIST (source_id);

-- Long form: theme (age7, age_quinquennal …, csp, menage_type), modality, sex (H, F, T).
CREATE TABLE data.rp_details (
    code_insee text NOT NULL, millesime int NOT NULL, cog_annee int NOT NULL,
    theme text NOT NULL, modalite text NOT NULL, sexe text NOT NULL CHECK (sexe IN ('H', 'F', 'T')),
    valeur numeric NOT NULL, source_id int NOT NULL,
    PRIMARY KEY (code_insee, millesime, theme, modalite, sexe, source_id)
) PARTITION BY LIST (source_id);

CREATE TABLE data.rp_housing (
    code_insee text NOT NULL, millesime int NOT NULL, cog_annee int NOT NULL,
    log numeric NOT NULL, rp numeric NOT NULL, rsecocc numeric NOT NULL, logvac numeric NOT NULL,
    maison numeric, appart numeric,
    rp_1p numeric, rp_2p numeric, rp_3p numeric, rp_4p numeric, rp_5pp numeric, nbpi_rp numeric,
    rp_prop numeric, rp_loc numeric, rp_hlm numeric, rp_grat numeric,
    men numeric, pmen numeric,               -- households, persons in them
    rp_hstu1p numeric, rp_hstu1p_surocc numeric, -- complementary exploitation: over-occupation
    ach jsonb NOT NULL DEFAULT '{}',         -- main residences by upper bound of construction: ach19 … ach18, achtot
    anem jsonb NOT NULL DEFAULT '{}',        -- households by years since arrival: anem0002 …
    code_source text NOT NULL, source_id int NOT NULL,
    PRIMARY KEY (code_insee, millesime, source_id)
) PARTITION BY LIST (source_id);

CREATE TABLE data.filosofi (
    code_insee text NOT NULL, millesime int NOT NULL, cog_annee int NOT NULL,
    nbmen numeric, nbpers numeric, med numeric, pimp numeric, tp60 numeric,
    tp60_age jsonb NOT NULL DEFAULT '{}', tp60_tol jsonb NOT NULL DEFAULT '{}', parts jsonb NOT NULL DEFAULT '{}',
    d1 numeric, d9 numeric, rd numeric,
    statuts jsonb NOT NULL DEFAULT '{}',     -- figure → s, nd, ns; a figure not named here is ok
    code_source text NOT NULL, source_id int NOT NULL,
    PRIMARY KEY (code_insee, millesime, source_id)
) PARTITION BY LIST (source_id);

CREATE TABLE data.lovac (
    code_insee text NOT NULL, annee int NOT NULL,
    pp_total int, pp_vacant int, pp_vacant_2ans int,
    statut jsonb NOT NULL DEFAULT '{}',      -- figure → s, nd; a figure not named here is ok
    millesime_fichier int NOT NULL, cog_annee int NOT NULL, code_source text NOT NULL, source_id int NOT NULL,
    PRIMARY KEY (code_insee, annee, millesime_fichier, source_id)
) PARTITION BY LIST (source_id);

CREATE TABLE data.rpls (
    code_insee text NOT NULL, annee int NOT NULL,
    nb_ls int NOT NULL, nb_vacants int, tx_vac numeric, tx_vac3 numeric, tx_mob numeric, loyer_moyen numeric,
    nb_plai int, nb_plus int, nb_pls int, nb_pli int,
    statut jsonb NOT NULL DEFAULT '{}', cog_annee int NOT NULL, code_source text NOT NULL, source_id int NOT NULL,
    PRIMARY KEY (code_insee, annee, source_id)
) PARTITION BY LIST (source_id);

-- A commune whose département has census dwellings can be studied; another reads « données non chargées ».
CREATE VIEW data.commune_loaded AS
    SELECT c.code_insee, c.departement,
           EXISTS (SELECT FROM data.communes d JOIN data.rp_housing h ON h.code_insee = d.code_insee
                   WHERE d.departement = c.departement) AS chargee
    FROM data.communes c;
