-- Building permits above the commune, from the counts by commune: cities once, without their arrondissements.
CREATE MATERIALIZED VIEW data.mv_sitadel_zone_annee AS
SELECT m.niveau, m.zone AS code, s.annee, sum(s.autorises)::bigint AS autorises, sum(s.individuels)::bigint AS individuels,
       sum(s.collectifs)::bigint AS collectifs, sum(s.sociaux)::bigint AS sociaux, sum(s.demolis)::bigint AS demolis,
       sum(s.commences)::bigint AS commences, sum(s.sans_nombre)::bigint AS sans_nombre, bool_or(s.provisoire) AS provisoire
FROM data.zones_membres m JOIN data.mv_sitadel_commune_annee s USING (code_insee)
GROUP BY m.niveau, m.zone, s.annee;
CREATE UNIQUE INDEX mv_sitadel_zone_annee_cle ON data.mv_sitadel_zone_annee (niveau, code, annee);

-- Months from authorisation to start, of the permits started by year of start: medians are made of permits, at each level.
CREATE MATERIALIZED VIEW data.mv_sitadel_delai AS
WITH bornes AS (
    -- The five last years of starts that are no longer provisional.
    SELECT min(extract(year FROM depuis))::int - 1 AS fin FROM data.sitadel_provisoire
), permis AS (
    SELECT s.code_insee, (s.date_ouverture - s.date_autorisation) / 30.4375 AS mois, b.fin
    FROM data.sitadel s JOIN bornes b ON s.annee_ouv BETWEEN b.fin - 4 AND b.fin
    WHERE s.etat <> 4 AND s.date_ouverture >= s.date_autorisation
), rangs AS (
    SELECT 'com' AS niveau, t.code, p.mois, p.fin
    FROM permis p CROSS JOIN LATERAL (SELECT p.code_insee AS code UNION SELECT data.commune_mere(p.code_insee)) t
    UNION ALL
    SELECT m.niveau, m.zone, p.mois, p.fin FROM permis p JOIN data.zones_membres m ON m.code_insee = data.commune_mere(p.code_insee)
)
SELECT niveau, code, max(fin) AS annee, count(*)::bigint AS n,
       round((percentile_cont(0.5) WITHIN GROUP (ORDER BY mois))::numeric, 4) AS mediane
FROM rangs GROUP BY niveau, code;
CREATE UNIQUE INDEX mv_sitadel_delai_cle ON data.mv_sitadel_delai (niveau, code);

DO $$
DECLARE relation text;
BEGIN
    FOREACH relation IN ARRAY ARRAY['mv_sitadel_zone_annee', 'mv_sitadel_delai'] LOOP
        EXECUTE format('ALTER TABLE data.%I OWNER TO lobster_importer', relation);
        EXECUTE format('GRANT SELECT ON data.%I TO lobster_api, lobster_worker, lobster_projector', relation);
    END LOOP;
END $$;
