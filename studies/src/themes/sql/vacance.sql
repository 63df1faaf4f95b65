, portees AS (
    SELECT 'com' AS scope, coalesce(a.code, t.code) AS code, coalesce(a.population, 1) AS habitants
    FROM cible t LEFT JOIN data.arrondissements_plm a ON a.parent = t.code WHERE 'com' = ANY($2)
    UNION ALL SELECT 'sim', unnest($3::text[]), 0
),
habitants_unites AS (
    SELECT scope, sum(habitants) AS habitants, count(*) AS nombre FROM portees WHERE scope = 'com' GROUP BY scope
),
zones(scope, zone) AS (
    SELECT v.scope, v.zone
    FROM cible t
    CROSS JOIN LATERAL (VALUES ('epci', t.epci_siren), ('dep', t.departement), ('reg', t.region), ('fr', 'FR')) AS v (scope, zone)
    WHERE v.scope = ANY($2) AND v.zone IS NOT NULL
),
-- Of two files that tell the same year, the newer.
annees AS (
    SELECT DISTINCT ON (l.code_insee, l.annee) l.*
    FROM data.lovac l WHERE l.code_insee IN (SELECT code FROM portees)
    ORDER BY l.code_insee, l.annee, l.millesime_fichier DESC
),
-- The last published year may have vacancy without stock: that of the year before serves, and it is said.
lignes AS (
    SELECT a.code_insee, a.annee, a.pp_total, a.pp_vacant, a.pp_vacant_2ans, a.source_id,
           coalesce(a.pp_total, CASE WHEN a.statut ->> 'pp_total' IS DISTINCT FROM 's' THEN b.pp_total END) AS parc,
           a.pp_total IS NULL AND b.pp_total IS NOT NULL AND a.statut ->> 'pp_total' IS DISTINCT FROM 's' AS parc_precedent,
           coalesce(a.statut ->> 'pp_vacant' = 's', false) AS secret_vac,
           coalesce(a.statut ->> 'pp_vacant_2ans' = 's', false) AS secret_vac2,
           coalesce(a.statut ->> 'pp_total' = 's', false) AS secret_parc
    FROM annees a LEFT JOIN annees b ON b.code_insee = a.code_insee AND b.annee = a.annee - 1
)
SELECT p.scope, l.annee, array_agg(DISTINCT l.source_id) AS sources,
       coalesce(sum(p.habitants) FILTER (WHERE l.pp_vacant IS NOT NULL OR l.pp_total IS NOT NULL)::numeric
                / nullif(max(t.habitants), 0), CASE WHEN p.scope = 'sim' THEN 1 ELSE 0 END) AS part,
       sum(l.pp_total)::numeric AS parc, sum(l.pp_vacant)::numeric AS vac, sum(l.pp_vacant_2ans)::numeric AS vac2,
       sum(l.pp_vacant) FILTER (WHERE l.parc IS NOT NULL)::numeric AS tx_vac,
       sum(l.parc) FILTER (WHERE l.pp_vacant IS NOT NULL)::numeric AS tx_parc,
       sum(l.pp_vacant_2ans) FILTER (WHERE l.parc IS NOT NULL)::numeric AS tx2_vac2,
       sum(l.parc) FILTER (WHERE l.pp_vacant_2ans IS NOT NULL)::numeric AS tx2_parc,
       sum(l.pp_vacant_2ans) FILTER (WHERE l.pp_vacant IS NOT NULL)::numeric AS part2_vac2,
       sum(l.pp_vacant) FILTER (WHERE l.pp_vacant_2ans IS NOT NULL)::numeric AS part2_vac,
       -- Communes left out of the sums: secret, or absent from the file.
       coalesce(max(t.nombre), 1) - count(*) FILTER (WHERE l.pp_vacant IS NOT NULL AND l.parc IS NOT NULL) AS sans_vac,
       coalesce(max(t.nombre), 1) - count(*) FILTER (WHERE l.pp_vacant_2ans IS NOT NULL AND l.parc IS NOT NULL) AS sans_vac2,
       bool_or(l.secret_vac) AS secret_vac,
       bool_or(l.secret_vac2) AS secret_vac2,
       bool_or(l.secret_parc) AS secret_parc,
       bool_or(l.parc_precedent) AS parc_precedent
FROM portees p LEFT JOIN habitants_unites t USING (scope)
JOIN lignes l ON l.code_insee = p.code
GROUP BY p.scope, CASE WHEN p.scope = 'sim' THEN p.code END, l.annee
UNION ALL
SELECT z.scope, l.annee, l.sources, l.part, l.parc, l.vac, l.vac2, l.tx_vac, l.tx_parc, l.tx2_vac2, l.tx2_parc, l.part2_vac2,
       l.part2_vac, l.sans_vac, l.sans_vac2, l.secret_vac, l.secret_vac2, l.secret_parc, l.parc_precedent
FROM zones z JOIN data.mv_lovac_zone l ON l.niveau = z.scope AND l.code = z.zone
ORDER BY 1, 2, 5, 6, 7
