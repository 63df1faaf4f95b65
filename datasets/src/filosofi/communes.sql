-- Counts add up over a merger. Medians and rates cannot: those of the part with most people stand for the whole, marked
-- as estimated, as they are where a territory was divided since.
WITH lignes AS (
    SELECT r.code_insee, r.code_source, r.ratio, s.*,
           row_number() OVER (PARTITION BY r.code_insee ORDER BY data.nombre(s.nbpersmenfisc) DESC NULLS LAST, r.code_source) AS rang,
           count(*) OVER (PARTITION BY r.code_insee) > 1 OR r.code_source <> r.code_insee OR r.estime AS estime
    FROM {staging} s
    JOIN data.rattachement_au(($2::jsonb ->> 'cog')::int) r ON r.code_source = data.code_commune(s.codgeo)
    WHERE $2::jsonb ->> 'partie' IN ('COM', 'ARR')
),
sommes AS (
    SELECT code_insee, string_agg(code_source, '+' ORDER BY code_source) AS code_source, bool_or(ratio < 1) AS partage,
           CASE WHEN bool_and(data.nombre(nbmenfisc) IS NOT NULL) THEN round(sum(data.nombre(nbmenfisc) * ratio)) END AS nbmen,
           CASE WHEN bool_and(data.nombre(nbpersmenfisc) IS NOT NULL) THEN round(sum(data.nombre(nbpersmenfisc) * ratio), 1) END AS nbpers,
           max(data.statut(nbmenfisc)) AS s_nbmen, max(data.statut(nbpersmenfisc)) AS s_nbpers
    FROM lignes GROUP BY code_insee
)
INSERT INTO {partition} (code_insee, millesime, cog_annee, nbmen, nbpers, med, pimp, tp60, tp60_age, tp60_tol, parts, d1, d9,
    rd, statuts, code_source, source_id)
SELECT l.code_insee, ($2::jsonb ->> 'millesime')::int, ($2::jsonb ->> 'cog')::int, t.nbmen, t.nbpers,
       data.nombre(l.med), data.nombre(l.pimp), data.nombre(l.tp60), f.age, f.tol, f.parts, data.nombre(l.d1), data.nombre(l.d9),
       data.nombre(l.rd),
       f.statuts || jsonb_strip_nulls(jsonb_build_object(
           'nbmenfisc', coalesce(t.s_nbmen, CASE WHEN t.partage THEN 'est' END),
           'nbpersmenfisc', coalesce(t.s_nbpers, CASE WHEN t.partage THEN 'est' END))),
       t.code_source, $1
FROM lignes l JOIN sommes t USING (code_insee)
CROSS JOIN LATERAL data.filosofi_figures(to_jsonb(l), l.estime) f
WHERE l.rang = 1
