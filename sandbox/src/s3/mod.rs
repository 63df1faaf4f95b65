//! The double of R2: `s3s-fs` for the protocol, behind a layer that refuses what R2 refuses and applies faults.

mod failure;
mod like_r2;
mod operation;

pub use failure::failure;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use axum::body::{Body, Bytes};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, Method, Request, StatusCode};
use axum::response::Response;
use futures::StreamExt;
use hyper::body::Incoming;
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};
use tokio::sync::Mutex;

use crate::call::{self, Call, Service};
use crate::door::{self, Cut};
use crate::world::World;
use like_r2::LikeR2;

/// Credentials every client of the sandbox uses.
const ACCESS_KEY: &str = "sandboxkey";
const SECRET_KEY: &str = "sandboxsecret";
/// One put of a report is a few megabytes.
const BODY_LIMIT: usize = 256 * 1024 * 1024;
/// Every scenario of the storage.
pub const SCENARIOS: [&str; 1] = ["slow_body"];
/// The scenario `slow_body` sends its answer in so many pieces, with a pause after each.
const PIECES: usize = 20;
const PAUSE: Duration = Duration::from_millis(250);

/// The buckets and the service in front of them.
#[derive(Clone)]
pub struct BucketStore {
    service: S3Service,
    /// `If-None-Match` looks before it writes: one conditional write at a time, or two could both win.
    conditional: Arc<Mutex<()>>,
}

impl BucketStore {
    /// Makes the folder and its buckets.
    ///
    /// # Errors
    /// The folder cannot be used.
    pub fn open(world: &World) -> anyhow::Result<Self> {
        let root = &world.config.s3_dir;
        make_buckets(root, &world.config.buckets)?;
        let files = s3s_fs::FileSystem::new(root)
            .map_err(|error| anyhow::anyhow!("cannot use {} as object storage: {error:?}", root.display()))?;
        let mut builder = S3ServiceBuilder::new(files);
        builder.set_auth(SimpleAuth::from_single(ACCESS_KEY, SECRET_KEY));
        builder.set_access(LikeR2::over(root));
        Ok(Self { service: builder.build(), conditional: Arc::new(Mutex::new(())) })
    }

    /// Answers one request on the S3 port.
    ///
    /// # Errors
    /// [`Cut`] when a fault cuts the connection.
    pub async fn answer(&self, world: &Arc<World>, request: Request<Incoming>) -> Result<Response, Cut> {
        let (parts, body) = request.into_parts();
        // Read whole before anything is decided: a caller who is cut off while still sending never sees our answer.
        let Ok(body) = axum::body::to_bytes(Body::new(body), BODY_LIMIT).await else {
            return Ok(failure(StatusCode::BAD_REQUEST));
        };
        let call = described(&parts);
        let one_at_a_time = parts.method == Method::PUT && parts.headers.contains_key("if-none-match");
        let refused = like_r2::refused_unread(&parts, &call);
        let request = Request::from_parts(parts, s3s::Body::from(body));
        let call = &call;
        door::pass(world, call, |scenario| async move {
            if let Some(refused) = refused {
                return refused;
            }
            let (service, turns) = (self.service.clone(), Arc::clone(&self.conditional));
            // A task of its own, or a caller who leaves would cut the library off between an object and what is known of
            // it: R2 stores both or neither.
            let work = tokio::spawn(async move {
                let _turn = if one_at_a_time { Some(turns.lock_owned().await) } else { None };
                service.call(request).await
            });
            match work.await {
                Ok(Ok(response)) => {
                    let response = typed(response.map(Body::new), call);
                    if scenario.as_deref() == Some("slow_body") { trickled(response).await } else { response }
                }
                failed => {
                    tracing::error!(?failed, "the S3 double could not answer");
                    failure(StatusCode::INTERNAL_SERVER_ERROR)
                }
            }
        })
        .await
    }
}

/// An object that was stored without a type has the type of plain bytes.
fn typed(mut response: Response, call: &Call) -> Response {
    if response.status().is_success() && ["GetObject", "HeadObject"].contains(&call.operation) {
        let plain = HeaderValue::from_static("application/octet-stream");
        response.headers_mut().entry(CONTENT_TYPE).or_insert(plain);
    }
    response
}

fn make_buckets(root: &Path, buckets: &[String]) -> anyhow::Result<()> {
    for bucket in buckets {
        let path = root.join(bucket);
        std::fs::create_dir_all(&path).with_context(|| format!("cannot make bucket folder {}", path.display()))?;
    }
    Ok(())
}

/// Forgets every object; only what the double itself made under its folder goes.
///
/// # Errors
/// A file cannot be removed, or a bucket not made again.
pub fn empty(world: &World) -> anyhow::Result<()> {
    let (root, buckets) = (&world.config.s3_dir, &world.config.buckets);
    for entry in std::fs::read_dir(root).with_context(|| format!("cannot read {}", root.display()))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        // The library keeps what it knows of objects and uploads in such files, beside the buckets.
        let notes = name.starts_with(".bucket-") || name.starts_with(".upload");
        let removed = if buckets.contains(&name) {
            std::fs::remove_dir_all(entry.path())
        } else if notes && entry.file_type()?.is_file() {
            std::fs::remove_file(entry.path())
        } else {
            Ok(())
        };
        removed.with_context(|| format!("cannot remove {}", entry.path().display()))?;
    }
    make_buckets(root, buckets)
}

/// The same answer, its body in pieces with pauses between them.
async fn trickled(response: Response) -> Response {
    let (parts, body) = response.into_parts();
    let Ok(whole) = axum::body::to_bytes(body, usize::MAX).await else {
        return failure(StatusCode::INTERNAL_SERVER_ERROR);
    };
    let size = whole.len().div_ceil(PIECES).max(1);
    let pieces: Vec<Bytes> =
        (0..whole.len()).step_by(size).map(|at| whole.slice(at..whole.len().min(at + size))).collect();
    let slowly = futures::stream::iter(pieces).then(|piece| async move {
        tokio::time::sleep(PAUSE).await;
        Ok::<_, std::io::Error>(piece)
    });
    Response::from_parts(parts, Body::from_stream(slowly))
}

/// The request as the door knows it; its body goes to the service unread.
fn described(parts: &axum::http::request::Parts) -> Call {
    let query = call::form_fields(parts.uri.query().unwrap_or_default());
    let segments: Vec<String> =
        parts.uri.path().split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect();
    Call {
        service: Service::S3,
        operation: operation::named(parts, segments.len(), &query),
        method: parts.method.clone(),
        segments,
        // The signature of a link is as good as a password: the path alone is recorded.
        target: parts.uri.path().to_owned(),
        query,
        headers: parts.headers.clone(),
        body: Bytes::new(),
    }
}
