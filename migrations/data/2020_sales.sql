-- Codes of raw deliveries are put together while they are read (datasets/src/dvf/layouts.rs).
DROP FUNCTION data.code_dvf;

-- Usable sales around a point: only the geo-dvf layout carries one.
CREATE INDEX dvf_geom ON data.dvf USING gist (geom) WHERE exploitable AND geom IS NOT NULL;
