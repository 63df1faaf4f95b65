-- One row per benefit. The file is wide, one triple of columns per benefit; a benefit that no column names has no row.
WITH lignes AS (
    SELECT CASE WHEN s.numcomdo ~ '^([0-9][0-9AB][0-9]{3}|[1-9][0-9]{3})$' AND s.numcomdo NOT IN ('00000', '99999')
                THEN data.code_commune(s.numcomdo) ELSE 'non_localise' END AS code,
           to_date(s.dtreffre, 'YYYY-MM') + 30 AS date_ref, s.*
    FROM {staging} s
), publies AS (
    SELECT DISTINCT code FROM lignes
), liens AS (
    -- A merged commune is the sum of its parts, and so is a city published by arrondissement only.
    SELECT r.code_source, p.code_insee, r.ratio, r.estime
    FROM data.rattachement_au(($2::jsonb ->> 'cog')::int) r
    JOIN publies ON publies.code = r.code_source
    CROSS JOIN LATERAL (
        SELECT r.code_insee
        UNION
        SELECT data.commune_mere(r.code_insee) WHERE data.commune_mere(r.code_insee) NOT IN (SELECT code FROM publies)
    ) p
    UNION ALL
    SELECT 'non_localise', 'non_localise', 1, false
), origines AS (
    SELECT code_insee, string_agg(code_source, '+' ORDER BY code_source) AS code_source,
           CASE WHEN bool_or(estime) THEN 'est' END AS partage,
           -- Nothing to add up: one code, whole, and not one of the two rows that could not be located.
           count(*) = 1 AND min(ratio) = 1 AND code_insee <> 'non_localise' AS entier
    FROM liens GROUP BY code_insee
), lieux AS (
    SELECT l.code_source AS code, l.code_insee, l.ratio, o.entier FROM liens l JOIN origines o USING (code_insee)
), chiffres AS NOT MATERIALIZED (
    SELECT x.code_insee, x.entier, x.ratio, l.date_ref, v.prestation,
           data.nombre(v.foyers) AS foyers, data.nombre(v.personnes) AS personnes, data.nombre(v.montant) AS montant,
           -- Nearly every cell is a figure: only the others are asked why they are none.
           CASE WHEN v.foyers ~ '^[0-9]' THEN NULL ELSE data.statut(v.foyers) END AS sans_foyers,
           CASE WHEN v.personnes ~ '^[0-9]' THEN NULL ELSE data.statut(v.personnes) END AS sans_personnes,
           CASE WHEN v.montant ~ '^[0-9]' THEN NULL ELSE data.statut(v.montant) END AS sans_montant
    FROM lignes l
    JOIN lieux x USING (code)
    CROSS JOIN LATERAL (VALUES
        ('ndur', l.indfoy_ndur, l.indnbp_ndur, l.indmtt_ndur), ('af', l.indfoy_af, l.indnbp_af, l.indmtt_af),
        ('cf', l.indfoy_cf, l.indnbp_cf, l.indmtt_cf), ('asf', l.indfoy_asf, l.indnbp_asf, l.indmtt_asf),
        ('ab', l.indfoy_ab, l.indnbp_ab, l.indmtt_ab), ('cmg', l.indfoy_cmg, l.indnbp_cmg, l.indmtt_cmg),
        ('ndurpaje', l.indfoy_ndurpaje, l.indnbp_ndurpaje, l.indmtt_ndurpaje),
        ('ndural', l.indfoy_ndural, l.indnbp_ndural, l.indmtt_ndural),
        ('apl', l.indfoy_apl, l.indnbp_apl, l.indmtt_apl), ('als', l.indfoy_als, l.indnbp_als, l.indmtt_als),
        ('alf', l.indfoy_alf, l.indnbp_alf, l.indmtt_alf), ('rsa', l.indfoy_rsa, l.indnbp_rsa, l.indmtt_rsa),
        ('ppa', l.indfoy_ppa, l.indnbp_ppa, l.indmtt_ppa), ('aah', l.indfoy_aah, l.indnbp_aah, l.indmtt_aah)
    ) AS v (prestation, foyers, personnes, montant)
    WHERE num_nonnulls(v.foyers, v.personnes, v.montant) > 0
), sommes AS (
    SELECT code_insee, date_ref, prestation, foyers, personnes, montant, sans_foyers, sans_personnes, sans_montant
    FROM chiffres WHERE entier
    UNION ALL
    -- A sum with a missing part is not known.
    SELECT code_insee, date_ref, prestation, round(sum(foyers * ratio)), round(sum(personnes * ratio)),
           round(sum(montant * ratio)), max(sans_foyers), max(sans_personnes), max(sans_montant)
    FROM chiffres WHERE NOT entier
    GROUP BY code_insee, date_ref, prestation
)
INSERT INTO {partition} (code_insee, date_ref, prestation, foyers, personnes, montant, statut, cog_annee, code_source,
    source_id)
SELECT code_insee, date_ref, prestation, CASE WHEN sans_foyers IS NULL THEN foyers::int END,
       CASE WHEN sans_personnes IS NULL THEN personnes::int END, CASE WHEN sans_montant IS NULL THEN montant END,
       jsonb_strip_nulls(jsonb_build_object(
           'foyers', coalesce(sans_foyers, partage, CASE WHEN foyers = 0 THEN 'ns' END),
           'personnes', coalesce(sans_personnes, partage, CASE WHEN personnes = 0 THEN 'ns' END),
           'montant', coalesce(sans_montant, partage, CASE WHEN montant = 0 THEN 'ns' END))),
       ($2::jsonb ->> 'cog')::int, code_source, $1
FROM sommes JOIN origines USING (code_insee)
