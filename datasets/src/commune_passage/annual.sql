WITH cleared AS (
    DELETE FROM data.commune_passage p USING data.data_sources s
    WHERE s.id = p.source_id AND s.dataset = 'commune_passage' AND s.partie = $2::jsonb ->> 'partie'
)
INSERT INTO data.commune_passage (code_ancien, annee_de, annee_a, code_actuel, ratio, motif, source_id)
SELECT s.code_de, s.annee_de::int, s.annee_a::int, s.code_a,
       -- Equal shares are what the file writes where nobody counted.
       CASE WHEN abs(data.nombre(s.ratio) * count(*) OVER (PARTITION BY s.code_de, s.annee_de) - 1) > 0.0001
            THEN data.nombre(s.ratio) END,
       CASE s.typemodif WHEN 'd' THEN 'scission' WHEN 'c' THEN 'changement de code' ELSE 'fusion' END, $1
FROM {staging} s
WHERE $2::jsonb IS NOT NULL
