//! What R2 refuses and the library would accept.

use std::path::{Path, PathBuf};

use axum::http::request::Parts;
use axum::response::Response;
use s3s::access::{S3Access, S3AccessContext};
use s3s::path::S3Path;
use s3s::{S3Result, s3_error};

use super::failure::failure_of;
use crate::call::Call;

/// The longest life of a link.
const WEEK_S: u32 = 604_800;

const REFUSED_HEADERS: [&str; 12] = [
    "x-amz-acl",
    "x-amz-grant-read",
    "x-amz-grant-full-control",
    "x-amz-grant-read-acp",
    "x-amz-grant-write-acp",
    "x-amz-tagging",
    "x-amz-object-lock-mode",
    "x-amz-object-lock-retain-until-date",
    "x-amz-object-lock-legal-hold",
    "x-amz-server-side-encryption-aws-kms-key-id",
    "x-amz-server-side-encryption-context",
    "x-amz-expected-bucket-owner",
];
const REFUSED_CALLS: [&str; 13] = [
    "PostObject",
    "PutObjectAcl",
    "GetObjectAcl",
    "PutBucketAcl",
    "GetBucketAcl",
    "PutObjectTagging",
    "GetObjectTagging",
    "DeleteObjectTagging",
    "PutBucketTagging",
    "GetBucketTagging",
    "PutBucketPolicy",
    "GetBucketPolicy",
    "PutBucketVersioning",
];

/// What is refused before the signature is looked at.
pub fn refused_unread(parts: &Parts, call: &Call) -> Option<Response> {
    if call.operation == "PostObject" || is_form(parts) {
        return Some(failure_of("NotImplemented", "Form uploads are not implemented."));
    }
    let life = call.param("X-Amz-Expires")?;
    let allowed = life.parse().is_ok_and(|seconds: u32| (1..=WEEK_S).contains(&seconds));
    (!allowed).then(|| {
        failure_of("AuthorizationQueryParametersError", "X-Amz-Expires must be between 1 second and a week (604800)")
    })
}

fn is_form(parts: &Parts) -> bool {
    let kind = parts.headers.get("content-type").and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    parts.method == axum::http::Method::POST && kind.starts_with("multipart/form-data")
}

/// The check between signature and work.
pub struct LikeR2 {
    root: PathBuf,
}

impl LikeR2 {
    /// Over the folder that holds the buckets.
    pub fn over(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }
}

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
