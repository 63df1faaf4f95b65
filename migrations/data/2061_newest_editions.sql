-- Each edition of these files tells several years again, and the newest one is right. A year that only an older edition
-- has stays.
CREATE VIEW data.caf_communal_courant AS
    SELECT DISTINCT ON (f.code_insee, f.date_ref, f.prestation) f.*
    FROM data.caf_communal f JOIN data.data_sources s ON s.id = f.source_id
    ORDER BY f.code_insee, f.date_ref, f.prestation, s.millesime DESC, f.source_id DESC;

CREATE VIEW data.aides_dept_courant AS
    SELECT DISTINCT ON (a.code_dept, a.annee, a.prestation, a.lieu) a.*
    FROM data.aides_dept a JOIN data.data_sources s ON s.id = a.source_id
    ORDER BY a.code_dept, a.annee, a.prestation, a.lieu, s.millesime DESC, a.source_id DESC;

DO $$
DECLARE relation text;
BEGIN
    FOREACH relation IN ARRAY ARRAY['caf_communal_courant', 'aides_dept_courant'] LOOP
        EXECUTE format('ALTER VIEW data.%I OWNER TO lobster_importer', relation);
        EXECUTE format('GRANT SELECT ON data.%I TO lobster_api, lobster_worker, lobster_projector', relation);
    END LOOP;
END $$;
