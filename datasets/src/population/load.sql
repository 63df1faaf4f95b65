-- Every row is in the geography of its own year. Years before the first known passage may lack communes that joined
-- others then, so they are marked as estimated, like territories that were divided since.
INSERT INTO {partition} (code_insee, annee, population, statut, code_source, cog_annee, source_id)
SELECT r.code_insee, s.annee_cog::int, round(sum(data.nombre(s.pop) * r.ratio))::int,
       CASE WHEN bool_or(r.estime)
              OR s.annee_cog::int < (SELECT min(p.annee_de) FROM data.commune_passage p WHERE p.annee_de > 0)
            THEN 'est' ELSE 'ok' END,
       string_agg(data.code_commune(s.codgeo), '+' ORDER BY s.codgeo), ($2::jsonb ->> 'cog')::int, $1
FROM {staging} s
JOIN data.rattachement_dates r
  ON r.code_source = data.code_commune(s.codgeo) AND s.annee_cog::int BETWEEN r.de AND r.a
WHERE data.nombre(s.pop) IS NOT NULL
GROUP BY r.code_insee, s.annee_cog
