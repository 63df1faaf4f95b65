-- Where every published code leads today, written again whenever communes or passages are imported.
WITH RECURSIVE cleared AS (DELETE FROM data.rattachement_dates),
actuelles AS (SELECT code_insee AS code, greatest(population, 1)::numeric AS poids FROM data.communes),
-- A commune joined another, or only changed its code; unless it was made independent again afterwards.
departs AS (
    SELECT p.code_ancien, p.code_actuel, p.annee_de, p.annee_a, max(p.ratio) AS ratio
    FROM data.commune_passage p
    WHERE p.motif <> 'scission' AND p.code_ancien <> p.code_actuel
      AND NOT EXISTS (SELECT FROM data.commune_passage q
                      WHERE q.code_actuel = p.code_ancien AND q.code_ancien <> p.code_ancien AND q.motif = 'scission'
                        AND q.annee_de >= p.annee_a)
    GROUP BY p.code_ancien, p.code_actuel, p.annee_de, p.annee_a
),
-- Where a delegated commune is today is known for sure. Otherwise the last step counts, and of two that begin in the
-- same year the more precise one.
etapes AS (
    SELECT e.code_ancien, e.code_actuel, e.annee_a,
           coalesce(e.ratio, coalesce(a.poids, 1) / sum(coalesce(a.poids, 1)) OVER (PARTITION BY e.code_ancien)) AS ratio
    FROM (SELECT d.*, rank() OVER (PARTITION BY d.code_ancien
                                     ORDER BY d.annee_de = 0 DESC, d.annee_de DESC, d.annee_a) AS rang
          FROM departs d) e
    LEFT JOIN actuelles a ON a.code = e.code_actuel
    WHERE e.rang = 1 AND NOT EXISTS (SELECT FROM data.communes x WHERE x.code_insee = e.code_ancien)
),
chemins AS (
    SELECT code_ancien AS code_source, code_actuel AS code, annee_a, ratio FROM etapes
    UNION ALL
    SELECT c.code_source, e.code_actuel, e.annee_a, c.ratio * e.ratio
    FROM chemins c JOIN etapes e ON e.code_ancien = c.code AND e.annee_a > c.annee_a
),
-- A commune that left another and exists today, with the years during which the other's figures included it. What no
-- passage tells was undone after the last of them: the commune exists, so it is independent again.
-- ponytail: a second separation of the same two communes counts with the first one's beginning.
separees AS (
    SELECT p.code_ancien AS mere, p.code_actuel AS fille, p.annee_a AS fin,
           p.ratio / nullif(max(p.ratio) FILTER (WHERE p.code_actuel = p.code_ancien)
                            OVER (PARTITION BY p.code_ancien, p.annee_de, p.source_id), 0) AS poids
    FROM data.commune_passage p WHERE p.motif = 'scission' AND p.annee_a < 9999
    UNION ALL
    SELECT d.code_actuel, d.code_ancien, (SELECT max(cog_annee) FROM data.communes), NULL
    FROM departs d JOIN actuelles fille ON fille.code = d.code_ancien JOIN actuelles mere ON mere.code = d.code_actuel
    WHERE d.annee_de > 0
),
parts AS (
    SELECT s.mere, f.code AS fille, s.fin,
           coalesce((SELECT max(d.annee_a) FROM data.commune_passage d
                     WHERE d.code_ancien = s.fille AND d.code_actuel = s.mere AND d.motif <> 'scission'
                       AND d.annee_a < s.fin), 0) AS debut,
           coalesce(max(s.poids), max(f.poids / m.poids)) AS poids
    FROM separees s JOIN actuelles m ON m.code = s.mere JOIN actuelles f ON f.code = s.fille
    WHERE s.mere <> s.fille
    GROUP BY s.mere, s.fille, f.code, s.fin
),
bornes AS (SELECT mere, debut AS de FROM parts UNION SELECT mere, fin FROM parts UNION SELECT mere, 0 FROM parts),
periodes AS (
    SELECT mere, de, coalesce(lead(de) OVER (PARTITION BY mere ORDER BY de) - 1, 9999) AS a FROM bornes
),
dedans AS (
    SELECT DISTINCT ON (p.mere, p.de, s.fille) p.mere, p.de, s.fille, s.poids
    FROM periodes p JOIN parts s ON s.mere = p.mere AND p.de >= s.debut AND p.a < s.fin
    ORDER BY p.mere, p.de, s.fille, s.fin
),
partages AS (
    SELECT p.mere AS code_source, p.de, p.a, coalesce(d.fille, p.mere) AS code_insee,
           coalesce(d.poids, 1) / (1 + coalesce(sum(d.poids) OVER (PARTITION BY p.mere, p.de), 0)) AS ratio
    FROM periodes p CROSS JOIN LATERAL (SELECT fille, poids FROM dedans x WHERE x.mere = p.mere AND x.de = p.de
                                        UNION ALL SELECT NULL, NULL) d
),
liens AS (
    SELECT code AS code_source, 0 AS de, 9999 AS a, code AS code_insee, 1::numeric AS ratio, false AS estime
    FROM actuelles WHERE code NOT IN (SELECT mere FROM parts)
    UNION ALL SELECT code, 0, 9999, code, 1, false FROM data.arrondissements_plm
    UNION ALL SELECT code_source, de, a, code_insee, ratio, ratio < 1 FROM partages
    UNION ALL
    -- Where the commune that was joined was divided later, nobody knows on which side of the line its part lies.
    SELECT c.code_source, 0, 9999, c.code, sum(c.ratio),
           sum(c.ratio) < 1 OR bool_or(EXISTS (SELECT FROM parts p WHERE p.mere = c.code AND p.fin > c.annee_a AND p.debut <= c.annee_a
                                                 AND p.fille <> c.code_source))
    FROM chemins c WHERE EXISTS (SELECT FROM data.communes a WHERE a.code_insee = c.code)
    GROUP BY c.code_source, c.code
)
INSERT INTO data.rattachement_dates (code_source, de, a, code_insee, ratio, principal, estime)
SELECT code_source, de, a, code_insee, round(ratio, 6),
       row_number() OVER (PARTITION BY code_source, de ORDER BY ratio DESC, code_insee) = 1, estime
FROM liens WHERE $1::int IS NOT NULL AND $2::jsonb IS NOT NULL
