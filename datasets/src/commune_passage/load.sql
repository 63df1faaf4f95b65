WITH cleared AS (DELETE FROM data.commune_passage WHERE annee_de = ($2::jsonb ->> 'millesime')::int)
INSERT INTO data.commune_passage (code_ancien, annee_de, code_actuel, ratio, motif, source_id)
SELECT s.code_ancien, ($2::jsonb ->> 'millesime')::int, s.code_actuel, data.nombre(s.ratio),
       CASE WHEN s.code_ancien = s.code_actuel THEN 'inchangé'
            WHEN data.nombre(s.ratio) < 1 THEN 'scission' ELSE 'fusion ou changement de code' END, $1
FROM {staging} s
