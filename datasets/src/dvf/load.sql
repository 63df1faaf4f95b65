INSERT INTO {partition} (cle_mutation, date_mutation, annee, nature, valeur, code_insee, departement, nb_lignes,
    nb_communes, nb_parcelles, nb_maisons, nb_apparts, nb_dependances, nb_locaux, type_logement, surface_bati,
    surface_terrain, pieces, prix_m2, exploitable, motif_exclusion, id_parcelle_principale, geom, cog_annee, source_id)
SELECT s.cle_mutation, s.date_mutation, s.annee, s.nature, s.valeur, r.code_insee, s.departement, s.nb_lignes,
       s.nb_communes, s.nb_parcelles, s.nb_maisons, s.nb_apparts, s.nb_dependances, s.nb_locaux, s.type_logement,
       s.surface_bati, s.surface_terrain, s.pieces, s.prix_m2, s.motif_exclusion IS NULL, s.motif_exclusion,
       s.id_parcelle, ST_SetSRID(ST_MakePoint(s.longitude, s.latitude), 4326), ($2::jsonb ->> 'cog')::int, $1
FROM {staging} s JOIN data.rattachement_unique r ON r.code_source = s.code
