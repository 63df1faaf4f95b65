INSERT INTO {partition} (niveau, code, millesime, cog_annee, nbmen, nbpers, med, pimp, tp60, tp60_age, tp60_tol, parts, d1,
    d9, rd, statuts, source_id)
SELECT lower($2::jsonb ->> 'partie'), upper(s.codgeo), ($2::jsonb ->> 'millesime')::int, ($2::jsonb ->> 'cog')::int,
       s.nbmenfisc, s.nbpersmenfisc, s.med, s.pimp, s.tp60, s.tp60_age, s.tp60_tol, s.parts, s.d1, s.d9, s.rd, s.statuts, $1
FROM {staging} s
WHERE $2::jsonb ->> 'partie' NOT IN ('COM', 'ARR')
