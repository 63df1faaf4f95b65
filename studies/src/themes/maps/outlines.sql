-- $1 commune or arrondissement: the maps of its intercommunality and of its département, as made when outlines were imported.
SELECT k.niveau, k.nature, k.annee, k.source, k.contenu
FROM data.communes c
JOIN data.cartes k ON k.courante AND (k.niveau, k.code) IN (('epci', c.epci_siren), ('departements', c.departement))
WHERE c.code_insee = data.commune_mere($1)
