-- Counts add up over a merger. Medians and rates cannot: those of the part with most people stand for the whole, marked
-- as estimated, as they are where a territory was divided since.
WITH lignes AS (
    SELECT r.code_insee, r.code_source, r.ratio, s.*,
           row_number() OVER (PARTITION BY r.code_insee ORDER BY s.nbpersmenfisc DESC NULLS LAST, r.code_source) AS rang,
           count(*) OVER (PARTITION BY r.code_insee) > 1 OR r.code_source <> r.code_insee OR r.estime AS estime
    FROM {staging} s
    JOIN data.rattachement_au(($2::jsonb ->> 'cog')::int) r ON r.code_source = data.code_commune(s.codgeo)
    WHERE $2::jsonb ->> 'partie' IN ('COM', 'ARR')
),
sommes AS (
    SELECT code_insee, string_agg(code_source, '+' ORDER BY code_source) AS code_source,
           CASE WHEN bool_and(nbmenfisc IS NOT NULL) THEN round(sum(nbmenfisc * ratio)) END AS nbmen,
           CASE WHEN bool_and(nbpersmenfisc IS NOT NULL) THEN round(sum(nbpersmenfisc * ratio), 1) END AS nbpers,
           -- Two counts, whatever is said of the rest: a sum is exact, unless a part is missing or was divided.
           jsonb_strip_nulls(jsonb_build_object(
               'nbmenfisc', coalesce(max(statuts ->> 'nbmenfisc'), CASE WHEN bool_or(ratio < 1) THEN 'est' END),
               'nbpersmenfisc', coalesce(max(statuts ->> 'nbpersmenfisc'), CASE WHEN bool_or(ratio < 1) THEN 'est' END))) AS statuts
    FROM lignes GROUP BY code_insee
)
INSERT INTO {partition} (code_insee, millesime, cog_annee, nbmen, nbpers, med, pimp, tp60, tp60_age, tp60_tol, parts, d1, d9,
    rd, statuts, code_source, source_id)
SELECT l.code_insee, ($2::jsonb ->> 'millesime')::int, ($2::jsonb ->> 'cog')::int, t.nbmen, t.nbpers, l.med, l.pimp, l.tp60,
       l.tp60_age, l.tp60_tol, l.parts, l.d1, l.d9, l.rd,
       CASE WHEN l.estime
            THEN '{"med": "est", "pimp": "est", "tp60": "est", "d1": "est", "d9": "est", "rd": "est", "tp60_age": "est",
                   "tp60_tol": "est", "parts": "est"}'::jsonb ELSE '{}' END
       || (l.statuts - 'nbmenfisc' - 'nbpersmenfisc') || t.statuts,
       t.code_source, $1
FROM lignes l JOIN sommes t USING (code_insee)
WHERE l.rang = 1
