-- What our formulas suppose about a loan: dated, printed in the report beside what was computed with them. A change is a
-- new row with its day; a report made before keeps the one it names.
CREATE TABLE data.parametres (
    cle text NOT NULL CHECK (cle IN ('taux', 'duree', 'apport', 'frais', 'effort')),
    date_effet date NOT NULL,
    valeur numeric NOT NULL,  -- percent, but for `duree`: years
    origine text NOT NULL,
    PRIMARY KEY (cle, date_effet)
);
INSERT INTO data.parametres (cle, date_effet, valeur, origine) VALUES
    ('taux', '2026-01-01', 3.2, 'hypothèse de calcul, taux annuel fixe hors assurance'),
    ('duree', '2026-01-01', 20, 'hypothèse de calcul'),
    ('apport', '2026-01-01', 10, 'hypothèse de calcul, part du prix'),
    ('frais', '2026-01-01', 8, 'ordre de grandeur des frais d’acquisition dans l’ancien'),
    ('effort', '2026-01-01', 35, 'plafond du Haut Conseil de stabilité financière');
ALTER TABLE data.parametres OWNER TO lobster_importer;
GRANT SELECT ON data.parametres TO lobster_api, lobster_worker, lobster_projector;
