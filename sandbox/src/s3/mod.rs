//! The double of R2: `s3s-fs` for the protocol, behind a layer that refuses what R2 refuses and applies faults.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context;
use axum::body::{Body, Bytes};
use axum::http::{Method, Request, StatusCode};
use axum::response::Response;
use hyper::body::Incoming;
use s3s::access::{S3Access, S3AccessContext};
use s3s::auth::SimpleAuth;
use s3s::path::S3Path;
use s3s::service::{S3Service, S3ServiceBuilder};
use s3s::{S3Result, s3_error};
use tokio::sync::Mutex;

use crate::call::{self, Call, Service};
use crate::door::{self, Cut};
use crate::world::World;

/// Credentials every client of the sandbox uses.
const ACCESS_KEY: &str = "sandboxkey";
const SECRET_KEY: &str = "sandboxsecret";

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
        for bucket in &world.config.buckets {
            let path = root.join(bucket);
            std::fs::create_dir_all(&path).with_context(|| format!("cannot make bucket folder {}", path.display()))?;
        }
        let files = s3s_fs::FileSystem::new(root)
            .map_err(|error| anyhow::anyhow!("cannot use {} as object storage: {error:?}", root.display()))?;
        let mut builder = S3ServiceBuilder::new(files);
        builder.set_auth(SimpleAuth::from_single(ACCESS_KEY, SECRET_KEY));
        builder.set_access(LikeR2 { root: root.clone() });
        Ok(Self { service: builder.build(), conditional: Arc::new(Mutex::new(())) })
    }

    /// Answers one request on the S3 port.
    ///
    /// # Errors
    /// [`Cut`] when a fault cuts the connection.
    pub async fn answer(&self, world: &Arc<World>, request: Request<Incoming>) -> Result<Response, Cut> {
        let call = described(&request);
        let one_at_a_time = request.method() == Method::PUT && request.headers().contains_key("if-none-match");
        door::pass(world, &call, |_scenario| async move {
            let _turn = if one_at_a_time { Some(self.conditional.lock().await) } else { None };
            match self.service.call(request.map(s3s::Body::from)).await {
                Ok(response) => response.map(Body::new),
                Err(error) => {
                    tracing::error!(?error, "the S3 double could not answer");
                    failure(StatusCode::INTERNAL_SERVER_ERROR)
                }
            }
        })
        .await
    }
}

/// The request without its body, which goes to the service unread.
fn described(request: &Request<Incoming>) -> Call {
    let uri = request.uri();
    let query = call::form_fields(uri.query().unwrap_or_default());
    let segments: Vec<String> = uri.path().split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect();
    let has = |name: &str| query.iter().any(|(key, _)| key == name);
    let operation = match (request.method().as_str(), segments.len()) {
        ("GET", 0) => "ListBuckets",
        ("GET", 1) if has("location") => "GetBucketLocation",
        ("GET", 1) => "ListObjects",
        ("PUT", 1) => "CreateBucket",
        ("HEAD", 1) => "HeadBucket",
        ("DELETE", 1) => "DeleteBucket",
        ("POST", 1) if has("delete") => "DeleteObjects",
        ("PUT", _) if has("partNumber") => "UploadPart",
        ("PUT", _) => "PutObject",
        ("GET", _) => "GetObject",
        ("HEAD", _) => "HeadObject",
        ("DELETE", _) => "DeleteObject",
        ("POST", _) if has("uploads") => "CreateMultipartUpload",
        ("POST", _) => "CompleteMultipartUpload",
        _ => "unknown",
    };
    Call {
        service: Service::S3,
        operation,
        method: request.method().clone(),
        segments,
        // The signature of a link is as good as a password: the path alone is recorded.
        target: uri.path().to_owned(),
        query,
        headers: request.headers().clone(),
        body: Bytes::new(),
    }
}

/// What R2 refuses and the library would accept.
struct LikeR2 {
    root: PathBuf,
}

const REFUSED_HEADERS: [&str; 6] = [
    "x-amz-acl",
    "x-amz-tagging",
    "x-amz-object-lock-mode",
    "x-amz-object-lock-retain-until-date",
    "x-amz-server-side-encryption-aws-kms-key-id",
    "x-amz-expected-bucket-owner",
];
const REFUSED_CALLS: [&str; 8] = [
    "PostObject",
    "PutObjectAcl",
    "GetObjectAcl",
    "PutBucketAcl",
    "GetBucketAcl",
    "PutObjectTagging",
    "GetObjectTagging",
    "PutBucketPolicy",
];

#[async_trait::async_trait]
impl S3Access for LikeR2 {
    async fn check(&self, request: &mut S3AccessContext<'_>) -> S3Result<()> {
        if request.credentials().is_none() {
            return Err(s3_error!(AccessDenied, "Signature is required"));
        }
        if let Some(header) = REFUSED_HEADERS.iter().find(|header| request.headers().contains_key(**header)) {
            return Err(s3_error!(NotImplemented, "Header '{}' with value is not implemented", header));
        }
        let operation = request.s3_op().name();
        if REFUSED_CALLS.contains(&operation) {
            return Err(s3_error!(NotImplemented, "{} is not implemented", operation));
        }
        let bucket = match request.s3_path() {
            S3Path::Bucket { bucket } | S3Path::Object { bucket, .. } => bucket,
            S3Path::Root => return Ok(()),
        };
        if operation != "CreateBucket" && !self.root.join(&**bucket).is_dir() {
            return Err(s3_error!(NoSuchBucket, "The specified bucket does not exist"));
        }
        Ok(())
    }
}

/// What a fault of this status looks like.
pub fn failure(status: StatusCode) -> Response {
    let (code, message) = match status.as_u16() {
        403 => ("AccessDenied", "Access Denied"),
        404 => ("NoSuchKey", "The specified key does not exist."),
        412 => ("PreconditionFailed", "At least one of the preconditions you specified did not hold."),
        429 => ("TooManyRequests", "Reduce your request rate."),
        501 => ("NotImplemented", "This is not implemented."),
        503 => ("SlowDown", "Please reduce your request rate."),
        400..=499 => ("InvalidRequest", "The request was refused on purpose by the sandbox."),
        _ => ("InternalError", "We encountered an internal error. Please try again."),
    };
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>{code}</Code><Message>{message}</Message></Error>"
    );
    call::with_type(status, "application/xml", body)
}
