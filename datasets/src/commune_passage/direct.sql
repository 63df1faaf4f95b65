WITH cleared AS (
    DELETE FROM data.commune_passage p USING data.data_sources s
    WHERE s.id = p.source_id AND s.dataset = 'commune_passage' AND s.partie = $2::jsonb ->> 'partie'
)
INSERT INTO data.commune_passage (code_ancien, annee_de, annee_a, code_actuel, ratio, motif, source_id)
SELECT s.code_ancien, ($2::jsonb ->> 'millesime')::int, 9999, s.code_actuel, data.nombre(s.ratio),
       CASE WHEN s.code_ancien = s.code_actuel AND data.nombre(s.ratio) = 1 THEN 'inchangé'
            WHEN data.nombre(s.ratio) < 1 THEN 'scission' ELSE 'fusion ou changement de code' END, $1
FROM {staging} s
