SELECT p.scope, extract(year FROM m.date_ref)::int AS annee,
       m.sources || coalesce(m.sources_menages, '{}') AS sources, m.part, m.habitants, round(m.men, 6) AS men,
       m.alloc::numeric, m.alloc_statut, m.pers::numeric, m.pers_statut, m.rsa::numeric, m.rsa_statut, m.ppa::numeric, m.ppa_statut,
       m.aah::numeric, m.aah_statut, m.al::numeric, m.al_statut, m.asf::numeric, m.asf_statut
FROM portees p JOIN data.mv_allocataires m ON m.niveau = p.niveau AND m.code = p.code
ORDER BY p.scope, p.code
