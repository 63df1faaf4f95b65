, derniere AS (
    SELECT max(annee) AS annee FROM data.rpls
),
residences_annee AS (
    SELECT max(millesime) AS millesime FROM data.rp_housing
),
groupes(scope, pair, code) AS (
    SELECT 'com', NULL, $1 WHERE 'com' = ANY($2)
    UNION ALL SELECT 'sim', code, code FROM unnest($3::text[]) AS p (code)
),
-- The three cities are told by arrondissement in some files, as a whole in others. A city is the sum of its arrondissements
-- where they are told, since only they have rates then, else its own row.
villes AS (
    SELECT a.parent AS code, bool_or(ville.code_insee IS NOT NULL) AS entiere, bool_or(partie.code_insee IS NOT NULL) AS divisee
    FROM data.arrondissements_plm a CROSS JOIN derniere d
    LEFT JOIN data.rpls ville ON ville.code_insee = a.parent AND ville.annee = d.annee
    LEFT JOIN data.rpls partie ON partie.code_insee = a.code AND partie.annee = d.annee
    GROUP BY a.parent
),
parties AS (
    SELECT g.scope, g.pair, coalesce(a.code, g.code) AS code,
           -- Nothing is known of an arrondissement whose city is told as a whole, nor of a city that is not there at all.
           CASE WHEN g.code = v.code THEN NOT v.entiere AND NOT v.divisee ELSE NOT coalesce(v.divisee, true) END AS inconnue
    FROM groupes g
    LEFT JOIN villes v ON v.code = data.commune_mere(g.code)
    LEFT JOIN data.arrondissements_plm a ON a.parent = g.code AND v.divisee
),
-- Any other commune that the file does not name has no social dwelling: whether the file is loaded is asked elsewhere.
parc AS (
    SELECT p.scope, p.pair, array_agg(DISTINCT r.source_id) FILTER (WHERE r.source_id IS NOT NULL) AS sources,
           CASE WHEN NOT bool_or(p.inconnue) THEN coalesce(sum(r.nb_ls), 0)::numeric END AS nb_ls,
           coalesce(bool_or(r.statut ->> 'nb_ls' = 's'), false) AS secret, count(*) > 1 AS composee,
           CASE WHEN p.scope IN ('com', 'sim') AND count(*) = 1
                THEN (SELECT coalesce(array_agg(m.key || '=' || m.value), '{}')
                      FROM jsonb_each_text((array_agg(r.statut))[1]) AS m) ELSE '{}' END AS marques,
           sum(r.tx_vac * r.nb_ls) / nullif(sum(r.nb_ls) FILTER (WHERE r.tx_vac IS NOT NULL), 0) AS tx_vac,
           sum(r.nb_ls) FILTER (WHERE r.tx_vac IS NOT NULL)::numeric / nullif(sum(r.nb_ls), 0) AS vac_part,
           sum(r.tx_vac3 * r.nb_ls) / nullif(sum(r.nb_ls) FILTER (WHERE r.tx_vac3 IS NOT NULL), 0) AS tx_vac3,
           sum(r.nb_ls) FILTER (WHERE r.tx_vac3 IS NOT NULL)::numeric / nullif(sum(r.nb_ls), 0) AS vac3_part,
           sum(r.tx_mob * r.nb_ls) / nullif(sum(r.nb_ls) FILTER (WHERE r.tx_mob IS NOT NULL), 0) AS tx_mob,
           sum(r.nb_ls) FILTER (WHERE r.tx_mob IS NOT NULL)::numeric / nullif(sum(r.nb_ls), 0) AS mob_part,
           sum(r.loyer_moyen * r.nb_ls) / nullif(sum(r.nb_ls) FILTER (WHERE r.loyer_moyen IS NOT NULL), 0) AS loyer,
           sum(r.nb_ls) FILTER (WHERE r.loyer_moyen IS NOT NULL)::numeric / nullif(sum(r.nb_ls), 0) AS loyer_part,
           sum(r.age_moyen * r.nb_ls) / nullif(sum(r.nb_ls) FILTER (WHERE r.age_moyen IS NOT NULL), 0) AS age,
           sum(r.nb_ls) FILTER (WHERE r.age_moyen IS NOT NULL)::numeric / nullif(sum(r.nb_ls), 0) AS age_part,
           -- A part of the stock that one commune does not tell has no sum.
           CASE WHEN count(r.nb_neufs) = count(r.nb_ls) THEN sum(r.nb_neufs)::numeric END AS neufs,
           CASE WHEN count(r.nb_plai) = count(r.nb_ls) THEN sum(r.nb_plai)::numeric END AS plai,
           CASE WHEN count(r.nb_plus) = count(r.nb_ls) THEN sum(r.nb_plus)::numeric END AS plus,
           CASE WHEN count(r.nb_pls) = count(r.nb_ls) THEN sum(r.nb_pls)::numeric END AS pls,
           CASE WHEN count(r.nb_pli + r.nb_autres) = count(r.nb_ls) THEN sum(r.nb_pli + r.nb_autres)::numeric END AS autres,
           CASE WHEN count(r.nb_t1t2) = count(r.nb_ls) THEN sum(r.nb_t1t2)::numeric END AS t1t2,
           CASE WHEN count(r.nb_dpe) = count(r.nb_ls) THEN sum(r.nb_dpe)::numeric END AS dpe,
           CASE WHEN count(r.nb_dpe_efg) = count(r.nb_ls) THEN sum(r.nb_dpe_efg)::numeric END AS dpe_efg
    FROM parties p CROSS JOIN derniere d
    LEFT JOIN data.rpls r ON r.code_insee = p.code AND r.annee = d.annee
    GROUP BY p.scope, p.pair
),
zones(scope, zone) AS (
    SELECT v.scope, v.zone
    FROM cible t
    CROSS JOIN LATERAL (VALUES ('epci', t.epci_siren), ('dep', t.departement), ('reg', t.region), ('fr', 'FR')) AS v (scope, zone)
    WHERE v.scope = ANY($2) AND v.zone IS NOT NULL
),
fichiers AS (
    SELECT array_agg(id) AS sources FROM data.data_sources WHERE active AND dataset = 'rpls'
)
SELECT p.scope, d.annee, coalesce(p.sources, f.sources) AS sources, 1::numeric AS part, p.nb_ls, p.secret, p.composee, p.marques,
       round(p.tx_vac, 6) AS tx_vac, p.vac_part, round(p.tx_vac3, 6) AS tx_vac3, p.vac3_part, round(p.tx_mob, 6) AS tx_mob,
       p.mob_part, round(p.loyer, 6) AS loyer, p.loyer_part, round(p.age, 6) AS age, p.age_part, p.neufs, p.plai, p.plus,
       p.pls, p.autres, p.t1t2, p.dpe, p.dpe_efg, round(h.rp, 6) AS rp,
       CASE WHEN h.source_id IS NULL THEN '{}' ELSE ARRAY[h.source_id] END AS rp_sources, 1::numeric AS rp_part
FROM parc p CROSS JOIN derniere d CROSS JOIN fichiers f
LEFT JOIN data.rp_housing h ON h.code_insee = coalesce(p.pair, $1) AND h.millesime = (SELECT millesime FROM residences_annee)
WHERE d.annee IS NOT NULL
UNION ALL
SELECT z.scope, r.annee, CASE WHEN r.sources = '{}' THEN f.sources ELSE r.sources END, 1, r.nb_ls, r.secret, true, '{}',
       r.tx_vac, r.vac_part, r.tx_vac3, r.vac3_part, r.tx_mob, r.mob_part, r.loyer, r.loyer_part, r.age, r.age_part, r.neufs,
       r.plai, r.plus, r.pls, r.autres, r.t1t2, r.dpe, r.dpe_efg, h.rp, coalesce(h.sources, '{}'), coalesce(h.part, 0)
FROM zones z CROSS JOIN fichiers f JOIN data.mv_rpls_zone r ON r.niveau = z.scope AND r.code = z.zone
LEFT JOIN data.mv_rp_housing_zone h
    ON h.niveau = z.scope AND h.code = z.zone AND h.millesime = (SELECT millesime FROM residences_annee)
ORDER BY 1, 5
