-- A line without a commune is placed by its postal code where that leaves no doubt, and marked as estimated.
WITH postal AS (
    SELECT cp, c.code_insee AS code, c.nom_norm AS nom FROM data.communes c, unnest(c.codes_postaux) AS cp WHERE NOT c.est_plm
    UNION ALL
    SELECT cp, a.code, data.nom_norm(a.nom) FROM data.arrondissements_plm a, unnest(a.codes_postaux) AS cp
), seuls AS (
    SELECT cp, min(code) AS code FROM postal GROUP BY cp HAVING count(*) = 1
), nommes AS (
    SELECT cp, nom, min(code) AS code FROM postal GROUP BY cp, nom HAVING count(*) = 1
), lignes AS (
    SELECT s.*, CASE WHEN s.code_commune ~ '^([0-9][0-9AB][0-9]{3}|[1-9][0-9]{3})$' AND s.code_commune !~ '^9(7[578]|8|9)'
                     THEN data.code_commune(s.code_commune) END AS code
    FROM {staging} s
), deduites AS (
    SELECT l.ligne, coalesce(n.code, u.code) AS code
    FROM lignes l
    LEFT JOIN seuls u ON u.cp = l.code_postal
    LEFT JOIN nommes n ON n.cp = l.code_postal AND n.nom = data.nom_norm(regexp_replace(l.libelle_commune, '\s+CEDEX.*$', '', 'i'))
    WHERE l.code IS NULL AND l.code_postal IS NOT NULL
)
INSERT INTO {partition} (pp_hash, profession, savoir_faire, mode, secteur, code_insee, code_postal, finess_site, extraction,
    statut_commune, cog_annee, code_source, source_id)
SELECT decode(l.identification_nationale_pp, 'hex'), l.code_profession, l.code_savoir_faire,
       CASE WHEN l.code_mode_exercice IN ('L', 'S', 'B') THEN l.code_mode_exercice END, l.code_secteur_d_activite,
       coalesce(r.code_insee, d.code), l.code_postal,
       CASE WHEN l.numero_finess_site ~ '^[0-9A-Z]{9}$' THEN l.numero_finess_site END,
       CASE WHEN $2::jsonb ->> 'millesime' ~ '^\d{4}-\d\d-\d\d$' THEN ($2::jsonb ->> 'millesime')::date
            ELSE (left($2::jsonb ->> 'millesime', 4) || '-01-01')::date END,
       CASE WHEN r.code_insee IS NOT NULL THEN 'ok' WHEN d.code IS NOT NULL THEN 'est' ELSE 'nd' END,
       ($2::jsonb ->> 'cog')::int, r.code_source, $1
FROM lignes l
LEFT JOIN data.rattachement_unique r ON r.code_source = l.code
LEFT JOIN deduites d ON d.ligne = l.ligne
