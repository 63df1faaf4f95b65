-- Sales, rents, vacancy and the social stock above the commune, made once at import: for the whole country these sums and
-- medians take half a minute, and a study asks for them with every collection.

-- Members by level with arrondissements in place of their cities, for the files that know them only by arrondissement.
CREATE VIEW data.zones_unites AS
    SELECT m.niveau, m.zone, coalesce(a.code, m.code_insee) AS code,
           CASE WHEN a.code IS NULL THEN m.population ELSE coalesce(a.population, 0) END AS habitants
    FROM data.zones_membres m LEFT JOIN data.arrondissements_plm a ON a.parent = m.code_insee;

-- Each whole year, and the last three and five together.
CREATE MATERIALIZED VIEW data.mv_dvf_zone_fenetre AS
WITH annees AS (
    SELECT annee::int AS annee FROM data.dvf GROUP BY annee HAVING max(date_mutation) >= make_date(annee::int, 12, 1)
), fenetres(annee, fenetre) AS (
    SELECT annee, 1 FROM annees
    UNION ALL SELECT max(annee), 3 FROM annees HAVING count(*) >= 3
    UNION ALL SELECT max(annee), 5 FROM annees HAVING count(*) >= 5
), mesures AS (
    SELECT CASE WHEN grouping(c.epci_siren) = 0 THEN 'epci' WHEN grouping(c.departement) = 0 THEN 'dep'
                WHEN grouping(c.region) = 0 THEN 'reg' ELSE 'fr' END AS niveau,
           coalesce(c.epci_siren, c.departement, c.region, 'FR') AS code, f.annee, f.fenetre, d.type_logement AS type,
           count(*) AS n, array_agg(DISTINCT d.source_id) AS sources,
           percentile_cont(ARRAY[0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY d.prix_m2) AS m2
    FROM data.dvf d JOIN fenetres f ON d.annee BETWEEN f.annee - f.fenetre + 1 AND f.annee
    JOIN data.communes c ON c.code_insee = data.commune_mere(d.code_insee)
    WHERE d.exploitable AND d.prix_m2 IS NOT NULL AND d.type_logement IS NOT NULL
    GROUP BY f.annee, f.fenetre, d.type_logement, GROUPING SETS ((c.epci_siren), (c.departement), (c.region), ())
    HAVING grouping(c.epci_siren) = 1 OR c.epci_siren IS NOT NULL
)
SELECT niveau, code, annee, fenetre, type, n, sources,
       CASE WHEN n >= 5 THEN round(m2[1]::numeric, 6) END AS q1, CASE WHEN n >= 5 THEN round(m2[2]::numeric, 6) END AS med,
       CASE WHEN n >= 5 THEN round(m2[3]::numeric, 6) END AS q3
FROM mesures;
CREATE UNIQUE INDEX mv_dvf_zone_fenetre_cle ON data.mv_dvf_zone_fenetre (niveau, code, annee, fenetre, type);

-- The last whole year: whole prices, areas, volumes, and sales before completion, which have no price per m².
CREATE MATERIALIZED VIEW data.mv_dvf_zone_marche AS
WITH derniere AS (
    SELECT max(annee) AS annee FROM data.mv_dvf_zone_fenetre WHERE fenetre = 1
), ventes AS (
    SELECT c.epci_siren, c.departement, c.region, d.annee::int AS annee, d.source_id, d.valeur, d.surface_bati,
           CASE WHEN d.exploitable THEN d.type_logement ELSE 'vefa' END AS type
    FROM data.dvf d JOIN derniere x ON x.annee = d.annee JOIN data.communes c ON c.code_insee = data.commune_mere(d.code_insee)
    WHERE d.exploitable AND d.type_logement IS NOT NULL OR d.motif_exclusion = 'vente en l’état futur d’achèvement'
), mesures AS (
    SELECT CASE WHEN grouping(epci_siren) = 0 THEN 'epci' WHEN grouping(departement) = 0 THEN 'dep'
                WHEN grouping(region) = 0 THEN 'reg' ELSE 'fr' END AS niveau,
           coalesce(epci_siren, departement, region, 'FR') AS code, annee, type, count(*) AS n,
           array_agg(DISTINCT source_id) AS sources, sum(valeur) AS volume,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY valeur) AS prix,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY surface_bati) AS surface
    FROM ventes GROUP BY annee, type, GROUPING SETS ((epci_siren), (departement), (region), ())
    HAVING grouping(epci_siren) = 1 OR epci_siren IS NOT NULL
)
SELECT niveau, code, annee, type, n, sources, volume, CASE WHEN n >= 5 THEN round(prix::numeric, 2) END AS prix_med,
       CASE WHEN n >= 5 THEN round(surface::numeric, 2) END AS surface_med
FROM mesures;
CREATE UNIQUE INDEX mv_dvf_zone_marche_cle ON data.mv_dvf_zone_marche (niveau, code, annee, type);

-- Vacancy of the tax files: each ratio over the communes where both sides are published.
CREATE MATERIALIZED VIEW data.mv_lovac_zone AS
WITH annees AS (
    -- Of two files that tell the same year, the newer.
    SELECT DISTINCT ON (code_insee, annee) * FROM data.lovac ORDER BY code_insee, annee, millesime_fichier DESC
), lignes AS (
    -- The last published year may have vacancy without stock: that of the year before serves, and it is said.
    SELECT a.code_insee, a.annee, a.pp_total, a.pp_vacant, a.pp_vacant_2ans, a.source_id,
           coalesce(a.pp_total, CASE WHEN a.statut ->> 'pp_total' IS DISTINCT FROM 's' THEN b.pp_total END) AS parc,
           a.pp_total IS NULL AND b.pp_total IS NOT NULL AND a.statut ->> 'pp_total' IS DISTINCT FROM 's' AS parc_precedent,
           coalesce(a.statut ->> 'pp_vacant' = 's', false) AS secret_vac,
           coalesce(a.statut ->> 'pp_vacant_2ans' = 's', false) AS secret_vac2,
           coalesce(a.statut ->> 'pp_total' = 's', false) AS secret_parc
    FROM annees a LEFT JOIN annees b ON b.code_insee = a.code_insee AND b.annee = a.annee - 1
), totaux AS (
    SELECT niveau, zone, sum(habitants)::numeric AS habitants, count(*) AS nombre FROM data.zones_unites GROUP BY niveau, zone
)
SELECT u.niveau, u.zone AS code, l.annee, array_agg(DISTINCT l.source_id) AS sources,
       coalesce(sum(u.habitants) FILTER (WHERE l.pp_vacant IS NOT NULL OR l.pp_total IS NOT NULL)
                / nullif(max(t.habitants), 0), 0)::numeric AS part,
       sum(l.pp_total)::numeric AS parc, sum(l.pp_vacant)::numeric AS vac, sum(l.pp_vacant_2ans)::numeric AS vac2,
       sum(l.pp_vacant) FILTER (WHERE l.parc IS NOT NULL)::numeric AS tx_vac,
       sum(l.parc) FILTER (WHERE l.pp_vacant IS NOT NULL)::numeric AS tx_parc,
       sum(l.pp_vacant_2ans) FILTER (WHERE l.parc IS NOT NULL)::numeric AS tx2_vac2,
       sum(l.parc) FILTER (WHERE l.pp_vacant_2ans IS NOT NULL)::numeric AS tx2_parc,
       sum(l.pp_vacant_2ans) FILTER (WHERE l.pp_vacant IS NOT NULL)::numeric AS part2_vac2,
       sum(l.pp_vacant) FILTER (WHERE l.pp_vacant_2ans IS NOT NULL)::numeric AS part2_vac,
       -- Communes left out of the sums: secret, or absent from the file.
       max(t.nombre) - count(*) FILTER (WHERE l.pp_vacant IS NOT NULL AND l.parc IS NOT NULL) AS sans_vac,
       max(t.nombre) - count(*) FILTER (WHERE l.pp_vacant_2ans IS NOT NULL AND l.parc IS NOT NULL) AS sans_vac2,
       bool_or(l.secret_vac) AS secret_vac, bool_or(l.secret_vac2) AS secret_vac2, bool_or(l.secret_parc) AS secret_parc,
       bool_or(l.parc_precedent) AS parc_precedent
FROM data.zones_unites u JOIN totaux t USING (niveau, zone) JOIN lignes l ON l.code_insee = u.code
GROUP BY u.niveau, u.zone, l.annee;
CREATE UNIQUE INDEX mv_lovac_zone_cle ON data.mv_lovac_zone (niveau, code, annee);

-- A mean of rents weighs each commune by its dwellings let by private landlords; `part` is what it rests on.
CREATE MATERIALIZED VIEW data.mv_loyers_zone AS
WITH derniere AS (
    SELECT max(annee) AS annee FROM data.anil_loyers
), poids AS (
    SELECT code_insee, source_id, greatest(rp_loc - rp_hlm, 0) AS loues
    FROM data.rp_housing WHERE millesime = (SELECT max(millesime) FROM data.rp_housing)
), moyennes AS (
    SELECT m.niveau, m.zone, l.annee, l.segment, array_agg(DISTINCT l.source_id) || array_agg(DISTINCT p.source_id) AS sources,
           sum(p.loues) AS loues, sum(p.loues * l.loyer_m2) AS pondere
    FROM data.zones_membres m JOIN poids p USING (code_insee) JOIN data.anil_loyers l USING (code_insee) JOIN derniere USING (annee)
    GROUP BY m.niveau, m.zone, l.annee, l.segment
), attendus AS (
    -- What the mean should rest on: all weights, of communes that are nearly all the inhabitants.
    SELECT m.niveau, m.zone, sum(p.loues) AS loues,
           coalesce(sum(m.population) FILTER (WHERE p.loues IS NOT NULL)::numeric / nullif(sum(m.population), 0), 0) AS connus
    FROM data.zones_membres m LEFT JOIN poids p USING (code_insee) GROUP BY m.niveau, m.zone
)
SELECT y.niveau, y.zone AS code, y.annee, y.segment, y.sources,
       round(coalesce(y.loues / nullif(a.loues, 0), 0) * a.connus, 6) AS part, round(y.pondere / y.loues, 6) AS loyer
FROM moyennes y JOIN attendus a USING (niveau, zone) WHERE y.loues > 0;
CREATE UNIQUE INDEX mv_loyers_zone_cle ON data.mv_loyers_zone (niveau, code, annee, segment);

-- The social stock. The three cities are told by arrondissement in some files, as a whole in others: a city is the sum of
-- its arrondissements where they are told, since only they have rates then, else its own row; `nb_ls` is NULL where one
-- of them is not told at all. Any other commune without a row has none.
CREATE MATERIALIZED VIEW data.mv_rpls_zone AS
WITH derniere AS (
    SELECT max(annee) AS annee FROM data.rpls
), villes AS (
    SELECT a.parent AS code, bool_or(ville.code_insee IS NOT NULL) AS entiere, bool_or(partie.code_insee IS NOT NULL) AS divisee
    FROM data.arrondissements_plm a CROSS JOIN derniere d
    LEFT JOIN data.rpls ville ON ville.code_insee = a.parent AND ville.annee = d.annee
    LEFT JOIN data.rpls partie ON partie.code_insee = a.code AND partie.annee = d.annee
    GROUP BY a.parent
), parties AS (
    SELECT m.niveau, m.zone, coalesce(a.code, m.code_insee) AS code, coalesce(NOT v.entiere AND NOT v.divisee, false) AS inconnue
    FROM data.zones_membres m LEFT JOIN villes v ON v.code = m.code_insee
    LEFT JOIN data.arrondissements_plm a ON a.parent = m.code_insee AND v.divisee
)
SELECT p.niveau, p.zone AS code, d.annee, coalesce(array_agg(DISTINCT r.source_id) FILTER (WHERE r.source_id IS NOT NULL), '{}') AS sources,
       CASE WHEN NOT bool_or(p.inconnue) THEN coalesce(sum(r.nb_ls), 0)::numeric END AS nb_ls,
       coalesce(bool_or(r.statut ->> 'nb_ls' = 's'), false) AS secret,
       round(sum(r.tx_vac * r.nb_ls) / nullif(sum(r.nb_ls) FILTER (WHERE r.tx_vac IS NOT NULL), 0), 6) AS tx_vac,
       sum(r.nb_ls) FILTER (WHERE r.tx_vac IS NOT NULL)::numeric / nullif(sum(r.nb_ls), 0) AS vac_part,
       round(sum(r.tx_vac3 * r.nb_ls) / nullif(sum(r.nb_ls) FILTER (WHERE r.tx_vac3 IS NOT NULL), 0), 6) AS tx_vac3,
       sum(r.nb_ls) FILTER (WHERE r.tx_vac3 IS NOT NULL)::numeric / nullif(sum(r.nb_ls), 0) AS vac3_part,
       round(sum(r.tx_mob * r.nb_ls) / nullif(sum(r.nb_ls) FILTER (WHERE r.tx_mob IS NOT NULL), 0), 6) AS tx_mob,
       sum(r.nb_ls) FILTER (WHERE r.tx_mob IS NOT NULL)::numeric / nullif(sum(r.nb_ls), 0) AS mob_part,
       round(sum(r.loyer_moyen * r.nb_ls) / nullif(sum(r.nb_ls) FILTER (WHERE r.loyer_moyen IS NOT NULL), 0), 6) AS loyer,
       sum(r.nb_ls) FILTER (WHERE r.loyer_moyen IS NOT NULL)::numeric / nullif(sum(r.nb_ls), 0) AS loyer_part,
       round(sum(r.age_moyen * r.nb_ls) / nullif(sum(r.nb_ls) FILTER (WHERE r.age_moyen IS NOT NULL), 0), 6) AS age,
       sum(r.nb_ls) FILTER (WHERE r.age_moyen IS NOT NULL)::numeric / nullif(sum(r.nb_ls), 0) AS age_part,
       -- A part of the stock that one commune does not tell has no sum.
       CASE WHEN count(r.nb_neufs) = count(r.nb_ls) THEN sum(r.nb_neufs)::numeric END AS neufs,
       CASE WHEN count(r.nb_plai) = count(r.nb_ls) THEN sum(r.nb_plai)::numeric END AS plai,
       CASE WHEN count(r.nb_plus) = count(r.nb_ls) THEN sum(r.nb_plus)::numeric END AS plus,
       CASE WHEN count(r.nb_pls) = count(r.nb_ls) THEN sum(r.nb_pls)::numeric END AS pls,
       CASE WHEN count(r.nb_pli + r.nb_autres) = count(r.nb_ls) THEN sum(r.nb_pli + r.nb_autres)::numeric END AS autres,
       CASE WHEN count(r.nb_t1t2) = count(r.nb_ls) THEN sum(r.nb_t1t2)::numeric END AS t1t2,
       CASE WHEN count(r.nb_dpe) = count(r.nb_ls) THEN sum(r.nb_dpe)::numeric END AS dpe,
       CASE WHEN count(r.nb_dpe_efg) = count(r.nb_ls) THEN sum(r.nb_dpe_efg)::numeric END AS dpe_efg
FROM parties p CROSS JOIN derniere d LEFT JOIN data.rpls r ON r.code_insee = p.code AND r.annee = d.annee
WHERE d.annee IS NOT NULL
GROUP BY p.niveau, p.zone, d.annee;
CREATE UNIQUE INDEX mv_rpls_zone_cle ON data.mv_rpls_zone (niveau, code, annee);

ALTER VIEW data.zones_unites OWNER TO lobster_importer;
GRANT SELECT ON data.zones_unites TO lobster_api, lobster_worker, lobster_projector;
DO $$
DECLARE relation text;
BEGIN
    FOREACH relation IN ARRAY ARRAY['mv_dvf_zone_fenetre', 'mv_dvf_zone_marche', 'mv_lovac_zone', 'mv_loyers_zone', 'mv_rpls_zone'] LOOP
        EXECUTE format('ALTER TABLE data.%I OWNER TO lobster_importer', relation);
        EXECUTE format('GRANT SELECT ON data.%I TO lobster_api, lobster_worker, lobster_projector', relation);
    END LOOP;
END $$;
