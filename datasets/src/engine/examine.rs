//! Which layout a file follows, and how its rows will be read: decided on its first bytes and its header.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::contract;
use super::error::ImportError;
use super::progress::Progress;
use super::received::{Kind, Received};
use super::sniff::{self, normalise};
use super::staging::{self, Field, Plan, Sheet};
use crate::dataset::{Column, Dataset, Described, Format, Layout, Seen};

/// Elements of a JSON array that show which fields the file has: producers leave out empty ones.
const SHOWN: usize = 500;

/// A file that keeps the contract of a layout.
pub struct Examined {
    /// The layout.
    pub layout: &'static Layout,
    /// How its rows are read.
    pub plan: Plan,
    /// What its name and header say.
    pub described: Described,
    /// Columns nobody asked for.
    pub unknown: Vec<String>,
}

/// The files given, opened as far as needed to know what they are packed in.
pub fn received(dataset: &Dataset, files: &[PathBuf], progress: &Arc<Progress>) -> Result<Vec<Received>, ImportError> {
    let members: Vec<&str> = dataset.layouts.iter().map(|layout| layout.member).collect();
    files.iter().map(|file| Ok(Received::new(file, &members)?.followed_by(progress))).collect()
}

/// Recognises the layout and decides how to read.
pub fn examine(dataset: &'static Dataset, files: Vec<Received>) -> Result<Examined, ImportError> {
    if let [layout, ..] = dataset.layouts
        && let Format::Documents(stems) = layout.format
    {
        let described = describe(layout, &files[0], &[]);
        let files = files.into_iter().map(|file| file.path).zip(stems.iter().copied()).collect();
        return Ok(Examined { layout, plan: Plan::Documents { files }, described, unknown: Vec::new() });
    }
    let file =
        files.into_iter().next().ok_or_else(|| ImportError::Header("Aucun fichier n’a été donné.".to_owned()))?;
    match file.kind()? {
        Kind::Workbook => workbook(dataset, file),
        Kind::Json => json(dataset, file),
        Kind::Text => text(dataset, file),
    }
}

fn text(dataset: &'static Dataset, file: Received) -> Result<Examined, ImportError> {
    let layouts = layouts(dataset, |format| matches!(format, Format::Delimited { .. } | Format::Sections { .. }));
    if layouts.is_empty() {
        return Err(other_kind(dataset, &file.path, "du texte"));
    }
    let sniffed = sniff::sniff(&mut *file.open()?, &|cells| contract::looks_like_header(&layouts, cells))
        .map_err(|source| ImportError::Unreadable { file: file.path.clone(), source })?;
    for layout in &layouts {
        if let Format::Sections { opening, separator, sections } = layout.format
            && sniffed.first.split(char::from(separator)).next().map(normalise).as_deref() == Some(opening)
        {
            let header: Vec<String> = sniffed.first.split(char::from(separator)).map(str::to_owned).collect();
            let described = describe(layout, &file, &header);
            let plan = Plan::Sections { file, encoding: sniffed.encoding, separator, sections };
            return Ok(Examined { layout, plan, described, unknown: Vec::new() });
        }
    }
    let layouts = fitting(&layouts, &file, &sniffed.header, |format| matches!(format, Format::Delimited { .. }));
    let (layout, bound) = contract::choose(&layouts, &sniffed.header, &file.path, sniffed.skipped + 1)?;
    let described = describe(layout, &file, &sniffed.header);
    let unknown = bound.unknown.clone();
    let plan = Plan::Delimited {
        file,
        encoding: sniffed.encoding,
        separator: sniffed.separator,
        layout,
        skipped: sniffed.skipped + 1,
        bound,
    };
    Ok(Examined { layout, plan, described, unknown })
}

fn workbook(dataset: &'static Dataset, file: Received) -> Result<Examined, ImportError> {
    let layouts = layouts(dataset, |format| matches!(format, Format::Workbook { .. }));
    if layouts.is_empty() {
        return Err(other_kind(dataset, &file.path, "un classeur Excel"));
    }
    let names = staging::sheets(&file)?;
    let mut refusal = None;
    for layout in &layouts {
        match sheets_of(layout, &file, &names) {
            Ok((sheets, _)) if sheets.is_empty() => {}
            Ok((sheets, header)) => {
                let described = describe(layout, &file, &header);
                let unknown = sheets.iter().flat_map(|sheet| sheet.bound.unknown.clone()).collect();
                return Ok(Examined { layout, plan: Plan::Workbook { file, sheets }, described, unknown });
            }
            Err(error) => refusal = refusal.or(Some(error)),
        }
    }
    Err(refusal.unwrap_or_else(|| {
        let expected: Vec<&str> = layouts.iter().map(|layout| layout.name).collect();
        ImportError::Header(format!(
            "{} n’a aucune des feuilles attendues ({}). Feuilles trouvées : {}. Vérifiez que c’est le bon classeur.",
            file.path.display(),
            expected.join(" ; "),
            names.join(", ")
        ))
    }))
}

/// The sheets that this layout reads, and the header of the first.
fn sheets_of(
    layout: &'static Layout,
    file: &Received,
    names: &[String],
) -> Result<(Vec<Sheet>, Vec<String>), ImportError> {
    let Format::Workbook { sheet: pattern } = layout.format else { return Ok(Default::default()) };
    let (mut sheets, mut first) = (Vec::new(), Vec::new());
    for name in names.iter().filter(|name| contract::matches(pattern, &normalise(name))) {
        let top = staging::top(file, name)?;
        let is_header = |cells: &Vec<String>| {
            contract::looks_like_header(&[layout], &cells.iter().map(|cell| normalise(cell)).collect::<Vec<_>>())
        };
        let at = top.iter().position(is_header).unwrap_or(0);
        let header = top.get(at).cloned().unwrap_or_default();
        if !(layout.fits)(&seen(file, &header).as_seen()) {
            continue;
        }
        let (_, bound) = contract::choose(&[layout], &header, &file.path, at + 1)?;
        if sheets.is_empty() {
            first = header;
        }
        sheets.push(Sheet { name: name.clone(), skipped: u32::try_from(at + 1).unwrap_or(u32::MAX), bound });
    }
    Ok((sheets, first))
}

fn json(dataset: &'static Dataset, file: Received) -> Result<Examined, ImportError> {
    let layouts = layouts(dataset, |format| matches!(format, Format::Features | Format::Json { .. }));
    let mut refusal = None;
    for layout in layouts {
        let Format::Json { array } = layout.format else {
            let described = describe(layout, &file, &[]);
            return Ok(Examined { layout, plan: Plan::Features { file }, described, unknown: Vec::new() });
        };
        match fields(layout, &file, array) {
            Ok(fields) => {
                let names: Vec<String> = fields.iter().map(|field| field.name.clone()).collect();
                let described = describe(layout, &file, &names);
                return Ok(Examined {
                    layout,
                    plan: Plan::Json { file, array, fields },
                    described,
                    unknown: Vec::new(),
                });
            }
            Err(error) => refusal = refusal.or(Some(error)),
        }
    }
    Err(refusal.unwrap_or_else(|| other_kind(dataset, &file.path, "du JSON")))
}

/// Where each column is in the elements; refuses a file in which a needed one is nowhere to be seen.
fn fields(layout: &Layout, file: &Received, array: &str) -> Result<Vec<Field>, ImportError> {
    let shown = staging::sample_json(file, array, SHOWN)?;
    let mut fields = Vec::new();
    for column in layout.columns {
        let places = std::iter::once(&column.name).chain(column.aliases).map(|place| at(column, place));
        let found = places.into_iter().find(|field| shown.iter().any(|element| field.of(element).is_some()));
        match found {
            Some(field) => fields.push(field),
            None if column.required => {
                return Err(ImportError::Header(format!(
                    "{} : aucun des {} premiers éléments de « {array} » n’a de « {} »{}. Vérifiez que c’est le bon fichier.",
                    file.path.display(),
                    shown.len(),
                    column.name,
                    contract::or_aliases(column),
                )));
            }
            None => fields.push(at(column, column.aliases.first().unwrap_or(&column.name))),
        }
    }
    Ok(fields)
}

/// `/a/b` leads to a field of a field; anything else is a field's name.
fn at(column: &Column, place: &str) -> Field {
    let path = match place.strip_prefix('/') {
        Some(pointer) => pointer.split('/').filter(|step| !step.is_empty()).map(str::to_owned).collect(),
        None => vec![place.to_owned()],
    };
    Field { name: column.name.to_owned(), path }
}

fn layouts(dataset: &'static Dataset, wanted: impl Fn(Format) -> bool) -> Vec<&'static Layout> {
    dataset.layouts.iter().filter(|layout| wanted(layout.format)).collect()
}

fn fitting(
    layouts: &[&'static Layout],
    file: &Received,
    header: &[String],
    wanted: impl Fn(Format) -> bool,
) -> Vec<&'static Layout> {
    let seen = seen(file, header);
    layouts.iter().copied().filter(|layout| wanted(layout.format) && (layout.fits)(&seen.as_seen())).collect()
}

/// What owns the parts of a [`Seen`].
struct Sight<'a> {
    file_name: String,
    header: &'a [String],
    columns: Vec<String>,
}

fn seen<'a>(file: &Received, header: &'a [String]) -> Sight<'a> {
    Sight { file_name: file.name(), header, columns: header.iter().map(|cell| normalise(cell)).collect() }
}

impl Sight<'_> {
    fn as_seen(&self) -> Seen<'_> {
        Seen { file_name: &self.file_name, header: self.header, columns: &self.columns }
    }
}

fn describe(layout: &Layout, file: &Received, header: &[String]) -> Described {
    (layout.describe)(&seen(file, header).as_seen())
}

fn other_kind(dataset: &Dataset, file: &Path, found: &str) -> ImportError {
    let accepted: Vec<&str> = dataset.layouts.iter().map(|layout| layout.name).collect();
    ImportError::Header(format!(
        "{} est {found}. Le jeu « {} » se lit dans : {}. Donnez l’un de ces fichiers.",
        file.display(),
        dataset.name,
        accepted.join(" ; ")
    ))
}
