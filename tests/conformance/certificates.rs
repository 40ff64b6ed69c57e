//! Certificates made for one run of the tests.

use std::sync::{Arc, LazyLock};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use rustls::{
    ServerConfig,
    crypto::ring::default_provider,
    pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
};

/// A certificate authority, which makes the certificates of servers and clients.
pub(crate) struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
}

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::new([]).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self { issuer: CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap() }
    }

    pub(crate) fn pem(&self) -> String {
        self.issuer.pem()
    }

    /// A server whose certificate is for this name.
    pub(crate) fn server(&self, name: &str) -> Arc<ServerConfig> {
        self.server_with(CertificateParams::new([name.to_owned()]).unwrap())
    }

    /// A server whose certificate has expired.
    pub(crate) fn expired_server(&self, name: &str) -> Arc<ServerConfig> {
        let mut params = CertificateParams::new([name.to_owned()]).unwrap();
        params.not_after = date_time_ymd(2001, 1, 1);
        self.server_with(params)
    }

    /// A client certificate with its key.
    pub(crate) fn identity(&self) -> String {
        let key = KeyPair::generate().unwrap();
        let certificate = CertificateParams::new(["client".to_owned()]).unwrap().signed_by(&key, &self.issuer).unwrap();
        certificate.pem() + &key.serialize_pem()
    }

    /// A server that asks clients for a certificate of this authority.
    pub(crate) fn asking_server(&self, name: &str) -> Arc<ServerConfig> {
        let mut roots = rustls::RootCertStore::empty();
        roots.add(self.issuer.der().clone()).unwrap();
        let provider = Arc::new(default_provider());
        let verifier =
            rustls::server::WebPkiClientVerifier::builder_with_provider(roots.into(), provider).build().unwrap();
        let params = CertificateParams::new([name.to_owned()]).unwrap();
        self.configure(params, |builder| builder.with_client_cert_verifier(verifier))
    }

    /// A server with a key exchange that AWS-LC supports and *ring* does not.
    #[cfg(feature = "aws-lc-rs")]
    pub(crate) fn post_quantum_server(&self, name: &str) -> Arc<ServerConfig> {
        use rustls::crypto::aws_lc_rs;

        let mut provider = aws_lc_rs::default_provider();
        provider.kx_groups = vec![aws_lc_rs::kx_group::X25519MLKEM768];
        let builder =
            ServerConfig::builder_with_provider(Arc::new(provider)).with_safe_default_protocol_versions().unwrap();
        let params = CertificateParams::new([name.to_owned()]).unwrap();
        self.configure_by(builder, params, |builder| builder.with_no_client_auth())
    }

    fn server_with(&self, params: CertificateParams) -> Arc<ServerConfig> {
        self.configure(params, |builder| builder.with_no_client_auth())
    }

    fn configure(&self, params: CertificateParams, clients: impl FnOnce(Open) -> Asking) -> Arc<ServerConfig> {
        let builder = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap();
        self.configure_by(builder, params, clients)
    }

    fn configure_by(
        &self,
        builder: Open,
        params: CertificateParams,
        clients: impl FnOnce(Open) -> Asking,
    ) -> Arc<ServerConfig> {
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
        clients(builder).with_single_cert(vec![certificate.der().clone()], key).unwrap().into()
    }
}

type Open = rustls::ConfigBuilder<ServerConfig, rustls::WantsVerifier>;
type Asking = rustls::ConfigBuilder<ServerConfig, rustls::server::WantsServerCert>;

/// The authority that the transports under test trust.
pub(crate) static TRUSTED: LazyLock<Authority> = LazyLock::new(Authority::new);
/// An authority that they do not trust.
pub(crate) static UNTRUSTED: LazyLock<Authority> = LazyLock::new(Authority::new);
