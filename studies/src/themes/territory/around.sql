-- $1 commune or arrondissement, $2 the scopes wanted, $3 the codes of the peers. What the territory is made of, and what
-- stands in it: facilities, practitioners, establishments. `connus_…` are the inhabitants of the communes that a file speaks of.
WITH cible AS (
    SELECT $1::text AS code, c.code_insee AS ville, c.departement, c.region, c.epci_siren, coalesce(c.population, 0) AS population
    FROM data.communes c WHERE c.code_insee = data.commune_mere($1)
),
recensee AS (
    SELECT max(h.annee) AS annee FROM data.population_historique h JOIN cible t ON h.code_insee = t.ville
),
-- France in at most eight parts: each scope is a sum of some of them, and no commune is read twice.
morceaux AS (
    SELECT coalesce(l.epci_siren = t.epci_siren, false) AS epci, l.departement = t.departement AS dep, l.region = t.region AS reg,
           count(*) AS communes, count(*) FILTER (WHERE l.population > t.population) AS devant, sum(l.population) AS habitants,
           sum(h.population) AS pop, sum(l.superficie_km2) AS superficie, sum(h.population) FILTER (WHERE l.superficie_km2 IS NOT NULL) AS pop_superficie,
           sum(l.population) FILTER (WHERE l.superficie_km2 IS NOT NULL) AS connus_superficie,
           sum(l.population) FILTER (WHERE b.n IS NOT NULL) AS connus_bpe,
           sum(l.population) FILTER (WHERE s.generalistes IS NOT NULL) AS connus_rpps,
           sum(l.population) FILTER (WHERE s.hopitaux IS NOT NULL) AS connus_finess,
           sum(b.n) AS n, sum(b.services) AS services, sum(b.commerces) AS commerces, sum(b.enseignement) AS enseignement,
           sum(b.sante) AS sante, sum(b.transports) AS transports, sum(b.loisirs) AS loisirs, sum(b.tourisme) AS tourisme,
           sum(s.generalistes_poids) AS generalistes_poids, sum(s.dentistes) AS dentistes, sum(s.infirmiers) AS infirmiers,
           sum(s.kinesitherapeutes) AS kinesitherapeutes, sum(s.sages_femmes) AS sages_femmes,
           sum(s.orthophonistes) AS orthophonistes, sum(s.pharmaciens) AS pharmaciens, sum(s.hopitaux) AS hopitaux,
           sum(s.ehpad) AS ehpad, sum(s.residences_autonomie) AS residences_autonomie,
           sum(s.maisons_centres_sante) AS maisons_centres_sante, sum(s.pharmacies) AS pharmacies,
           sum(s.laboratoires) AS laboratoires
    FROM data.communes l CROSS JOIN cible t
    LEFT JOIN data.population_historique h ON h.code_insee = l.code_insee AND h.annee = (SELECT annee FROM recensee)
    LEFT JOIN data.mv_bpe_commune b ON b.code_insee = l.code_insee
    LEFT JOIN data.mv_sante_commune s ON s.code_insee = l.code_insee
    WHERE cardinality($2::text[]) > 1
    GROUP BY 1, 2, 3
),
-- The baskets, as far as the list of the vintage names their services.
paniers AS (
    SELECT s.gamme, y.service, y.millesime, array_agg(y.code) AS codes
    FROM data.bpe_typequ y JOIN data.bpe_services s ON s.service = y.service
    WHERE y.millesime = (SELECT b.millesime FROM data.mv_bpe_commune b JOIN cible t ON b.code_insee = t.code)
    GROUP BY s.gamme, y.service, y.millesime
),
membres AS MATERIALIZED (
    SELECT y.code FROM cible t JOIN data.communes c ON c.epci_siren = t.epci_siren
    JOIN data.territoires y ON y.commune = c.code_insee
    WHERE 'epci' = ANY ($2)
),
-- Services found somewhere in the intercommunality: each counts once, wherever it is.
communs AS (
    SELECT p.gamme FROM paniers p
    WHERE EXISTS (SELECT FROM membres m JOIN data.bpe_equipements e ON e.code_insee = m.code AND e.typequ = ANY (p.codes)
                  WHERE e.millesime = p.millesime)
),
figures AS (
    SELECT CASE WHEN p.pair THEN 'sim' ELSE 'com' END AS scope, 1 AS communes, 0 AS devant, 1 AS habitants,
           coalesce(h.population, a.population) AS pop, CASE WHEN a.code IS NULL THEN c.superficie_km2 END AS superficie,
           CASE WHEN a.code IS NULL AND c.superficie_km2 IS NOT NULL THEN h.population END AS pop_superficie,
           1 AS connus_superficie, 1 AS connus_bpe, 1 AS connus_rpps, 1 AS connus_finess,
           b.n, b.services, b.commerces, b.enseignement, b.sante, b.transports, b.loisirs, b.tourisme,
           b.proximite, b.intermediaire, b.superieure, s.generalistes, s.generalistes_poids, s.dentistes, s.infirmiers,
           s.kinesitherapeutes, s.sages_femmes, s.orthophonistes, s.pharmaciens, s.hopitaux, s.ehpad, s.residences_autonomie,
           s.maisons_centres_sante, s.pharmacies, s.laboratoires
    FROM cible t CROSS JOIN LATERAL (SELECT t.code, false AS pair UNION ALL SELECT unnest($3::text[]), true) p
    LEFT JOIN data.arrondissements_plm a ON a.code = p.code
    LEFT JOIN data.communes c ON c.code_insee = p.code
    LEFT JOIN data.population_historique h ON h.code_insee = p.code AND h.annee = (SELECT annee FROM recensee)
    LEFT JOIN data.mv_bpe_commune b ON b.code_insee = p.code
    LEFT JOIN data.mv_sante_commune s ON s.code_insee = p.code
    UNION ALL
    SELECT z.scope, sum(m.communes), sum(m.devant), sum(m.habitants), sum(m.pop), sum(m.superficie), sum(m.pop_superficie),
           sum(m.connus_superficie), sum(m.connus_bpe), sum(m.connus_rpps), sum(m.connus_finess),
           sum(m.n), sum(m.services), sum(m.commerces), sum(m.enseignement), sum(m.sante), sum(m.transports), sum(m.loisirs),
           sum(m.tourisme),
           CASE z.scope WHEN 'epci' THEN (SELECT count(*) FROM communs WHERE gamme = 'proximite') END,
           CASE z.scope WHEN 'epci' THEN (SELECT count(*) FROM communs WHERE gamme = 'intermediaire') END,
           CASE z.scope WHEN 'epci' THEN (SELECT count(*) FROM communs WHERE gamme = 'superieure') END,
           NULL, sum(m.generalistes_poids), sum(m.dentistes), sum(m.infirmiers), sum(m.kinesitherapeutes), sum(m.sages_femmes),
           sum(m.orthophonistes), sum(m.pharmaciens), sum(m.hopitaux), sum(m.ehpad), sum(m.residences_autonomie),
           sum(m.maisons_centres_sante), sum(m.pharmacies), sum(m.laboratoires)
    FROM unnest($2::text[]) AS z (scope)
    JOIN morceaux m ON CASE z.scope WHEN 'epci' THEN m.epci WHEN 'dep' THEN m.dep WHEN 'reg' THEN m.reg ELSE z.scope = 'fr' END
    GROUP BY z.scope
)
SELECT f.scope, coalesce((SELECT annee FROM recensee), 0) AS annee, '{}'::int[] AS sources, 1::numeric AS part, f.communes::bigint AS communes, (1 + f.devant)::bigint AS rang,
       f.pop::bigint AS pop, f.superficie, f.pop_superficie::bigint AS pop_superficie,
       -- Shares of the inhabitants, per mille.
       (1000 * coalesce(f.connus_superficie, 0) / greatest(f.habitants, 1))::int AS part_superficie,
       (1000 * coalesce(f.connus_bpe, 0) / greatest(f.habitants, 1))::int AS part_bpe,
       (1000 * coalesce(f.connus_rpps, 0) / greatest(f.habitants, 1))::int AS part_rpps,
       (1000 * coalesce(f.connus_finess, 0) / greatest(f.habitants, 1))::int AS part_finess,
       f.n::bigint AS n, f.services::bigint AS services, f.commerces::bigint AS commerces, f.enseignement::bigint AS enseignement,
       f.sante::bigint AS sante, f.transports::bigint AS transports, f.loisirs::bigint AS loisirs, f.tourisme::bigint AS tourisme,
       f.proximite::bigint AS proximite, f.intermediaire::bigint AS intermediaire, f.superieure::bigint AS superieure,
       (SELECT count(*) FROM paniers WHERE gamme = 'proximite') AS panier_proximite,
       (SELECT count(*) FROM paniers WHERE gamme = 'intermediaire') AS panier_intermediaire,
       (SELECT count(*) FROM paniers WHERE gamme = 'superieure') AS panier_superieure,
       f.generalistes::bigint AS generalistes, f.generalistes_poids, f.dentistes::bigint AS dentistes,
       f.infirmiers::bigint AS infirmiers, f.kinesitherapeutes::bigint AS kinesitherapeutes, f.sages_femmes::bigint AS sages_femmes,
       f.orthophonistes::bigint AS orthophonistes, f.pharmaciens::bigint AS pharmaciens, f.hopitaux::bigint AS hopitaux,
       f.ehpad::bigint AS ehpad, f.residences_autonomie::bigint AS residences_autonomie,
       f.maisons_centres_sante::bigint AS maisons_centres_sante, f.pharmacies::bigint AS pharmacies,
       f.laboratoires::bigint AS laboratoires
FROM figures f
ORDER BY f.scope, f.n
