//! Two ports, their connections, and an orderly end.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::Context;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use axum::response::Response;
use futures::future::BoxFuture;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use serde_json::json;
use tokio::net::{TcpListener, TcpStream};

use crate::call::{self, Call, Service};
use crate::config::SandboxConfig;
use crate::door::Cut;
use crate::world::World;
use crate::{ademe, anthropic, brevo, control, s3, stripe, webhooks};

/// Anthropic takes 32 MB; nobody else needs more.
const BODY_LIMIT: usize = 33 * 1024 * 1024;

/// A sandbox that answers.
pub struct Running {
    /// Bound address of everything but S3.
    pub http: SocketAddr,
    /// Bound address of the S3 double.
    pub s3: SocketAddr,
    world: Arc<World>,
}

impl Running {
    /// Stops listening, lets answers under way finish for two seconds, and ends the deliveries.
    pub async fn stop(self) {
        self.world.stop.cancel();
        self.world.tasks.close();
        if tokio::time::timeout(Duration::from_secs(5), self.world.tasks.wait()).await.is_err() {
            tracing::warn!("the sandbox left background work behind when it stopped");
        }
    }
}

/// Starts the doubles; they answer when this returns.
///
/// # Errors
/// A refused configuration, a taken port, or a folder that cannot be used; the message names the remedy.
pub async fn start(config: SandboxConfig) -> anyhow::Result<Running> {
    config.check()?;
    // Deliveries need a TLS provider even over plain HTTP; a second installation in one process is not an error.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let http_listener = bind("http", config.http).await?;
    let s3_listener = bind("s3", config.s3).await?;
    let (http, s3) = (http_listener.local_addr()?, s3_listener.local_addr()?);
    let base_url = config.public_url.clone().unwrap_or_else(|| format!("http://{http}"));
    let world = Arc::new(World::new(config, base_url.trim_end_matches('/').to_owned())?);
    let bucket_store = s3::BucketStore::open(&world)?;

    listen(&world, http_listener, Arc::new(|world, request| Box::pin(answer(world, request))));
    listen(
        &world,
        s3_listener,
        Arc::new(move |world, request| {
            let store = bucket_store.clone();
            Box::pin(async move { store.answer(&world, request).await })
        }),
    );
    webhooks::resume(&world);
    stripe::watch_expiry(&world);
    tracing::info!(%http, %s3, "sandbox answers at {}/_sandbox", world.base_url);
    Ok(Running { http, s3, world })
}

async fn bind(name: &str, address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| {
        format!("sandbox {name} address {address} cannot be used: free the port or choose another one")
    })
}

type Answer = Arc<dyn Fn(Arc<World>, Request<Incoming>) -> BoxFuture<'static, Result<Response, Cut>> + Send + Sync>;

fn listen(world: &Arc<World>, listener: TcpListener, answer: Answer) {
    let world = world.clone();
    let tasks = world.tasks.clone();
    tasks.spawn(async move {
        loop {
            let stream = tokio::select! {
                () = world.stop.cancelled() => return,
                accepted = listener.accept() => match accepted {
                    Ok((stream, _)) => stream,
                    Err(error) => {
                        tracing::warn!(%error, "the sandbox could not accept a connection");
                        continue;
                    }
                },
            };
            world.tasks.spawn(converse(world.clone(), stream, answer.clone()));
        }
    });
}

async fn converse(world: Arc<World>, stream: TcpStream, answer: Answer) {
    let _ = stream.set_nodelay(true);
    let Ok((stream, twin)) = twins(stream) else { return };
    let answering = Arc::new(AtomicBool::new(false));
    let service = service_fn({
        let (world, answering) = (world.clone(), answering.clone());
        move |request| {
            let (answering, answered) = (answering.clone(), answer(world.clone(), request));
            answering.store(false, Ordering::SeqCst);
            async move { answered.await.inspect(|_| answering.store(true, Ordering::SeqCst)) }
        }
    });
    let connection = http1::Builder::new().timer(TokioTimer::new()).serve_connection(TokioIo::new(stream), service);
    let mut connection = std::pin::pin!(connection);
    // A connection that ends in an error was cut by us or by the caller: neither is news.
    tokio::select! {
        ended = connection.as_mut() => if ended.is_err() && !answering.load(Ordering::SeqCst) {
            // A reset rather than an orderly end, as a lost network looks. Never in the middle of an answer: the caller’s
            // system would throw away what came before it, and « after so many bytes » would mean nothing.
            let _ = TcpStream::from_std(twin).and_then(|twin| twin.set_zero_linger());
        },
        () = world.stop.cancelled() => {
            connection.as_mut().graceful_shutdown();
            let _ = tokio::time::timeout(Duration::from_secs(2), connection).await;
        }
    }
}

/// The connection, and a second handle on it that outlives the server's.
fn twins(stream: TcpStream) -> std::io::Result<(TcpStream, std::net::TcpStream)> {
    let stream = stream.into_std()?;
    let twin = stream.try_clone()?;
    Ok((TcpStream::from_std(stream)?, twin))
}

/// Everything but S3.
async fn answer(world: Arc<World>, request: Request<Incoming>) -> Result<Response, Cut> {
    let (parts, body) = request.into_parts();
    let target = parts.uri.path_and_query().map_or("/", |target| target.as_str()).to_owned();
    let mut segments: Vec<String> = parts.uri.path().split('/').skip(1).map(decoded).collect();
    if segments.last().is_some_and(String::is_empty) {
        segments.pop();
    }
    let Ok(body) = axum::body::to_bytes(Body::new(body), BODY_LIMIT).await else {
        return Ok(call::text(StatusCode::PAYLOAD_TOO_LARGE, "The body is larger than any of the services accepts."));
    };
    let prefix = if segments.is_empty() { String::new() } else { segments.remove(0) };
    let service = match prefix.as_str() {
        "anthropic" => Service::Anthropic,
        "brevo" => Service::Brevo,
        "ademe" => Service::Ademe,
        // Pages and controls are read as calls to Stripe would be, but never recorded nor hit by faults.
        _ => Service::Stripe,
    };
    let mut call = Call {
        service,
        operation: "unknown",
        method: parts.method,
        segments,
        target,
        query: call::form_fields(parts.uri.query().unwrap_or_default()),
        headers: parts.headers,
        body,
    };
    match prefix.as_str() {
        "stripe" if call.segment(0) == "v1" => stripe::answer(&world, &mut call).await,
        "stripe" => Ok(stripe::page::answer(&world, &call)),
        "anthropic" => anthropic::answer(&world, &mut call).await,
        "brevo" => brevo::answer(&world, &mut call).await,
        "ademe" => ademe::answer(&world, &mut call).await,
        "_sandbox" => Ok(control::answer(&world, &call)),
        "" if call.method == Method::GET => Ok(call::see_other("/_sandbox")),
        _ => Ok(call::json(
            StatusCode::NOT_FOUND,
            &json!({ "error": format!("no double lives at /{prefix}: use /stripe, /anthropic, /brevo, /ademe or /_sandbox") }),
        )),
    }
}

/// A path part without its percent signs.
fn decoded(part: &str) -> String {
    if !part.contains('%') {
        return part.to_owned();
    }
    // `+` is a plain character in a path, unlike in a form.
    call::form_fields(&format!("part={}", part.replace('+', "%2B"))).pop().map_or_else(String::new, |(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn path_parts_are_decoded() {
        assert_eq!(decoded("cs_test_1"), "cs_test_1");
        assert_eq!(decoded("a%20b+c"), "a b+c");
    }
}
