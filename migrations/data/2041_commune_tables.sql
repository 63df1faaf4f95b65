-- Census rows of a territory that was divided since are our estimate. An empty figure is one the file does not carry
-- (`nd`): the census has no secrets at this level.
ALTER TABLE data.rp_demographics ADD COLUMN statut text NOT NULL DEFAULT 'ok' CHECK (statut IN ('ok', 'est'));
ALTER TABLE data.rp_details ADD COLUMN statut text NOT NULL DEFAULT 'ok' CHECK (statut IN ('ok', 'est'));
ALTER TABLE data.rp_housing ADD COLUMN statut text NOT NULL DEFAULT 'ok' CHECK (statut IN ('ok', 'est'));

-- Filosofi above the commune: the producer's own medians and rates, which cannot be computed from those below.
CREATE TABLE data.filosofi_zones (
    niveau text NOT NULL CHECK (niveau IN ('epci', 'dep', 'reg', 'fr')), code text NOT NULL,
    millesime int NOT NULL, cog_annee int NOT NULL,
    nbmen numeric, nbpers numeric, med numeric, pimp numeric, tp60 numeric,
    tp60_age jsonb NOT NULL DEFAULT '{}', tp60_tol jsonb NOT NULL DEFAULT '{}', parts jsonb NOT NULL DEFAULT '{}',
    d1 numeric, d9 numeric, rd numeric,
    statuts jsonb NOT NULL DEFAULT '{}', source_id int NOT NULL,
    PRIMARY KEY (niveau, code, millesime, source_id)
) PARTITION BY LIST (source_id);
ALTER TABLE data.filosofi_zones OWNER TO lobster_importer;

-- What a decree moved: the zone a commune had before it and the one it has since.
CREATE TABLE data.zonage_abc_mouvements (
    code_insee text NOT NULL, date_effet date NOT NULL,
    zone_avant text NOT NULL CHECK (zone_avant IN ('Abis', 'A', 'B1', 'B2', 'C')),
    zone_apres text NOT NULL CHECK (zone_apres IN ('Abis', 'A', 'B1', 'B2', 'C')),
    cog_annee int NOT NULL, code_source text NOT NULL, source_id int NOT NULL,
    PRIMARY KEY (code_insee, date_effet, source_id)
) PARTITION BY LIST (source_id);
ALTER TABLE data.zonage_abc_mouvements OWNER TO lobster_importer;

-- The social stock by size, energy label and date of service, where the file tells them.
ALTER TABLE data.rpls
    ADD COLUMN nb_t1t2 int,       -- one or two rooms
    ADD COLUMN nb_dpe int,        -- dwellings with a known energy label
    ADD COLUMN nb_dpe_efg int,    -- of which E, F or G
    ADD COLUMN nb_neufs int,      -- put into service in the last year
    ADD COLUMN nb_autres int,     -- financed otherwise than by PLAI, PLUS, PLS or PLI
    ADD COLUMN age_moyen numeric; -- years

-- What may be printed of the private vacancy: where exactly one member of an EPCI is secret, a reader could find it by
-- subtraction, so the smallest figure among the others is hidden with it. The table keeps what the producer published.
CREATE VIEW data.lovac_publiable AS
WITH lignes AS (
    SELECT l.*, c.epci_siren FROM data.lovac l JOIN data.communes c USING (code_insee)
    UNION ALL SELECT l.*, NULL FROM data.lovac l JOIN data.arrondissements_plm a ON a.code = l.code_insee
), rangs AS (
    SELECT l.*,
           count(*) FILTER (WHERE statut ->> 'pp_vacant' = 's') OVER epci AS secrets,
           count(*) FILTER (WHERE statut ->> 'pp_vacant_2ans' = 's') OVER epci AS secrets_2ans,
           count(*) FILTER (WHERE statut ->> 'pp_total' = 's') OVER epci AS secrets_total,
           row_number() OVER (PARTITION BY epci_siren, annee, source_id ORDER BY pp_vacant, code_insee) AS rang,
           row_number() OVER (PARTITION BY epci_siren, annee, source_id ORDER BY pp_vacant_2ans, code_insee) AS rang_2ans,
           row_number() OVER (PARTITION BY epci_siren, annee, source_id ORDER BY pp_total, code_insee) AS rang_total
    FROM lignes l
    WINDOW epci AS (PARTITION BY epci_siren, annee, source_id)
), caches AS (
    SELECT r.*,
           epci_siren IS NOT NULL AND secrets = 1 AND rang = 1 AND pp_vacant IS NOT NULL AS cache,
           epci_siren IS NOT NULL AND secrets_2ans = 1 AND rang_2ans = 1 AND pp_vacant_2ans IS NOT NULL AS cache_2ans,
           epci_siren IS NOT NULL AND secrets_total = 1 AND rang_total = 1 AND pp_total IS NOT NULL AS cache_total
    FROM rangs r
)
SELECT code_insee, annee,
       CASE WHEN NOT cache_total THEN pp_total END AS pp_total,
       CASE WHEN NOT cache THEN pp_vacant END AS pp_vacant,
       CASE WHEN NOT cache_2ans THEN pp_vacant_2ans END AS pp_vacant_2ans,
       statut || jsonb_strip_nulls(jsonb_build_object(
           'pp_total', CASE WHEN cache_total THEN 's' END, 'pp_vacant', CASE WHEN cache THEN 's' END,
           'pp_vacant_2ans', CASE WHEN cache_2ans THEN 's' END)) AS statut,
       millesime_fichier, cog_annee, code_source, source_id
FROM caches;
ALTER VIEW data.lovac_publiable OWNER TO lobster_importer;
GRANT SELECT ON data.filosofi_zones, data.zonage_abc_mouvements, data.lovac_publiable
    TO lobster_api, lobster_worker, lobster_projector;

-- The families of figures of a Filosofi row, by name, and why one is missing or only an estimate.
CREATE FUNCTION data.filosofi_figures(ligne jsonb, estime boolean, OUT age jsonb, OUT tol jsonb, OUT parts jsonb, OUT statuts jsonb)
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT coalesce(jsonb_object_agg(right(f.key, 1), f.n) FILTER (WHERE f.key LIKE 'tp60age_' AND f.n IS NOT NULL), '{}'),
          coalesce(jsonb_object_agg(right(f.key, 1), f.n) FILTER (WHERE f.key LIKE 'tp60tol_' AND f.n IS NOT NULL), '{}'),
          coalesce(jsonb_object_agg(f.key, f.n) FILTER (WHERE f.key IN ('pact', 'ptsa', 'pcho', 'pben', 'ppen', 'ppat',
                       'ppsoc', 'ppfam', 'ppmini', 'pplogt', 'pimpot') AND f.n IS NOT NULL), '{}'),
          coalesce(jsonb_object_agg(f.key, coalesce(f.statut, 'est')) FILTER (WHERE f.statut IS NOT NULL OR estime), '{}')
   FROM (SELECT e.key, data.nombre(e.value) AS n, data.statut(e.value) AS statut
         FROM jsonb_each_text(ligne) AS e (key, value)
         WHERE e.key ~ '^(med|tp60|d1$|d9$|rd$|pimp|pact|ptsa|pcho|pben|ppen|ppat|ppsoc|ppfam|ppmini|pplogt)') f $$;
