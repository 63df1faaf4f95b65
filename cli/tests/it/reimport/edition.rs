//! The sales that are imported anew: the same files with every price a tenth higher, so that each report tells from which
//! edition it was made.

use std::{
    fs::File,
    io::{BufRead as _, BufReader, BufWriter, Write as _},
    path::{Path, PathBuf},
};

use crate::crew::Crew;

/// What a study of the whole country reads, in the order of import.
const NEEDED: [&str; 10] = [
    "contours",
    "population",
    "zonage_abc",
    "anil_loyers",
    "lovac",
    "rp_housing",
    "rp_demographics",
    "rpls",
    "filosofi",
    "dvf",
];
/// Edition of the generated rents, whose name does not tell it.
const RENTS: &str = "2025";
/// Place of the price among the 43 columns of the producer's files.
const PRICE: usize = 10;
const RAISE: f64 = 1.1;

/// Files that are not in service yet.
pub struct Edition {
    pub files: Vec<PathBuf>,
    /// What tells the importer which part of the country they cover; nothing for all of it.
    pub perimeter: &'static [&'static str],
    pub megabytes: u64,
}

impl Edition {
    /// The edition after the one in service. A shop's first start has loaded one département; the country is loaded here.
    pub async fn next(crew: &Crew, national: bool) -> Self {
        let home = &crew.counter.books.home;
        let (sales, perimeter): (_, &[&str]) = match national {
            true => (load_the_country(crew), &[]),
            false => {
                let one = &["--departement", "44"];
                (synthesize(crew, &[one, &["--only", "dvf"][..]].concat(), &home.join("edition-0")), one)
            }
        };
        let folder = home.join("edition-1");
        std::fs::create_dir_all(&folder).unwrap();
        let files = tokio::task::spawn_blocking(move || sales.iter().map(|file| raise(file, &folder)).collect());
        let files: Vec<PathBuf> = files.await.unwrap();
        let megabytes = files.iter().map(|file| file.metadata().unwrap().len()).sum::<u64>() / 1_000_000;
        println!("reimport: the next edition of the sales is {} files, {megabytes} MB", files.len());
        Self { files, perimeter, megabytes }
    }
}

/// Loads every dataset that a study reads; the files of the sales are given back.
fn load_the_country(crew: &Crew) -> Vec<PathBuf> {
    let folder = crew.counter.books.home.join("country");
    let mut files = Vec::new();
    for dataset in NEEDED {
        for file in files.drain(..) {
            std::fs::remove_file::<PathBuf>(file).unwrap();
        }
        println!("reimport: {dataset} of the whole country");
        files = synthesize(crew, &["--national", "--only", dataset], &folder);
        let mut arguments = vec!["datasets", "import", dataset, "--no-refresh"];
        arguments.extend(files.iter().map(|file| file.to_str().unwrap()));
        if dataset == "anil_loyers" {
            arguments.extend(["--millesime", RENTS]);
        }
        crew.ask(&arguments);
    }
    println!("reimport: views of the whole country");
    crew.ask(&["datasets", "refresh"]);
    files
}

fn synthesize(crew: &Crew, what: &[&str], folder: &Path) -> Vec<PathBuf> {
    let mut arguments = vec!["datasets", "synthesize", "--out", folder.to_str().unwrap()];
    arguments.extend(what);
    crew.ask(&arguments);
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// The file with its prices raised, in that folder; the one it was made from is gone.
fn raise(file: &Path, folder: &Path) -> PathBuf {
    let raised = folder.join(file.file_name().unwrap());
    let mut out = BufWriter::new(File::create(&raised).unwrap());
    for line in BufReader::new(File::open(file).unwrap()).lines() {
        let line = line.unwrap();
        let mut columns: Vec<&str> = line.split('|').collect();
        // The header and sales without a price stay as they are.
        let price = columns.get(PRICE).and_then(|price| price.replace(',', ".").parse::<f64>().ok());
        let price = price.map(|price| format!("{:.2}", price * RAISE).replace('.', ","));
        if let Some(price) = &price {
            columns[PRICE] = price;
        }
        writeln!(out, "{}", columns.join("|")).unwrap();
    }
    out.flush().unwrap();
    std::fs::remove_file(file).unwrap();
    raised
}
