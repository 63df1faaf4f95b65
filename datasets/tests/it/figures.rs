//! How cells become figures: the SQL functions that every load relies on.

use crate::support::text;

#[tokio::test]
async fn figures_are_read_as_producers_write_them() {
    let db = test_support::database().await;
    for (cell, figure) in [
        ("148622", "148622"),
        (" 10\u{a0}877 ", "10877"),
        ("12\u{202f}345,5", "12345.5"),
        ("9,37", "9.37"),
        ("9.37", "9.37"),
        ("-17,6", "-17.6"),
        ("2e+05", "200000"),
        ("0", "0"),
        ("s", "s"),
        (" ND ", "nd"),
        ("ns", "ns"),
        ("", "nd"),
    ] {
        let read = format!("SELECT coalesce(data.nombre('{cell}')::text, data.statut('{cell}'))");
        assert_eq!(text(&db.pool, &read).await, figure, "« {cell} »");
        assert_eq!(text(&db.pool, &format!("SELECT data.est_lisible('{cell}')::text")).await, "true", "« {cell} »");
    }
    for cell in ["beaucoup", "1,2,3", "12 €", "1-2", "e5"] {
        assert_eq!(text(&db.pool, &format!("SELECT data.est_lisible('{cell}')::text")).await, "false", "« {cell} »");
    }
}

#[tokio::test]
async fn codes_keep_or_regain_their_zeros() {
    let db = test_support::database().await;
    for (expression, code) in [
        ("data.code_commune('1004')", "01004"),
        ("data.code_commune('2a004')", "2A004"),
        ("data.commune_mere('69380')", "69380"),
        ("data.commune_mere('69381')", "69123"),
        ("data.nom_norm('L’Haÿ-les-Roses')", "l hay les roses"),
        ("data.nom_norm('Ste-Luce')", "sainte luce"),
    ] {
        assert_eq!(text(&db.pool, &format!("SELECT {expression}")).await, code, "{expression}");
    }
}
