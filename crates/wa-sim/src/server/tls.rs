use std::{fmt, io, sync::Arc};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DistinguishedName, DnType, IsCa, KeyPair};
use rustls::{
    ClientConfig, ServerConfig,
    crypto::ring::default_provider,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};
use rustls_platform_verifier::Verifier;
use tokio_rustls::{TlsAcceptor, TlsConnector};

/// What the server shows of itself in TLS.
pub(super) struct Identity {
    config: Arc<ServerConfig>,
    /// Who vouches for it, if it was made here.
    pub(super) authority: Option<Authority>,
}

pub(super) struct Authority {
    pub(super) pem: String,
    pub(super) der: Vec<u8>,
}

impl Identity {
    /// An authority, and a certificate of it for this machine. The authority's key is forgotten at once.
    pub(super) fn make() -> io::Result<Self> {
        let mut params = CertificateParams::new([]).map_err(unusable)?;
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name = DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, "wa-sim, for tests only");
        let key = KeyPair::generate().map_err(unusable)?;
        let issuer = CertifiedIssuer::self_signed(params, key).map_err(unusable)?;
        let names = ["localhost", "127.0.0.1", "::1"].map(str::to_owned);
        let key = KeyPair::generate().map_err(unusable)?;
        let certificate =
            CertificateParams::new(names).and_then(|params| params.signed_by(&key, &issuer)).map_err(unusable)?;
        let key = PrivateKeyDer::try_from(key.serialize_der()).map_err(unusable)?;
        let authority = Authority { pem: issuer.pem(), der: issuer.der().to_vec() };
        Ok(Self { config: configure(vec![certificate.der().clone()], key)?, authority: Some(authority) })
    }

    /// A certificate with its chain and its key from outside.
    pub(super) fn read(chain: &[u8], key: &[u8]) -> io::Result<Self> {
        let chain: Vec<_> = CertificateDer::pem_slice_iter(chain).collect::<Result<_, _>>().map_err(unusable)?;
        if chain.is_empty() {
            return Err(unusable("the PEM holds no certificate"));
        }
        let key = PrivateKeyDer::from_pem_slice(key).map_err(unusable)?;
        Ok(Self { config: configure(chain, key)?, authority: None })
    }

    pub(super) fn acceptor(&self) -> TlsAcceptor {
        TlsAcceptor::from(self.config.clone())
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity").finish_non_exhaustive()
    }
}

/// What callbacks are reached with: the platform's authorities and these.
pub(super) fn connector(authorities: &[u8]) -> io::Result<TlsConnector> {
    let provider = Arc::new(default_provider());
    let extra: Vec<_> = CertificateDer::pem_slice_iter(authorities).collect::<Result<_, _>>().map_err(unusable)?;
    let verifier = Verifier::new_with_extra_roots(extra, provider.clone()).map_err(unusable)?;
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(unusable)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}

fn configure(chain: Vec<CertificateDer<'static>>, key: PrivateKeyDer<'static>) -> io::Result<Arc<ServerConfig>> {
    let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
        .map_err(unusable)?;
    Ok(Arc::new(config))
}

fn unusable(reason: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, reason)
}
