//! A page that tries everything, against the real browser: nothing is reached, nothing is read, nothing runs. The same
//! page in a browser without our guards does all three, so that the silence means something.

use futures::StreamExt as _;
use tokio::net::TcpListener;

use super::*;

/// What no printed page may show: the words of a private file, and what a script writes.
const SECRET: &str = "MOT-DE-PASSE-DU-FICHIER";
const RAN: &str = "UN-SCRIPT-A-TOURNE";

/// Ways out of a page, each alone. `CANARY` is our listener, `FILE` a private file's address.
const ATTACKS: &[&str] = &[
    // Scripts, and what runs them.
    "<script>document.title = 'RAN'; document.write('RAN'); new Image().src = 'CANARY/script'; fetch('CANARY/fetch')</script>",
    "<script>new WebSocket('WS/socket'); navigator.sendBeacon('CANARY/beacon'); open('CANARY/open')</script>",
    "<script src=\"CANARY/script.js\"></script><script type=module src=\"CANARY/module.js\"></script>",
    "<script>location = 'CANARY/location'</script>",
    "<form id=f action=\"CANARY/form\" method=post><input name=a value=b></form><script>f.submit()</script>",
    "<img src=x onerror=\"document.title = 'RAN'; document.body.append('RAN')\">",
    "<input autofocus onfocus=\"document.title = 'RAN'; document.body.append('RAN')\">",
    "<details open ontoggle=\"document.body.append('RAN')\"><summary>a</summary>b</details>",
    "<svg onload=\"document.documentElement.append('RAN')\"><script>document.title = 'RAN'</script></svg>",
    "<iframe src=\"javascript:parent.document.body.append('RAN')\"></iframe>",
    // Pages within the page.
    "<iframe src=\"CANARY/frame\"></iframe>",
    "<iframe src=\"file:///etc/passwd\" width=900 height=300></iframe><iframe src=\"FILE\" width=900></iframe>",
    "<iframe srcdoc=\"<img src='CANARY/inner'><script>parent.document.body.append('RAN')</script>\"></iframe>",
    "<iframe src=\"data:text/html,<img src='CANARY/data'>\"></iframe>",
    "<object data=\"FILE\" type=\"text/plain\" width=900 height=200></object><object data=\"CANARY/object\"></object>",
    "<embed src=\"FILE\" type=\"text/plain\" width=900 height=200><embed src=\"CANARY/embed\">",
    "<svg><foreignObject width=900 height=200><iframe src=\"FILE\"></iframe></foreignObject></svg>",
    // Pictures, sounds, films, drawings.
    "<img src=\"CANARY/i.png\"><img src=\"FILE\"><img srcset=\"CANARY/2x.png 2x\"><input type=image src=\"CANARY/input.png\">",
    "<picture><source srcset=\"CANARY/s.webp\"><img src=\"CANARY/p.png\"></picture><table background=\"CANARY/t.png\"><tr><td>a</table>",
    "<video src=\"CANARY/v.mp4\" poster=\"CANARY/p.png\" autoplay><track src=\"CANARY/t.vtt\" default></video>",
    "<audio src=\"CANARY/a.mp3\" autoplay></audio>",
    "<svg><image href=\"CANARY/s.png\"/><image href=\"FILE\"/><use href=\"CANARY/u.svg#a\"/><use href=\"FILE#a\"/></svg>",
    // Style.
    "<style>@import url(CANARY/b.css); @import url(FILE);</style>",
    "<style>@font-face { font-family: X; src: url(CANARY/x.woff2) } p { font-family: X }</style>",
    "<style>body { background: url(CANARY/bg.png); cursor: url(CANARY/c.png), auto } li { list-style: url(CANARY/l.png) }</style><li>a",
    "<style>p::after { content: url(FILE) } p { mask: url(CANARY/m.svg#a); filter: url(CANARY/f.svg#b) }</style>",
    "<link rel=\"stylesheet\" href=\"CANARY/a.css\"><link rel=\"stylesheet\" href=\"FILE\">",
    // Hints, which go past what a page is said to load.
    "<link rel=\"preconnect\" href=\"CANARY\"><link rel=\"dns-prefetch\" href=\"//secret.example\">",
    "<link rel=\"prefetch\" href=\"CANARY/prefetch\"><link rel=\"prerender\" href=\"CANARY/prerender\">",
    "<link rel=\"preload\" as=image href=\"CANARY/preload\"><link rel=\"modulepreload\" href=\"CANARY/m.js\">",
    "<link rel=\"icon\" href=\"CANARY/icon\"><link rel=\"manifest\" href=\"CANARY/manifest\">",
    "<a href=\"CANARY/away\" ping=\"CANARY/pinged\">lien</a><form action=\"CANARY/form\"><button>envoyer</button></form>",
    // Leaving.
    "<base href=\"CANARY/\"><img src=\"based.png\">",
    "<meta http-equiv=\"refresh\" content=\"0; url=CANARY/away\">",
    "<meta http-equiv=\"refresh\" content=\"0; url=FILE\">",
];

/// Where attacks would succeed: a listener that counts who knocks, and a file of ours.
struct Prey {
    port: u16,
    knocks: Arc<AtomicUsize>,
    file: PathBuf,
}

impl Prey {
    async fn lay(folder: &Path) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (port, knocks) = (listener.local_addr().unwrap().port(), Arc::new(AtomicUsize::new(0)));
        let counted = Arc::clone(&knocks);
        tokio::spawn(async move {
            while listener.accept().await.is_ok() {
                counted.fetch_add(1, Ordering::SeqCst);
            }
        });
        let file = folder.join("private.txt");
        fs::write(&file, format!("{SECRET}\n")).unwrap();
        Self { port, knocks, file }
    }

    /// A page that otherwise looks like any other.
    fn page(&self, attacks: &[&str]) -> String {
        let body = attacks
            .concat()
            .replace("'RAN'", &format!("'{RAN}'"))
            .replace("CANARY", &format!("http://127.0.0.1:{}", self.port))
            .replace("WS/", &format!("ws://127.0.0.1:{}/", self.port))
            .replace("FILE", &format!("file://{}", self.file.display()));
        format!(
            "<!doctype html><html lang=\"fr\"><head><meta charset=\"utf-8\"><title>innocent</title></head>\
             <body><p>Texte</p>{body}</body></html>"
        )
    }

    fn knocks(&self) -> usize {
        self.knocks.load(Ordering::SeqCst)
    }
}

/// What a printed page gives away: title and text.
fn said(bench: &Bench, pdf: &[u8]) -> String {
    let title = bench.poppler("pdfinfo", &[], pdf, &[]);
    let title = title.lines().find(|line| line.starts_with("Title:")).unwrap_or_default().to_owned();
    format!("{title}\n{}", bench.text(pdf))
}

fn silent(said: &str) -> bool {
    !said.contains(SECRET) && !said.contains("root:") && !said.contains(RAN)
}

#[tokio::test]
async fn no_attack_alone_reaches_reads_or_runs_anything() {
    let bench = Bench::new();
    let prey = Prey::lay(&bench.folder).await;
    let running = bench.printer.browser().await.unwrap();
    let pages: Vec<(&str, String)> = ATTACKS.iter().map(|attack| (*attack, prey.page(&[attack]))).collect();
    // Behind the first refusal: as if it had been walked round. A page that waits for what it cannot have is late.
    let printed: Vec<_> = futures::stream::iter(&pages)
        .map(async |(attack, html)| (*attack, page::print(running.browser(), html).await))
        .buffer_unordered(6)
        .collect()
        .await;
    let mut sheets = 0;
    for (attack, printed) in printed {
        match printed {
            Ok(sheet) => {
                let said = said(&bench, &sheet.pdf);
                assert!(said.contains("innocent") && said.contains("Texte") && silent(&said), "{attack}\n{said}");
                sheets += 1;
            }
            Err(PageFault::Late | PageFault::Browser(_)) => {}
            Err(fault) => panic!("{attack}: {fault}"),
        }
    }
    assert!(
        sheets * 2 > ATTACKS.len(),
        "{sheets} of {} pages were printed: nothing is proved by the rest",
        ATTACKS.len()
    );
    assert!(running.is_alive(), "an attack ended the browser");
    assert_eq!(prey.knocks(), 0, "somebody knocked");
    bench.printer.close().await;
}

#[tokio::test]
async fn a_page_that_wants_anything_is_refused_whole() {
    let bench = Bench::new();
    let prey = Prey::lay(&bench.folder).await;
    let all = prey.page(ATTACKS);
    let refused = bench.printer.print(&all, dated()).await.err().unwrap();
    assert!(matches!(&refused, PortError::Refused { message, .. } if message.contains("<script>")), "{refused}");
    assert_eq!(bench.browser(), Vec::<u32>::new(), "no browser was started for it");
    // What the first look cannot see is refused for what it asked.
    let quiet = ["<img src=", "<style>", "<svg><image", "<link rel=\"stylesheet\"", "<audio", "<video", "<picture>"];
    for start in quiet {
        let attack = ATTACKS.iter().find(|attack| attack.starts_with(start) && attack.contains("CANARY")).unwrap();
        let refused = bench.printer.print(&prey.page(&[attack]), dated()).await.err();
        assert!(matches!(refused, Some(PortError::Refused { .. })), "{attack}: {refused:?}");
    }
    assert_eq!(bench.printer.print(&prey.page(&[]), dated()).await.unwrap().pages, 1, "the page itself is harmless");
    assert_eq!(prey.knocks(), 0, "somebody knocked");
    bench.printer.close().await;
}

/// What the page gives away in a browser that has none of our guards but these switches. Attacks that leave the page are
/// left out: they leave nothing to print.
async fn unguarded(bench: &Bench, prey: &Prey, switches: &[&str]) -> String {
    let leaves = ["refresh", "location =", ".submit"];
    let stay = ATTACKS.iter().filter(|attack| !leaves.iter().any(|way| attack.contains(way)));
    let (html, pdf) = (bench.folder.join("hostile.html"), bench.folder.join("hostile.pdf"));
    fs::write(&html, prey.page(&stay.copied().collect::<Vec<_>>())).unwrap();
    let ran = tokio::process::Command::new(binary::find(None).unwrap())
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=3000"])
        .args(switches)
        .arg(format!("--user-data-dir={}", bench.folder.join("profile").display()))
        .arg(format!("--print-to-pdf={}", pdf.display()))
        .arg(format!("file://{}", html.display()))
        .output()
        .await
        .unwrap();
    said(bench, &fs::read(&pdf).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&ran.stderr))))
}

/// Without this, the tests above could be silent because nobody spoke.
#[tokio::test]
async fn without_our_guards_the_same_attacks_succeed() {
    let bench = Bench::new();
    let prey = Prey::lay(&bench.folder).await;
    let said = unguarded(&bench, &prey, &[]).await;
    assert!(said.contains(SECRET) && said.contains("root:") && said.contains(RAN), "{said}");
    assert!(prey.knocks() >= 10, "only {} knocked", prey.knocks());
}

#[tokio::test]
async fn the_switches_alone_keep_the_network_away() {
    let bench = Bench::new();
    let prey = Prey::lay(&bench.folder).await;
    let said = unguarded(&bench, &prey, &guard::NO_NETWORK).await;
    assert!(said.contains(RAN), "the page was not at work: {said}");
    assert_eq!(prey.knocks(), 0, "somebody knocked");
    bench.printer.warm().await.unwrap();
    let line = command_line(bench.browser()[0]);
    for switch in guard::NO_NETWORK {
        assert!(line.contains(switch), "our browser runs without {switch}: {line}");
    }
    bench.printer.close().await;
}
