//! One running browser: launch, life signs, end.

use std::{fs, os::unix::fs::MetadataExt, process::Stdio, time::Duration};

use chromiumoxide::{Browser, Handler, cdp::browser_protocol::browser::CloseParams, handler::HandlerConfig};
use domain::ports::PortError;
use futures::StreamExt;
use tokio::{
    io::{AsyncBufReadExt, BufReader, Lines},
    process::{Child, ChildStderr, Command},
    sync::Mutex,
    time::timeout,
};
use tokio_util::sync::CancellationToken;

use super::{
    SERVICE, Sandbox, Setup, fonts, guard,
    home::{self, Home},
    transient,
};

const LAUNCH: Duration = Duration::from_secs(20);
const GOODBYE: Duration = Duration::from_secs(5);

/// The defaults of a browser that serves a program and not a person. The sandbox stays on, except for root, who cannot
/// have one.
const FLAGS: [&str; 19] = [
    "--headless",
    "--remote-debugging-port=0",
    "--disable-background-networking",
    "--disable-breakpad",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--disable-extensions",
    "--disable-gpu",
    "--disable-hang-monitor",
    "--disable-sync",
    "--font-render-hinting=none",
    "--force-color-profile=srgb",
    "--hide-scrollbars",
    "--metrics-recording-only",
    "--mute-audio",
    "--no-first-run",
    "--password-store=basic",
    "--use-mock-keychain",
];

/// What Chromium says where neither user namespaces nor its setuid helper work.
const NO_SANDBOX: &str = "No usable sandbox";

/// A browser with its process. Fields are dropped in order: the process ends before its folder goes.
pub(super) struct Running {
    browser: Browser,
    child: Mutex<Child>,
    ended: CancellationToken,
    /// We asked it to end: a connection that breaks now is no news.
    leaving: CancellationToken,
    /// Name and version, e.g. `HeadlessChrome/156.0.8078.79`.
    pub version: String,
    _home: Home,
}

impl Running {
    /// Starts a browser and waits until it answers.
    ///
    /// The driver's own launcher would hand our environment, secrets included, to the browser.
    pub(super) async fn launch(setup: &Setup) -> Result<Self, PortError> {
        // Chromium refuses to lock root in.
        let root = fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0);
        match (Self::start(setup, !root).await, setup.sandbox) {
            (Err(PortError::Transient { message, .. }), Sandbox::Required) if message.contains(NO_SANDBOX) => {
                let message = "the browser cannot lock itself in: install the package chromium-sandbox, or let the \
                               kernel give user namespaces to everybody";
                Err(PortError::Refused { service: SERVICE, message: message.to_owned() })
            }
            (Err(PortError::Transient { message, .. }), Sandbox::WherePossible) if message.contains(NO_SANDBOX) => {
                tracing::warn!("this system lets no browser lock itself in: printing goes on behind the other guards");
                Self::start(setup, false).await
            }
            (result, _) => result,
        }
    }

    async fn start(setup: &Setup, locked: bool) -> Result<Self, PortError> {
        home::sweep(&setup.work_dir).await;
        let home = Home::make(&setup.work_dir)
            .map_err(|error| transient(format!("cannot use {}: {error}", setup.work_dir.display())))?;
        let mut command =
            command(setup, &home, locked).map_err(|error| transient(format!("cannot prepare fonts: {error}")))?;
        let mut child =
            command.spawn().map_err(|error| transient(format!("cannot start {}: {error}", setup.binary.display())))?;
        let mut lines = child.stderr.take().map(|stderr| BufReader::new(stderr).lines());
        let address = match timeout(LAUNCH, address(lines.as_mut())).await {
            Ok(Ok(address)) => address,
            Ok(Err(last)) => return Err(transient(format!("the browser ended at once: {last}"))),
            Err(_) => return Err(transient("the browser did not open its port in time")),
        };
        let (ended, leaving) = (CancellationToken::new(), CancellationToken::new());
        tokio::spawn(drain(lines, ended.clone()));
        // No device emulation: paper has no viewport.
        let config = HandlerConfig { viewport: None, ignore_https_errors: false, ..HandlerConfig::default() };
        let (browser, handler) = Browser::connect_with_config(address, config)
            .await
            .map_err(|error| transient(format!("the browser does not answer: {error}")))?;
        tokio::spawn(drive(handler, ended.clone(), leaving.clone()));
        let version = browser.version().await.map_err(|error| transient(format!("no version: {error}")))?.product;
        tracing::info!(version, process = child.id(), "the browser is ready");
        Ok(Self { browser, child: Mutex::new(child), ended, leaving, version, _home: home })
    }

    pub(super) fn browser(&self) -> &Browser {
        &self.browser
    }

    /// Whether the browser still speaks to us.
    pub(super) fn is_alive(&self) -> bool {
        !self.ended.is_cancelled()
    }

    /// Resolves when it no longer does.
    pub(super) async fn ended(&self) {
        self.ended.cancelled().await;
    }

    /// Asks the browser to end, and ends it.
    pub(super) async fn stop(&self) {
        self.leaving.cancel();
        if self.is_alive() {
            let _ = timeout(GOODBYE, self.browser.execute(CloseParams::default())).await;
        }
        let mut child = self.child.lock().await;
        if timeout(GOODBYE, child.wait()).await.is_err() {
            let _ = child.kill().await;
        }
        self.ended.cancel();
    }

    /// Ends the browser without asking.
    pub(super) async fn kill(&self) {
        let _ = self.child.lock().await.kill().await;
        self.ended.cancel();
    }
}

fn command(setup: &Setup, home: &Home, locked: bool) -> std::io::Result<Command> {
    let (profile, cache, config) =
        (home.path().join("profile"), home.path().join("fonts"), home.path().join("fonts.conf"));
    fs::create_dir(&profile)?;
    fonts::configure(&config, &setup.fonts_dir, &cache)?;
    let mut command = Command::new(&setup.binary);
    command
        .args(FLAGS)
        .args(guard::NO_NETWORK)
        .arg(format!("--user-data-dir={}", profile.display()))
        .env_clear()
        .env("HOME", &profile)
        .env("XDG_CACHE_HOME", &profile)
        .env("XDG_CONFIG_HOME", &profile)
        .env("TMPDIR", home.path())
        .env("FONTCONFIG_FILE", &config)
        .env("LANG", "C.UTF-8")
        .env("TZ", "UTC")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        // Ctrl-C is for us: we close the browser in order.
        .process_group(0)
        .kill_on_drop(true);
    if !locked {
        command.arg("--no-sandbox");
    }
    Ok(command)
}

/// The address that the browser announces; without one, its last words.
async fn address(lines: Option<&mut Lines<BufReader<ChildStderr>>>) -> Result<String, String> {
    let Some(lines) = lines else { return Err("it has no output".to_owned()) };
    let mut last = "it said nothing".to_owned();
    while let Ok(Some(line)) = lines.next_line().await {
        if let Some((_, address)) = line.split_once("DevTools listening on ") {
            return Ok(address.trim().to_owned());
        }
        last = line;
    }
    Err(last)
}

/// Nobody reads what the browser complains about, but a full pipe would stop it. The pipe's end is the browser's.
async fn drain(lines: Option<Lines<BufReader<ChildStderr>>>, ended: CancellationToken) {
    let _ended = ended.drop_guard();
    let Some(mut lines) = lines else { return };
    while let Ok(Some(line)) = lines.next_line().await {
        tracing::trace!(line, "the browser says");
    }
}

/// Drives the connection until it breaks or the browser ends: a driver that is gone fails what waits for it. The guard
/// speaks up even when the driver panics.
async fn drive(mut handler: Handler, ended: CancellationToken, leaving: CancellationToken) {
    let _ended = ended.clone().drop_guard();
    loop {
        tokio::select! {
            () = ended.cancelled() => return,
            event = handler.next() => match event {
                Some(Ok(())) => {}
                // Messages that the driver merely cannot read are logged by itself and never come here.
                Some(Err(_)) if leaving.is_cancelled() => return,
                Some(Err(error)) => return tracing::warn!(%error, "the connection to the browser broke"),
                None => return,
            },
        }
    }
}
