-- Long form, so that a yearly renaming stays in this file. Themes: `age` (band, by sex), `csp` (1 to 8, and the total
-- `15p`), `menages` (households of the complementary exploitation, and the main ones as `men`).
WITH cells AS (
    SELECT r.code_insee, r.ratio, r.estime, c.key, data.nombre(c.value) AS valeur
    FROM {staging} s
    JOIN data.rattachement_au(($2::jsonb ->> 'cog')::int) r ON r.code_source = data.code_commune(s.codgeo)
    CROSS JOIN LATERAL jsonb_each_text(to_jsonb(s)) AS c (key, value)
    WHERE c.key NOT IN ('ligne', 'codgeo')
), named AS (
    SELECT code_insee, ratio, estime, valeur, m[1] AS yy,
           CASE WHEN key ~ '^p\d\d_(pop|h|f)(\d{4}|\d\dp)$' THEN 'age'
                WHEN key ~ '^c\d\d_pop15p' THEN 'csp'
                WHEN key ~ '^c\d\d_(men|fam|pmen)' THEN 'menages' END AS theme,
           CASE WHEN key ~ '^p\d\d_(pop|h|f)(\d{4}|\d\dp)$' THEN substring(key FROM '^p\d\d_(?:pop|h|f)(\w+)$')
                WHEN key ~ '^c\d\d_pop15p$' THEN '15p'
                -- CS1 … CS8 until the 2021 vintage; later names keep the group's number after GSEC1.
                WHEN key ~ '^c\d\d_pop15p_cs[1-8]$' THEN right(key, 1)
                WHEN key ~ '^c\d\d_pop15p_stat_gsec1[1-8]_\d\d$' THEN substring(key FROM 'gsec1([1-8])_')
                WHEN key ~ '^c\d\d_(men|fam|pmen)' THEN substring(key FROM '^c\d\d_(\w+)$') END AS modalite,
           CASE WHEN key ~ '^p\d\d_h\d' THEN 'H' WHEN key ~ '^p\d\d_f\d' THEN 'F' ELSE 'T' END AS sexe
    FROM cells CROSS JOIN LATERAL regexp_match(key, '^[pc](\d\d)_') AS m
    WHERE valeur IS NOT NULL
)
INSERT INTO {partition} (code_insee, millesime, cog_annee, theme, modalite, sexe, valeur, statut, source_id)
SELECT code_insee, 2000 + yy::int, ($2::jsonb ->> 'cog')::int, theme, modalite, sexe, sum(valeur * ratio),
       CASE WHEN bool_or(estime) THEN 'est' ELSE 'ok' END, $1
FROM named WHERE theme IS NOT NULL AND modalite IS NOT NULL
GROUP BY code_insee, yy, theme, modalite, sexe
