-- $1 commune or arrondissement: what it belongs to.
SELECT $1::text AS code, coalesce(a.nom, c.nom) AS nom, c.code_insee AS ville, c.epci_siren AS epci, e.nom AS epci_nom,
       c.departement, d.nom AS departement_nom, c.region, r.nom AS region_nom,
       coalesce(CASE WHEN a.code IS NULL THEN c.population ELSE a.population END, 0)::bigint AS population,
       (SELECT count(*) FROM data.communes m WHERE m.epci_siren = c.epci_siren) AS communes_epci,
       (SELECT count(*) FROM data.communes m WHERE m.departement = c.departement) AS communes_departement,
       c.cog_annee AS cog,
       (SELECT z.zone FROM data.zonage_abc z WHERE z.code_insee = c.code_insee ORDER BY z.date_effet DESC LIMIT 1) AS zone,
       coalesce((SELECT max(v.id) FROM data.reference_version v), 0)::bigint AS reference_version
FROM data.communes c
JOIN data.departements d ON d.code = c.departement
JOIN data.regions r ON r.code = c.region
LEFT JOIN data.epci e ON e.siren = c.epci_siren
LEFT JOIN data.arrondissements_plm a ON a.code = $1
WHERE c.code_insee = data.commune_mere($1) AND (a.code IS NOT NULL OR c.code_insee = $1)
