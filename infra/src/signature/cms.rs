//! The signature itself: CMS `SignedData` without content (RFC 5652) under the attributes of a baseline PAdES signature
//! (EN 319 142-1): content type, digest, and the digest of the signer's certificate (RFC 5035). A time of signing is not
//! among them, so that one document has one signature.

use std::ops::RangeInclusive;

use chrono::{DateTime, NaiveDateTime, Utc};
use ring::{rand::SystemRandom, signature::RSA_PKCS1_SHA256, signature::RsaKeyPair};
use sha2::{Digest as _, Sha256};

use super::{
    SignatureError,
    der::{self, CONTEXT_0, INTEGER, NULL, OBJECT, OCTETS, SEQUENCE, SET, UTC_TIME, set_of, value},
};

// Object identifiers, encoded.
const DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01];
const SIGNED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];
const CONTENT_TYPE: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x03];
const MESSAGE_DIGEST: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x04];
const SIGNING_CERTIFICATE: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x02, 0x2f];
const SHA_256: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01];
const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];

/// Who signs.
pub(super) struct Identity {
    key: RsaKeyPair,
    /// The signer's certificate, then those between it and the root.
    certificates: Vec<Vec<u8>>,
    /// Issuer and serial number, encoded: how a signature names its certificate.
    name: Vec<u8>,
    valid: RangeInclusive<DateTime<Utc>>,
}

impl Identity {
    /// A key with its certificates, the signer's first.
    ///
    /// # Errors
    /// When the first is no certificate, or another key's.
    pub(super) fn new(key: RsaKeyPair, certificates: Vec<Vec<u8>>) -> Result<Self, SignatureError> {
        let own = certificates.first().ok_or(SignatureError::NoCertificate)?;
        let public = key.public().as_ref();
        // The certificate holds the public key as it is, in a string of bits.
        if !own.windows(public.len()).any(|window| window == public) {
            return Err(SignatureError::OtherKey);
        }
        let (name, valid) = read(own).ok_or(SignatureError::NoCertificate)?;
        Ok(Self { key, certificates, name, valid })
    }

    /// When the certificate is valid.
    pub(super) fn valid(&self) -> &RangeInclusive<DateTime<Utc>> {
        &self.valid
    }

    /// The signature over a document of this digest: the same bytes each time.
    pub(super) fn sign(&self, digest: &[u8]) -> Result<Vec<u8>, SignatureError> {
        let own = &self.certificates[0];
        let attributes = vec![
            attribute(CONTENT_TYPE, &object(DATA)),
            attribute(MESSAGE_DIGEST, &value(OCTETS, &[digest])),
            // Digest by SHA-256, which is the default and so has no name here.
            attribute(SIGNING_CERTIFICATE, &sequence(&[&sequence(&[&sequence(&[&octets(&Sha256::digest(own))])])])),
        ];
        let mut signature = vec![0; self.key.public().modulus_len()];
        // What is signed is a set; what is stored wears another tag.
        self.key
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), &set_of(SET, attributes.clone()), &mut signature)
            .map_err(|_| SignatureError::Refused)?;
        let by_sha_256 = sequence(&[&object(SHA_256)]);
        let signer = sequence(&[
            &value(INTEGER, &[&[1]]),
            &self.name,
            &by_sha_256,
            &set_of(CONTEXT_0, attributes),
            &sequence(&[&object(RSA), &value(NULL, &[])]),
            &octets(&signature),
        ]);
        let signed = sequence(&[
            &value(INTEGER, &[&[1]]),
            &value(SET, &[&by_sha_256]),
            &sequence(&[&object(DATA)]),
            &set_of(CONTEXT_0, self.certificates.clone()),
            &value(SET, &[&signer]),
        ]);
        Ok(sequence(&[&object(SIGNED_DATA), &value(CONTEXT_0, &[&signed])]))
    }
}

/// Name and validity of a certificate.
fn read(certificate: &[u8]) -> Option<(Vec<u8>, RangeInclusive<DateTime<Utc>>)> {
    let whole = der::expect(&mut &certificate[..], SEQUENCE)?;
    let mut fields = der::expect(&mut &whole.content[..], SEQUENCE)?.content;
    let mut serial = der::next(&mut fields)?;
    if serial.tag == CONTEXT_0 {
        serial = der::next(&mut fields)?;
    }
    der::expect(&mut fields, SEQUENCE)?;
    let issuer = der::expect(&mut fields, SEQUENCE)?;
    let mut validity = der::expect(&mut fields, SEQUENCE)?.content;
    let valid = moment(der::next(&mut validity)?)?..=moment(der::next(&mut validity)?)?;
    (serial.tag == INTEGER).then(|| (sequence(&[issuer.whole, serial.whole]), valid))
}

/// `YYMMDDHHMMSSZ` until 2049, four digits of the year after.
fn moment(value: der::Value<'_>) -> Option<DateTime<Utc>> {
    let text = std::str::from_utf8(value.content).ok()?;
    let century = if value.tag != UTC_TIME {
        ""
    } else if text < "50" {
        "20"
    } else {
        "19"
    };
    let moment = NaiveDateTime::parse_from_str(&format!("{century}{text}"), "%Y%m%d%H%M%SZ").ok()?;
    Some(moment.and_utc())
}

fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    value(SEQUENCE, parts)
}

fn object(id: &[u8]) -> Vec<u8> {
    value(OBJECT, &[id])
}

fn octets(bytes: &[u8]) -> Vec<u8> {
    value(OCTETS, &[bytes])
}

fn attribute(id: &[u8], content: &[u8]) -> Vec<u8> {
    sequence(&[&object(id), &value(SET, &[content])])
}
