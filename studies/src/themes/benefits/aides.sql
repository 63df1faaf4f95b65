-- $1 commune or arrondissement; $2 the scopes wanted. Allowances that the département pays, over its own inhabitants. Two
-- payers share the Rhône, one pays for both of Corsica: payers and départements are taken together until they match.
WITH cible AS (
    SELECT c.departement FROM data.communes c WHERE c.code_insee = data.commune_mere($1) AND 'dep' = ANY($2)
),
payeurs AS (
    SELECT unnest(CASE WHEN departement = '69' THEN ARRAY['69D', '69M'] WHEN departement IN ('2A', '2B') THEN ARRAY['20']
                       ELSE ARRAY[departement] END) AS code FROM cible
),
departements AS (
    SELECT unnest(CASE WHEN departement IN ('2A', '2B') THEN ARRAY['2A', '2B'] ELSE ARRAY[departement] END) AS code FROM cible
),
habitants AS (
    SELECT p.annee, array_agg(DISTINCT p.source_id) AS sources,
           sum(p.population) FILTER (WHERE p.age_min >= 75) AS p75, sum(p.population) FILTER (WHERE p.age_max < 60) AS m60
    FROM data.population_departements p JOIN departements d ON d.code = p.code_dept
    WHERE p.sexe = 'T' AND NOT (p.age_min = 0 AND p.age_max = 120)
    GROUP BY p.annee HAVING count(DISTINCT p.code_dept) = (SELECT count(*) FROM departements)
),
aides AS (
    SELECT a.annee, array_agg(DISTINCT a.source_id) AS sources, bool_or(a.statut ->> 'beneficiaires' = 'est') AS estime,
           CASE WHEN count(*) FILTER (WHERE prestation = 'APA' AND lieu = 'domicile') = (SELECT count(*) FROM payeurs)
                 AND bool_and(beneficiaires IS NOT NULL) FILTER (WHERE prestation = 'APA' AND lieu = 'domicile')
                THEN sum(beneficiaires) FILTER (WHERE prestation = 'APA' AND lieu = 'domicile') END AS apa_dom,
           CASE WHEN count(*) FILTER (WHERE prestation = 'APA' AND lieu = 'etablissement') = (SELECT count(*) FROM payeurs)
                 AND bool_and(beneficiaires IS NOT NULL) FILTER (WHERE prestation = 'APA' AND lieu = 'etablissement')
                THEN sum(beneficiaires) FILTER (WHERE prestation = 'APA' AND lieu = 'etablissement') END AS apa_etab,
           CASE WHEN count(*) FILTER (WHERE prestation = 'PCH' AND lieu = 'ensemble') = (SELECT count(*) FROM payeurs)
                 AND bool_and(beneficiaires IS NOT NULL) FILTER (WHERE prestation = 'PCH' AND lieu = 'ensemble')
                THEN sum(beneficiaires) FILTER (WHERE prestation = 'PCH' AND lieu = 'ensemble') END AS pch
    FROM data.aides_dept_courant a JOIN payeurs p ON p.code = a.code_dept
    GROUP BY a.annee
),
-- The newest year whose inhabitants are known too; without any, the newest year.
choisie AS (
    SELECT a.annee FROM aides a LEFT JOIN habitants h USING (annee) ORDER BY h.annee IS NULL, a.annee DESC LIMIT 1
)
SELECT 'dep' AS scope, a.annee, a.sources || coalesce(h.sources, '{}') AS sources, 1::numeric AS part, coalesce(a.estime, false) AS estime,
       a.apa_dom::numeric, a.apa_etab::numeric, a.pch::numeric, h.p75::numeric, h.m60::numeric
FROM aides a JOIN choisie USING (annee) LEFT JOIN habitants h USING (annee)
