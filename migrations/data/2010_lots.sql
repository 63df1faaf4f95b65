-- Files given in one command are one lot: going back to the version before undoes all of it.
ALTER TABLE data.import_runs ADD COLUMN lot int;
UPDATE data.import_runs SET lot = id;
ALTER TABLE data.import_runs DROP CONSTRAINT import_runs_statut_check;
ALTER TABLE data.import_runs ADD CONSTRAINT import_runs_statut_check
    CHECK (statut IN ('en_cours', 'promu', 'echec', 'essai', 'retour'));

-- Set when an operator went back to the version before this one; cleared when it serves again.
ALTER TABLE data.data_sources ADD COLUMN annulee_le timestamptz;
