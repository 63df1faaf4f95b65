-- Point files name everything that there is: once their perimeter is loaded, a commune without a row has none, and that
-- is a figure. Paris, Lyon and Marseille are published by arrondissement: their own lack of rows says nothing.
CREATE OR REPLACE FUNCTION data.statut_absent(dataset text, code text) RETURNS text LANGUAGE sql STABLE AS
$$ SELECT CASE
       WHEN EXISTS (SELECT FROM data.non_couverts n JOIN data.communes c ON c.departement = n.departement
                    WHERE n.dataset = $1 AND c.code_insee = data.commune_mere($2)) THEN 'nc'
       WHEN $1 IN ('bpe_equipements', 'finess', 'rpps')
            AND EXISTS (SELECT FROM data.communes c WHERE c.code_insee = $2 AND c.est_plm) THEN 'nd'
       WHEN $1 IN ('rpls', 'bpe_equipements', 'finess', 'rpps')
            AND EXISTS (SELECT FROM data.data_sources s JOIN data.communes c ON s.perimetre IN ('FR', c.departement)
                        WHERE s.active AND s.dataset = $1 AND s.partie <> 'nomenclature'
                          AND c.code_insee = data.commune_mere($2)) THEN 'ok'
       ELSE 'ab' END $$;
