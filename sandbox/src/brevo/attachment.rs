//! Attached files: their kinds, and how much they weigh.

use base64::Engine;
use serde_json::Value;

use super::refusal::Refusal;

const EXTENSIONS: [&str; 53] = [
    "xlsx", "xls", "ods", "docx", "docm", "doc", "csv", "pdf", "txt", "gif", "jpg", "jpeg", "png", "tif", "tiff",
    "rtf", "bmp", "cgm", "css", "shtml", "html", "htm", "zip", "xml", "ppt", "pptx", "tar", "ez", "ics", "mobi", "msg",
    "pub", "eps", "odt", "mp3", "m4a", "m4v", "wma", "ogg", "flac", "wav", "aif", "aifc", "aiff", "mp4", "mov", "avi",
    "mkv", "mpeg", "mpg", "wmv", "pkpass", "xlsm",
];

/// The attached files.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Attached {
    pub names: Vec<String>,
    /// Decoded bytes of those that are sent along.
    pub bytes: usize,
}

/// Reads `attachment`.
pub fn read(list: &Value) -> Result<Attached, Refusal> {
    let list = match list {
        Value::Null => return Ok(Attached::default()),
        Value::Array(list) if list.is_empty() => return Err(Refusal::missing("attachment is empty")),
        Value::Array(list) => list,
        _ => return Err(Refusal::invalid("attachment should be an array")),
    };
    let mut attached = Attached::default();
    for file in list {
        let (name, bytes) = match (file["content"].as_str(), file["url"].as_str()) {
            (Some(content), None) => {
                let name = file["name"].as_str().ok_or_else(|| Refusal::missing("name is missing in attachment"))?;
                let decoded = base64::engine::general_purpose::STANDARD.decode(content);
                (name, decoded.map_err(|_| Refusal::invalid("content is not valid base64 in attachment"))?.len())
            }
            (None, Some(url)) => {
                if !(url.starts_with("https://") || url.starts_with("http://")) {
                    return Err(Refusal::invalid("url is not an absolute URL in attachment"));
                }
                let path = url.split(['?', '#']).next().unwrap_or_default();
                (file["name"].as_str().unwrap_or_else(|| path.rsplit('/').next().unwrap_or_default()), 0)
            }
            (Some(_), Some(_)) => return Err(Refusal::invalid("content and url are both given in attachment")),
            (None, None) => return Err(Refusal::missing("content or url is missing in attachment")),
        };
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension).to_lowercase();
        if !EXTENSIONS.contains(&extension.as_str()) {
            return Err(Refusal::invalid(format!("Unsupported file format: {extension}")));
        }
        attached.names.push(name.to_owned());
        attached.bytes += bytes;
    }
    Ok(attached)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn refused(file: &Value) -> bool {
        read(&json!([file])).is_err()
    }

    #[test]
    fn files_are_judged_by_extension_and_weighed_decoded() {
        let two =
            json!([{ "name": "a.PDF", "content": "AAAA" }, { "url": "https://example.fr/dossier/b.csv?x=1.exe" }]);
        assert_eq!(read(&two).unwrap(), Attached { names: vec!["a.PDF".into(), "b.csv".into()], bytes: 3 });
        assert!(refused(&json!({ "name": "a.exe", "content": "AAAA" })));
        assert!(refused(&json!({ "name": "pdf", "content": "AAAA" })));
        assert!(refused(&json!({ "name": "a.pdf", "content": "pas du base64 !" })));
        assert!(refused(&json!({ "content": "AAAA" })));
        assert!(refused(&json!({ "name": "a.pdf" })));
        assert!(refused(&json!({ "url": "/etc/a.pdf" })));
        assert!(read(&json!([])).is_err() && read(&json!("a.pdf")).is_err() && read(&Value::Null).is_ok());
    }
}
