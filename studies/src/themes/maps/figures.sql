, autour AS (
    SELECT code FROM membres WHERE scope = 'epci'
    UNION SELECT v.voisine FROM cible t JOIN data.communes_voisines v ON v.code_insee = t.code WHERE t.epci_siren IS NULL
    UNION SELECT data.commune_mere(code) FROM cible
),
derniers_logements AS (
    SELECT max(millesime) AS millesime FROM data.rp_housing
),
vacance AS (
    SELECT DISTINCT ON (l.code_insee) l.*, coalesce(l.pp_total, b.pp_total) AS parc
    FROM data.lovac l
    LEFT JOIN data.lovac b ON b.code_insee = l.code_insee AND b.annee = l.annee - 1
                          AND b.millesime_fichier = l.millesime_fichier
    WHERE l.code_insee IN (SELECT code FROM autour) AND l.annee = $3
    ORDER BY l.code_insee, l.millesime_fichier DESC
)
SELECT c.code_insee AS code, c.nom, c.population::bigint AS population,
       round(100.0 * v.pp_vacant_2ans / nullif(v.parc, 0), 6) AS tx2,
       CASE WHEN v.code_insee IS NULL THEN 'ab' WHEN 's' IN (v.statut ->> 'pp_vacant_2ans', v.statut ->> 'pp_total') THEN 's' ELSE v.statut ->> 'pp_vacant_2ans' END AS tx2_statut,
       round(100.0 * v.pp_vacant / nullif(v.parc, 0), 6) AS tx,
       CASE WHEN v.code_insee IS NULL THEN 'ab' WHEN 's' IN (v.statut ->> 'pp_vacant', v.statut ->> 'pp_total') THEN 's' ELSE v.statut ->> 'pp_vacant' END AS tx_statut,
       round(100 * h.logvac / nullif(h.log, 0), 6) AS tx_rp,
       a.med AS appt, a.n::bigint AS appt_n, m.med AS mais, m.n::bigint AS mais_n, coalesce(a.annee, m.annee)::int AS ventes_annee, b.n::bigint AS equipements
FROM autour t JOIN data.communes c ON c.code_insee = t.code
LEFT JOIN vacance v ON v.code_insee = c.code_insee
LEFT JOIN data.rp_housing h ON h.code_insee = c.code_insee AND h.millesime = (SELECT millesime FROM derniers_logements)
LEFT JOIN data.mv_dvf_commune_trois_ans a ON a.code_insee = c.code_insee AND a.type = 'appartement'
LEFT JOIN data.mv_dvf_commune_trois_ans m ON m.code_insee = c.code_insee AND m.type = 'maison'
LEFT JOIN data.mv_bpe_commune b ON b.code_insee = c.code_insee
ORDER BY c.code_insee
