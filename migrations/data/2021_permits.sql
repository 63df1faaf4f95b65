-- Building permits. Each monthly delivery holds them all in their present state: the newest replaces the one before.
CREATE TABLE data.sitadel (
    num_dau text NOT NULL, type_dau text NOT NULL,
    etat smallint NOT NULL CHECK (etat IN (2, 4, 5, 6)), -- authorised, cancelled, started, completed
    date_autorisation date, date_ouverture date, date_achevement date,
    annee_aut smallint, annee_ouv smallint,
    dates_ecartees smallint NOT NULL,        -- dates of this permit that cannot be: outside 1990 to next year
    nb_log int, nb_ind int, nb_col int, nb_res int, nb_social int, nb_demolis int, -- NULL where the file is silent
    surf_hab int, superficie_terrain int,
    nature smallint, destination smallint, type_logements smallint, utilisation smallint, residence smallint,
    zone_op smallint, id_parcelle text,      -- of the first parcel, in an undivided sheet
    code_insee text NOT NULL, code_source text NOT NULL, cog_annee int NOT NULL, source_id int NOT NULL,
    PRIMARY KEY (num_dau, type_dau, source_id)
) PARTITION BY LIST (source_id);
CREATE INDEX sitadel_commune ON data.sitadel (code_insee, annee_aut);
CREATE INDEX sitadel_vivants ON data.sitadel (code_insee, annee_ouv) WHERE etat IN (2, 5, 6);
ALTER TABLE data.sitadel OWNER TO lobster_importer;
GRANT SELECT ON data.sitadel TO lobster_api, lobster_worker, lobster_projector;

-- Starts are declared late: the last eighteen months of a delivery are provisional.
CREATE VIEW data.sitadel_provisoire AS
    SELECT id AS source_id, (left(millesime, 7) || '-01')::date - interval '18 months' AS depuis
    FROM data.data_sources WHERE active AND dataset = 'sitadel' AND millesime ~ '^\d{4}-\d\d';
ALTER VIEW data.sitadel_provisoire OWNER TO lobster_importer;
GRANT SELECT ON data.sitadel_provisoire TO lobster_api, lobster_worker, lobster_projector;
