//! S3's name for what a request asks.

use axum::http::request::Parts;

/// The operation of a request on a path of `depth` parts: 0 is the service, 1 a bucket, more an object.
pub fn named(parts: &Parts, depth: usize, query: &[(String, String)]) -> &'static str {
    let has = |name: &str| query.iter().any(|(key, _)| key == name);
    let copied = parts.headers.contains_key("x-amz-copy-source");
    match (parts.method.as_str(), depth) {
        ("GET", 1) if has("acl") => "GetBucketAcl",
        ("PUT", 1) if has("acl") => "PutBucketAcl",
        ("GET", _) if has("acl") => "GetObjectAcl",
        ("PUT", _) if has("acl") => "PutObjectAcl",
        ("GET", _) if has("tagging") => "GetObjectTagging",
        ("PUT", _) if has("tagging") => "PutObjectTagging",
        ("GET", 0) => "ListBuckets",
        ("GET", 1) if has("location") => "GetBucketLocation",
        ("GET", 1) if has("uploads") => "ListMultipartUploads",
        ("GET", 1) if has("list-type") => "ListObjectsV2",
        ("GET", 1) => "ListObjects",
        ("PUT", 1) if query.is_empty() => "CreateBucket",
        ("HEAD", 1) => "HeadBucket",
        ("DELETE", 1) => "DeleteBucket",
        ("POST", 1) if has("delete") => "DeleteObjects",
        ("POST", 1) => "PostObject",
        ("PUT", 1) => "unknown",
        ("PUT", _) if has("partNumber") => "UploadPart",
        ("PUT", _) if copied => "CopyObject",
        ("PUT", _) => "PutObject",
        ("GET", _) if has("uploadId") => "ListParts",
        ("GET", _) => "GetObject",
        ("HEAD", _) => "HeadObject",
        ("DELETE", _) if has("uploadId") => "AbortMultipartUpload",
        ("DELETE", _) => "DeleteObject",
        ("POST", _) if has("uploads") => "CreateMultipartUpload",
        ("POST", _) if has("uploadId") => "CompleteMultipartUpload",
        _ => "unknown",
    }
}
