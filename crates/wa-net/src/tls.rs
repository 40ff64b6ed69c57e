use std::{fmt, sync::Arc};

use rustls::{
    ClientConfig, RootCertStore,
    crypto::{self, CryptoProvider},
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};
use rustls_platform_verifier::Verifier;
use wa_core::{TransportError, TransportErrorKind};
use zeroize::Zeroizing;

/// The cryptography library that TLS uses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Crypto {
    /// The library `ring`.
    #[default]
    Ring,
    /// The library AWS-LC.
    #[cfg(feature = "aws-lc-rs")]
    AwsLcRs,
}

/// The certificate authorities that are trusted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Roots {
    /// The authorities that the platform trusts.
    #[default]
    Platform,
    /// The authorities of Mozilla's list, as of the time when this program was built.
    #[cfg(feature = "webpki-roots")]
    WebPki,
    /// Only the authorities that the settings add.
    Own,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Tls {
    pub(crate) crypto: Crypto,
    pub(crate) roots: Roots,
    pub(crate) authorities: Vec<Pem>,
    pub(crate) identity: Option<Pem>,
}

impl Tls {
    pub(crate) fn config(&self) -> Result<ClientConfig, TransportError> {
        let crypto = self.provider();
        let authorities = self.certificates()?;
        let builder = ClientConfig::builder_with_provider(crypto.clone())
            .with_safe_default_protocol_versions()
            .map_err(unusable)?;
        let builder = match self.roots {
            Roots::Platform => {
                let verifier = Verifier::new_with_extra_roots(authorities, crypto).map_err(unusable)?;
                builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier))
            }
            #[cfg(feature = "webpki-roots")]
            Roots::WebPki => {
                let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
                add(&mut roots, authorities)?;
                builder.with_root_certificates(roots)
            }
            Roots::Own => {
                let mut roots = RootCertStore::empty();
                add(&mut roots, authorities)?;
                builder.with_root_certificates(roots)
            }
        };
        let Some(Pem(pem)) = &self.identity else {
            return Ok(builder.with_no_client_auth());
        };
        let chain = CertificateDer::pem_slice_iter(pem).collect::<Result<_, _>>().map_err(unusable)?;
        let key = PrivateKeyDer::from_pem_slice(pem).map_err(unusable)?;
        builder.with_client_auth_cert(chain, key).map_err(unusable)
    }

    fn provider(&self) -> Arc<CryptoProvider> {
        Arc::new(match self.crypto {
            Crypto::Ring => crypto::ring::default_provider(),
            #[cfg(feature = "aws-lc-rs")]
            Crypto::AwsLcRs => crypto::aws_lc_rs::default_provider(),
        })
    }

    fn certificates(&self) -> Result<Vec<CertificateDer<'static>>, TransportError> {
        let mut certificates = Vec::new();
        for Pem(pem) in &self.authorities {
            let before = certificates.len();
            for certificate in CertificateDer::pem_slice_iter(pem) {
                certificates.push(certificate.map_err(unusable)?);
            }
            if certificates.len() == before {
                return Err(unusable("an authority's PEM holds no certificate"));
            }
        }
        Ok(certificates)
    }
}

fn add(roots: &mut RootCertStore, authorities: Vec<CertificateDer<'static>>) -> Result<(), TransportError> {
    authorities.into_iter().try_for_each(|authority| roots.add(authority)).map_err(unusable)
}

fn unusable(reason: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> TransportError {
    TransportError::with_source(TransportErrorKind::Tls, reason)
}

/// PEM, which may hold a private key: `Debug` shows its length only, and it is wiped when dropped.
#[derive(Clone)]
pub(crate) struct Pem(Zeroizing<Vec<u8>>);

impl Pem {
    pub(crate) fn new(pem: impl Into<Vec<u8>>) -> Self {
        Self(Zeroizing::new(pem.into()))
    }
}

impl fmt::Debug for Pem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pem({} bytes)", self.0.len())
    }
}
