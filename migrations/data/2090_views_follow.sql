-- The dataset whose views have not followed this version yet: between a promotion and the refresh after it, tables and views
-- tell two states of the data. A report waits; NULL where nothing is behind, or nobody said that a refresh would come.
ALTER TABLE data.reference_version ADD COLUMN retard text;
CREATE INDEX reference_version_retard ON data.reference_version (cree_le) WHERE retard IS NOT NULL;
