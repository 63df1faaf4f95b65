-- Long form, so that a yearly renaming stays in this file. Themes: `age` (band, by sex), `csp` (1 to 8, and the total
-- `15p`), `menages` (households of the complementary exploitation, and the main ones as `men`). The names of one file
-- are few: they are read once, not on every row.
WITH noms AS (
    SELECT key,
           CASE WHEN key ~ '^(pop|h|f)(\d{4}|\d\dp)$' THEN 'age'
                WHEN key ~ '^c_pop15p' THEN 'csp'
                WHEN key ~ '^c_(men|fam|pmen)' THEN 'menages' END AS theme,
           CASE WHEN key ~ '^(pop|h|f)(\d{4}|\d\dp)$' THEN substring(key FROM '^(?:pop|h|f)(\w+)$')
                WHEN key = 'c_pop15p' THEN '15p'
                -- CS1 … CS8 until the 2021 vintage; later names keep the group's number after GSEC1.
                WHEN key ~ '^c_pop15p_cs[1-8]$' THEN right(key, 1)
                WHEN key ~ '^c_pop15p_stat_gsec1[1-8]_\d\d$' THEN substring(key FROM 'gsec1([1-8])_')
                WHEN key ~ '^c_(men|fam|pmen)' THEN substring(key FROM '^c_(\w+)$') END AS modalite,
           CASE WHEN key ~ '^h\d' THEN 'H' WHEN key ~ '^f\d' THEN 'F' ELSE 'T' END AS sexe
    FROM (SELECT jsonb_object_keys(details) AS key FROM (SELECT details FROM {staging} LIMIT 50) s GROUP BY 1) cles
),
lignes AS (
    SELECT r.code_insee, s.millesime, bool_or(r.estime) AS estime,
           data.somme_documents(array_agg(s.details), array_agg(r.ratio)) AS details
    FROM {staging} s
    JOIN data.rattachement_au(($2::jsonb ->> 'cog')::int) r ON r.code_source = data.code_commune(s.codgeo)
    GROUP BY r.code_insee, s.millesime
)
INSERT INTO {partition} (code_insee, millesime, cog_annee, theme, modalite, sexe, valeur, statut, source_id)
SELECT l.code_insee, l.millesime, ($2::jsonb ->> 'cog')::int, n.theme, n.modalite, n.sexe, c.value::numeric,
       CASE WHEN l.estime THEN 'est' ELSE 'ok' END, $1
FROM lignes l CROSS JOIN LATERAL jsonb_each(l.details) AS c (key, value)
JOIN noms n ON n.key = c.key
WHERE n.theme IS NOT NULL AND n.modalite IS NOT NULL
