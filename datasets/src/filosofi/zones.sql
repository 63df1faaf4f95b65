INSERT INTO {partition} (niveau, code, millesime, cog_annee, nbmen, nbpers, med, pimp, tp60, tp60_age, tp60_tol, parts, d1,
    d9, rd, statuts, source_id)
SELECT lower($2::jsonb ->> 'partie'), upper(s.codgeo), ($2::jsonb ->> 'millesime')::int, ($2::jsonb ->> 'cog')::int,
       data.nombre(s.nbmenfisc), data.nombre(s.nbpersmenfisc), data.nombre(s.med), data.nombre(s.pimp), data.nombre(s.tp60),
       f.age, f.tol, f.parts, data.nombre(s.d1), data.nombre(s.d9), data.nombre(s.rd),
       f.statuts || jsonb_strip_nulls(jsonb_build_object('nbmenfisc', data.statut(s.nbmenfisc),
                                                         'nbpersmenfisc', data.statut(s.nbpersmenfisc))), $1
FROM {staging} s CROSS JOIN LATERAL data.filosofi_figures(to_jsonb(s), false) f
WHERE $2::jsonb ->> 'partie' NOT IN ('COM', 'ARR')
