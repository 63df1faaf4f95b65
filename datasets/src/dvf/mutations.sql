-- From lines to sales. A mutation is a date, a nature, a price and a département. Lines repeat: exact duplicates, and a
-- house once per culture of its parcel. So houses are counted by surface and rooms, flats by parcel and lot too.
, keyed AS MATERIALIZED (
    -- Sales without a price cannot be told apart by it: each line is its own.
    SELECT *, coalesce(round(valeur, 2)::text, 'sans prix ' || ligne) AS prix FROM lines
), mutations AS (
    SELECT date_mutation, nature, departement, prix, max(valeur) AS valeur, count(*) AS nb_lignes,
           count(DISTINCT code) AS nb_communes, count(DISTINCT code || parcelle) AS nb_parcelles,
           count(DISTINCT (surface, pieces)) FILTER (WHERE type = '1') AS nb_maisons,
           count(DISTINCT (parcelle, lot, surface, pieces)) FILTER (WHERE type = '2') AS nb_apparts,
           count(DISTINCT (parcelle, lot)) FILTER (WHERE type = '3') AS nb_dependances,
           count(DISTINCT (parcelle, lot, surface)) FILTER (WHERE type = '4') AS nb_locaux,
           max(surface) FILTER (WHERE type IN ('1', '2')) AS surface, max(pieces) FILTER (WHERE type IN ('1', '2')) AS pieces,
           bool_or(culture NOT IN ('', 'S', 'J', 'AG')) AS autre_culture,
           -- The line that places the sale: a dwelling if there is one, else the first written. One text, so that its
           -- parts come from one line without a second look at all of them.
           string_to_array(min(concat_ws('|', CASE WHEN type IN ('1', '2') THEN '0' ELSE '1' END, to_char(ligne, 'FM000000000000'),
               code, coalesce(parcelle, ''), longitude, latitude) COLLATE "C"), '|') AS lieu
    FROM keyed GROUP BY date_mutation, nature, departement, prix
), terrains AS (
    SELECT date_mutation, nature, departement, prix, sum(terrain) AS terrain
    FROM (SELECT DISTINCT date_mutation, nature, departement, prix, code, parcelle, culture, terrain FROM keyed
          WHERE terrain IS NOT NULL) t
    GROUP BY date_mutation, nature, departement, prix
), judged AS (
    SELECT m.*, lieu[3] AS code, lieu[4] AS parcelle, lieu[5]::float8 AS longitude, lieu[6]::float8 AS latitude, t.terrain,
           CASE WHEN m.nb_maisons + m.nb_apparts = 1 THEN CASE WHEN m.nb_maisons = 1 THEN 'maison' ELSE 'appartement' END
           END AS type_logement,
           CASE WHEN m.nature LIKE 'Vente en l%tat futur d%ach%vement' THEN 'vente en l’état futur d’achèvement'
                WHEN m.nature <> 'Vente' THEN 'nature'
                WHEN m.valeur IS NULL THEN 'prix absent'
                WHEN m.valeur <= 1000 THEN 'prix symbolique'
                WHEN m.nb_maisons + m.nb_apparts = 0 THEN 'sans logement'
                WHEN m.nb_maisons + m.nb_apparts > 1 THEN 'plusieurs logements'
                WHEN m.nb_locaux > 0 THEN 'local d’activité'
                WHEN m.nb_maisons = 1 AND m.autre_culture THEN 'autre culture'
                WHEN m.surface IS NULL OR m.surface NOT BETWEEN 9 AND 500 THEN 'surface hors de 9 à 500 m²' END AS motif
    FROM mutations m
    LEFT JOIN terrains t USING (date_mutation, nature, departement, prix)
), bounds AS (
    SELECT departement, extract(year FROM date_mutation) AS annee, type_logement,
           percentile_cont(ARRAY[0.01, 0.99]) WITHIN GROUP (ORDER BY valeur / surface) AS p
    FROM judged WHERE motif IS NULL GROUP BY 1, 2, 3
), final AS (
    SELECT j.*, CASE WHEN j.motif IS NULL AND (j.valeur / j.surface)::float8 NOT BETWEEN b.p[1] AND b.p[2]
                     THEN 'prix au m² hors des centiles 1 à 99' ELSE j.motif END AS motif_exclusion
    FROM judged j
    LEFT JOIN bounds b ON b.departement = j.departement AND b.annee = extract(year FROM j.date_mutation)
                      AND b.type_logement = j.type_logement
)
INSERT INTO {partition} (cle_mutation, date_mutation, annee, nature, valeur, code_insee, departement, nb_lignes,
    nb_communes, nb_parcelles, nb_maisons, nb_apparts, nb_dependances, nb_locaux, type_logement, surface_bati,
    surface_terrain, pieces, prix_m2, exploitable, motif_exclusion, id_parcelle_principale, geom, cog_annee, source_id)
SELECT decode(md5(concat_ws('|', f.date_mutation, f.nature, f.departement, f.prix)), 'hex'), f.date_mutation,
       extract(year FROM f.date_mutation)::smallint, f.nature, f.valeur, r.code_insee, f.departement, f.nb_lignes,
       f.nb_communes, f.nb_parcelles, f.nb_maisons, f.nb_apparts, f.nb_dependances, f.nb_locaux, f.type_logement,
       f.surface::int, f.terrain::int, f.pieces::smallint,
       CASE WHEN f.type_logement IS NOT NULL AND f.surface > 0 THEN round(f.valeur / f.surface, 2) END,
       f.motif_exclusion IS NULL, f.motif_exclusion, f.code || f.parcelle,
       CASE WHEN f.longitude IS NOT NULL THEN ST_SetSRID(ST_MakePoint(f.longitude, f.latitude), 4326) END,
       ($2::jsonb ->> 'cog')::int, $1
FROM final f JOIN data.rattachement_unique r ON r.code_source = f.code
