SELECT p.scope, m.millesime AS annee, m.sources, m.part, m.habitants, m.estime, m.millesime_m5 AS annee_m5,
       m.millesime_m10 AS annee_m10, m.pop, m.pop_suivie, m.pop_m5, m.pop_m10, m.naissances, m.deces, m.a0014, m.a1529, m.a3044,
       m.a4559, m.a6074, m.a75p, m.a0019, m.a2064, m.a65p, m.a80p, m.cs1, m.cs2, m.cs3, m.cs4, m.cs5, m.cs6, m.cs7, m.cs8,
       m.cs_tous, m.c_men, m.c_seuls, m.c_couples_avec, m.c_mono, m.c_fam, m.c_fam3
FROM portees p JOIN data.mv_personnes m ON m.niveau = p.niveau AND m.code = p.code
ORDER BY p.scope, p.code
