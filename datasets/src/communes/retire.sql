-- What the new edition no longer names.
WITH regions AS (DELETE FROM data.regions WHERE source_id <> $1),
     departements AS (DELETE FROM data.departements WHERE source_id <> $1),
     arrondissements AS (DELETE FROM data.arrondissements WHERE source_id <> $1),
     plm AS (DELETE FROM data.arrondissements_plm WHERE source_id <> $1),
     passages AS (DELETE FROM data.commune_passage WHERE source_id <> $1 AND annee_de = 0),
     communes AS (DELETE FROM data.communes WHERE source_id <> $1),
     ept AS (DELETE FROM data.ept WHERE source_id <> $1)
DELETE FROM data.epci WHERE source_id <> $1 AND $2::jsonb IS NOT NULL
