-- One row per commune and vintage found in the header. Counts add up over a merger. The bounds of the periods of
-- construction move with the vintage (ACH12, ACH18), so they keep their names in a document.
WITH vintages AS (
    SELECT DISTINCT substring(k FROM '^p(\d\d)_log$') AS yy
    FROM (SELECT jsonb_object_keys(to_jsonb(s)) AS k FROM (SELECT * FROM {staging} LIMIT 1) s) keys
    WHERE k ~ '^p\d\d_log$'
), lignes AS MATERIALIZED (
    SELECT r.code_insee, r.code_source, r.ratio, r.estime, v.yy, 'p' || v.yy || '_' AS p, 'c' || v.yy || '_' AS c, to_jsonb(s) AS j
    FROM {staging} s
    JOIN data.rattachement_au(($2::jsonb ->> 'cog')::int) r ON r.code_source = data.code_commune(s.codgeo)
    CROSS JOIN vintages v
), families AS (
    SELECT code_insee, yy, key, sum(valeur) AS valeur
    FROM (SELECT l.code_insee, l.yy, substring(f.key FROM '^p\d\d_(?:rp|men)_((?:ach|anem)\w+)$') AS key,
                 data.nombre(f.value) * l.ratio AS valeur
          FROM lignes l CROSS JOIN LATERAL jsonb_each_text(l.j) AS f (key, value)
          WHERE f.key ~ ('^p' || l.yy || '_(rp_ach|men_anem)')) cells
    WHERE valeur IS NOT NULL
    GROUP BY code_insee, yy, key
), documents AS (
    SELECT code_insee, yy,
           coalesce(jsonb_object_agg(key, valeur) FILTER (WHERE key LIKE 'ach%'), '{}') AS ach,
           coalesce(jsonb_object_agg(key, valeur) FILTER (WHERE key LIKE 'anem%'), '{}') AS anem
    FROM families GROUP BY code_insee, yy
)
INSERT INTO {partition} (code_insee, millesime, cog_annee, log, rp, rsecocc, logvac, maison, appart, rp_1p, rp_2p, rp_3p,
    rp_4p, rp_5pp, nbpi_rp, rp_prop, rp_loc, rp_hlm, rp_grat, men, pmen, rp_hstu1p, rp_hstu1p_surocc, ach, anem,
    code_source, statut, source_id)
SELECT l.code_insee, CASE WHEN l.yy > '60' THEN 1900 ELSE 2000 END + l.yy::int, ($2::jsonb ->> 'cog')::int,
       sum(ratio * data.nombre(j ->> (p || 'log'))), sum(ratio * data.nombre(j ->> (p || 'rp'))),
       sum(ratio * data.nombre(j ->> (p || 'rsecocc'))), sum(ratio * data.nombre(j ->> (p || 'logvac'))),
       sum(ratio * data.nombre(j ->> (p || 'maison'))), sum(ratio * data.nombre(j ->> (p || 'appart'))),
       sum(ratio * data.nombre(j ->> (p || 'rp_1p'))), sum(ratio * data.nombre(j ->> (p || 'rp_2p'))),
       sum(ratio * data.nombre(j ->> (p || 'rp_3p'))), sum(ratio * data.nombre(j ->> (p || 'rp_4p'))),
       sum(ratio * data.nombre(j ->> (p || 'rp_5pp'))), sum(ratio * data.nombre(j ->> (p || 'nbpi_rp'))),
       sum(ratio * data.nombre(j ->> (p || 'rp_prop'))), sum(ratio * data.nombre(j ->> (p || 'rp_loc'))),
       sum(ratio * data.nombre(j ->> (p || 'rp_lochlmv'))), sum(ratio * data.nombre(j ->> (p || 'rp_grat'))),
       sum(ratio * data.nombre(j ->> (p || 'men'))), sum(ratio * data.nombre(j ->> (p || 'pmen'))),
       sum(ratio * data.nombre(j ->> (c || 'rp_hstu1p'))), sum(ratio * data.nombre(j ->> (c || 'rp_hstu1p_surocc'))),
       coalesce(min(d.ach::text)::jsonb, '{}'), coalesce(min(d.anem::text)::jsonb, '{}'),
       string_agg(l.code_source, '+' ORDER BY l.code_source),
       CASE WHEN bool_or(l.estime) THEN 'est' ELSE 'ok' END, $1
FROM lignes l LEFT JOIN documents d USING (code_insee, yy)
GROUP BY l.code_insee, l.yy
