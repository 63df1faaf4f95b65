//! Why an import stops. Operators read these sentences: they name the file, what was expected and what to do.

use std::path::PathBuf;

use crate::thousands;

/// An import that did not happen. Tables are untouched in every case.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The dataset name is not in the list.
    #[error("« {name} » n’est pas un jeu de données connu. Vouliez-vous dire « {closest} » ? Jeux connus : {known}.")]
    UnknownDataset {
        /// What was typed.
        name: String,
        /// The name that is most like it.
        closest: &'static str,
        /// All names, separated by commas.
        known: String,
    },
    /// The file cannot be opened or read.
    #[error("{file} ne se lit pas : {why}. Vérifiez le chemin et les droits.", file = file.display(), why = in_french(source))]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Rows put aside on disk during the import could not be written or read back.
    #[error(
        "Le dossier temporaire ne peut pas être écrit ou relu ({0}). Libérez-y de la place, ou désignez-en un autre par \
         TMPDIR, puis recommencez."
    )]
    Scratch(std::io::Error),
    /// The compressed file ends too early, or its content is not what was compressed.
    #[error(
        "{file} est compressé mais incomplet ou abîmé : sur {size} octets reçus, la décompression s’arrête après l’octet \
         {offset} du contenu ({source}). Téléchargez-le de nouveau.",
        file = file.display(), size = thousands(size), offset = thousands(offset)
    )]
    BrokenCompression {
        /// The file.
        file: PathBuf,
        /// Bytes received.
        size: u64,
        /// Bytes that could be decompressed.
        offset: u64,
        /// What the decoder said.
        source: std::io::Error,
    },
    /// A byte belongs to no known encoding.
    #[error("{file}, ligne {line} : l’octet {offset} n’existe pas en {encoding}. Le fichier mélange des encodages : demandez-le de nouveau au producteur.", file = file.display())]
    Undecodable {
        /// The file.
        file: PathBuf,
        /// Line number in the file.
        line: u64,
        /// Position in the decompressed file.
        offset: u64,
        /// `UTF-8` or `Windows-1252`.
        encoding: &'static str,
    },
    /// The header does not keep the contract.
    #[error("{0}")]
    Header(String),
    /// The file does not say its vintage and the operator did not either.
    #[error("Ni le nom ni l’en-tête de {file} ne disent son millésime. Ajoutez --millesime AAAA, l’année que les données décrivent.", file = file.display())]
    NoVintage {
        /// The file.
        file: PathBuf,
    },
    /// An invented file would replace or stand beside real ones.
    #[error(
        "Des données réelles de « {dataset} » sont déjà chargées ({titre}) : un fichier généré ne peut pas s’y mêler. \
         Pour une démonstration, prenez une autre installation (--home)."
    )]
    SyntheticOverReal {
        /// The dataset.
        dataset: &'static str,
        /// File of the real source.
        titre: String,
    },
    /// A part of what is already loaded for a wider territory.
    #[error(
        "Le millésime {millesime} de « {dataset} » est déjà chargé pour {scope} ({fichier}) : ce fichier n’y ajouterait que des doublons. Importez un fichier qui couvre {scope}."
    )]
    AlreadyWider {
        /// The dataset.
        dataset: &'static str,
        /// The vintage that is loaded.
        millesime: String,
        /// Its file.
        fichier: String,
        /// What it covers, in French.
        scope: String,
    },
    /// Some years of the file are loaded already, by a file that has others too.
    #[error(
        "« {dataset} » a déjà les années {millesime} ({fichier}) : le millésime {asked} en répéterait une partie. Importez un fichier qui couvre toutes ces années."
    )]
    YearsTwice {
        /// The dataset.
        dataset: &'static str,
        /// The vintage that is loaded.
        millesime: String,
        /// Its file.
        fichier: String,
        /// The vintage of the new file.
        asked: String,
    },
    /// A document of a set is missing.
    #[error("Il manque {missing} : donnez le dossier ou les fichiers {expected}.")]
    MissingDocument {
        /// The missing stem.
        missing: String,
        /// All stems.
        expected: String,
    },
    /// The reference geography has no such département.
    #[error("Aucune commune dans le département « {0} ». Donnez un code comme 44, 2A ou 974.")]
    UnknownDepartement(String),
    /// Communes must come first.
    #[error("La table des communes est vide : lancez d’abord « lobster datasets import communes <dossier> ».")]
    NoCommunes,
    /// Too many rows were rejected.
    #[error("{file} : {rejected} lignes rejetées sur {read}, plus que le seuil de {limit}. Motif le plus fréquent : {first}. Rien n’a été chargé ; les lignes et leurs motifs sont dans data.import_rejets. Vérifiez que c’est le bon fichier et la bonne édition, puis corrigez-le ou demandez-le de nouveau au producteur.", file = file.display(), rejected = thousands(rejected), read = thousands(read))]
    TooManyRejects {
        /// The file.
        file: PathBuf,
        /// Rows rejected.
        rejected: u64,
        /// Rows read.
        read: u64,
        /// The limit, in words.
        limit: String,
        /// The most frequent reason, with an example.
        first: String,
    },
    /// The file was made for an edition that this importer does not know.
    #[error("{file} : {motif}, {count} lignes, dont la ligne {line} ({example}). Ce fichier est sans doute d’une autre édition : vérifiez son millésime. Rien n’a été chargé.", file = file.display(), count = thousands(count), line = thousands(line))]
    OtherEdition {
        /// The file.
        file: PathBuf,
        /// What is not known.
        motif: &'static str,
        /// How many lines.
        count: i64,
        /// The first of them.
        line: i64,
        /// Its beginning.
        example: String,
    },
    /// Two rows have the same key.
    #[error("{file} : {count} lignes portent la clé ({columns}) = ({value}), dont la ligne {line}. Une seule doit rester : corrigez le fichier, ou demandez-le de nouveau au producteur. Rien n’a été chargé.", file = file.display(), count = thousands(count), line = thousands(line))]
    DuplicateKey {
        /// The file.
        file: PathBuf,
        /// Columns of the key.
        columns: String,
        /// Their common value.
        value: String,
        /// One of the lines.
        line: i64,
        /// How many lines share it.
        count: i64,
    },
    /// A national total is out of its range.
    #[error("{file} : {what} = {value}, attendu entre {min} et {max}. Le fichier est-il complet ? S’il ne couvre qu’un département, dites-le par --departement. Rien n’a été chargé.", file = file.display(), value = thousands(value), min = thousands(min), max = thousands(max))]
    Control {
        /// The file.
        file: PathBuf,
        /// What was counted.
        what: &'static str,
        /// What was found.
        value: i64,
        /// Smallest acceptable value.
        min: i64,
        /// Largest acceptable value.
        max: i64,
    },
    /// The file has a header and nothing else.
    #[error("{file} ne contient aucune ligne utilisable. Vérifiez que c’est le bon fichier et, s’il est donné, le bon département.", file = file.display())]
    Empty {
        /// The file.
        file: PathBuf,
    },
    /// Somebody else imports the same dataset.
    #[error("Un import de « {0} » est déjà en cours. Attendez qu’il finisse, puis recommencez.")]
    Busy(&'static str),
    /// Readers kept the tables busy.
    #[error(
        "Des lectures en cours empêchent de remplacer « {0} ». Les données d’avant restent en place : relancez l’import dans quelques minutes."
    )]
    Readers(&'static str),
    /// There is no version before the one that serves.
    #[error(
        "« {0} » n’a pas de version précédente à remettre : le dernier import n’a rien remplacé, ou l’ancienne version a déjà été effacée. Pour changer de données, importez un autre fichier."
    )]
    NothingBefore(&'static str),
    /// The dataset is written in place.
    #[error(
        "« {0} » se charge sur place, sans version précédente. Pour revenir en arrière, importez de nouveau l’ancien fichier."
    )]
    NotVersioned(&'static str),
    /// The file says one vintage and the operator another.
    #[error("{file} est du millésime {said}, mais vous demandez --millesime {asked}. Vérifiez que c’est le bon fichier, puis relancez sans --millesime.", file = file.display())]
    OtherVintage {
        /// The file.
        file: PathBuf,
        /// What its name or its header says.
        said: String,
        /// What the operator asked for.
        asked: String,
    },
    /// There is no room left.
    #[error(
        "Le disque de la base de données est plein ({0}). Rien n’a changé pour les lecteurs. Libérez de la place — un import demande environ trois fois la taille du fichier décompressé — puis relancez."
    )]
    DiskFull(String),
    /// PostgreSQL refused.
    #[error(
        "La base de données a refusé : {0}. Rien n’a changé pour les lecteurs. Relancez ; si cela se répète, « lobster doctor » dit ce qui manque."
    )]
    Database(#[from] sqlx::Error),
    /// A thread of the importer ended badly.
    #[error("La lecture du fichier s’est interrompue : {0}. Rien n’a changé pour les lecteurs. Relancez l’import.")]
    Interrupted(String),
}

/// What the system says, in the operator's language where it is a common thing.
fn in_french(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "il n’existe pas".to_owned(),
        std::io::ErrorKind::PermissionDenied => "l’accès est refusé".to_owned(),
        std::io::ErrorKind::IsADirectory => "c’est un dossier, un fichier est attendu".to_owned(),
        _ => format!("le système répond « {error} »"),
    }
}
