//! GeoJSON: one feature per line, or one collection.

use std::io::{BufRead as _, Read as _};

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{Read, Sink, json};
use crate::engine::error::ImportError;
use crate::engine::received::Received;

/// How much of the file tells a collection from lines.
const START: u64 = 512;

/// The parts of a feature that are kept. The geometry stays text: PostGIS reads it.
#[derive(Deserialize)]
struct Feature<'a> {
    properties: Properties,
    #[serde(borrow)]
    geometry: &'a RawValue,
}

#[derive(Deserialize)]
struct Properties {
    code: String,
    #[serde(default)]
    nom: String,
}

/// Stages code, name and geometry of every feature.
pub fn read(file: &Received, sink: &mut Sink) -> Result<Read, ImportError> {
    let unreadable = |source| ImportError::Unreadable { file: file.path.clone(), source };
    let mut start = String::new();
    // A character cut in two at the end of the sample tells nothing about the kind of file.
    let _ = file.open()?.take(START).read_to_string(&mut start);
    let mut read = Read::default();
    if start.contains("FeatureCollection") {
        json::stream(file, "features", &mut |element| {
            let line = read.rows + 1;
            stage(&mut read, line, element.get(), sink);
            true
        })?;
        return Ok(read);
    }
    for (line, text) in (1..).zip(file.open()?.lines()) {
        let text = text.map_err(unreadable)?;
        if !text.trim().is_empty() {
            stage(&mut read, line, &text, sink);
        }
    }
    Ok(read)
}

fn stage(read: &mut Read, line: u64, text: &str, sink: &mut Sink) {
    read.rows += 1;
    match serde_json::from_str::<Feature<'_>>(text) {
        Ok(feature) => {
            let Properties { code, nom } = &feature.properties;
            sink.row(line, [code.as_str(), nom.as_str(), feature.geometry.get()].into_iter());
        }
        Err(error) => read.reject(line, format!("contour illisible : {error}"), text),
    }
}
