-- The newest value of each parameter.
SELECT DISTINCT ON (cle) cle, date_effet, valeur, origine FROM data.parametres ORDER BY cle, date_effet DESC
