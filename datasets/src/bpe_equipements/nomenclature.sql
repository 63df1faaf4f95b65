INSERT INTO {partition} (millesime, code, libelle, domaine, service, source_id)
SELECT ($2::jsonb ->> 'millesime')::int, s.typequ, s.libelle, left(s.typequ, 1),
       (SELECT v.service FROM data.bpe_services v WHERE data.nom_norm(s.libelle) ~ v.motif ORDER BY v.service LIMIT 1), $1
FROM {staging} s
