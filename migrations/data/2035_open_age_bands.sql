-- A total (0 and more) and the first band (0 to 19) begin at the same age: the upper bound belongs to the key. A band
-- without one ends at 120.
ALTER TABLE data.projections DROP CONSTRAINT projections_pkey, ALTER COLUMN age_max SET NOT NULL,
    ADD PRIMARY KEY (scenario, niveau, code_zone, sexe, age_min, age_max, annee, source_id);
ALTER TABLE data.population_departements DROP CONSTRAINT population_departements_pkey, ALTER COLUMN age_max SET NOT NULL,
    ADD PRIMARY KEY (code_dept, annee, sexe, age_min, age_max, source_id);
