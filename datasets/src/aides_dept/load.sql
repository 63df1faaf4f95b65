-- A département is written as a code or by its name; « estime » marks what the workbook prints in italics.
INSERT INTO {partition} (code_dept, annee, prestation, lieu, beneficiaires, depenses_milliers_eur, statut, origine, source_id)
SELECT CASE WHEN s.departement IN ('69D', '69M') THEN s.departement
            WHEN s.departement ~ '^[0-9]' THEN data.code_departement(s.departement)
            ELSE (SELECT d.code FROM data.departements d WHERE data.nom_norm(d.nom) = data.nom_norm(s.departement)) END,
       s.annee::int, upper(s.prestation), data.nom_norm(s.lieu), data.nombre(s.beneficiaires)::int,
       data.nombre(s.depenses_milliers_eur),
       jsonb_strip_nulls(jsonb_build_object(
           'beneficiaires', coalesce(data.statut(s.beneficiaires), e.marque),
           'depenses_milliers_eur', coalesce(data.statut(s.depenses_milliers_eur), e.marque))),
       jsonb_strip_nulls(jsonb_build_object('classeur', s.classeur, 'feuille', s.feuille, 'plage', s.plage,
           'sha256', s.sha256_classeur)), $1
FROM {staging} s
CROSS JOIN LATERAL (SELECT CASE WHEN lower(s.estime) IN ('o', 'oui', '1', 'est', 'true') THEN 'est' END AS marque) e
WHERE $2::jsonb IS NOT NULL
