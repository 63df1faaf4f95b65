, derniere AS (
    SELECT max(annee) AS annee FROM data.rpls
)
-- A commune that the file of its département does not name has no social dwelling: whether the file is loaded is asked elsewhere.
SELECT u.scope, d.annee,
       coalesce(array_agg(DISTINCT r.source_id) FILTER (WHERE r.source_id IS NOT NULL),
                (SELECT array_agg(s.id) FROM data.data_sources s WHERE s.active AND s.dataset = 'rpls')) AS sources,
       1::numeric AS part, coalesce(sum(r.nb_ls), 0)::numeric AS nb_ls,
       coalesce(bool_or(r.statut ->> 'nb_ls' = 's'), false) AS secret
FROM unites u CROSS JOIN derniere d
LEFT JOIN data.rpls r ON r.code_insee = u.code AND r.annee = d.annee
WHERE d.annee IS NOT NULL
GROUP BY u.scope, d.annee
ORDER BY u.scope
