//! Whom a connection believes. The drivers know the public authorities; those that this machine was given come beside
//! them, because a company's own authority is usually installed there. `mod.rs` reads them once.
use super::settings::Tls;
use crate::remote::error::RemoteError;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use std::fmt::Write;

pub(super) enum Roots {
    /// No TLS.
    Off,
    Pem(Vec<u8>),
}

impl Roots {
    pub(super) fn read(tls: &Tls) -> Result<Self, RemoteError> {
        match tls {
            Tls::Off => Ok(Self::Off),
            Tls::Machine => Ok(Self::Pem(machine())),
            Tls::Authority(pem) => given(pem).map(Self::Pem),
        }
    }

    pub(super) fn encrypted(&self) -> bool {
        !matches!(self, Self::Off)
    }
}

/// A certificate that cannot be read would break each connection, so such ones are left out.
fn machine() -> Vec<u8> {
    let found = rustls_native_certs::load_native_certs();
    written(found.certs.iter().filter(|one| usable(one)))
}

/// One that somebody gave is not left out in silence.
fn given(pem: &str) -> Result<Vec<u8>, RemoteError> {
    let odd = || RemoteError::last("the authority's certificates are not certificates in PEM");
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem.as_bytes()).collect();
    let found = found.map_err(|_| odd())?;
    if found.is_empty() || !found.iter().all(usable) { Err(odd()) } else { Ok(written(found.iter())) }
}

fn usable(one: &CertificateDer<'_>) -> bool {
    RootCertStore::empty().add(one.clone().into_owned()).is_ok()
}

fn written<'a>(all: impl Iterator<Item = &'a CertificateDer<'a>>) -> Vec<u8> {
    let mut pem = String::new();
    for one in all {
        let body = BASE64_STANDARD.encode(one);
        let _ = write!(pem, "-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n");
    }
    pem.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_authority_that_is_no_certificate_is_refused_at_once() {
        let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        for pem in ["", "x", "/etc/ssl/certs/ca-certificates.crt", broken] {
            assert!(Roots::read(&Tls::Authority(pem.to_owned())).is_err(), "{pem}");
        }
    }
}
