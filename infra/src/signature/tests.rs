//! With the real browser, a key of the moment made by `openssl`, and poppler’s `pdfsig` as the judge.

use std::{fs, process::Command, sync::atomic::AtomicUsize, sync::atomic::Ordering};

use domain::ports::{Clock as _, Printer as _};

use super::*;
use crate::{
    chromium::{ChromiumConfig, ChromiumPrinter, Sandbox},
    clock::SystemClock,
};

/// A folder with keys, certificates and documents.
struct Desk {
    folder: PathBuf,
}

impl Desk {
    /// `None`, and told, where there is no `openssl`.
    fn open() -> Option<Self> {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("lobster-signature-{}-{number}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let desk = Self { folder };
        if Command::new("openssl").arg("version").output().is_err() {
            println!("SKIPPED: openssl is not installed, no key could be made");
            return None;
        }
        desk.issue("own", &["-newkey", "rsa:2048"]);
        Some(desk)
    }

    /// A new key and its own certificate.
    fn issue(&self, name: &str, kind: &[&str]) {
        let made = Command::new("openssl")
            .current_dir(&self.folder)
            .args(["req", "-x509", "-nodes", "-sha256", "-days", "2", "-subj", "/O=Essai/CN=Rapports essai"])
            .args(kind)
            .args(["-keyout", &format!("{name}.key"), "-out", &format!("{name}.pem")])
            .output()
            .unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    }

    fn signer(&self, key: &str, certificate: &str) -> Result<PadesSigner, SignatureError> {
        let file = |name: &str, end: &str| self.folder.join(format!("{name}.{end}"));
        PadesSigner::new(&SignatureConfig { key: file(key, "key"), certificate: file(certificate, "pem") })
    }

    fn why_not(&self, key: &str, certificate: &str) -> String {
        self.signer(key, certificate).err().expect("nothing to sign with").to_string()
    }

    async fn print(&self, body: &str, dated: DateTime<Utc>) -> Vec<u8> {
        let config = ChromiumConfig {
            binary: None,
            fonts_dir: Path::new(env!("CARGO_MANIFEST_DIR")).join("../templates/report/fonts"),
            work_dir: self.folder.join("browser"),
            sandbox: Sandbox::WherePossible,
        };
        let printer = ChromiumPrinter::new(&config).unwrap();
        let html = format!(
            "<!doctype html><html lang=\"fr\"><head><meta charset=\"utf-8\"><title>À signer</title>
             <style>body {{ font-family: 'IBM Plex Sans' }} h1 {{ break-before: page }}</style></head><body>{body}</body></html>"
        );
        let printed = printer.print(&html, dated).await.unwrap();
        printer.close().await;
        printed.pdf
    }

    fn poppler(&self, tool: &str, pdf: &[u8]) -> String {
        let file = self.folder.join("judged.pdf");
        fs::write(&file, pdf).unwrap();
        let run = Command::new(tool).arg(&file).output().unwrap_or_else(|error| panic!("{tool}: {error}"));
        format!("{}{}", String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr))
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

#[tokio::test]
async fn a_signed_document_is_valid_and_with_one_byte_changed_it_is_not() {
    let Some(desk) = Desk::open() else { return };
    let (dated, signer) = (SystemClock.now(), desk.signer("own", "own").unwrap());
    // With and without annotations in the first page; more pages than one node of the page tree holds.
    let many: String = (1..20).map(|n| format!("<h1 id=\"p{n}\">Page {n}</h1>")).collect();
    for body in ["<p>Une page</p>".to_owned(), format!("<p><a href=\"#p3\">Page trois</a></p>{many}")] {
        let printed = desk.print(&body, dated).await;
        let signed = signer.sign(&printed, dated).await.unwrap();
        assert!(signed.starts_with(&printed), "what was printed is no longer there");
        assert!(signed.len() - printed.len() < 8_000, "{} bytes more", signed.len() - printed.len());
        assert_eq!(signer.sign(&printed, dated).await.unwrap(), signed, "the same document is signed alike");

        let told = desk.poppler("pdfsig", &signed);
        for line in [
            "Signature is Valid.",
            "Total document signed",
            "ETSI.CAdES.detached",
            "SHA-256",
            "Rapports essai",
            "Signature Field Name: Signature",
        ] {
            assert!(told.contains(line), "no « {line} » in {told}");
        }
        let said = |pdf: &[u8]| {
            let told = desk.poppler("pdfinfo", pdf);
            let kept =
                |line: &&str| ["Title", "Tagged", "Pages", "CreationDate"].iter().any(|key| line.starts_with(key));
            told.lines().filter(kept).map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(said(&signed), said(&printed), "signing changed the document");

        let at = signed.windows(9).position(|window| window == b"/Lang (fr").unwrap() + 8;
        let mut changed = signed.clone();
        changed[at] = b'e';
        let told = desk.poppler("pdfsig", &changed);
        assert!(told.contains("Digest Mismatch") && !told.contains("Signature is Valid."), "{told}");
    }
}

#[tokio::test]
async fn what_cannot_be_signed_is_refused_with_its_reason() {
    let Some(desk) = Desk::open() else { return };
    let (dated, signer) = (SystemClock.now(), desk.signer("own", "own").unwrap());
    let why = async |pdf: &[u8], dated| signer.sign(pdf, dated).await.expect_err("signed").to_string();
    let printed = desk.print("<p>Une page</p>", dated).await;
    let signed = signer.sign(&printed, dated).await.unwrap();
    assert!(why(&signed, dated).await.contains("before any signature"));
    assert!(why(b"%PDF-1.4 but no more", dated).await.contains("only what our printer makes"));
    for cut in [printed.len() / 2, printed.len() - 40, 0] {
        assert!(why(&printed[..cut], dated).await.contains("the document has no "));
    }
    assert!(why(&printed, dated + chrono::Days::new(3)).await.contains("configure one that is valid"));
    assert!(why(&printed, dated - chrono::Days::new(3)).await.contains("configure one that is valid"));
}

#[test]
fn a_key_and_a_certificate_that_do_not_fit_are_told_at_the_start() {
    let Some(desk) = Desk::open() else { return };
    desk.issue("other", &["-newkey", "rsa:2048"]);
    desk.issue("curve", &["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]);
    desk.issue("small", &["-newkey", "rsa:1024"]);
    assert!(desk.why_not("own", "other").contains("another key’s"));
    assert!(desk.why_not("curve", "curve").contains("make an RSA key"));
    assert!(desk.why_not("small", "small").contains("make an RSA key"));
    assert!(desk.why_not("none", "own").contains("none.key holds no private key"));
    assert!(desk.why_not("own", "none").contains("none.pem holds no certificate"));
    fs::write(desk.folder.join("empty.pem"), "").unwrap();
    assert!(desk.why_not("own", "empty").contains("cannot be read"));
    let secret = fs::read_to_string(desk.folder.join("curve.key")).unwrap();
    let line = secret.lines().nth(1).unwrap();
    assert!(!desk.why_not("curve", "curve").contains(line), "a key was printed");
}
