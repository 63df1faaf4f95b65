-- A permit that is written twice counts once, in its latest state. Few are: the others are not compared.
WITH repetes AS MATERIALIZED (
    SELECT DISTINCT cle FROM {staging} WHERE repete
), depasses AS MATERIALIZED (
    SELECT ligne FROM (SELECT s.ligne, row_number() OVER (PARTITION BY s.num_dau, s.type_dau
                                                          ORDER BY s.dernier DESC NULLS LAST, s.ligne DESC) AS rang
                       FROM repetes JOIN {staging} s USING (cle)) r
    WHERE rang > 1
), plausibles AS (
    -- A date after next year cannot be; what is early was already set aside line by line.
    SELECT s.*, make_date(left($2::jsonb ->> 'millesime', 4)::int + 2, 1, 1) AS fin FROM {staging} s
)
INSERT INTO {partition} (num_dau, type_dau, etat, date_autorisation, date_ouverture, date_achevement, annee_aut,
    annee_ouv, dates_ecartees, nb_log, nb_ind, nb_col, nb_res, nb_social, nb_demolis, surf_hab, superficie_terrain,
    nature, destination, type_logements, utilisation, residence, zone_op, id_parcelle, code_insee, code_source,
    cog_annee, source_id)
SELECT s.num_dau, s.type_dau, s.etat, d.autorisation, d.ouverture, d.achevement,
       extract(year FROM d.autorisation)::smallint, extract(year FROM d.ouverture)::smallint,
       s.dates_ecartees + num_nulls(d.autorisation, d.ouverture, d.achevement)
           - num_nulls(s.date_autorisation, s.date_ouverture, s.date_achevement),
       s.nb_log, s.nb_ind, s.nb_col, s.nb_res, s.nb_social, s.nb_demolis, s.surf_hab, s.superficie_terrain, s.nature,
       s.destination, s.type_logements, s.utilisation, s.residence, s.zone_op, s.id_parcelle, r.code_insee,
       data.code_commune(s.code), ($2::jsonb ->> 'cog')::int, $1
FROM plausibles s
CROSS JOIN LATERAL (SELECT CASE WHEN s.date_autorisation < s.fin THEN s.date_autorisation END AS autorisation,
                           CASE WHEN s.date_ouverture < s.fin THEN s.date_ouverture END AS ouverture,
                           CASE WHEN s.date_achevement < s.fin THEN s.date_achevement END AS achevement) d
JOIN data.rattachement_unique r ON r.code_source = data.code_commune(s.code)
WHERE s.ligne NOT IN (SELECT ligne FROM depasses)
