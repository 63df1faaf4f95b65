-- The search box: codes by their beginning, postal codes by any of a commune's, names of arrondissements as they are typed.
CREATE INDEX communes_code ON data.communes (code_insee text_pattern_ops);
CREATE INDEX communes_premier_code_postal ON data.communes ((codes_postaux[1]) text_pattern_ops);
CREATE INDEX communes_codes_postaux ON data.communes USING gin (codes_postaux);
ALTER TABLE data.arrondissements_plm ADD COLUMN nom_norm text GENERATED ALWAYS AS (data.nom_norm(nom)) STORED;
