-- $1 commune: general practitioners and inhabitants of the communes whose centre is within ten kilometres of its own.
SELECT sum(s.generalistes_poids) AS praticiens, sum(c.population)::bigint AS habitants, count(*) AS communes,
       bool_and(s.generalistes_poids IS NOT NULL) AS complet
FROM data.communes own
JOIN data.communes c ON c.centroide && ST_Expand(own.centroide, 0.2, 0.1)
                    AND ST_DWithin(c.centroide::geography, own.centroide::geography, 10000)
LEFT JOIN data.mv_sante_commune s ON s.code_insee = c.code_insee
WHERE own.code_insee = $1
