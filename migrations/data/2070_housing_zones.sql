-- The census on dwellings, summed for what communes belong to: a study of a large city reads a row instead of 35,000. A
-- column that one commune lacks has no sum; `part` is the share of the inhabitants whose communes are there.
CREATE VIEW data.zones_membres AS
    SELECT 'epci' AS niveau, epci_siren AS zone, code_insee, coalesce(population, 0) AS population
    FROM data.communes WHERE epci_siren IS NOT NULL
    UNION ALL SELECT 'dep', departement, code_insee, coalesce(population, 0) FROM data.communes
    UNION ALL SELECT 'reg', region, code_insee, coalesce(population, 0) FROM data.communes
    UNION ALL SELECT 'fr', 'FR', code_insee, coalesce(population, 0) FROM data.communes;

-- One line per commune, with the two documents laid out.
CREATE VIEW data.rp_logements AS
    SELECT code_insee, millesime, source_id, log, rp, rsecocc, logvac, maison, appart, rp_1p, rp_2p, rp_3p, rp_4p, rp_5pp,
           rp_prop, rp_loc, rp_hlm, rp_grat, men, pmen, rp_hstu1p, rp_hstu1p_surocc,
           (ach ->> 'achtot')::numeric AS achtot, (ach ->> 'ach19')::numeric AS ach19, (ach ->> 'ach45')::numeric AS ach45,
           (ach ->> 'ach70')::numeric AS ach70, (ach ->> 'ach90')::numeric AS ach90, (ach ->> 'ach05')::numeric AS ach05,
           (anem ->> 'anem0002')::numeric AS anem02, (anem ->> 'anem0204')::numeric AS anem04,
           (anem ->> 'anem0509')::numeric AS anem09, (anem ->> 'anem10p')::numeric AS anem10
    FROM data.rp_housing;

CREATE MATERIALIZED VIEW data.mv_rp_housing_zone AS
WITH totaux AS (
    SELECT niveau, zone, sum(population)::numeric AS habitants FROM data.zones_membres GROUP BY niveau, zone
)
SELECT m.niveau, m.zone AS code, l.millesime, array_agg(DISTINCT l.source_id) AS sources, max(t.habitants)::bigint AS habitants,
       coalesce(round(sum(m.population) / nullif(max(t.habitants), 0), 6), 1) AS part,
       round(sum(l.log), 6) AS log, round(sum(l.rp), 6) AS rp, round(sum(l.rsecocc), 6) AS rsecocc,
       round(sum(l.logvac), 6) AS logvac,
       CASE WHEN count(l.maison) = count(*) THEN round(sum(l.maison), 6) END AS maison, CASE WHEN count(l.appart) = count(*) THEN round(sum(l.appart), 6) END AS appart,
       CASE WHEN count(l.rp_1p) = count(*) THEN round(sum(l.rp_1p), 6) END AS rp_1p, CASE WHEN count(l.rp_2p) = count(*) THEN round(sum(l.rp_2p), 6) END AS rp_2p,
       CASE WHEN count(l.rp_3p) = count(*) THEN round(sum(l.rp_3p), 6) END AS rp_3p, CASE WHEN count(l.rp_4p) = count(*) THEN round(sum(l.rp_4p), 6) END AS rp_4p,
       CASE WHEN count(l.rp_5pp) = count(*) THEN round(sum(l.rp_5pp), 6) END AS rp_5pp, CASE WHEN count(l.rp_prop) = count(*) THEN round(sum(l.rp_prop), 6) END AS rp_prop,
       CASE WHEN count(l.rp_loc) = count(*) THEN round(sum(l.rp_loc), 6) END AS rp_loc, CASE WHEN count(l.rp_hlm) = count(*) THEN round(sum(l.rp_hlm), 6) END AS rp_hlm,
       CASE WHEN count(l.rp_grat) = count(*) THEN round(sum(l.rp_grat), 6) END AS rp_grat, CASE WHEN count(l.men) = count(*) THEN round(sum(l.men), 6) END AS men,
       CASE WHEN count(l.pmen) = count(*) THEN round(sum(l.pmen), 6) END AS pmen, CASE WHEN count(l.rp_hstu1p) = count(*) THEN round(sum(l.rp_hstu1p), 6) END AS rp_hstu1p,
       CASE WHEN count(l.rp_hstu1p_surocc) = count(*) THEN round(sum(l.rp_hstu1p_surocc), 6) END AS rp_hstu1p_surocc, CASE WHEN count(l.achtot) = count(*) THEN round(sum(l.achtot), 6) END AS achtot,
       CASE WHEN count(l.ach19) = count(*) THEN round(sum(l.ach19), 6) END AS ach19, CASE WHEN count(l.ach45) = count(*) THEN round(sum(l.ach45), 6) END AS ach45,
       CASE WHEN count(l.ach70) = count(*) THEN round(sum(l.ach70), 6) END AS ach70, CASE WHEN count(l.ach90) = count(*) THEN round(sum(l.ach90), 6) END AS ach90,
       CASE WHEN count(l.ach05) = count(*) THEN round(sum(l.ach05), 6) END AS ach05, CASE WHEN count(l.anem02) = count(*) THEN round(sum(l.anem02), 6) END AS anem02,
       CASE WHEN count(l.anem04) = count(*) THEN round(sum(l.anem04), 6) END AS anem04, CASE WHEN count(l.anem09) = count(*) THEN round(sum(l.anem09), 6) END AS anem09,
       CASE WHEN count(l.anem10) = count(*) THEN round(sum(l.anem10), 6) END AS anem10
FROM data.zones_membres m JOIN totaux t USING (niveau, zone) JOIN data.rp_logements l USING (code_insee)
GROUP BY m.niveau, m.zone, l.millesime;
CREATE UNIQUE INDEX mv_rp_housing_zone_cle ON data.mv_rp_housing_zone (niveau, code, millesime);

-- Households by kind, of the complementary exploitation, and the dwellings of one and two rooms beside them.
CREATE MATERIALIZED VIEW data.mv_rp_menages AS
SELECT code_insee, millesime, min(source_id) AS source_id, max(valeur) FILTER (WHERE modalite = 'men') AS menages,
       max(valeur) FILTER (WHERE modalite = 'menpseul') AS seuls,
       max(valeur) FILTER (WHERE modalite = 'mencoupsenf') AS couples
FROM data.rp_details WHERE theme = 'menages' AND sexe = 'T' AND modalite IN ('men', 'menpseul', 'mencoupsenf')
GROUP BY code_insee, millesime;
CREATE UNIQUE INDEX mv_rp_menages_cle ON data.mv_rp_menages (code_insee, millesime);

CREATE MATERIALIZED VIEW data.mv_rp_menages_zone AS
WITH totaux AS (
    SELECT niveau, zone, sum(population)::numeric AS habitants FROM data.zones_membres GROUP BY niveau, zone
)
SELECT m.niveau, m.zone AS code, l.millesime, array_agg(DISTINCT l.source_id) AS sources,
       coalesce(round(sum(m.population) / nullif(max(t.habitants), 0), 6), 1) AS part,
       round(sum(l.menages), 6) AS menages, round(sum(l.seuls), 6) AS seuls, round(sum(l.couples), 6) AS couples
FROM data.zones_membres m JOIN totaux t USING (niveau, zone) JOIN data.mv_rp_menages l USING (code_insee)
WHERE l.menages IS NOT NULL AND l.seuls IS NOT NULL AND l.couples IS NOT NULL
GROUP BY m.niveau, m.zone, l.millesime;
CREATE UNIQUE INDEX mv_rp_menages_zone_cle ON data.mv_rp_menages_zone (niveau, code, millesime);

DO $$
DECLARE relation text;
BEGIN
    FOREACH relation IN ARRAY ARRAY['zones_membres', 'rp_logements'] LOOP
        EXECUTE format('ALTER VIEW data.%I OWNER TO lobster_importer', relation);
        EXECUTE format('GRANT SELECT ON data.%I TO lobster_api, lobster_worker, lobster_projector', relation);
    END LOOP;
    FOREACH relation IN ARRAY ARRAY['mv_rp_housing_zone', 'mv_rp_menages', 'mv_rp_menages_zone'] LOOP
        EXECUTE format('ALTER TABLE data.%I OWNER TO lobster_importer', relation);
        EXECUTE format('GRANT SELECT ON data.%I TO lobster_api, lobster_worker, lobster_projector', relation);
    END LOOP;
END $$;
