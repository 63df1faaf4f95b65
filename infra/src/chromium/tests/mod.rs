//! With the real browser: make sure that `chromium-headless-shell` and `poppler-utils` are installed.

mod hostile;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use chromiumoxide::cdp::browser_protocol::page::CrashParams;

use super::*;

/// A printer of its own, in a folder of its own.
struct Bench {
    printer: ChromiumPrinter,
    folder: PathBuf,
}

impl Bench {
    fn new() -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("lobster-printer-{}-{number}", std::process::id()));
        Self { printer: printer(&folder), folder }
    }

    /// The browser's process; none when it does not run.
    fn browser(&self) -> Vec<u32> {
        let mark = format!("{}/", self.folder.canonicalize().unwrap().display());
        processes().into_iter().filter(|process| command_line(*process).contains(&mark)).collect()
    }

    fn text(&self, pdf: &[u8]) -> String {
        self.poppler("pdftotext", &["-layout"], pdf, &["-"])
    }

    fn poppler(&self, tool: &str, before: &[&str], pdf: &[u8], after: &[&str]) -> String {
        let file = self.folder.join("looked-at.pdf");
        fs::write(&file, pdf).unwrap();
        let run = Command::new(tool).args(before).arg(&file).args(after).output();
        let run = run.unwrap_or_else(|error| panic!("{tool} does not start ({error}): apt-get install poppler-utils"));
        assert!(run.status.success(), "{tool}: {}", String::from_utf8_lossy(&run.stderr));
        String::from_utf8(run.stdout).unwrap()
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn processes() -> Vec<u32> {
    let entries = fs::read_dir("/proc").unwrap().flatten();
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect()
}

fn command_line(process: u32) -> String {
    String::from_utf8_lossy(&fs::read(format!("/proc/{process}/cmdline")).unwrap_or_default()).into_owned()
}

fn printer(work_dir: &Path) -> ChromiumPrinter {
    let fonts_dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../templates/report/fonts");
    let config =
        ChromiumConfig { binary: None, fonts_dir, work_dir: work_dir.to_owned(), sandbox: Sandbox::WherePossible };
    ChromiumPrinter::new(&config).unwrap_or_else(|error| panic!("{error}"))
}

fn dated() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_000_000, 0).unwrap()
}

/// Two pages with headings, a table and text in our font.
fn report(title: &str) -> String {
    let rows: String = (0..12).map(|row| format!("<tr><td>Commune {row}</td><td>{row}\u{202f}000</td></tr>")).collect();
    format!(
        "<!doctype html><html lang=\"fr\"><head><meta charset=\"utf-8\"><title>{title}</title>
         <style>@page {{ size: A4 landscape; margin: 14mm }} body {{ font-family: 'IBM Plex Sans' }}
         section {{ break-after: page }} section:last-child {{ break-after: auto }}</style></head>
         <body><section><h1>{title}</h1><table>{rows}</table></section>
         <section><h2>Sources et limites</h2><p>Deuxième page — « n.d. »</p></section></body></html>"
    )
}

fn end(processes: &[u32]) {
    for process in processes {
        let killed = Command::new("/bin/sh").args(["-c", "kill -9 \"$1\"", "sh", &process.to_string()]).status();
        assert!(killed.unwrap().success(), "process {process}");
    }
}

/// Crashes the process of the document's page as soon as there is one.
async fn crash_the_document(running: &Running) {
    loop {
        tokio::time::sleep(Duration::from_millis(20)).await;
        for page in running.browser().pages().await.unwrap() {
            if page.url().await.unwrap().as_deref() == Some(guard::DOCUMENT) {
                // Whoever crashes gives no answer.
                let _ = tokio::time::timeout(Duration::from_millis(300), page.execute(CrashParams::default())).await;
                return;
            }
        }
    }
}

#[tokio::test]
async fn a_report_is_tagged_outlined_french_and_in_our_font() {
    let bench = Bench::new();
    let printed = bench.printer.print(&report("Nantes : un marché tendu"), dated()).await.unwrap();
    assert_eq!(printed.pages, 2);
    assert!(printed.renderer_version.contains("Chrome/"), "{}", printed.renderer_version);
    assert!(bench.text(&printed.pdf).contains("Deuxième page"));
    let info = bench.poppler("pdfinfo", &[], &printed.pdf, &[]);
    for line in ["Tagged:          yes", "Pages:           2", "841.92 x 594.96", "un marché tendu"] {
        assert!(info.contains(line), "no « {line} » in {info}");
    }
    assert!(info.contains("Nov 18") && info.contains("2026"), "dated by the order: {info}");
    let fonts = bench.poppler("pdffonts", &[], &printed.pdf, &[]);
    let faces: Vec<_> = fonts.lines().skip(2).collect();
    assert!(!faces.is_empty() && faces.iter().all(|face| face.contains("IBMPlexSans")), "{fonts}");
    assert!(printed.pdf.windows(9).any(|window| window == b"/Outlines"), "no outline");
    bench.printer.close().await;
}

#[tokio::test]
async fn the_same_document_is_the_same_bytes_however_it_is_printed() {
    let (bench, other) = (Bench::new(), Bench::new());
    let html = report("Reproductible");
    let mut digests = Vec::new();
    for _ in 0..2 {
        digests.push(bench.printer.print(&html, dated()).await.unwrap().sha256);
    }
    let parallel = futures::future::join_all((0..4).map(|_| bench.printer.print(&html, dated()))).await;
    digests.extend(parallel.into_iter().map(|printed| printed.unwrap().sha256));
    digests.push(other.printer.print(&html, dated()).await.unwrap().sha256);
    digests.dedup();
    assert_eq!(digests.len(), 1, "{digests:?}");
    let elsewhere = bench.printer.print(&report("Autre"), dated()).await.unwrap();
    assert_ne!(elsewhere.sha256, digests[0]);
    bench.printer.close().await;
    other.printer.close().await;
}

#[tokio::test]
async fn a_killed_browser_is_replaced_in_the_middle_of_a_job() {
    let bench = Bench::new();
    bench.printer.warm().await.unwrap();
    let before = bench.browser();
    assert_eq!(before.len(), 1, "one browser runs");
    let html = report("Interrompu");
    let (printed, ()) = tokio::join!(bench.printer.print(&html, dated()), async {
        tokio::time::sleep(Duration::from_millis(60)).await;
        end(&before);
    });
    assert_eq!(printed.unwrap().pages, 2);
    assert_ne!(bench.browser(), before);
    assert_eq!(bench.printer.print(&html, dated()).await.unwrap().pages, 2);
    bench.printer.close().await;
}

#[tokio::test]
async fn a_crashed_page_leaves_the_browser_alive() {
    let bench = Bench::new();
    let running = bench.printer.browser().await.unwrap();
    let before = bench.browser();
    let long = report("Long").replace("</table>", &"<tr><td>ligne</td></tr>".repeat(60_000));
    let (printed, ()) = tokio::join!(page::print(running.browser(), &long), crash_the_document(&running));
    assert!(matches!(printed.err(), Some(PageFault::Crashed)), "the crash is noticed");
    assert_eq!(bench.printer.print(&report("Suivant"), dated()).await.unwrap().pages, 2);
    assert_eq!(bench.browser(), before, "the same browser printed it");
    bench.printer.close().await;
}

#[tokio::test]
async fn closing_leaves_neither_process_nor_folder() {
    let bench = Bench::new();
    bench.printer.warm().await.unwrap();
    assert_eq!(fs::read_dir(&bench.folder).unwrap().count(), 1);
    bench.printer.close().await;
    assert_eq!(bench.browser(), Vec::<u32>::new());
    assert_eq!(fs::read_dir(&bench.folder).unwrap().count(), 0);
}

#[tokio::test]
async fn what_a_killed_process_left_is_swept_and_what_lives_is_not() {
    let bench = Bench::new();
    let living = home::Home::make(&bench.folder).unwrap();
    let left = bench.folder.canonicalize().unwrap().join("browser-1-0");
    fs::create_dir(&left).unwrap();
    fs::write(left.join("lock"), "").unwrap();
    let mut orphan =
        tokio::process::Command::new("sleep").arg0(format!("{}/profile", left.display())).arg("60").spawn().unwrap();
    // A child that was spawned a moment ago may have no command line yet.
    let line = format!("/proc/{}/cmdline", orphan.id().unwrap());
    while !String::from_utf8_lossy(&fs::read(&line).unwrap()).contains("profile") {
        tokio::task::yield_now().await;
    }
    home::sweep(&bench.folder.canonicalize().unwrap()).await;
    assert!(!left.exists() && living.path().exists());
    let ended = tokio::time::timeout(Duration::from_secs(20), orphan.wait()).await;
    assert!(ended.is_ok(), "the orphan still runs");
}
