-- Counts add up over a merger; nearly every commune is made of one, and is copied as it is.
WITH liens AS MATERIALIZED (
    SELECT s.codgeo, r.code_insee, r.code_source, r.ratio, CASE WHEN r.estime THEN 'est' ELSE 'ok' END AS statut,
           count(*) OVER (PARTITION BY r.code_insee) > 1 OR r.ratio < 1 AS compose
    FROM (SELECT DISTINCT codgeo FROM {staging}) s
    JOIN data.rattachement_au(($2::jsonb ->> 'cog')::int) r ON r.code_source = data.code_commune(s.codgeo)
)
INSERT INTO {partition} (
    code_insee, millesime, cog_annee, log, rp, rsecocc, logvac, maison, appart, rp_1p, rp_2p, rp_3p, rp_4p, rp_5pp,
    nbpi_rp, rp_prop, rp_loc, rp_hlm, rp_grat, men, pmen, rp_hstu1p, rp_hstu1p_surocc, ach, anem, code_source,
    statut, source_id)
SELECT
    l.code_insee, s.millesime, ($2::jsonb ->> 'cog')::int, log, rp, rsecocc, logvac, maison, appart, rp_1p, rp_2p,
    rp_3p, rp_4p, rp_5pp, nbpi_rp, rp_prop, rp_loc, rp_lochlmv, rp_grat, men, pmen, rp_hstu1p, rp_hstu1p_surocc,
    s.ach, s.anem, l.code_source, l.statut, $1
FROM liens l JOIN {staging} s USING (codgeo) WHERE NOT l.compose
UNION ALL
SELECT
    l.code_insee, s.millesime, ($2::jsonb ->> 'cog')::int, sum(ratio * log), sum(ratio * rp), sum(ratio * rsecocc),
    sum(ratio * logvac), sum(ratio * maison), sum(ratio * appart), sum(ratio * rp_1p), sum(ratio * rp_2p),
    sum(ratio * rp_3p), sum(ratio * rp_4p), sum(ratio * rp_5pp), sum(ratio * nbpi_rp), sum(ratio * rp_prop),
    sum(ratio * rp_loc), sum(ratio * rp_lochlmv), sum(ratio * rp_grat), sum(ratio * men), sum(ratio * pmen),
    sum(ratio * rp_hstu1p), sum(ratio * rp_hstu1p_surocc),
    data.somme_documents(array_agg(s.ach), array_agg(l.ratio)),
    data.somme_documents(array_agg(s.anem), array_agg(l.ratio)),
    string_agg(l.code_source, '+' ORDER BY l.code_source), min(l.statut), $1
FROM liens l JOIN {staging} s USING (codgeo) WHERE l.compose
GROUP BY l.code_insee, s.millesime
