-- Counts add up over a merger; nearly every commune is made of one, and is copied as it is.
WITH liens AS MATERIALIZED (
    SELECT s.codgeo, r.code_insee, r.code_source, r.ratio, CASE WHEN r.estime THEN 'est' ELSE 'ok' END AS statut,
           count(*) OVER (PARTITION BY r.code_insee) > 1 OR r.ratio < 1 AS compose
    FROM (SELECT DISTINCT codgeo FROM {staging}) s
    JOIN data.rattachement_au(($2::jsonb ->> 'cog')::int) r ON r.code_source = data.code_commune(s.codgeo)
),
lignes AS (
    SELECT
        l.code_insee, s.millesime, s.millesime_m5, s.millesime_m10, pop, pop_m5, pop_m10, hommes, femmes,
        naissances, deces, naissances_m5, deces_m5, l.code_source, l.statut
    FROM liens l JOIN {staging} s USING (codgeo) WHERE NOT l.compose
    UNION ALL
    SELECT
        l.code_insee, s.millesime, s.millesime_m5, s.millesime_m10, sum(ratio * pop), sum(ratio * pop_m5),
        sum(ratio * pop_m10), sum(ratio * hommes), sum(ratio * femmes), sum(ratio * naissances), sum(ratio * deces),
        sum(ratio * naissances_m5), sum(ratio * deces_m5), string_agg(l.code_source, '+' ORDER BY l.code_source),
        min(l.statut)
    FROM liens l JOIN {staging} s USING (codgeo) WHERE l.compose
    GROUP BY l.code_insee, s.millesime, s.millesime_m5, s.millesime_m10
)
INSERT INTO {partition} (
    code_insee, millesime, cog_annee, millesime_m5, millesime_m10, pop, pop_m5, pop_m10, hommes, femmes, naissances,
    deces, naissances_m5, deces_m5, densite, code_source, statut, source_id
)
SELECT
    l.code_insee, l.millesime, ($2::jsonb ->> 'cog')::int, l.millesime_m5, l.millesime_m10, pop, pop_m5, pop_m10,
    hommes, femmes, naissances, deces, naissances_m5, deces_m5, round(pop / nullif(c.superficie_km2, 0), 2),
    l.code_source, l.statut, $1
FROM lignes l LEFT JOIN data.communes c ON c.code_insee = l.code_insee
