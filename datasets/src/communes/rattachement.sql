WITH cleared AS (DELETE FROM data.rattachement),
chemins AS (
    SELECT code_insee AS code_source, code_insee, 1::numeric AS ratio FROM data.communes
    UNION ALL SELECT code, code, 1 FROM data.arrondissements_plm
    UNION ALL
    SELECT p.code_ancien, p.code_actuel, p.ratio FROM data.commune_passage p
    WHERE EXISTS (SELECT FROM data.communes c WHERE c.code_insee = p.code_actuel)
      AND NOT EXISTS (SELECT FROM data.communes c WHERE c.code_insee = p.code_ancien)
      AND NOT EXISTS (SELECT FROM data.commune_passage q
                      WHERE q.code_ancien = p.code_ancien AND q.annee_de > p.annee_de)
)
INSERT INTO data.rattachement (code_source, code_insee, ratio, principal)
SELECT code_source, code_insee, ratio,
       row_number() OVER (PARTITION BY code_source ORDER BY ratio DESC, code_insee) = 1
FROM chemins WHERE $1::int IS NOT NULL AND $2::jsonb IS NOT NULL
