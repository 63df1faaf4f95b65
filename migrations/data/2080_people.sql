-- Every territory that has figures, and the communes (or the one arrondissement) it is made of.
CREATE VIEW data.niveaux AS
    SELECT 'com' AS niveau, code_insee AS zone, code_insee AS code, coalesce(population, 0) AS habitants FROM data.communes
    UNION ALL SELECT 'com', code, code, coalesce(population, 0) FROM data.arrondissements_plm
    UNION ALL SELECT 'epci', epci_siren, code_insee, coalesce(population, 0) FROM data.communes WHERE epci_siren IS NOT NULL
    UNION ALL SELECT 'dep', departement, code_insee, coalesce(population, 0) FROM data.communes
    UNION ALL SELECT 'reg', region, code_insee, coalesce(population, 0) FROM data.communes
    UNION ALL SELECT 'fr', 'FR', code_insee, coalesce(population, 0) FROM data.communes;

-- People and households by territory, at every level: communes and arrondissements as the census has them, and the sums
-- of those for EPCI, départements, régions and France. A sum stands for the communes that have figures; a figure that one of
-- them lacks has none.
CREATE MATERIALIZED VIEW data.mv_personnes AS
WITH recensees AS (
    SELECT DISTINCT ON (code_insee) * FROM data.rp_demographics
    WHERE millesime = (SELECT max(millesime) FROM data.rp_demographics)
    ORDER BY code_insee, source_id DESC
), details AS (
    SELECT d.code_insee, d.source_id,
           max(valeur) FILTER (WHERE theme = 'age' AND modalite = '0014') AS a0014,
           max(valeur) FILTER (WHERE theme = 'age' AND modalite = '1529') AS a1529,
           max(valeur) FILTER (WHERE theme = 'age' AND modalite = '3044') AS a3044,
           max(valeur) FILTER (WHERE theme = 'age' AND modalite = '4559') AS a4559,
           max(valeur) FILTER (WHERE theme = 'age' AND modalite = '6074') AS a6074,
           coalesce(max(valeur) FILTER (WHERE theme = 'age' AND modalite = '75p'),
                    max(valeur) FILTER (WHERE theme = 'age' AND modalite = '7589')
                    + max(valeur) FILTER (WHERE theme = 'age' AND modalite = '90p')) AS a75p,
           max(valeur) FILTER (WHERE theme = 'age' AND modalite = '0019') AS a0019,
           max(valeur) FILTER (WHERE theme = 'age' AND modalite = '2064') AS a2064,
           max(valeur) FILTER (WHERE theme = 'age' AND modalite = '65p') AS a65p,
           max(valeur) FILTER (WHERE theme = 'age' AND modalite = '80p') AS a80p,
           max(valeur) FILTER (WHERE theme = 'csp' AND modalite = '1') AS cs1,
           max(valeur) FILTER (WHERE theme = 'csp' AND modalite = '2') AS cs2,
           max(valeur) FILTER (WHERE theme = 'csp' AND modalite = '3') AS cs3,
           max(valeur) FILTER (WHERE theme = 'csp' AND modalite = '4') AS cs4,
           max(valeur) FILTER (WHERE theme = 'csp' AND modalite = '5') AS cs5,
           max(valeur) FILTER (WHERE theme = 'csp' AND modalite = '6') AS cs6,
           max(valeur) FILTER (WHERE theme = 'csp' AND modalite = '7') AS cs7,
           max(valeur) FILTER (WHERE theme = 'csp' AND modalite = '8') AS cs8,
           max(valeur) FILTER (WHERE theme = 'csp' AND modalite = '15p') AS cs_tous,
           max(valeur) FILTER (WHERE theme = 'menages' AND modalite = 'men') AS c_men,
           max(valeur) FILTER (WHERE theme = 'menages' AND modalite = 'menpseul') AS c_seuls,
           max(valeur) FILTER (WHERE theme = 'menages' AND modalite = 'mencoupsenf') AS c_couples_sans,
           max(valeur) FILTER (WHERE theme = 'menages' AND modalite = 'mencoupaenf') AS c_couples_avec,
           max(valeur) FILTER (WHERE theme = 'menages' AND modalite = 'menfammono') AS c_mono,
           max(valeur) FILTER (WHERE theme = 'menages' AND modalite = 'fam') AS c_fam,
           max(valeur) FILTER (WHERE theme = 'menages' AND modalite = 'ne24f3')
               + max(valeur) FILTER (WHERE theme = 'menages' AND modalite = 'ne24f4p') AS c_fam3
    FROM data.rp_details d
    WHERE d.sexe = 'T' AND d.millesime = (SELECT max(millesime) FROM data.rp_demographics)
    GROUP BY d.code_insee, d.source_id
)
SELECT m.niveau, m.zone AS code, max(r.millesime) AS millesime, max(r.millesime_m5) AS millesime_m5,
       max(r.millesime_m10) AS millesime_m10, array_agg(DISTINCT r.source_id) FILTER (WHERE r.source_id IS NOT NULL) AS sources,
       coalesce(sum(m.habitants) FILTER (WHERE r.pop IS NOT NULL)::numeric / nullif(sum(m.habitants), 0), 1) AS part,
       sum(m.habitants)::bigint AS habitants, bool_or(r.statut = 'est') AS estime,
       round(sum(r.pop), 6) AS pop,
       -- Both dates over the communes known at both.
       round(sum(r.pop) FILTER (WHERE r.pop_m5 IS NOT NULL), 6) AS pop_suivie, round(sum(r.pop_m5), 6) AS pop_m5,
       CASE WHEN count(r.pop_m10) = count(r.pop_m5) THEN round(sum(r.pop_m10), 6) END AS pop_m10,
       CASE WHEN count(r.naissances) = count(r.pop_m5) THEN round(sum(r.naissances), 6) END AS naissances,
       CASE WHEN count(r.deces) = count(r.pop_m5) THEN round(sum(r.deces), 6) END AS deces,
       CASE WHEN count(d.a0014) = count(r.pop) THEN round(sum(d.a0014), 6) END AS a0014,
       CASE WHEN count(d.a1529) = count(r.pop) THEN round(sum(d.a1529), 6) END AS a1529,
       CASE WHEN count(d.a3044) = count(r.pop) THEN round(sum(d.a3044), 6) END AS a3044,
       CASE WHEN count(d.a4559) = count(r.pop) THEN round(sum(d.a4559), 6) END AS a4559,
       CASE WHEN count(d.a6074) = count(r.pop) THEN round(sum(d.a6074), 6) END AS a6074,
       CASE WHEN count(d.a75p) = count(r.pop) THEN round(sum(d.a75p), 6) END AS a75p,
       CASE WHEN count(d.a0019) = count(r.pop) THEN round(sum(d.a0019), 6) END AS a0019,
       CASE WHEN count(d.a2064) = count(r.pop) THEN round(sum(d.a2064), 6) END AS a2064,
       CASE WHEN count(d.a65p) = count(r.pop) THEN round(sum(d.a65p), 6) END AS a65p,
       CASE WHEN count(d.a80p) = count(r.pop) THEN round(sum(d.a80p), 6) END AS a80p,
       CASE WHEN count(d.cs1) = count(r.pop) THEN round(sum(d.cs1), 6) END AS cs1,
       CASE WHEN count(d.cs2) = count(r.pop) THEN round(sum(d.cs2), 6) END AS cs2,
       CASE WHEN count(d.cs3) = count(r.pop) THEN round(sum(d.cs3), 6) END AS cs3,
       CASE WHEN count(d.cs4) = count(r.pop) THEN round(sum(d.cs4), 6) END AS cs4,
       CASE WHEN count(d.cs5) = count(r.pop) THEN round(sum(d.cs5), 6) END AS cs5,
       CASE WHEN count(d.cs6) = count(r.pop) THEN round(sum(d.cs6), 6) END AS cs6,
       CASE WHEN count(d.cs7) = count(r.pop) THEN round(sum(d.cs7), 6) END AS cs7,
       CASE WHEN count(d.cs8) = count(r.pop) THEN round(sum(d.cs8), 6) END AS cs8,
       CASE WHEN count(d.cs_tous) = count(r.pop) THEN round(sum(d.cs_tous), 6) END AS cs_tous,
       CASE WHEN count(d.c_men) = count(r.pop) THEN round(sum(d.c_men), 6) END AS c_men,
       CASE WHEN count(d.c_seuls) = count(r.pop) THEN round(sum(d.c_seuls), 6) END AS c_seuls,
       CASE WHEN count(d.c_couples_sans) = count(r.pop) THEN round(sum(d.c_couples_sans), 6) END AS c_couples_sans,
       CASE WHEN count(d.c_couples_avec) = count(r.pop) THEN round(sum(d.c_couples_avec), 6) END AS c_couples_avec,
       CASE WHEN count(d.c_mono) = count(r.pop) THEN round(sum(d.c_mono), 6) END AS c_mono,
       CASE WHEN count(d.c_fam) = count(r.pop) THEN round(sum(d.c_fam), 6) END AS c_fam,
       CASE WHEN count(d.c_fam3) = count(r.pop) THEN round(sum(d.c_fam3), 6) END AS c_fam3
FROM data.niveaux m
LEFT JOIN recensees r ON r.code_insee = m.code
LEFT JOIN details d ON d.code_insee = r.code_insee AND d.source_id = r.source_id
GROUP BY m.niveau, m.zone
HAVING count(r.pop) > 0;
CREATE UNIQUE INDEX mv_personnes_cle ON data.mv_personnes (niveau, code);

-- Households and the persons in them, now and at the vintage five years ago or more, over the communes known at both.
CREATE MATERIALIZED VIEW data.mv_menages AS
WITH dernier AS (
    SELECT max(millesime) AS millesime FROM data.rp_housing
), precedent AS (
    SELECT max(h.millesime) AS millesime FROM data.rp_housing h, dernier d WHERE h.millesime <= d.millesime - 5
), maintenant AS (
    SELECT DISTINCT ON (h.code_insee) h.* FROM data.rp_housing h JOIN dernier USING (millesime)
    WHERE h.men IS NOT NULL ORDER BY h.code_insee, h.source_id DESC
), avant AS (
    SELECT DISTINCT ON (h.code_insee) h.* FROM data.rp_housing h JOIN precedent USING (millesime)
    WHERE h.men IS NOT NULL ORDER BY h.code_insee, h.source_id DESC
)
SELECT m.niveau, m.zone AS code, max(n.millesime) AS millesime, max(a.millesime) AS millesime_m5,
       array_agg(DISTINCT n.source_id) FILTER (WHERE n.source_id IS NOT NULL) AS sources,
       coalesce(sum(m.habitants) FILTER (WHERE n.men IS NOT NULL)::numeric / nullif(sum(m.habitants), 0), 1) AS part,
       sum(m.habitants)::bigint AS habitants, bool_or(n.statut = 'est') AS estime,
       round(sum(n.men), 6) AS men, CASE WHEN count(n.pmen) = count(n.men) THEN round(sum(n.pmen), 6) END AS pmen,
       round(sum(a.men) FILTER (WHERE n.men IS NOT NULL), 6) AS men_m5,
       CASE WHEN count(a.pmen) = count(a.men) THEN round(sum(a.pmen) FILTER (WHERE n.men IS NOT NULL), 6) END AS pmen_m5,
       round(sum(n.men) FILTER (WHERE a.men IS NOT NULL), 6) AS men_suivis,
       CASE WHEN count(n.pmen) = count(n.men) THEN round(sum(n.pmen) FILTER (WHERE a.men IS NOT NULL), 6) END AS pmen_suivis
FROM data.niveaux m
LEFT JOIN maintenant n ON n.code_insee = m.code
LEFT JOIN avant a ON a.code_insee = m.code
GROUP BY m.niveau, m.zone
HAVING count(n.men) > 0;
CREATE UNIQUE INDEX mv_menages_cle ON data.mv_menages (niveau, code);

-- Municipal populations since 1968 of what communes belong to.
CREATE MATERIALIZED VIEW data.mv_populations AS
WITH totaux AS (
    SELECT niveau, zone, sum(habitants) AS habitants FROM data.niveaux WHERE niveau <> 'com' GROUP BY niveau, zone
)
SELECT m.niveau, m.zone AS code, p.annee, array_agg(DISTINCT p.source_id) AS sources,
       coalesce(sum(m.habitants)::numeric / nullif(max(t.habitants), 0), 1) AS part,
       sum(p.population)::numeric AS pop, bool_or(p.statut = 'est') AS estime
FROM data.niveaux m JOIN totaux t USING (niveau, zone) JOIN data.population_historique p ON p.code_insee = m.code
WHERE m.niveau <> 'com'
GROUP BY m.niveau, m.zone, p.annee;
CREATE UNIQUE INDEX mv_populations_cle ON data.mv_populations (niveau, code, annee);

DO $$
DECLARE relation text;
BEGIN
    FOREACH relation IN ARRAY ARRAY['niveaux', 'mv_personnes', 'mv_menages', 'mv_populations'] LOOP
        EXECUTE format('ALTER TABLE data.%I OWNER TO lobster_importer', relation);
        EXECUTE format('GRANT SELECT ON data.%I TO lobster_api, lobster_worker, lobster_projector', relation);
    END LOOP;
END $$;
