WITH vintages AS (
    SELECT array_agg(DISTINCT 2000 + substring(k FROM '^p(\d\d)_pop$')::int) AS years
    FROM (SELECT jsonb_object_keys(to_jsonb(s)) AS k FROM (SELECT * FROM {staging} LIMIT 1) s) keys
    WHERE k ~ '^p\d\d_pop$'
), v AS (
    -- array_agg of distinct values is sorted: the last three are this vintage, the one before, the one before that.
    SELECT years[cardinality(years)] AS y, years[cardinality(years) - 1] AS y5, years[cardinality(years) - 2] AS y10
    FROM vintages
), noms AS (
    SELECT v.*, to_char(y % 100, 'FM00') AS yy, to_char(y5 % 100, 'FM00') AS yy5, to_char(y10 % 100, 'FM00') AS yy10 FROM v
), sommes AS (
    SELECT r.code_insee, string_agg(r.code_source, '+' ORDER BY r.code_source) AS code_source, bool_or(r.estime) AS estime, n.y, n.y5, n.y10,
           sum(ratio * data.nombre(j ->> ('p' || yy || '_pop'))) AS pop,
           sum(ratio * data.nombre(j ->> ('p' || yy5 || '_pop'))) AS pop_m5,
           sum(ratio * data.nombre(j ->> ('p' || yy10 || '_pop'))) AS pop_m10,
           sum(ratio * data.nombre(j ->> ('p' || yy || '_poph'))) AS hommes,
           sum(ratio * data.nombre(j ->> ('p' || yy || '_popf'))) AS femmes,
           sum(ratio * data.nombre(j ->> ('nais' || yy5 || yy))) AS naissances,
           sum(ratio * data.nombre(j ->> ('dece' || yy5 || yy))) AS deces,
           sum(ratio * data.nombre(j ->> ('nais' || yy10 || yy5))) AS naissances_m5,
           sum(ratio * data.nombre(j ->> ('dece' || yy10 || yy5))) AS deces_m5
    FROM {staging} s
    JOIN data.rattachement_au(($2::jsonb ->> 'cog')::int) r ON r.code_source = data.code_commune(s.codgeo)
    CROSS JOIN LATERAL (SELECT to_jsonb(s) AS j) x
    CROSS JOIN noms n
    GROUP BY r.code_insee, n.y, n.y5, n.y10
)
INSERT INTO {partition} (code_insee, millesime, cog_annee, pop, pop_m5, pop_m10, millesime_m5, millesime_m10, hommes,
    femmes, naissances, deces, naissances_m5, deces_m5, densite, code_source, statut,
    source_id)
SELECT s.code_insee, s.y, ($2::jsonb ->> 'cog')::int, s.pop, s.pop_m5, s.pop_m10, s.y5, s.y10, s.hommes, s.femmes,
       s.naissances, s.deces, s.naissances_m5, s.deces_m5, round(s.pop / nullif(c.superficie_km2, 0), 2), s.code_source,
       CASE WHEN s.estime THEN 'est' ELSE 'ok' END, $1
FROM sommes s LEFT JOIN data.communes c ON c.code_insee = s.code_insee
