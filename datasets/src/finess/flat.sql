INSERT INTO {partition} (nofinesset, nofinessej, raison_sociale, categorie, categorie_lib, code_insee, code_postal, siret,
    date_ouverture, geom, qualite_geo, cog_annee, code_source, source_id)
SELECT s.nofinesset, s.nofinessej, s.rs, s.categetab, s.libcategetab, r.code_insee, s.codepostal, s.siret,
       CASE WHEN s.dateouv ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' THEN s.dateouv::date END,
       data.point_projete(data.nombre(s.coordx), data.nombre(s.coordy),
           coalesce(data.projection_finess(s.sourcegeocod), data.projection_de(s.cog))),
       s.sourcegeocod, ($2::jsonb ->> 'cog')::int, r.code_source, $1
FROM {staging} s JOIN data.rattachement_unique r ON r.code_source = data.code_commune(s.cog)
