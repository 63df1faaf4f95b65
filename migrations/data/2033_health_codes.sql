-- The file of establishments writes its own département codes overseas (9D for Réunion) and three digits of commune.
CREATE FUNCTION data.code_finess(departement text, commune text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT CASE WHEN departement ~ '^9[A-F]$' OR departement ~ '^97[1-6]$' THEN '97' || lpad(commune, 3, '0')
               ELSE lpad(departement, 2, '0') || lpad(commune, 3, '0') END $$;

-- The projection is named at the end of a list such as « 1,ATLASANTE,100,IGN,BD_ADRESSE,V2.2,LAMBERT_93 ».
CREATE FUNCTION data.projection_finess(origine text) RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT CASE substring(origine FROM '(LAMBERT_93|UTM_[NS][0-9]{2})')
               WHEN 'LAMBERT_93' THEN 2154 WHEN 'UTM_N20' THEN 5490 WHEN 'UTM_N22' THEN 2972
               WHEN 'UTM_S40' THEN 2975 WHEN 'UTM_S38' THEN 4471 END $$;

-- A place on the map from coordinates in metres, or NULL when they cannot be on that territory.
CREATE FUNCTION data.point_projete(x numeric, y numeric, epsg int) RETURNS geometry LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT CASE WHEN epsg = 2154 AND x BETWEEN 0 AND 1300000 AND y BETWEEN 6000000 AND 7200000
                 OR epsg IN (5490, 2972) AND x BETWEEN 100000 AND 900000 AND y BETWEEN 200000 AND 2100000
                 OR epsg IN (2975, 4471) AND x BETWEEN 100000 AND 900000 AND y BETWEEN 7500000 AND 8700000
               THEN public.ST_Transform(public.ST_SetSRID(public.ST_MakePoint(x, y), epsg), 4326) END $$;
