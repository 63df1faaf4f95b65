-- An event of 1 January is in that year's geography; a later one is in the next year's. Only communes count: a
-- delegated or associated one has no figures of its own.
WITH cleared AS (
    DELETE FROM data.commune_passage p USING data.data_sources s
    WHERE s.id = p.source_id AND s.dataset = 'commune_passage' AND s.partie = $2::jsonb ->> 'partie'
),
evenements AS (
    SELECT DISTINCT s.com_av, s.com_ap, s.mod,
           extract(year FROM s.date_eff::date)::int + CASE WHEN s.date_eff LIKE '%-01-01' THEN 0 ELSE 1 END AS annee_a
    FROM {staging} s
    WHERE s.typecom_av = 'COM' AND s.typecom_ap = 'COM' AND s.com_av <> s.com_ap
)
INSERT INTO data.commune_passage (code_ancien, annee_de, annee_a, code_actuel, ratio, motif, source_id)
SELECT com_av, min(annee_a) - 1, annee_a, com_ap, NULL,
       CASE WHEN bool_or(mod IN ('20', '21')) THEN 'scission'
            WHEN bool_or(mod IN ('41', '50')) THEN 'changement de code' ELSE 'fusion' END, $1
FROM evenements WHERE $2::jsonb IS NOT NULL
GROUP BY com_av, com_ap, annee_a
