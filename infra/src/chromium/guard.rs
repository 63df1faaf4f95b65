//! What a document may be and do: nothing active, nothing from outside.

use domain::ports::PortError;

use super::SERVICE;

/// Where the document pretends to live. The host does not exist, and every request to it but one is refused.
pub(super) const DOCUMENT: &str = "https://rapport.invalid/";

/// Sent with the document: even without our other guards it could load nothing.
pub(super) const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; font-src data:; img-src data:; \
                                 form-action 'none'; base-uri 'none'; sandbox allow-same-origin";

/// Hints like `preconnect` go past request interception; with these the browser resolves no name and reaches no
/// address.
pub(super) const NO_NETWORK: [&str; 3] =
    ["--host-resolver-rules=MAP * ~NOTFOUND", "--proxy-server=127.0.0.1:9", "--proxy-bypass-list=<-loopback>"];

/// Marks of content that a report never has. Text that names them is escaped, and passes.
const ACTIVE: [&str; 6] = ["<script", "<iframe", "<frame", "<object", "<embed", "<base"];

/// Refuses a page that could act or hold another page.
pub(super) fn refuse_active_content(html: &str) -> Result<(), PortError> {
    let lower = html.to_ascii_lowercase();
    match ACTIVE.iter().find(|mark| lower.contains(**mark)) {
        Some(mark) => Err(refused(format!("the page holds {mark}>, which a report never does"))),
        None => Ok(()),
    }
}

pub(super) fn refused(message: String) -> PortError {
    PortError::Refused { service: SERVICE, message }
}

/// Scheme and host of an address: its path could carry anything into a log.
pub(super) fn origin(address: &str) -> String {
    let (scheme, rest) = address.split_once(':').unwrap_or(("", address));
    let host = rest.strip_prefix("//").and_then(|rest| rest.split(['/', '?', '#']).next());
    host.map_or_else(|| format!("{scheme}:"), |host| format!("{scheme}://{host}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn active_content_is_refused_and_text_about_it_is_not() {
        for page in ["<SCRIPT>x</SCRIPT>", "<p><iframe src=x>", "<object data=x>", "<embed src=x>", "<base href=x>"] {
            assert!(refuse_active_content(page).is_err(), "{page}");
        }
        assert!(refuse_active_content("<p>&lt;script&gt; <b>base</b> description</p>").is_ok());
    }

    #[test]
    fn only_the_origin_of_an_address_is_told() {
        assert_eq!(origin("http://evil.example/?secret=1"), "http://evil.example");
        assert_eq!(origin("file:///etc/passwd"), "file://");
        assert_eq!(origin("data:text/plain,abc"), "data:");
    }
}
