-- Long form, so that a yearly renaming stays in this file. Themes: `age` (band, by sex), `csp` (1 to 8, and the total
-- `15p`), `menages` (households and families of the complementary exploitation). The names of one file
-- are few: they are read once, not on every row.
WITH liens AS MATERIALIZED (
    SELECT s.codgeo, r.code_insee, r.code_source, r.ratio, CASE WHEN r.estime THEN 'est' ELSE 'ok' END AS statut,
           count(*) OVER (PARTITION BY r.code_insee) > 1 OR r.ratio < 1 AS compose
    FROM (SELECT DISTINCT codgeo FROM {staging}) s
    JOIN data.rattachement_au(($2::jsonb ->> 'cog')::int) r ON r.code_source = data.code_commune(s.codgeo)
),
noms AS (
    SELECT key,
           CASE WHEN key ~ '^(pop|h|f)(\d{4}|\d\dp)$' THEN 'age'
                WHEN key ~ '^c_pop15p' THEN 'csp'
                WHEN key ~ '^c_(men|fam|pmen|ne24f)' THEN 'menages' END AS theme,
           CASE WHEN key ~ '^(pop|h|f)(\d{4}|\d\dp)$' THEN substring(key FROM '^(?:pop|h|f)(\w+)$')
                WHEN key = 'c_pop15p' THEN '15p'
                -- CS1 … CS8 until the 2021 vintage; later names keep the group's number after GSEC1.
                WHEN key ~ '^c_pop15p_cs[1-8]$' THEN right(key, 1)
                WHEN key ~ '^c_pop15p_stat_gsec1[1-8]_\d\d$' THEN substring(key FROM 'gsec1([1-8])_')
                WHEN key ~ '^c_(men|fam|pmen|ne24f)' THEN substring(key FROM '^c_(\w+)$') END AS modalite,
           CASE WHEN key ~ '^h\d' THEN 'H' WHEN key ~ '^f\d' THEN 'F' ELSE 'T' END AS sexe
    FROM (SELECT jsonb_object_keys(details) AS key FROM (SELECT details FROM {staging} LIMIT 50) s GROUP BY 1) cles
),
lignes AS (
    SELECT l.code_insee, s.millesime, l.statut, s.details
    FROM liens l JOIN {staging} s USING (codgeo) WHERE NOT l.compose
    UNION ALL
    SELECT l.code_insee, s.millesime, min(l.statut), data.somme_documents(array_agg(s.details), array_agg(l.ratio))
    FROM liens l JOIN {staging} s USING (codgeo) WHERE l.compose
    GROUP BY l.code_insee, s.millesime
)
INSERT INTO {partition} (code_insee, millesime, cog_annee, theme, modalite, sexe, valeur, statut, source_id)
SELECT l.code_insee, l.millesime, ($2::jsonb ->> 'cog')::int, n.theme, n.modalite, n.sexe, c.value::numeric,
       l.statut, $1
FROM lignes l CROSS JOIN LATERAL jsonb_each(l.details) AS c (key, value)
JOIN noms n ON n.key = c.key
WHERE n.theme IS NOT NULL AND n.modalite IS NOT NULL
