-- What a facility type is called, vintage by vintage: the producer renumbers, so a code means nothing without its year.
CREATE TABLE data.bpe_typequ (
    millesime int NOT NULL, code text NOT NULL CHECK (code ~ '^[A-G][0-9]{3}$'), libelle text NOT NULL,
    domaine text NOT NULL,                   -- letter A to G: services, shops, education, health, transport, leisure, tourism
    service text,                            -- data.bpe_services.service, when it is one that studies speak of
    source_id int NOT NULL,
    PRIMARY KEY (millesime, code, source_id)
) PARTITION BY LIST (source_id);

-- The services that studies speak of, in three baskets of our own. Recognised by label, which outlives the code:
-- the general practitioner was D201 until 2022 and is D265 today.
CREATE TABLE data.bpe_services (
    service text PRIMARY KEY, libelle text NOT NULL, -- printed
    gamme text NOT NULL CHECK (gamme IN ('proximite', 'intermediaire', 'superieure')),
    motif text NOT NULL                      -- regular expression over data.nom_norm(label)
);
INSERT INTO data.bpe_services (service, libelle, gamme, motif) VALUES
    ('boulangerie', 'Boulangerie', 'proximite', '^boulangerie'),
    ('epicerie', 'Épicerie ou supérette', 'proximite', '^(epicerie|superette)'),
    ('boucherie', 'Boucherie, charcuterie', 'proximite', '^boucherie'),
    ('poste', 'Point de contact postal', 'proximite', '^(bureau de poste|relais poste|agence postale)'),
    ('coiffure', 'Coiffure', 'proximite', '^coiffure'),
    ('restaurant', 'Restaurant', 'proximite', '^restaurant restauration'),
    ('ecole', 'École maternelle ou élémentaire', 'proximite', '^ecole (maternelle|elementaire|primaire)'),
    ('medecin', 'Médecin généraliste', 'proximite', '^medecin generaliste'),
    ('infirmier', 'Infirmier', 'proximite', '^infirmier'),
    ('kinesitherapeute', 'Masseur-kinésithérapeute', 'proximite', '^masseur kinesitherapeute'),
    ('pharmacie', 'Pharmacie', 'proximite', '^pharmacie'),
    ('supermarche', 'Supermarché', 'intermediaire', '^supermarche'),
    ('station_service', 'Station-service', 'intermediaire', '^station service'),
    ('librairie', 'Librairie, papeterie, journaux', 'intermediaire', '^librairie'),
    ('banque', 'Banque', 'intermediaire', '^banque'),
    ('veterinaire', 'Vétérinaire', 'intermediaire', '^veterinaire'),
    ('police', 'Police ou gendarmerie', 'intermediaire', '^(police|gendarmerie)'),
    ('college', 'Collège', 'intermediaire', '^college'),
    ('creche', 'Crèche', 'intermediaire', '^creche|accueil du jeune enfant'),
    ('dentiste', 'Chirurgien-dentiste', 'intermediaire', '^chirurgien dentiste'),
    ('sage_femme', 'Sage-femme', 'intermediaire', '^sage femme'),
    ('orthophoniste', 'Orthophoniste', 'intermediaire', '^orthophoniste'),
    ('laboratoire', 'Laboratoire d’analyses médicales', 'intermediaire', '^laboratoire d analyse'),
    ('bibliotheque', 'Bibliothèque', 'intermediaire', '^bibliotheque'),
    ('piscine', 'Bassin de natation', 'intermediaire', '^bassin de natation'),
    ('hypermarche', 'Hypermarché', 'superieure', '^hypermarche'),
    ('lycee', 'Lycée général ou technologique', 'superieure', '^lycee d enseignement general'),
    ('urgences', 'Urgences', 'superieure', '^urgences'),
    ('maternite', 'Maternité', 'superieure', '^maternite'),
    ('cinema', 'Cinéma', 'superieure', '^cinema'),
    ('theatre', 'Théâtre', 'superieure', '^theatre'),
    ('gare', 'Gare de voyageurs', 'superieure', '^gare de voyageurs');

-- One row per facility. No name and no SIRET: for a doctor or a craftsman they are those of a person.
CREATE TABLE data.bpe_equipements (
    ligne bigint NOT NULL, millesime smallint NOT NULL, typequ text NOT NULL, code_insee text NOT NULL,
    capacite numeric, nb_identiques int,     -- several identical sports grounds may share one row; counts count rows
    qualite text NOT NULL,                   -- Bonne, Acceptable, Mauvaise, Non géolocalisé
    geom geometry(Point, 4326),              -- NULL where there are no coordinates or bad ones
    cog_annee int NOT NULL, code_source text NOT NULL, source_id int NOT NULL
) PARTITION BY LIST (source_id);
CREATE INDEX bpe_equipements_commune ON data.bpe_equipements (code_insee, typequ);
CREATE INDEX bpe_equipements_geom ON data.bpe_equipements USING gist (geom);

-- The projection of a territory's own coordinates: Lambert-93 in metropolitan France, UTM overseas.
CREATE FUNCTION data.projection_de(departement text) RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT CASE left(departement, 3) WHEN '971' THEN 5490 WHEN '972' THEN 5490 WHEN '973' THEN 2972 WHEN '974' THEN 2975
                                    WHEN '976' THEN 4471 ELSE 2154 END $$;

DO $$
DECLARE relation text;
BEGIN
    FOREACH relation IN ARRAY ARRAY['bpe_typequ', 'bpe_services', 'bpe_equipements'] LOOP
        EXECUTE format('ALTER TABLE data.%I OWNER TO lobster_importer', relation);
        EXECUTE format('GRANT SELECT ON data.%I TO lobster_api, lobster_worker, lobster_projector', relation);
    END LOOP;
END $$;
