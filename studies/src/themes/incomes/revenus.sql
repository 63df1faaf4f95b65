, derniere AS (
    SELECT max(millesime) AS millesime FROM data.filosofi
),
-- Nothing is added up here: each level has the producer's own row, or none.
lignes AS (
    SELECT p.scope, p.code, f.source_id, f.millesime, f.med, f.pimp, f.tp60, f.tp60_tol, f.parts, f.d1, f.d9, f.rd, f.statuts,
           false AS metropole
    FROM portees p JOIN data.filosofi f ON f.code_insee = p.code WHERE p.niveau = 'com'
    UNION ALL
    SELECT p.scope, p.code, z.source_id, z.millesime, z.med, z.pimp, z.tp60, z.tp60_tol, z.parts, z.d1, z.d9, z.rd, z.statuts,
           z.code LIKE 'METRO%'
    FROM portees p JOIN data.filosofi_zones z ON z.niveau = p.niveau AND (z.code = p.code OR p.niveau = 'fr')
)
SELECT scope, millesime AS annee, ARRAY[source_id] AS sources, 1::numeric AS part, metropole,
       med, statuts ->> 'med' AS med_statut, pimp, statuts ->> 'pimp' AS pimp_statut, tp60, statuts ->> 'tp60' AS tp60_statut,
       d1, statuts ->> 'd1' AS d1_statut, d9, statuts ->> 'd9' AS d9_statut, rd, statuts ->> 'rd' AS rd_statut,
       (tp60_tol ->> '2')::numeric AS tp60_loc, coalesce(statuts ->> 'tp60tol2', statuts ->> 'tp60_tol') AS tp60_loc_statut,
       (parts ->> 'ppsoc')::numeric AS pps, coalesce(statuts ->> 'ppsoc', statuts ->> 'parts') AS pps_statut,
       (parts ->> 'ppen')::numeric AS ppen, coalesce(statuts ->> 'ppen', statuts ->> 'parts') AS ppen_statut
FROM lignes JOIN derniere USING (millesime)
ORDER BY scope, code
