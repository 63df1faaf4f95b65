-- $3: the peers. What was sold in the last whole year, beside the dwellings of the census, and building plots.
, derniere AS (
    SELECT max(annee) AS annee FROM data.mv_dvf_zone_fenetre WHERE niveau = 'fr' AND fenetre = 1
),
logements_annee AS (
    SELECT max(millesime) AS millesime FROM data.rp_housing
),
zones(scope, zone) AS (
    SELECT v.scope, v.zone
    FROM cible t
    CROSS JOIN LATERAL (VALUES ('epci', t.epci_siren), ('dep', t.departement), ('reg', t.region), ('fr', 'FR')) AS v (scope, zone)
    WHERE v.scope = ANY($2) AND v.zone IS NOT NULL
),
portees AS (
    SELECT 'com' AS scope, $1 AS code WHERE 'com' = ANY($2) UNION ALL SELECT 'sim', unnest($3::text[])
),
fichiers AS (
    SELECT array_agg(s.id) AS sources
    FROM data.data_sources s CROSS JOIN derniere d WHERE s.active AND s.dataset = 'dvf' AND data.annees(s.millesime) @> d.annee
),
lignes AS (
    SELECT p.scope, p.code, f.sources, l.log, array_remove(ARRAY[l.source_id], NULL) AS log_sources, 1::numeric AS log_part, v.type, v.n::bigint AS n,
           v.volume, v.prix_med, v.surface_med
    FROM portees p CROSS JOIN fichiers f CROSS JOIN derniere d
    LEFT JOIN data.rp_housing l ON l.code_insee = p.code AND l.millesime = (SELECT millesime FROM logements_annee)
    LEFT JOIN data.mv_dvf_commune_annee v ON v.code_insee = p.code AND v.annee = d.annee
    UNION ALL
    SELECT z.scope, z.zone, coalesce(v.sources, f.sources), l.log, l.sources, l.part, v.type, v.n, v.volume, v.prix_med, v.surface_med
    FROM zones z CROSS JOIN fichiers f CROSS JOIN derniere d
    LEFT JOIN data.mv_rp_housing_zone l
        ON l.niveau = z.scope AND l.code = z.zone AND l.millesime = (SELECT millesime FROM logements_annee)
    LEFT JOIN data.mv_dvf_zone_marche v ON v.niveau = z.scope AND v.code = z.zone AND v.annee = d.annee
)
SELECT l.scope, d.annee, min(l.sources) AS sources, 1::numeric AS part,
       CASE WHEN min(l.log_part) >= 0.995 THEN min(l.log) END AS log, coalesce(min(l.log_sources), '{}') AS log_sources,
       coalesce(sum(l.n) FILTER (WHERE l.type <> 'vefa'), 0)::bigint AS ventes,
       coalesce(sum(l.n) FILTER (WHERE l.type = 'vefa'), 0)::bigint AS vefa,
       coalesce(sum(l.volume) FILTER (WHERE l.type <> 'vefa'), 0) AS volume,
       coalesce(max(l.n) FILTER (WHERE l.type = 'appartement'), 0) AS appt_n,
       max(l.prix_med) FILTER (WHERE l.type = 'appartement')::numeric AS appt_prix,
       max(l.surface_med) FILTER (WHERE l.type = 'appartement')::numeric AS appt_surface,
       coalesce(max(l.n) FILTER (WHERE l.type = 'maison'), 0) AS mais_n,
       max(l.prix_med) FILTER (WHERE l.type = 'maison')::numeric AS mais_prix,
       max(l.surface_med) FILTER (WHERE l.type = 'maison')::numeric AS mais_surface,
       coalesce(max(t.n), 0) AS terrain_n, max(t.med) AS terrain,
       coalesce(max(t.sources), '{}') AS terrain_sources
FROM lignes l CROSS JOIN derniere d
LEFT JOIN data.mv_dvf_terrains t ON t.code = l.code AND t.niveau = CASE WHEN l.scope = 'sim' THEN 'com' ELSE l.scope END
WHERE d.annee IS NOT NULL
GROUP BY l.scope, l.code, d.annee
ORDER BY l.scope, l.code
