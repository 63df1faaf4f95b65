INSERT INTO data.arrondissements_plm (code, parent, nom, numero, population, codes_postaux, source_id)
SELECT a.code, a.commune, a.nom,
       (right(a.code, 2)::int - CASE WHEN a.commune = '69123' THEN 80 ELSE 0 END)::smallint,
       a.population, coalesce(a."codesPostaux", '{}'), $1
FROM {staging} s,
     jsonb_to_recordset(s.contenu::jsonb)
         AS a (code text, nom text, type text, commune text, population int, "codesPostaux" text[])
WHERE s.document = 'communes' AND a.type = 'arrondissement-municipal' AND $2::jsonb IS NOT NULL
ON CONFLICT (code) DO UPDATE SET parent = excluded.parent, nom = excluded.nom, numero = excluded.numero,
    population = excluded.population, codes_postaux = excluded.codes_postaux, source_id = excluded.source_id
