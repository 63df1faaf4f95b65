SELECT p.scope, m.millesime AS annee, m.sources, m.part, m.habitants, m.estime, m.millesime_m5 AS annee_m5,
       m.men, m.pmen, m.men_suivis, m.pmen_suivis, m.men_m5, m.pmen_m5
FROM portees p JOIN data.mv_menages m ON m.niveau = p.niveau AND m.code = p.code
ORDER BY p.scope, p.code
