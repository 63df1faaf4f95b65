-- What a collection read row by row or from end to end: with these, a large city takes a fraction of a second.

-- The first and last year of a table are asked with every study.
CREATE INDEX mv_sitadel_commune_annee_annee ON data.mv_sitadel_commune_annee (annee);
CREATE INDEX anil_loyers_annee ON data.anil_loyers (annee);

-- Sales by commune, for each whole year and for the last three and five together: a study compares a city with sixty
-- others, whose sales of five years are half a million. Cities are there as a whole beside their arrondissements. Small
-- numbers stay: what may be told of them is the reader's to judge, by `n`.
CREATE MATERIALIZED VIEW data.mv_dvf_commune_fenetre AS
WITH annees AS (
    -- A year that has not reached December is not a year.
    SELECT annee::int AS annee FROM data.dvf GROUP BY annee HAVING max(date_mutation) >= make_date(annee::int, 12, 1)
), fenetres(annee, fenetre) AS (
    SELECT annee, 1 FROM annees
    UNION ALL SELECT max(annee), 3 FROM annees HAVING count(*) >= 3
    UNION ALL SELECT max(annee), 5 FROM annees HAVING count(*) >= 5
), ventes AS (
    SELECT code_insee AS code, annee, type_logement, prix_m2, source_id FROM data.dvf
    WHERE exploitable AND prix_m2 IS NOT NULL AND type_logement IS NOT NULL
    UNION ALL
    SELECT a.parent, v.annee, v.type_logement, v.prix_m2, v.source_id
    FROM data.arrondissements_plm a JOIN data.dvf v ON v.code_insee = a.code
    WHERE v.exploitable AND v.prix_m2 IS NOT NULL AND v.type_logement IS NOT NULL
), mesures AS (
    SELECT v.code, f.annee, f.fenetre, v.type_logement AS type, count(*) AS n, array_agg(DISTINCT v.source_id) AS sources,
           percentile_cont(ARRAY[0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY v.prix_m2) AS m2
    FROM ventes v JOIN fenetres f ON v.annee BETWEEN f.annee - f.fenetre + 1 AND f.annee
    GROUP BY v.code, f.annee, f.fenetre, v.type_logement
)
SELECT code, annee, fenetre, type, n, sources, round(m2[1]::numeric, 6) AS q1, round(m2[2]::numeric, 6) AS med,
       round(m2[3]::numeric, 6) AS q3
FROM mesures;
CREATE UNIQUE INDEX mv_dvf_commune_fenetre_cle ON data.mv_dvf_commune_fenetre (code, annee, fenetre, type);
ALTER TABLE data.mv_dvf_commune_fenetre OWNER TO lobster_importer;
GRANT SELECT ON data.mv_dvf_commune_fenetre TO lobster_api, lobster_worker, lobster_projector;
