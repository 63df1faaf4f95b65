//! Files brought home from a mirror on this machine that cuts, lies and forgets.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use datasets::{Fetch, FetchError, Fetched};
use sha2::{Digest as _, Sha256};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

use crate::support::scratch;

const NAME: &str = "lovac-opendata-communes.csv";

/// A web folder with one file.
struct Mirror {
    content: Vec<u8>,
    /// What `SHA256SUMS` says; none answers 404.
    sums: Option<String>,
    /// After how many bytes of an answer the line is cut, for the first answers.
    cuts: Mutex<Vec<usize>>,
    /// Whether ranges are honoured.
    ranges: bool,
    /// Ranges asked for, in order; empty for a whole file.
    asked: Mutex<Vec<String>>,
    served: AtomicU32,
}

impl Mirror {
    fn new(content: &[u8]) -> Self {
        let sums = Some(format!("{}  {NAME}\n", hex::encode(Sha256::digest(content))));
        Self {
            content: content.to_vec(),
            sums,
            cuts: Mutex::default(),
            ranges: true,
            asked: Mutex::default(),
            served: AtomicU32::new(0),
        }
    }

    /// Serves until the test ends; gives its address.
    async fn open(self) -> (Arc<Self>, String) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let mirror = Arc::new(self);
        let serving = mirror.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let mirror = serving.clone();
                tokio::spawn(async move { mirror.answer(stream).await });
            }
        });
        (mirror, address)
    }

    async fn answer(&self, mut stream: TcpStream) {
        let (read, mut write) = stream.split();
        let mut lines = BufReader::new(read).lines();
        let (mut path, mut range) = (String::new(), String::new());
        while let Ok(Some(line)) = lines.next_line().await {
            if let Some(asked) = line.strip_prefix("GET ") {
                path = asked.split(' ').next().unwrap_or_default().to_owned();
            }
            if line.to_lowercase().starts_with("range:") {
                range = line.split_once(": ").map_or(String::new(), |(_, range)| range.to_owned());
            }
            if line.is_empty() {
                break;
            }
        }
        let (head, body) = self.content_of(&path, &range);
        let _ = write.write_all(head.as_bytes()).await;
        let _ = write.write_all(&body).await;
    }

    fn content_of(&self, path: &str, range: &str) -> (String, Vec<u8>) {
        let body = match (path, &self.sums) {
            ("/SHA256SUMS", Some(sums)) => sums.clone().into_bytes(),
            (path, _) if path == format!("/{NAME}") => return self.file(range),
            _ => {
                return (
                    "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".to_owned(),
                    Vec::new(),
                );
            }
        };
        (format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len()), body)
    }

    fn file(&self, range: &str) -> (String, Vec<u8>) {
        self.served.fetch_add(1, Ordering::Relaxed);
        self.asked.lock().unwrap().push(range.to_owned());
        let start: usize = match range.strip_prefix("bytes=").and_then(|range| range.split('-').next()) {
            Some(start) if self.ranges => start.parse().unwrap(),
            _ => 0,
        };
        let rest = self.content[start..].to_vec();
        let all = self.content.len();
        let status = if start > 0 { "206 Partial Content" } else { "200 OK" };
        let head = format!(
            "HTTP/1.1 {status}\r\ncontent-length: {}\r\ncontent-range: bytes {start}-{}/{all}\r\netag: \"un\"\r\nconnection: close\r\n\r\n",
            rest.len(),
            all - 1
        );
        let mut cuts = self.cuts.lock().unwrap();
        let kept = if cuts.is_empty() { rest.len() } else { cuts.remove(0).min(rest.len()) };
        (head, rest[..kept].to_vec())
    }
}

fn fetch(mirror: &str, folder: &Path) -> Fetch {
    Fetch {
        client: client(),
        folder: folder.to_owned(),
        mirror: Some(mirror.to_owned()),
        pause: Duration::from_millis(5),
        progress: Arc::default(),
    }
}

fn client() -> reqwest::Client {
    // The first test to come installs it; the others find it.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let tls =
        rustls::ClientConfig::builder().with_root_certificates(rustls::RootCertStore::empty()).with_no_client_auth();
    reqwest::Client::builder().tls_backend_preconfigured(tls).build().unwrap()
}

async fn bring(mirror: &str, folder: &Path) -> Result<Vec<Fetched>, FetchError> {
    fetch(mirror, folder).dataset("lovac", &mut |_| {}).await
}

/// A file too big for one packet.
fn content() -> Vec<u8> {
    (0..400_000_u32).flat_map(u32::to_le_bytes).collect()
}

fn whole(folder: &Path) -> PathBuf {
    folder.join(NAME)
}

#[tokio::test]
async fn a_cut_download_goes_on_where_it_ended() {
    let folder = scratch();
    let mut mirror = Mirror::new(&content());
    mirror.cuts = Mutex::new(vec![100_000, 300_000]);
    let (mirror, address) = mirror.open().await;
    let fetched = bring(&address, &folder).await.unwrap();
    assert!(matches!(fetched.as_slice(), [Fetched::Ready { checked: true, resumed: 0, .. }]), "{fetched:?}");
    assert_eq!(std::fs::read(whole(&folder)).unwrap(), content());
    assert_eq!(*mirror.asked.lock().unwrap(), ["", "bytes=100000-", "bytes=400000-"]);
    assert!(!folder.join(format!("{NAME}.part")).exists());

    let again = bring(&address, &folder).await.unwrap();
    assert!(matches!(again.as_slice(), [Fetched::Ready { resumed, .. }] if *resumed > 0), "{again:?}");
    assert_eq!(mirror.served.load(Ordering::Relaxed), 3, "what is there and whole is not asked for again");
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test]
async fn what_another_day_received_is_kept_or_begun_again() {
    let folder = scratch();
    let mut mirror = Mirror::new(&content());
    mirror.cuts = Mutex::new(vec![50_000; 6]);
    let (_, address) = mirror.open().await;
    let cut = bring(&address, &folder).await.unwrap_err();
    assert!(matches!(cut, FetchError::Cut { attempts: 6, kept: 300_000, .. }), "{cut:?}");
    assert!(cut.to_string().contains("relancez la commande"), "{cut}");
    assert!(!whole(&folder).exists(), "half a file never has the name of a whole one");
    let fetched = bring(&address, &folder).await.unwrap();
    assert!(matches!(fetched.as_slice(), [Fetched::Ready { resumed: 300_000, .. }]), "{fetched:?}");
    assert_eq!(std::fs::read(whole(&folder)).unwrap(), content());

    std::fs::remove_file(whole(&folder)).unwrap();
    std::fs::write(folder.join(format!("{NAME}.part")), b"le debut d'une autre edition").unwrap();
    let (_, address) = Mirror::new(&content()).open().await;
    let fetched = bring(&address, &folder).await.unwrap();
    assert!(matches!(fetched.as_slice(), [Fetched::Ready { resumed: 0, .. }]), "{fetched:?}");
    assert_eq!(std::fs::read(whole(&folder)).unwrap(), content());
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test]
async fn a_server_without_ranges_starts_again_from_nothing() {
    let folder = scratch();
    let mut mirror = Mirror::new(&content());
    mirror.cuts = Mutex::new(vec![70_000]);
    mirror.ranges = false;
    let (_, address) = mirror.open().await;
    bring(&address, &folder).await.unwrap();
    assert_eq!(std::fs::read(whole(&folder)).unwrap(), content());
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test]
async fn an_altered_file_is_not_kept() {
    let folder = scratch();
    let mut mirror = Mirror::new(&content());
    mirror.sums = Some(format!("{}  {NAME}\n", "0".repeat(64)));
    let (_, address) = mirror.open().await;
    let refused = bring(&address, &folder).await.unwrap_err();
    assert!(matches!(refused, FetchError::Checksum { .. }), "{refused:?}");
    assert!(refused.to_string().contains("n’a pas été gardé"), "{refused}");
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0, "neither the file nor a part of it");
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test]
async fn a_file_that_is_not_there_is_named() {
    let folder = scratch();
    let mut mirror = Mirror::new(b"");
    mirror.sums = Some(format!("{}  lovac-opendata-communes26.csv\n", "0".repeat(64)));
    let (_, address) = mirror.open().await;
    let refused = bring(&address, &folder).await.unwrap_err();
    assert!(matches!(&refused, FetchError::NotThere { status: 404, .. }), "{refused:?}");
    assert!(refused.to_string().contains("lovac-opendata-communes26.csv"), "{refused}");

    let mut mirror = Mirror::new(b"");
    mirror.sums = None;
    let (_, address) = mirror.open().await;
    let unknown = bring(&address, &folder).await.unwrap();
    assert!(matches!(unknown.as_slice(), [Fetched::Unknown { .. }]), "a pattern needs a list: {unknown:?}");
    let mut without = fetch(&address, &folder);
    without.mirror = None;
    let unknown = without.dataset("lovac", &mut |_| {}).await.unwrap();
    assert!(matches!(unknown.as_slice(), [Fetched::Unknown { .. }]), "no address is ever guessed: {unknown:?}");
    std::fs::remove_dir_all(folder).unwrap();
}
