//! Files of every form, read to rows as PostgreSQL receives them.

use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::mpsc;

use super::{Plan, Read, Secrets, Sink};
use crate::dataset::{Column, Dataset, Described, Format, Layout, Section};
use crate::engine::error::ImportError;
use crate::engine::examine;
use crate::engine::received::Received;

/// A folder that goes away with the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("lobster-staging-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn file(&self, name: &str, content: &[u8]) -> PathBuf {
        let path = self.0.join(name);
        std::fs::write(&path, content).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// What the engine makes of a file: the columns, the rows staged, and what was set aside.
fn read(dataset: &'static Dataset, file: PathBuf) -> Result<(Vec<String>, Vec<String>, Read), ImportError> {
    let received = examine::received(dataset, &[file], &Arc::default())?;
    for file in &received {
        file.fingerprint()?;
    }
    let examined = examine::examine(dataset, received)?;
    Ok(rows(examined.layout, &examined.plan))
}

fn rows(layout: &Layout, plan: &Plan) -> (Vec<String>, Vec<String>, Read) {
    let columns: Vec<String> = plan.columns().into_iter().map(|(name, _)| name).collect();
    let (sender, mut chunks) = mpsc::channel(64);
    let secrets = Secrets::of(layout, columns.iter().map(String::as_str)).unwrap();
    let mut sink = Sink { sender, buffer: Vec::new(), secrets, progress: Arc::default() };
    let read = plan.read(&mut sink).unwrap();
    sink.flush();
    drop(sink);
    let mut bytes = Vec::new();
    while let Some(chunk) = chunks.blocking_recv() {
        bytes.extend(chunk);
    }
    let rows = String::from_utf8(bytes).unwrap().lines().map(str::to_owned).collect();
    (columns, rows, read)
}

const fn dataset(layouts: &'static [Layout]) -> Dataset {
    Dataset { name: "essai", title: "", producer: "", licence: "", origin: "", rhythm: "", version: 1, layouts }
}

static FACILITIES: Dataset = dataset(&[
    Layout {
        name: "fichier sans en-tête",
        format: Format::Sections {
            opening: "finess",
            separator: b';',
            sections: &[
                Section { name: "structureet", columns: &["numero", "raison", "", "commune"] },
                Section { name: "geolocalisation", columns: &["numero", "x"] },
            ],
        },
        describe: |seen| Described { millesime: seen.header.last().cloned(), ..Described::default() },
        ..Layout::EMPTY
    },
    Layout {
        name: "flux JSON",
        format: Format::Json { array: "pmej" },
        columns: &[
            Column::needed("numero", &["/general/numero"]),
            Column::optional("commune", &["/adresse/cogCommune"]),
            Column::needed("objet", &["/"]),
        ],
        ..Layout::EMPTY
    },
]);

#[test]
fn a_file_without_a_header_is_read_by_its_sections() {
    let folder = Folder::new("sections");
    let content = b"finess;etalab;94;2025-10-15\nstructureet;440000001;H\xf4pital;rien;109\r\n\
        structureet;440000002;Un nom;coup\xe9;en deux;109\ngeolocalisation;440000001;350000.5\nautre;1\n";
    let path = folder.file("etalab-cs1100507-stock-20251015-0337.csv", content);
    let examined = examine::examine(
        &FACILITIES,
        examine::received(&FACILITIES, std::slice::from_ref(&path), &Arc::default()).unwrap(),
    )
    .unwrap();
    assert_eq!(examined.described.millesime.as_deref(), Some("2025-10-15"));
    let (columns, rows, read) = read(&FACILITIES, path).unwrap();
    assert_eq!(columns, ["section", "numero", "raison", "commune", "x"]);
    assert_eq!(
        rows,
        ["2\tstructureet\t440000001\tHôpital\t109\t\\N", "4\tgeolocalisation\t440000001\t\\N\t\\N\t350000.5"]
    );
    let aside: Vec<_> = read.rejects.iter().map(|reject| (reject.line, reject.reason.as_str())).collect();
    assert_eq!(aside, [(3, "6 cellules au lieu de 5"), (5, "section « autre » inconnue")]);
    assert_eq!((read.rows, read.rejected), (4, 2));
}

#[test]
fn an_array_of_a_json_document_is_read_element_by_element() {
    let folder = Folder::new("json");
    let content = "\u{feff}{\"version\": {\"pmej\": 3}, \"pmej\": [
        {\"general\": {\"numero\": \"44A\", \"n\": 1.50}, \"adresse\": {\"cogCommune\": \"44109\"}},
        {\"general\": {\"numero\": \"44B\"}, \"adresse\": {\"cogCommune\": null}}, 7], \"fin\": []}";
    let (columns, rows, read) = read(&FACILITIES, folder.file("structures.json", content.as_bytes())).unwrap();
    assert_eq!(columns, ["numero", "commune", "objet"]);
    assert_eq!(
        rows[0],
        "1\t44A\t44109\t{\"general\": {\"numero\": \"44A\", \"n\": 1.50}, \"adresse\": {\"cogCommune\": \"44109\"}}"
    );
    assert!(rows[1].starts_with("2\t44B\t\\N\t{"), "{}", rows[1]);
    assert_eq!((rows.len(), read.rows, read.rejected), (2, 3, 1));

    let cut = folder.file("coupe.json", &content.as_bytes()[..content.len() - 12]);
    let refusal = self::read(&FACILITIES, cut).map(|_| ()).unwrap_err().to_string();
    assert!(refusal.contains("pas un document JSON complet"), "{refusal}");
    let renamed = folder.file("renomme.json", content.replace("numero", "matricule").as_bytes());
    let refusal = self::read(&FACILITIES, renamed).map(|_| ()).unwrap_err().to_string();
    assert!(refusal.contains("« numero »") && refusal.contains("/general/numero"), "{refusal}");
    let elsewhere = folder.file("ailleurs.json", br#"{"gco": []}"#);
    let refusal = self::read(&FACILITIES, elsewhere).map(|_| ()).unwrap_err().to_string();
    assert!(refusal.contains("liste « pmej »"), "{refusal}");
}

static RENTS: Dataset = dataset(&[Layout {
    name: "loyers",
    columns: &[Column::needed("code", &[]), Column::needed("loyer", &[])],
    ..Layout::EMPTY
}]);

/// An archive with these members, packed or not.
fn archive(members: &[(&str, &str)], packed: bool) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let method = if packed { zip::CompressionMethod::Deflated } else { zip::CompressionMethod::Stored };
    for (name, content) in members {
        let options = zip::write::SimpleFileOptions::default().compression_method(method);
        writer.start_file(*name, options).unwrap();
        writer.write_all(content.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn the_one_data_file_of_an_archive_is_read_where_it_is() {
    let folder = Folder::new("zip");
    let content = "code;loyer\n44109;13,5\n";
    for packed in [true, false] {
        let members =
            [("meta_base.CSV", "COD_VAR;LIB\n"), ("lisez-moi.txt", "bonjour"), ("dossier/base-2024.CSV", content)];
        let path = folder.file("base.zip", &archive(&members, packed));
        let received = Received::new(&path, &["*"]).unwrap();
        assert_eq!(received.name(), "base-2024.CSV");
        let (_, rows, _) = read(&RENTS, path).unwrap();
        assert_eq!(rows, ["2\t44109\t13,5"]);
    }
    let two = folder.file("deux.zip", &archive(&[("a.csv", content), ("b.csv", content)], true));
    let refusal = Received::new(&two, &["*"]).unwrap_err().to_string();
    assert!(refusal.contains("plusieurs fichiers") && refusal.contains("a.csv, b.csv"), "{refusal}");
    assert_eq!(Received::new(&two, &["b*"]).unwrap().name(), "b.csv");
    assert!(
        Received::new(&folder.file("SYNTHETIQUE_x.zip", &archive(&[("a.csv", content)], true)), &["*"])
            .unwrap()
            .is_marked_synthetic()
    );

    let mut altered = archive(&[("a.csv", content)], false);
    let place = altered.windows(5).position(|bytes| bytes == b"44109").unwrap();
    altered[place] = b'5';
    let refusal = read(&RENTS, folder.file("altere.zip", &altered)).map(|_| ()).unwrap_err().to_string();
    assert!(refusal.contains("somme de contrôle"), "{refusal}");
    altered.truncate(place);
    let refusal = Received::new(&folder.file("coupe.zip", &altered), &["*"]).unwrap_err().to_string();
    assert!(refusal.contains("incomplet"), "{refusal}");
}

#[test]
fn a_file_of_another_kind_is_told_what_is_expected() {
    let folder = Folder::new("kinds");
    let refusal = read(&RENTS, folder.file("loyers.json", b"[{}]")).map(|_| ()).unwrap_err().to_string();
    assert!(refusal.contains("est du JSON") && refusal.contains("loyers"), "{refusal}");
    let refusal = read(&RENTS, folder.file("loyers.xls", &[0xd0, 0xcf, 0x11, 0xe0, 1, 2, 3, 4])).map(|_| ());
    assert!(refusal.unwrap_err().to_string().contains("classeur Excel"));
}
