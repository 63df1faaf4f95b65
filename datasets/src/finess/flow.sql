-- One legal entity holds its establishments. Their number and their name stand under keys that begin the same way in
-- every version of the schema; coordinates are degrees, or metres in the territory's own projection.
WITH etablissements AS (
    SELECT s.entite::jsonb AS entite, e.ege, e.ege -> 'informationsGeneralesEGE' AS infos,
           coalesce(e.ege -> 'adresse', '{}') AS adresse
    FROM {staging} s CROSS JOIN LATERAL jsonb_array_elements(coalesce(s.entite::jsonb -> 'ege', '[]')) AS e (ege)
), lignes AS (
    SELECT (SELECT value FROM jsonb_each_text(infos) WHERE key ILIKE 'numFiness%' ORDER BY key LIMIT 1) AS nofinesset,
           entite #>> '{informationsGeneralesPmej,numFinessPm}' AS nofinessej,
           coalesce((SELECT value FROM jsonb_each_text(infos) WHERE key ILIKE 'denomination%' ORDER BY key LIMIT 1),
                    entite #>> '{informationsGeneralesPmej,denominationPm}', '') AS nom,
           jsonb_path_query_first(ege, '$.**.categorieEntiteGeographiqueExercice.code') #>> '{}' AS categorie,
           upper(adresse ->> 'cogCommune') AS cog, adresse ->> 'codePostal' AS code_postal,
           jsonb_path_query_first(ege, '$.**.siret') #>> '{}' AS siret,
           data.nombre(adresse #>> '{coordonneesGeographique,coordonneeX}') AS x,
           data.nombre(adresse #>> '{coordonneesGeographique,coordonneeY}') AS y,
           adresse #>> '{coordonneesGeographique,scoreBAN}' AS score
    FROM etablissements
    -- A closed establishment stays in the flow; its state says so in a word.
    WHERE coalesce(ege ->> 'etatObjet', '') !~* 'ferm|clos|supprim|caduc'
)
INSERT INTO {partition} (nofinesset, nofinessej, raison_sociale, categorie, categorie_lib, code_insee, code_postal, siret,
    date_ouverture, geom, qualite_geo, cog_annee, code_source, source_id)
SELECT DISTINCT ON (l.nofinesset) l.nofinesset, l.nofinessej, l.nom, l.categorie, NULL, r.code_insee, l.code_postal, l.siret, NULL,
       CASE WHEN abs(l.x) <= 180 AND abs(l.y) <= 90 THEN ST_SetSRID(ST_MakePoint(l.x, l.y), 4326)
            ELSE data.point_projete(l.x, l.y, data.projection_de(l.cog)) END,
       'BAN ' || l.score, ($2::jsonb ->> 'cog')::int, r.code_source, $1
FROM lignes l
JOIN data.rattachement_unique r ON r.code_source = data.code_commune(l.cog)
JOIN data.communes c ON c.code_insee = data.commune_mere(r.code_insee)
WHERE l.nofinesset ~ '^[0-9A-Z]{9}$' AND l.categorie IS NOT NULL
  AND coalesce(c.departement = $2::jsonb ->> 'departement', true)
ORDER BY l.nofinesset
