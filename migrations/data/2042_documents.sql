-- Documents of figures, added name by name, each with its weight: what a territory made of several has in total. A name
-- that one of them lacks has no total.
CREATE FUNCTION data.somme_documents(documents jsonb[], poids numeric[]) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT CASE WHEN cardinality(documents) = 1 AND poids[1] = 1 THEN documents[1]
               ELSE (SELECT coalesce(jsonb_object_agg(s.key, s.total), '{}')
                     FROM (SELECT e.key, sum(e.value::numeric * d.poids) AS total
                           FROM unnest(documents, poids) AS d (document, poids)
                           CROSS JOIN LATERAL jsonb_each(d.document) AS e (key, value)
                           GROUP BY e.key HAVING count(*) = cardinality(documents)) s) END $$;

-- Filosofi's families of figures are read on the way in.
DROP FUNCTION data.filosofi_figures(jsonb, boolean);
