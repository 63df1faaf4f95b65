, autour AS (
    SELECT code FROM membres WHERE scope = 'epci'
    UNION SELECT v.voisine FROM cible t JOIN data.communes_voisines v ON v.code_insee = t.code WHERE t.epci_siren IS NULL
    UNION SELECT data.commune_mere(code) FROM cible
),
derniers_logements AS (
    SELECT max(millesime) AS millesime FROM data.rp_housing
),
-- Metres of the projection in use where the commune lies: Lambert-93, or that of the overseas département.
projete AS (
    SELECT c.code_insee AS code, c.nom,
           ST_Transform(c.geom, CASE c.departement WHEN '971' THEN 5490 WHEN '972' THEN 5490 WHEN '973' THEN 2972
                                                   WHEN '974' THEN 2975 WHEN '976' THEN 4471 ELSE 2154 END) AS contour
    FROM autour a JOIN data.communes c ON c.code_insee = a.code
),
vacance AS (
    SELECT DISTINCT ON (l.code_insee) l.*, coalesce(l.pp_total, b.pp_total) AS parc
    FROM data.lovac l
    LEFT JOIN data.lovac b ON b.code_insee = l.code_insee AND b.annee = l.annee - 1
                          AND b.millesime_fichier = l.millesime_fichier
    WHERE l.code_insee IN (SELECT code FROM autour) AND l.annee = $3
    ORDER BY l.code_insee, l.millesime_fichier DESC
)
SELECT p.code, p.nom, ST_AsGeoJSON(p.contour, 0) AS contour,
       round(100.0 * v.pp_vacant_2ans / nullif(v.parc, 0), 6) AS tx2,
       CASE WHEN v.code_insee IS NULL THEN 'ab' WHEN 's' IN (v.statut ->> 'pp_vacant_2ans', v.statut ->> 'pp_total') THEN 's' ELSE v.statut ->> 'pp_vacant_2ans' END AS tx2_statut,
       round(100.0 * v.pp_vacant / nullif(v.parc, 0), 6) AS tx,
       CASE WHEN v.code_insee IS NULL THEN 'ab' WHEN 's' IN (v.statut ->> 'pp_vacant', v.statut ->> 'pp_total') THEN 's' ELSE v.statut ->> 'pp_vacant' END AS tx_statut,
       round(100 * h.logvac / nullif(h.log, 0), 6) AS tx_rp
FROM projete p
LEFT JOIN vacance v ON v.code_insee = p.code
LEFT JOIN data.rp_housing h ON h.code_insee = p.code AND h.millesime = (SELECT millesime FROM derniers_logements)
ORDER BY p.code
